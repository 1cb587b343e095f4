// SPDX-License-Identifier: MIT
// What scripts/tanhshrink.py says by pieces, and prints: the centres, then the coefficients.
#if HW_IS_FLOAT && ROUGH
enum { TANHSHRINK_BITS = 1, TANHSHRINK_DEGREE = 6 };
#define TANHSHRINK_SCALE 0.949
#define TANHSHRINK_OFFSET 0.75
#define TANHSHRINK_LAST 9.25
#define TANHSHRINK_END 9.25
#define TANHSHRINK_CUBED 9.25
POLYNOMIALS(tanhshrink_table, 8, 8) = {
    COEFFICIENTS(0, 0x1.bf5f4ap+0, 0x1.7582c2p+1, 0x1.0ef098p+2, 0x1.9b7dap+2, 0x1.0ab356p+3,
        0x1.bc8dbp-4, 0x1.0784e8p-1, 0x1.0140e6p+0),
    COEFFICIENTS(1, 0x1.3578d2p-3, 0x1.3d2512p-4, 0x1.5d2a7ep-5, 0x1.4eb0c4p-6, 0x1.9f234ap-7,
        0x1.53bb9p-2, 0x1.34aae2p-2, 0x1.e6e664p-3),
    COEFFICIENTS(2, -0x1.7eccap-4, -0x1.463cc4p-5, -0x1.171b48p-6, -0x1.7a1816p-8, -0x1.735106p-9,
        -0x1.d5b364p-6, -0x1.ca9518p-4, -0x1.14a9d4p-3),
    COEFFICIENTS(3, 0x1.0775b8p-5, 0x1.ceeef6p-7, 0x1.4445cp-8, 0x1.3d0c64p-10, 0x1.ef8378p-12,
        -0x1.0958dap-3, -0x1.10fdeep-4, 0x1.5e3628p-7),
    COEFFICIENTS(4, -0x1.d0f806p-9, -0x1.00b64ep-8, -0x1.40eaf6p-10, -0x1.d2a104p-13,
        -0x1.240d56p-14, 0x1.76d218p-6, 0x1.0e2262p-4, 0x1.0a5bap-5),
    COEFFICIENTS(5, -0x1.db2d3ap-9, 0x1.a480ep-11, 0x1.19e7bep-12, 0x1.3e55aap-15, 0x1.40c286p-17,
        0x1.9aececp-5, -0x1.185f42p-11, -0x1.655858p-6),
    COEFFICIENTS(6, 0x1.837b5ep-9, -0x1.e67fep-15, -0x1.b1e314p-15, -0x1.9f36ap-18,
        -0x1.5226c2p-20, -0x1.ba90d8p-7, -0x1.7facc6p-6, 0x1.96663ap-9),
    COEFFICIENTS(7, -0x1.065276p-10, -0x1.6ebdf2p-15, 0x1.c0ff7cp-18, 0x1.a7ac18p-21,
        0x1.31f01ep-23, -0x1.1e81fep-6, 0x1.2bc25cp-7, 0x1.af9cd2p-9),
};
#elif HW_IS_FLOAT
enum { TANHSHRINK_BITS = 1, TANHSHRINK_DEGREE = 7 };
#define TANHSHRINK_SCALE 0.949
#define TANHSHRINK_OFFSET 0.75
#define TANHSHRINK_LAST 9.25
#define TANHSHRINK_END 9.25
#define TANHSHRINK_CUBED 9.25
POLYNOMIALS(tanhshrink_table, 8, 9) = {
    COEFFICIENTS(0, 0x1.bf5f4ap+0, 0x1.7582c2p+1, 0x1.0ef098p+2, 0x1.9b7dap+2, 0x1.0ab356p+3,
        0x1.bc8dbp-4, 0x1.0784e8p-1, 0x1.0140e6p+0),
    COEFFICIENTS(1, 0x1.3578d2p-3, 0x1.3d2512p-4, 0x1.5d2a7ep-5, 0x1.4eb0c4p-6, 0x1.9f234ap-7,
        0x1.53bb9p-2, 0x1.34aae2p-2, 0x1.e6e664p-3),
    COEFFICIENTS(2, -0x1.7eccap-4, -0x1.463cc4p-5, -0x1.171b48p-6, -0x1.7a1816p-8, -0x1.735106p-9,
        -0x1.d5b364p-6, -0x1.ca9518p-4, -0x1.14a9d4p-3),
    COEFFICIENTS(3, 0x1.076f9ep-5, 0x1.ceeef4p-7, 0x1.444b0ep-8, 0x1.3d0f66p-10, 0x1.ef83ecp-12,
        -0x1.0958e4p-3, -0x1.10fee4p-4, 0x1.5e404cp-7),
    COEFFICIENTS(4, -0x1.d0a6a6p-9, -0x1.00a324p-8, -0x1.40e91ep-10, -0x1.d2b2d2p-13,
        -0x1.240f8cp-14, 0x1.76d3d4p-6, 0x1.0e2e6p-4, 0x1.0a56a8p-5),
    COEFFICIENTS(5, -0x1.d50eb6p-9, 0x1.a45592p-11, 0x1.187494p-12, 0x1.3ce3bep-15,
        0x1.40643ap-17, 0x1.9b155cp-5, -0x1.fb56fp-12, -0x1.669dap-6),
    COEFFICIENTS(6, 0x1.7cb08cp-9, -0x1.24a0f8p-14, -0x1.ae648ep-15, -0x1.96a396p-18,
        -0x1.4edccap-20, -0x1.be11fap-7, -0x1.87a968p-6, 0x1.ae4d66p-9),
    COEFFICIENTS(7, -0x1.32b2aep-10, -0x1.6086b2p-15, 0x1.0f94aep-17, 0x1.f6cc9p-21,
        0x1.53e1e4p-23, -0x1.30a7bp-6, 0x1.1787dcp-7, 0x1.21654ap-8),
    COEFFICIENTS(8, 0x1.de1636p-13, 0x1.dca09cp-16, -0x1.aa4572p-21, -0x1.ea8c32p-24,
        -0x1.2a7734p-26, 0x1.aedfc4p-8, 0x1.403feap-8, -0x1.95318ep-9),
};
#else
enum { TANHSHRINK_BITS = 2, TANHSHRINK_DEGREE = 13 };
#define TANHSHRINK_SCALE 0.9999999999999998
#define TANHSHRINK_OFFSET 1.0
#define TANHSHRINK_LAST 14.5
#define TANHSHRINK_END 19.25
#define TANHSHRINK_CUBED 1.0
POLYNOMIALS(tanhshrink_table, 16, 15) = {
    COEFFICIENTS(0, 0x1.3364333333333p+0, 0x1.b4eb333333333p+0, 0x1.193f99999999ap+1,
        0x1.5cbe99999999ap+1, 0x1.b633333333333p+1, 0x1.183819999999ap+2, 0x1.59f699999999ap+2,
        0x1.9b4419999999ap+2, 0x1.f54f333333333p+2, 0x1.413699999999ap+3, 0x1.79e199999999ap+3,
        0x1.ed427p+3, 0x1.97f199c01a8p-4, 0x1.618e666666666p-2, 0x1.3a44333333333p-1,
        0x1.b146333333333p-1),
    COEFFICIENTS(1, 0x1.77ab800215eb5p-2, 0x1.8a7b244dac3ebp-1, 0x1.38bd8c468a49bp+0,
        0x1.bbae667ccf4c8p+0, 0x1.3678c69ed29a6p+1, 0x1.b07a832e3744ap+1, 0x1.19f742c9cfae3p+2,
        0x1.5b442f9587b11p+2, 0x1.b54f3484ba05cp+2, 0x1.2136999ba6caap+3, 0x1.59e19999a8cfap+3,
        0x1.cd4270000002ep+3, 0x1.53fc03efb3445p-2, 0x1.45ce6369a9547p-2, 0x1.28b3090c721f4p-2,
        0x1.09868613ec695p-2),
    COEFFICIENTS(2, 0x1.64063be42c0ddp-1, 0x1.c0cb50f04ba2dp-1, 0x1.e754926afc89ap-1,
        0x1.f744cf5d35642p-1, 0x1.fdd3fbe96c0c2p-1, 0x1.ffad837aa43eap-1, 0x1.fff56d0a98cd1p-1,
        0x1.fffea0415af2ap-1, 0x1.ffffeae7930eap-1, 0x1.ffffffbe59ep-1, 0x1.fffffffe194p-1,
        0x1.ffffffffffa4p-1, -0x1.afaab512fcaa5p-6, -0x1.5735964db5cb4p-4, -0x1.f8c9f09d56817p-4,
        -0x1.15d9a08deeda8p-3),
    COEFFICIENTS(3, 0x1.042177d3675ccp-2, 0x1.d9686e6934601p-4, 0x1.81166e98514b3p-5,
        0x1.150195ad0f372p-6, 0x1.156aedffca678p-8, 0x1.49d7805ae3eecp-11, 0x1.525b2e6572407p-14,
        0x1.5fbe2c3a2ef59p-17, 0x1.5186c824a28e8p-21, 0x1.0698805d4a632p-27,
        0x1.e6bffd60a542dp-33, 0x1.701e76ac18ddap-43, -0x1.0a8ddec11548p-3, -0x1.9584c152b6535p-4,
        -0x1.8359effa29eedp-5, -0x1.0bdd5b6e5da2bp-7),
    COEFFICIENTS(4, -0x1.c3bd23f14c11fp-4, -0x1.12ad16f9291f6p-4, -0x1.e83fac47ffe0cp-6,
        -0x1.6b009dd94d435p-7, -0x1.7051938176449p-9, -0x1.b78321e15ae52p-12,
        -0x1.c31aec975e2c8p-15, -0x1.d4fc4e1b03f3ep-18, -0x1.c208f860a7ce8p-22,
        -0x1.5e20aa03c8db6p-28, -0x1.447ffccdd576p-33, -0x1.eac38a787938fp-44,
        0x1.59416e214e3d1p-6, 0x1.e1290f347de0ep-5, 0x1.0484634d69839p-4, 0x1.7f6d503402e62p-5),
    COEFFICIENTS(5, 0x1.ddb2bae93cfp-8, 0x1.8d71a850c6587p-6, 0x1.b73b4bbea4106p-7,
        0x1.5e723f4fae46ap-8, 0x1.6d2ed6aa863efp-10, 0x1.b6f5718af9e74p-13, 0x1.c3084a479f6bp-16,
        0x1.d4f9c9ba7fbb7p-19, 0x1.c208d284b52acp-23, 0x1.5e209c073e564p-29,
        0x1.448027d95876bp-34, 0x1.e9af8e6ef6926p-45, 0x1.9ff219be44eb2p-5, 0x1.71305f23ccaeep-6,
        -0x1.6453861bc0c83p-7, -0x1.6e25757bb7775p-6),
    COEFFICIENTS(6, 0x1.87d0fe96dc0aep-6, -0x1.9686878e48f33p-9, -0x1.14362f8babb1cp-8,
        -0x1.048eee5d95c5ep-9, -0x1.1f25b22f2e494p-11, -0x1.5e482c517f989p-14,
        -0x1.68b59e9e473bcp-17, -0x1.772a33e25cb4dp-20, -0x1.6806cf8c57b12p-24,
        -0x1.181a325f24f3cp-30, -0x1.0399eb34d02e6p-35, -0x1.87ba4e5a66016p-46,
        -0x1.9c73d37cab7dp-7, -0x1.d681d4307785cp-6, -0x1.215aea75af2a8p-6, -0x1.70a5cc5a05fecp-9),
    COEFFICIENTS(7, -0x1.120bccdd038a8p-6, -0x1.569926ca31919p-9, 0x1.68e9b623cc61ap-11,
        0x1.27c465c8ea307p-11, 0x1.719a90d9527bep-13, 0x1.d0af28e878583p-16,
        0x1.e0a2a95c7e9e8p-19, 0x1.f42d8599826c5p-22, 0x1.e0089a54cd064p-26, 0x1.7579a9ca59c8p-32,
        0x1.5a1dee597b168p-37, 0x1.08312cf0b54a4p-47, -0x1.3f2c2324820aep-6,
        -0x1.114970ec173fdp-10, 0x1.771e7687a934cp-7, 0x1.170b9d6aa0977p-7),
    COEFFICIENTS(8, 0x1.114d830a2475ep-8, 0x1.272eef9c4efe7p-9, 0x1.6adfd4a607dcfp-13,
        -0x1.bfbfc3359285ap-14, -0x1.8857a3b652964p-15, -0x1.06d7800908b69p-17,
        -0x1.124b423a806ddp-20, -0x1.1dc49e91bad9ep-23, -0x1.124e07546cb6dp-27,
        -0x1.aacddb694a20ap-34, -0x1.8b84a9dafac47p-39, -0x1.2faf2e209ea37p-49,
        0x1.b3a1151e44f48p-8, 0x1.74e93379d213p-7, 0x1.4c646981e8e15p-10, -0x1.dda927dd15ae1p-9),
    COEFFICIENTS(9, 0x1.c37f815ba3b28p-10, -0x1.ee4669f851e37p-11, -0x1.a33292d227c5p-13,
        0x1.c43b8a87cf62fp-21, 0x1.4cf3edc7b6903p-17, 0x1.0177c305a5c44p-19,
        0x1.1195fcb6a41c2p-22, 0x1.1dacb0ce2c8fdp-25, 0x1.124a0ff86b433p-29,
        0x1.aaac34d8003f7p-36, 0x1.8bfb527b5676bp-41, 0x1.20fabb1c19ebap-51, 0x1.e050ba4765cffp-8,
        -0x1.5967dd76356eap-9, -0x1.2ba6f9b494052p-8, -0x1.82ae2c70fa9dap-11),
    COEFFICIENTS(10, -0x1.16aa26949e1aap-9, 0x1.770967e516d81p-13, 0x1.94f7361eb42f6p-14,
        0x1.5d489a4c2e8afp-17, -0x1.80c43b4d6ed25p-20, -0x1.b6ab495f6a0a7p-22,
        -0x1.e3dac8a542daap-25, -0x1.fb83b00857328p-28, -0x1.e7641356ba9a3p-32,
        -0x1.7bf7c6e75183ep-38, -0x1.61286ef9da6ep-43, -0x1.e4d99784f35bdp-54,
        -0x1.acefcec36486ap-9, -0x1.e4762d7dd2dfdp-9, 0x1.907a17ce31434p-10,
        0x1.92e0918fc7848p-10),
    COEFFICIENTS(11, 0x1.c584c8e9fa41cp-11, 0x1.037b5c8a93aebp-14, -0x1.015ebaabfdd3fp-15,
        -0x1.857222fd16a45p-18, -0x1.d063204f769b8p-27, 0x1.408144443cedbp-24,
        0x1.7ee2d4db87522p-27, 0x1.951e789d3353ap-30, 0x1.8619cfbfbbe4bp-34,
        0x1.3121dcd15cf01p-40, 0x1.153738a91d589p-45, 0x1.c065d89ffefdep-56,
        -0x1.614a0f4b950d3p-9, 0x1.06ed41fd7b1a8p-9, 0x1.f11922d073646p-11,
        -0x1.32dfdb2d7ba62p-11),
    COEFFICIENTS(12, 0x1.f3c346d9d7251p-17, -0x1.2fe3ea95db79bp-14, 0x1.5cb5786f595aap-18,
        0x1.1ef7f71b743fap-19, 0x1.d50b447a61416p-24, -0x1.7916ec5f0164ep-27,
        -0x1.107738c194c46p-29, -0x1.25d52cee63cfcp-32, -0x1.1fc93b2770b84p-36,
        -0x1.a85663e0db8cp-43, -0x1.799be718f8d41p-48, -0x1.9cd1080bada8cp-58,
        0x1.93b1301799762p-10, 0x1.d2b389c069ac3p-11, -0x1.ef244d601e1ddp-11,
        -0x1.6884684b3e865p-13),
    COEFFICIENTS(13, -0x1.df6a9f9ea9c56p-13, 0x1.1fdb76baf72b6p-15, 0x1.184fc824c9f1p-20,
        -0x1.3f5407b3858f8p-21, -0x1.c10f07e97b9abp-25, 0x1.11784b6b71ab5p-30,
        0x1.64d796e1045cap-32, 0x1.9b894c1224ed5p-35, 0x1.84c6443d88b28p-39,
        0x1.220ebb4fb1383p-45, 0x1.29ac5e1d6a3abp-50, 0x1.ec3139084f139p-61,
        0x1.f7ceb14da6ed4p-11, -0x1.0c2abb42c27a6p-10, 0x1.322cde912b231p-14,
        0x1.206aa0745c193p-12),
    COEFFICIENTS(14, 0x1.e4a0e84d512b9p-14, -0x1.16e446f444183p-17, -0x1.0009faa10af86p-20,
        0x1.f33ae699767aep-24, 0x1.cb3db1768170ap-27, 0x1.0ee8082159cb8p-36,
        -0x1.9b62a754b0e17p-35, -0x1.170fd54229404p-37, -0x1.657ccf3b8b815p-42,
        -0x1.1ad16eed77f69p-47, -0x1.e48328c6fe705p-53, -0x1.f177f69ed3facp-65,
        -0x1.949ec542e33f6p-11, 0x1.4e973e2ca7074p-14, 0x1.063d214d3967fp-12,
        -0x1.949911a5458a4p-14),
};
#endif

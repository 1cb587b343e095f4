// SPDX-License-Identifier: MIT
// tanh by pieces, for float: the centres, then the coefficients.  Printed by scripts/tanh.py.
#define TANH_SCALE 1.54
#define TANH_END 9.5
#if ROUGH
POLYNOMIALS(tanh_table, 8, 8) = {
    COEFFICIENTS(0, 0x1.f25b38p-1, 0x1.9f945p+0, 0x1.4c958ep+1, 0x1.f88f88p+1, 0x1.7721c4p+2,
        0x1.3p+3, 0, 0x1.e67478p-2),
    COEFFICIENTS(1, 0x1.8016c4p-1, 0x1.d9a7fap-1, 0x1.fa5cf8p-1, 0x1.ff9d42p-1, 0x1.fffdep-1,
        0x1p+0, 0, 0x1.c4e35ap-2),
    COEFFICIENTS(2, 0x1.bfbbb2p-2, 0x1.2743bp-3, 0x1.66c59ep-6, 0x1.8ad1e4p-10, 0x1.0fff44p-15,
        0x1.44b6e2p-23, 0x1p+0, 0x1.9bd98cp-1),
    COEFFICIENTS(3, -0x1.4fe16ep-2, -0x1.1126aep-3, -0x1.62d164p-6, -0x1.8aa406p-10,
        -0x1.117536p-15, 0x1.a93118p-22, 0x1p-80, -0x1.6c4cdep-2),
    COEFFICIENTS(4, 0x1.9ac7eep-4, 0x1.349e48p-4, 0x1.ce6334p-7, 0x1.06368p-10, 0x1.5eadb4p-16,
        0x1.3b4a32p-21, -0x1.55421ep-2, -0x1.c5d228p-4),
    COEFFICIENTS(5, 0x1.1843c8p-5, -0x1.9dab32p-6, -0x1.ba467cp-8, -0x1.0364d2p-11,
        -0x1.58a5ccp-17, 0x1.83aa3p-22, -0x1.ae331p-10, 0x1.571b58p-3),
    COEFFICIENTS(6, -0x1.8e1c4cp-5, 0x1.fccdecp-11, 0x1.48a17ep-9, 0x1.b7648p-13, 0x1.702e92p-18,
        0x1.d41afcp-24, 0x1.2b5a0ep-3, -0x1.2c0ce4p-6),
    COEFFICIENTS(7, 0x1.0f1e34p-6, 0x1.1e6c9p-8, -0x1.4fd7cap-11, -0x1.41f7cep-14,
        -0x1.fbc2c4p-20, 0x1.1542c6p-27, -0x1.5f6c8ep-5, -0x1.b1ebdp-5),
};
#else
POLYNOMIALS(tanh_table, 8, 9) = {
    COEFFICIENTS(0, 0x1.76e976p-1, 0x1.9f945p+0, 0x1.4c958ep+1, 0x1.f88f88p+1, 0x1.7721c4p+2,
        0x1.3p+3, 0, 0x1.519522p-2),
    COEFFICIENTS(1, 0x1.3fb696p-1, 0x1.d9a7fap-1, 0x1.fa5cf8p-1, 0x1.ff9d42p-1, 0x1.fffdep-1,
        0x1p+0, 0x1p+0, 0x1.45dcaep-2),
    COEFFICIENTS(2, 0x1.385bbap-1, 0x1.2743bp-3, 0x1.66c59ep-6, 0x1.8ad1e4p-10, 0x1.0fff44p-15,
        0x1.af0a52p-23, 0x1p-80, 0x1.cc26bep-1),
    COEFFICIENTS(3, -0x1.8619fap-2, -0x1.1126cap-3, -0x1.62d0fep-6, -0x1.8a896cp-10,
        -0x1.10e7f4p-15, 0x1.ad1d36p-21, -0x1.dd013ap-23, -0x1.24dd0ep-2),
    COEFFICIENTS(4, 0x1.1aeb2ap-5, 0x1.348c3ep-4, 0x1.cea28cp-7, 0x1.06a566p-10, 0x1.6b6c2cp-16,
        0x1.c4e5a2p-20, -0x1.5551fap-2, -0x1.ab1af6p-3),
    COEFFICIENTS(5, 0x1.b16c3ap-4, -0x1.9d909ep-6, -0x1.ba53c2p-8, -0x1.056704p-11,
        -0x1.5de296p-17, 0x1.d40d68p-20, -0x1.00a8aep-12, 0x1.4a9b4cp-3),
    COEFFICIENTS(6, -0x1.13777cp-4, 0x1.787e6ap-10, 0x1.41ee0cp-9, 0x1.9e73d4p-13, 0x1.19a532p-18,
        0x1.096f24p-20, 0x1.156496p-3, 0x1.493f68p-5),
    COEFFICIENTS(7, 0x1.027fd6p-7, 0x1.1b9c86p-8, -0x1.4f1464p-11, -0x1.2076a8p-14,
        -0x1.e67312p-20, 0x1.30a12ap-22, -0x1.20030ep-7, -0x1.4f172cp-4),
    COEFFICIENTS(8, 0x1.5710a4p-8, -0x1.81c554p-9, 0x1.52da32p-14, 0x1.54ed1p-16, 0x1.126a36p-21,
        0x1.222f72p-25, -0x1.3cbf1cp-5, 0x1.b5120ep-6),
};
#endif

// SPDX-License-Identifier: MIT
// e^x - 1 in two parts, accurate relative to itself.
//
// x is reduced as in exp.h, x = (n + j/8) ln 2 + r (j/16 for double).  With S = 2^n 2^(j/8) and q =
// e^r - 1,
//     e^x - 1 = (S - 1) + S q,
// where S - 1 is 0 around x = 0, and elsewhere outweighs S q.  What each step rounds off is
// collected. Coefficients: scripts/expm1.sollya.
#if HW_IS_FLOAT
static const T expm1_c[] = {
    // relative error 2^-34.8
    0x1.10fad4p-7f,
    0x1.555a44p-5f,
    0x1.555556p-3f,
    0x1p-1f,
};
#else
static const T expm1_c[] = {
    // relative error 2^-59.6
    0x1.a01a385e02299p-13, 0x1.6c182e96ccb3ap-10, 0x1.111111117e024p-7,
    0x1.555555549c898p-5,  0x1.555555555554fp-3,  0x1.0000000000003p-1,
};
#endif

// Below this x^2 / 2 is nothing beside x, and no product with an ulp of x underflows.
#define EXPM1_SMALL (sizeof(T) == 4 ? (T)0x1p-30 : (T)0x1p-60)
// Beyond -LIMIT e^x is nothing beside 1, beyond LIMIT 1 is nothing beside e^x.
#define EXPM1_LIMIT 40

// x + x_lo is the argument, |x| <= EXPM1_LIMIT; NaN gives NaN.
HW_INLINE pair v_expm1(V x, V x_lo) {
    const V magic = v_set((T)EXP_NEAR + T_BIAS);
    const V sum = v_fma(x, v_set(exp_log2e), magic), k = sum - magic;
    const V power = v_from_bits((v_bits(sum) & ~(I){0} << EXP_BITS) << (T_MANTISSA - EXP_BITS));
    const V r_top = v_fma(k, v_set(-exp_ln2), x);  // exact
    const V r_rest = v_fma(k, v_set(-exp_ln2_lo), x_lo);
    const V r = r_top + r_rest;
    V c = v_set(expm1_c[0]);
    for (size_t i = 1; i < sizeof expm1_c / sizeof *expm1_c; i++)
        c = v_fma(c, r, v_set(expm1_c[i]));
    const V kept = v_keep(m_not(v_le(v_abs(x), v_set(EXPM1_SMALL))), r), square = kept * kept;
    const V q = v_fma(square, c, r), q_lo = v_fma(square, c, r - q) + ((r_top - r) + r_rest);
    const V s = v_exp_lookup(exp_hi, v_bits(sum)) * power;
    const V s_lo = v_exp_lookup(exp_lo, v_bits(sum)) * power;
    const pair d = v_two_sum(s, v_set(-1));
    const V y = v_fma(s, q, d.hi);
    const V lost = v_fma(-s, q, y - d.hi) - v_fma(s, q_lo, d.lo + v_fma(s_lo, q, s_lo));
    return (pair){v_copysign(y, x),
                  -lost};  // -0 where x is 0, so that adding it keeps the sign of x
}

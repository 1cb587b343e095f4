// SPDX-License-Identifier: MIT
// e^x - 1 in two parts, accurate relative to itself.
//
// x = n ln 2 + r with |r| <= ln(2)/2.  With S = 2^n and q = e^r - 1,
//     e^x - 1 = (S - 1) + S q,
// where S - 1 is 0 around x = 0, and elsewhere outweighs S q.  What each step rounds off is
// collected. Coefficients: scripts/expm1.sollya.
static const T expm1_c[] = {
#if HW_IS_FLOAT && ROUGH
    // relative error 2^-26.0
    0x1.6b894p-10f, 0x1.123p-7f, 0x1.55570cp-5f, 0x1.5554a6p-3f, 0x1.fffffep-2f,
#elif HW_IS_FLOAT
    // relative error 2^-30.8
    0x1.9e3788p-13f, 0x1.6d4c54p-10f, 0x1.1112f8p-7f, 0x1.5554eap-5f, 0x1.555554p-3f, 0x1p-1f,
#else
    // relative error 2^-55.3
    0x1.ae5f391a6a596p-26, 0x1.28a6fd1216d9p-22,  0x1.71de94a760344p-19, 0x1.a019a2ab8ddb8p-16,
    0x1.a01a016dafd37p-13, 0x1.6c16c180454acp-10, 0x1.111111111a8dfp-7,  0x1.5555555551e38p-5,
    0x1.5555555555533p-3,  0x1.0000000000005p-1,
#endif
};

// Below this x^2 / 2 is nothing beside x, and no product with an ulp of x underflows.
#define EXPM1_SMALL (sizeof(T) == 4 ? (T)0x1p-30 : (T)0x1p-60)
// Beyond -LIMIT e^x is nothing beside 1; up to MOST n is not positive.
#define EXPM1_LIMIT 40
#define EXPM1_MOST ((T)0.3125)

// hi - lo = e^(x + x_lo) - 1 for -LIMIT <= x <= MOST.  For x = 0, lo is +0 and hi has the sign of x, and so
// has hi - lo.  NaN gives NaN.  If ROUGH there is no lo.  In two stages.
typedef struct {
    V x, top, rest, s;  // x + x_lo is n ln 2 + top + rest, and s is 2^n
} expm1_begun;
HW_INLINE expm1_begun v_expm1_begin(V x, V x_lo) {
    const V magic = v_set((T)(sizeof(T) == 4 ? 0x1.8p23 : 0x1.8p52) + T_BIAS);
    const V sum = v_fma(x, v_set(exp_log2e), magic), k = sum - magic;
    const V s = v_from_bits(v_bits(sum) << T_MANTISSA);
    const V top = v_fma(k, v_set(-exp_ln2), x);  // exact
    if (ROUGH) return (expm1_begun){x, top, v_set(0), s};
    return (expm1_begun){x, top, v_fma(k, v_set(-exp_ln2_lo), x_lo), s};
}
HW_INLINE pair v_expm1_end(expm1_begun z) {
    const V one = v_set(1), s = z.s, top = z.top, r = top + z.rest;
    if (ROUGH) {  // without a square, which might underflow
        const V c = v_horner(expm1_c, sizeof expm1_c / sizeof *expm1_c, top, 0);
        return (pair){v_fma(s, top * v_fma(top, c, one), -(one - s)), v_set(0)};
    }
    const V kept = v_keep(m_not(v_le(v_abs(z.x), v_set(EXPM1_SMALL))), r), square = kept * kept;
    const V c = v_series(expm1_c, sizeof expm1_c / sizeof *expm1_c, r, square, 0);
    const V rest = v_fma(square, c, z.rest);  // top + rest = q
    const V d = one - s, d_lost = (one - d) - s;
    const V y = v_fma(s, top, -d);
    const V y_lost = v_fnma(s, top, d + y) + d_lost;
    return (pair){y, v_fnma(s, rest, y_lost)};
}
HW_INLINE pair v_expm1(V x, V x_lo) { return v_expm1_end(v_expm1_begin(x, x_lo)); }

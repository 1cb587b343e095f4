// SPDX-License-Identifier: MIT
// e^-u and 1 + e^-u, with what their roundings lack.
//
// -u is n ln 2 + r, |r| <= ln(2)/2, and e^r = 1 + q with q = r + r^2 (c2 + c3 r + ...).  Then
//     1 + e^-u = (1 + 2^n) + 2^n q,
// where a power of two needs no table and no rounding of its own: what the rounded sum misses
// follows from its parts.  The error is the rounding of r, 2^-26 (2^-55) of e^-u; in double also that of q, or
// neither if exact.  If ROUGH e^r is a polynomial, and nothing is collected.
// The constants are those that scripts/logistic.sollya prints.
#if HW_IS_FLOAT && ROUGH
#define logistic_c exp_c
#elif HW_IS_FLOAT
static const T logistic_c[] = {  // c6, ... c2: relative error 2^-28.2
    0x1.6a62e6p-10f, 0x1.123c56p-7f, 0x1.5558ap-5f, 0x1.55548ep-3f, 0x1.fffffcp-2f,
};
#else
static const T logistic_c[] = {  // c11, ... c2: relative error 2^-57.9
    0x1.ad80eac95a6fdp-26, 0x1.28af0b86d45bap-22, 0x1.71df26d3d8455p-19, 0x1.a01998608d2dbp-16,
    0x1.a01a012897abep-13, 0x1.6c16c184c1fd3p-10, 0x1.1111111128422p-7,  0x1.55555555505e3p-5,
    0x1.55555555554f7p-3,  0x1.000000000000ap-1,
};
#endif

// Beside 1 it is nothing, and no square that it is added to underflows.
#define EXP_SPECK _Generic((T)0, float: 0x1p-40f, double: 0x1p-80)

// In two stages, of which this is the first: u + u_lo, where u_lo counts if has_lo, is reduced; NaN stays.
typedef struct {
    V power, r, lost;  // 2^n, -r above, and what its roundings left, negated
} exp_reduced;
HW_INLINE exp_reduced v_exp_reduce(V u, V u_lo, const int has_lo) {
    const int single = sizeof(T) == 4;
    // The bias in the sum's last bits makes 2^n of them by a shift.
    const V magic = v_held((single ? (T)0x1.8p23 : (T)0x1.8p52) + T_BIAS);
    const V sum = v_fma(u, v_held(-exp_log2e), magic), k = sum - magic;
    const V power = v_from_bits(v_bits(sum) << T_MANTISSA);
    // The first step is exact: a multiple of the last place of u or of ln 2, and small.
    const V first = v_fma(k, v_held(exp_ln2), u);
    V most = first;
    if (!ROUGH) most = v_fma(k, v_held(exp_ln2_lo), first);
    V r = most;
    if (has_lo) r = r + u_lo;
    V lost = (r - most) - u_lo;
    if (!single) lost = v_fnma(k, v_held(exp_ln2_lo), most - first);
    return (exp_reduced){power, r, lost};
}

// The second stage.  If exact there is no u_lo, and a small u counts in full: its square must not underflow.
typedef struct {
    V power, q, r, m;  // e^-u = power (1 + q), and q is m - r rounded; if ROUGH it is power q
    int parts;         // 1: m and r give more than q does
} exp_series;
HW_INLINE exp_series v_exp_series(exp_reduced e, const int has_lo, const int exact) {
    const int terms = sizeof logistic_c / sizeof *logistic_c;
    const V r = e.r, square = v_fma(r, r, v_held(exact ? (T)-0.0 : EXP_SPECK));
    const V c = v_series(logistic_c, terms, r, square, 1);
    if (ROUGH) return (exp_series){e.power, c, r, square, 0};
    if (ULPS > 1 && !exact) return (exp_series){e.power, v_fma(square, c, -r), r, square, 0};
    V m = square * c;
    // In float the rounding of a small n ln 2 leaves nothing to speak of.
    if (has_lo || sizeof(T) == 8) m = v_fma(square, c, e.lost);
    return (exp_series){e.power, m - r, r, m, 1};
}

// start + e^-u, rounded; and what that sum misses, where lost is start and 2^n minus it.
HW_INLINE V v_series_sum(exp_series s, V start) {
    if (ROUGH) return v_fma(s.power, s.q, start);
    return v_fma(s.power, s.q, start + s.power);
}
HW_INLINE V v_series_lost(exp_series s, V lost) {
    if (ROUGH) return v_set(0);
    if (s.parts) return v_fma(s.power, s.m, v_fnma(s.power, s.r, lost));
    return v_fma(s.power, s.q, lost);
}

// 1 + e^-u; a 2^n that is less than half an ulp of the reciprocal may be lacking.
HW_INLINE pair v_one_plus_exp(exp_reduced u, const int has_lo) {
    const exp_series s = v_exp_series(u, has_lo, 0);
    const V one = v_set(1), hi = v_series_sum(s, one);
    return (pair){hi, v_series_lost(s, (s.power - hi) + one)};
}
// The same for u >= 0 whose square does not underflow: nothing is lacking.
HW_INLINE pair v_one_plus_decay(exp_reduced u, const int exact) {
    const exp_series s = v_exp_series(u, 0, exact);
    const V one = v_set(1), hi = v_series_sum(s, one);
    return (pair){hi, v_series_lost(s, s.power - (hi - one))};
}

// e^-u
HW_INLINE pair v_exp_pair(exp_reduced u) {
    const exp_series s = v_exp_series(u, 0, 0);
    const V hi = v_series_sum(s, v_set((T)-0.0));
    return (pair){hi, v_series_lost(s, s.power - hi)};
}

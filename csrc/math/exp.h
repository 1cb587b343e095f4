// SPDX-License-Identifier: MIT
// e^x in two parts and a power of two, for float and double.
//
// x / ln 2 is rounded to a multiple of 1/8 for float (1/16 for double), which is n + j/8; what is
// left of x is r, |r| <= ln(2)/16 (ln(2)/32):
//     e^x = 2^n 2^(j/8) e^r,    e^r = 1 + r + c2 r^2 + c3 r^3 + c4 r^4 (+ ... + c7 r^7).
// The tables are registers on AVX-512, and r is so small that the last operations add an error of
// 2^-29 (2^-59) only: hi + lo is exact to 2^-27.2 (2^-57), relatively.  If ROUGH there is no table, and e^r is a
// polynomial for |r| <= ln(2)/2, exact to 2^-23.3, without lo.  On AVX2 eight entries are
// one permutation and sixteen are two and a blend, which costs more than one more coefficient. The
// constants are those that scripts/exp.sollya prints.
typedef struct {
    V hi, lo;  // e^x = (hi + lo) 2^n; hi is in [0.7, 1.96], |lo| <= ulp(hi) / 2
    V n;       // a whole number
    V power;   // 2^n, where that is a normal number
} exp_parts;

#if HW_IS_FLOAT
static const T exp_log2e = 0x1.715476p0f, exp_ln2 = 0x1.62e43p-1f, exp_ln2_lo = -0x1.05c61p-29f;
#endif
#if HW_IS_FLOAT && ROUGH
#define EXP_BITS 0
#define EXP_NEAR 0x1.8p23f
#define v_exp_entry(k, i) ((void)(i), v_set(1 - (k)))  // 2^0, which has no second part
static const T exp_c[] = {  // of e^r itself, c5, ... c0
    0x1.0fa832p-7f, 0x1.573e36p-5f, 0x1.555a78p-3f, 0x1.fffdbcp-2f, 0x1.fffff6p-1f, 1,
};
#elif HW_IS_FLOAT
#define EXP_BITS 3
#define EXP_NEAR 0x1.8p20f  // a sum near it is a multiple of 1/8
#define v_exp_entry(k, i) v_lookup(exp_table[k], 8, i)
static const T exp_table[2][8] = {  // 2^(j/8), and what its rounding left
    {0x1p0f, 0x1.172b84p0f, 0x1.306fep0f, 0x1.4bfdaep0f,
     0x1.6a09e6p0f, 0x1.8ace54p0f, 0x1.ae89fap0f, 0x1.d5818ep0f},
    {0, -0x1.c15742p-27f, 0x1.4636e2p-25f, -0x1.593abcp-25f,
     0x1.9fcef4p-26f, 0x1.15506ep-27f, -0x1.a94b14p-26f, -0x1.822dbcp-27f},
};
static const T exp_c[] = {  // c4, c3, c2: relative error 2^-32.0
    0x1.55ed5ap-5f, 0x1.555cbp-3f, 0x1.fffff8p-2f,
};
#else
#define EXP_BITS 4
#define EXP_NEAR 0x1.8p48
#define v_exp_entry(k, i) v_coefficient(exp_table, k, i)
POLYNOMIALS(exp_table, 16, 2) = {  // 2^(j/16), and what its rounding left
    COEFFICIENTS(0, 0x1p0, 0x1.0b5586cf9890fp0, 0x1.172b83c7d517bp0, 0x1.2387a6e756238p0,
        0x1.306fe0a31b715p0, 0x1.3dea64c123422p0, 0x1.4bfdad5362a27p0, 0x1.5ab07dd485429p0,
        0x1.6a09e667f3bcdp0, 0x1.7a11473eb0187p0, 0x1.8ace5422aa0dbp0, 0x1.9c49182a3f09p0,
        0x1.ae89f995ad3adp0, 0x1.c199bdd85529cp0, 0x1.d5818dcfba487p0, 0x1.ea4afa2a490dap0),
    COEFFICIENTS(1, 0, 0x1.8a62e4adc610bp-54, -0x1.19041b9d78a76p-55, 0x1.9b07eb6c70573p-54,
        0x1.6f46ad23182e4p-55, 0x1.ada0911f09ebcp-55, 0x1.d4397afec42e2p-56,
        0x1.6324c054647adp-54, -0x1.bdd3413b26456p-54, -0x1.41577ee04992fp-55,
        0x1.6e9f156864b27p-54, 0x1.c7c46b071f2bep-56, 0x1.7a1cd345dcc81p-54,
        0x1.11065895048ddp-55, 0x1.2ed02d75b3707p-55, -0x1.e9c23179c2893p-54),
};
static const T exp_log2e = 0x1.71547652b82fep0, exp_ln2 = 0x1.62e42fefa39efp-1,
               exp_ln2_lo = 0x1.abc9e3b39803fp-56;
static const T exp_c[] = {  // c7, ... c2: relative error 2^-65.9
    0x1.a0197c275c34cp-13, 0x1.6c1852ff41865p-10, 0x1.111111121b8bdp-7,
    0x1.55555554699c7p-5,  0x1.5555555555547p-3,  0x1.0000000000005p-1,
};
#endif

// A constant kept in a register or on the stack.  Where a loop may call a function GCC saves registers, and loads
// a vector of a constant anew for each use by an operation of its own, which takes up to 1.3 times as long.
#if defined(__x86_64__) && !defined(__clang__)
HW_INLINE V v_held(T c) {
    V v = v_set(c);
    if (W > 1) __asm__("" : "+v"(v));
    return v;
}
#else
#define v_held v_set
#endif

// c[0] r^(n-1) + ... + c[n-1], of -r if `falling`.
HW_INLINE V v_horner(const T *c, const int n, V r, const int falling) {
    V w = v_held(c[0]);
    for (int k = 1; k < n; k++)
        w = falling ? v_fnma(w, r, v_held(c[k])) : v_fma(w, r, v_held(c[k]));
    return w;
}

// The same where square is r^2 or as good as that.  In double n is even, and the many terms make two chains, of every
// second power, which a processor computes side by side.
HW_INLINE V v_series(const T *c, const int n, V r, V square, const int falling) {
    if (sizeof(T) == 4) return v_horner(c, n, r, falling);
    V w = v_held(c[0]), lower = v_held(c[1]);
    for (int k = 2; k < n; k += 2) {
        w = v_fma(w, square, v_held(c[k]));
        lower = v_fma(lower, square, v_held(c[k + 1]));
    }
    return falling ? v_fnma(w, r, lower) : v_fma(w, r, lower);
}

// Beyond this e^x is 0 or infinite, whatever three numbers it is multiplied by.
#define EXP_LIMIT (sizeof(T) == 4 ? 1000 : 10000)

// e^(x + x_lo) for |x| <= EXP_LIMIT and |x_lo| <= ulp(x); NaN gives NaN.  In r^2, r counts as a multiple of
// 2^-59 (2^-88), so that it cannot underflow.  If `falling` it is e^-(x + x_lo), r and q are negated, and x must be
// 0 or at least T_TINY, which does the same for r^2.  In two stages.
#define EXP_MAGIC ((T)EXP_NEAR + T_BIAS)  // the bias makes 2^n of the sum's last bits by a shift
typedef struct {
    V sum, r;  // the sum is n + j/8 (j/16) and EXP_MAGIC
} exp_begun;
HW_INLINE exp_begun v_exp_begin(V x, V x_lo, const int falling) {
    const int sign = falling ? -1 : 1;
    const V magic = v_held(EXP_MAGIC), sum = v_fma(x, v_held(sign * exp_log2e), magic), k = sum - magic;
    // The first step is exact: a multiple of the last place of x or of ln(2)/8 (/16), and small.
    const V first = v_fma(k, v_held(-sign * exp_ln2), x);
    if (ROUGH) return (exp_begun){sum, first + x_lo};
    return (exp_begun){sum, v_fma(k, v_held(-sign * exp_ln2_lo), first) + x_lo};
}
HW_INLINE exp_parts v_exp_end(exp_begun s, const int falling) {
    const V r = s.r, magic = v_held(EXP_MAGIC), shift = v_held((T)0x1p-36);
    const I floor = v_bits(s.sum) & ~(I){0} << EXP_BITS;
    const V n = v_from_bits(floor) - magic, power = v_from_bits(floor << (T_MANTISSA - EXP_BITS));
    const V c = v_horner(exp_c, sizeof exp_c / sizeof *exp_c, r, falling);
    if (ROUGH) return (exp_parts){c, v_set(0), n, power};
    V factor = r;
    if (!falling) factor = (r + shift) - shift;
    const V square = factor * r, q = falling ? v_fnma(square, c, r) : v_fma(square, c, r);
    const pieces j = v_pieces(v_bits(s.sum));
    const V top = v_exp_entry(0, j), top_lo = v_exp_entry(1, j);
    const V rest = falling ? v_fnma(top, q, top_lo) : v_fma(top, q, top_lo);
    const V hi = top + rest;
    return (exp_parts){hi, rest - (hi - top), n, power};
}
HW_INLINE exp_parts v_exp_core(V x, V x_lo, const int falling) {
    return v_exp_end(v_exp_begin(x, x_lo, falling), falling);
}
HW_INLINE exp_parts v_exp_inside(V x, V x_lo) { return v_exp_core(x, x_lo, 0); }

// The same for every x; x_lo must be 0 where |x| > EXP_LIMIT.  Without an x_lo give NO_LO.
HW_INLINE exp_parts v_exp(V x, V x_lo) {
    return v_exp_core(v_clamp(x, -EXP_LIMIT, EXP_LIMIT), x_lo, 0);
}

#define NO_LO v_set((T)-0.0)  // a + -0 is a, so that compilers drop the addition

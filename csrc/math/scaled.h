// SPDX-License-Identifier: MIT
// Values m 2^n, for factors that would underflow or overflow on the way to a product that does not.
// Where n is not 0, |m| is within [2^-20, 2^20], or m is 0, infinite or NaN; where n is 0, m is
// any.
typedef struct {
    V m, n;     // n: a whole number
    // 1: n is known to be 0 in all lanes, so that compilers drop the question; 2: and m is nowhere 0, nor,
    // in a gated unit, far from 1; 3: and m is 0, 1 or NaN
    int plain;
} scaled;
typedef struct {
    scaled y, d;  // what a gate lets through, and its derivative
} gate;
static inline scaled v_scaled(V m, V n) { return (scaled){m, n, 0}; }
static inline scaled v_unscaled(V m) { return (scaled){m, v_set(0), 1}; }
static inline scaled v_nonzero(V m) { return (scaled){m, v_set(0), 2}; }
static inline scaled v_switch(V m) { return (scaled){m, v_set(0), 3}; }

#define T_MANTISSA (sizeof(T) == 4 ? 23 : 52)  // bits of the fraction
#define T_BIAS (sizeof(T) == 4 ? 127 : 1023)   // of the exponent

#ifdef HW_LONG_DOUBLE
static inline V v_ldexp(V a, V n) { return scalbnl(a, (int)n); }
static inline scaled v_normal(V a) {
    int n = 0;
    const V m = isfinite(a) ? frexpl(a, &n) : a;
    return v_scaled(m, n);
}
#else

// 2^n for a whole n of a normal power: the sum has n + bias in its lowest bits.
static inline V v_pow2(V n) {
    const V magic = v_set((T)(sizeof(T) == 4 ? 0x1.8p23 : 0x1.8p52) + T_BIAS);
    return v_from_bits(v_bits(n + magic) << T_MANTISSA);
}

#ifndef HW_SCALE
// a 2^n with one rounding, where a is as m above: the first product is exact.
static inline V v_ldexp(V a, V n) {
    const T most = sizeof(T) == 4 ? 100 : 1000;
    const V first = v_clamp(n, -most, most);
    return a * v_pow2(first) * v_pow2(v_clamp(n - first, 1 - T_BIAS, T_BIAS));
}
#else
static inline V v_ldexp(V a, V n) { return HW_SCALE(a, n); }
#endif

// a as m 2^n with |m| in [1, 2); m is a itself and n is 0 for zero, infinity and NaN.
static inline scaled v_normal(V a) {
    const T raise = sizeof(T) == 4 ? 0x1p64 : 0x1p512;  // makes subnormals normal
    const int by = sizeof(T) == 4 ? 64 : 512;
    const V size = v_abs(a), one = v_set(1);
    const M small = v_lt(size, v_set(1 / raise));
    const M none = m_or(v_eq(a, v_set(0)), m_not(v_lt(size, v_set((T)INFINITY))));
    const V b = a * v_select(small, v_set(raise), one);
    const I exponent = v_bits(v_set((T)INFINITY));
    const V magic = v_set(sizeof(T) == 4 ? (T)0x1p23 : (T)0x1p52);
    const V biased = v_from_bits((v_bits(v_abs(b)) >> T_MANTISSA) | v_bits(magic)) - magic;
    const V m = v_from_bits((v_bits(b) & ~exponent) | v_bits(one));
    const V n = biased - v_select(small, v_set((T)(T_BIAS + by)), v_set((T)T_BIAS));
    return v_scaled(v_select(none, a, m), v_keep(m_not(none), n));
}
#endif

#ifndef HW_LONG_DOUBLE
// p = m up for a power of two up = 2^n, which is normal as down = 1 / up is; |m| is in [1, 4), or less where p is
// subnormal, or p is 0, infinite or NaN and up is 1.  For parameters: it is made once if p is one value.
typedef struct {
    V m, up, down, n;
} prescaled;

static inline prescaled v_prescale(V p) {
    const scaled s = v_normal(p);
    const V n = v_clamp(s.n, 1 - T_BIAS, T_BIAS - 1);
    return (prescaled){s.m * v_pow2(s.n - n), v_pow2(n), v_pow2(-n), n};
}

// a 2^-32 (2^-64), or 0 where a is so small that this could be subnormal.
static inline V v_speck(V a) {
    const T limit = _Generic((T)0, float: 0x1p-90f, double: 0x1p-900);
    return v_keep(m_not(v_lt(a, v_set(limit))), a) * v_set(_Generic((T)0, float: 0x1p-32f, double: 0x1p-64));
}

// a 2^40 (2^100), or the largest number.
static inline V v_heap(V a) {
    const T by = _Generic((T)0, float: 0x1p40f, double: 0x1p100);
    return v_min(v_set(T_MAX / by), a) * v_set(by);
}
#endif

static inline M v_far(scaled d) { return m_not(v_eq(d.n, v_set(0))); }
HW_INLINE int v_any_far(scaled d) { return !d.plain && m_any(v_far(d)); }

HW_RARELY V v_unscale_far(scaled d) { return v_select(v_far(d), v_ldexp(d.m, d.n), d.m); }
HW_INLINE V v_unscale(scaled d) {
    if (v_any_far(d)) return v_unscale_far(d);
    return d.m;
}

// The IEEE product d g, which rounds once where d is a plain number.
HW_RARELY V v_times_far(scaled d, V g) {
    const M far = v_far(d);
    const scaled a = v_normal(v_keep(far, d.m)), b = v_normal(v_keep(far, g));
    const V y = v_keep(m_not(far), d.m) * v_keep(m_not(far), g);
    return v_select(far, v_ldexp(a.m * b.m, d.n + a.n + b.n), y);
}
HW_INLINE V v_times(scaled d, V g) {
    if (v_any_far(d)) return v_times_far(d, g);
    return d.m * g;
}

// g d for a derivative d: +0 where d is 0, for every g but NaN.
HW_INLINE V v_scaled_product(V g, scaled d) {
    if (d.plain == 2) return g * d.m;
    const M on = m_not(m_and(v_eq(d.m, v_set(0)), v_eq(g, g)));
    return v_times((scaled){v_keep(on, d.m), d.n, d.plain}, v_keep(on, g));
}

// Zero, or far enough from underflow and overflow that a product of three such is safe.
#define T_LARGE _Generic((T)0, float: 0x1p40f, double: 0x1p300, long double: 0x1p5000L)
static inline M v_moderate(V a) {
    const V size = v_abs(a);
    return m_and(m_or(v_le(v_set(1 / T_LARGE), size), v_eq(a, v_set(0))), v_le(size, v_set(T_LARGE)));
}
// Both, and neither is zero.  A NaN shows in one bound: in its second operand by v_min's rule, in `high` by that of bits.
static inline M v_both_moderate(V a, V b) {
    const V low = v_at_most(v_abs(a), v_abs(b)), high = v_at_least(v_abs(b), v_abs(a));
    return m_and(v_le(v_set(1 / T_LARGE), low), v_le(high, v_set(T_LARGE)));
}

// g up d, in this order, and +0 where d is 0, for all g and up but NaN.  Where `near` it is the plain
// product, as in vectors that are near in all lanes: a subnormal would be rounded otherwise.
HW_RARELY V v_scaled_product3_far(V g, V up, scaled d, M near) {
    const M zero = m_and(v_eq(d.m, v_set(0)), m_and(v_eq(g, g), v_eq(up, up))), far = m_not(m_or(near, zero));
    const scaled a = v_normal(v_keep(far, g)), b = v_normal(v_keep(far, up));
    const scaled c = v_normal(v_keep(far, d.m));
    near = m_and(near, m_not(zero));
    const V y = v_keep(near, g) * v_keep(near, up) * v_keep(near, d.m);
    return v_select(near, y, v_ldexp(a.m * b.m * c.m, a.n + b.n + c.n + v_keep(far, d.n)));
}
HW_INLINE V v_scaled_product3(V g, V up, scaled d) {
    const M on = m_not(v_eq(d.m, v_set(0)));
    if (d.plain == 3)
        return v_spoil(v_unordered(g, up), v_keep(on, g) * v_keep(on, up) * d.m);
    M near = v_both_moderate(g, up);
    if (m_any(m_not(near))) near = m_and(v_moderate(g), v_moderate(up));
    if (d.plain < 2) near = m_and(near, v_le(v_abs(d.m), v_set(T_LARGE)));  // g up d may underflow
    if (v_any_far(d)) near = m_and(near, m_not(v_far(d)));
    if (m_any(m_not(near))) return v_scaled_product3_far(g, up, d, near);
    if (d.plain == 2) return g * up * d.m;
    return v_keep(on, g * up * d.m);
}

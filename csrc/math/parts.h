// SPDX-License-Identifier: MIT
// Small parts that formulas share: NaN that must show, products with a derivative, sums and products
// carried in two parts.

// Where operations may trap (see unit.h) clang leaves the conversion of a constant to the loop: a static
// constant is converted by the compiler.
#ifdef __clang__
#define IF_CONSTANT(c, yes, no) __builtin_choose_expr(__builtin_constant_p(c), yes, no)
#define v_set(c) \
    v_set(IF_CONSTANT(c, ({ static const T c_ = IF_CONSTANT(c, c, 0); c_; }), c))
#endif

// y, but NaN where p is.
static inline V v_show_nan(V p, V y) { return v_select(v_nan(p), p, y); }

// x brought into [low, high]; NaN stays.
#define v_clamp(x, low, high) v_max(v_set(low), v_min(v_set(high), x))

// g d for a derivative d: where d is 0 the product is +0 even for infinite g; NaN in either shows.
static inline V v_product(V g, V d) {
    const M off = m_and(v_eq(d, v_set(0)), v_eq(g, g));
    return v_keep(m_not(off), g) * v_keep(m_not(off), d);
}

// The type's largest value, and a size below which x^2 would underflow.
#define T_MAX _Generic((T)0, float: FLT_MAX, double: DBL_MAX, long double: LDBL_MAX)
#define T_TINY _Generic((T)0, float: 0x1p-60f, double: 0x1p-500, long double: 0x1p-500L)

// Below the limit, but not 0?
static inline M v_small(V size, T limit) {
    return m_and(v_lt(v_set(0), size), v_lt(size, v_set(limit)));
}

// A value in two parts, the second at most half a unit in the last place of the first.
typedef struct {
    V hi, lo;
} pair;

// a + b without error (Knuth's TwoSum).
static inline pair v_two_sum(V a, V b) {
    const V s = a + b, t = s - a;
    return (pair){s, (a - (s - t)) + (b - t)};
}

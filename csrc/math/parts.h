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

static inline M v_nan(V a) { return v_unordered(a, a); }

// y, but p where that is NaN.
static inline V v_show_nan(V p, V y) { return v_select(v_nan(p), p, y); }

// x brought into constant bounds; NaN stays.
#define v_clamp(x, low, high) v_bound(x, v_set(low), v_set(high))

// v_min and v_max with a limit that is not negative; either operand where a is NaN.
#ifndef HW_AT_MOST
#define v_at_most(limit, a) v_min(limit, a)
#define v_at_least(limit, a) v_max(limit, a)
#endif

// A derivative made of pieces: d where on, 0 where not.  Where not on, d is finite and not negative; where x
// is NaN both may be anything, since whoever makes a derivative or a product of it sees to that.
typedef struct {
    M on;
    V d;
} piece;

static inline V v_derivative(V x, piece p) { return v_spoil(v_nan(x), v_keep(p.on, p.d)); }

// g d: +0 where not on, for infinite g too; NaN in either shows.
static inline V v_product(V g, V x, piece p) {
    return v_spoil(v_unordered(g, x), v_keep(p.on, g) * p.d);
}

// The type's largest and smallest number, and a size below which x^2 would underflow.
#define T_MAX _Generic((T)0, float: FLT_MAX, double: DBL_MAX, long double: LDBL_MAX)
#define T_LEAST \
    _Generic((T)0, float: FLT_TRUE_MIN, double: DBL_TRUE_MIN, long double: LDBL_TRUE_MIN)
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

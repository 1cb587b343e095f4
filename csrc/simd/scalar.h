// SPDX-License-Identifier: MIT
// T (float, double or long double, chosen by the unit) in plain C: one lane, any machine, right everywhere.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-vectorize")
#endif

typedef T V;
typedef int M;
enum { W = 1 };
#define BY_T(name) _Generic((T)0, float: name##f, double: name, long double: name##l)

static inline V v_set(T c) { return c; }
static inline V v_load_f32(const T *p) { return *p; }
static inline void v_store_f32(T *p, V a) { *p = a; }
#define v_load_f64 v_load_f32
#define v_store_f64 v_store_f32
#define v_load_ld v_load_f32
#define v_store_ld v_store_f32

static inline V v_fma(V a, V b, V c) { return BY_T(fma)(a, b, c); }
// c - a b.  Not -a: where a is a v_fma itself, GCC makes one operation of both for AArch64, and its zero has the
// other sign.
static inline V v_fnma(V a, V b, V c) { return BY_T(fma)(a, -b, c); }
static inline V v_sqrt(V a) { return BY_T(sqrt)(a); }
static inline V v_abs(V a) { return BY_T(fabs)(a); }
static inline V v_copysign(V size, V sign) { return BY_T(copysign)(size, sign); }

// < signals on a quiet NaN; these macros do not, unless GCC vectorises them.
static inline M v_lt(V a, V b) { return isless(a, b); }
static inline M v_le(V a, V b) { return islessequal(a, b); }
static inline M v_eq(V a, V b) { return a == b; }
static inline M v_unordered(V a, V b) { return isunordered(a, b); }
static inline M m_and(M a, M b) { return a & b; }
static inline M m_or(M a, M b) { return a | b; }
static inline M m_not(M a) { return !a; }
static inline int m_any(M a) { return a; }
static inline V v_select(M m, V a, V b) { return m ? a : b; }
static inline V v_keep(M m, V a) { return m ? a : 0; }
static inline V v_spoil(M m, V a) { return m ? (T)NAN : a; }
static inline V v_min(V a, V b) { return v_lt(a, b) ? a : b; }
static inline V v_max(V a, V b) { return v_lt(b, a) ? a : b; }
static inline V v_bound(V x, V low, V high) { return v_min(high, v_max(low, x)); }

#ifdef HW_BITS  // the integer type as wide as T; long double has none
typedef HW_BITS I;
static inline I v_bits(V a) {
    I i;
    memcpy(&i, &a, sizeof i);
    return i;
}
static inline V v_from_bits(I i) {
    V a;
    memcpy(&a, &i, sizeof a);
    return a;
}
static inline V v_lookup(const T *t, const int n, I i) { return t[i & (n - 1)]; }
#endif

#ifdef HW_HALVES
static inline V v_load_bf16(const uint16_t *p) { return v_from_bits((int32_t)((uint32_t)*p << 16)); }
static inline void v_store_bf16(uint16_t *p, V a) {
    uint32_t b = (uint32_t)v_bits(a), top = b >> 16;
    *p = (uint16_t)(a != a ? top | 0x40 : (b + 0x7FFF + (top & 1)) >> 16);
}
static inline V v_load_f16(const uint16_t *p) {
    const uint32_t size = (uint32_t)(*p & 0x7FFF) << 13, sign = (uint32_t)(*p & 0x8000) << 16;
    const int special = size >= 0x7C00u << 13;  // infinity or NaN; the others are scaled by 2^112
    const V a = special ? v_from_bits((int32_t)(size | 0x7FC00000u * (size > 0x7C00u << 13) |
                                                0x7F800000u))
                        : v_from_bits((int32_t)size) * 0x1p112f;
    return v_from_bits((int32_t)((uint32_t)v_bits(a) | sign));
}
static inline void v_store_f16(uint16_t *p, V a) {
    const uint32_t b = (uint32_t)v_bits(a), size = b & 0x7FFFFFFF;
    uint32_t h;
    if (size > 0x7F800000) {
        h = 0x7E00 | (size >> 13 & 0x1FF);
    } else if (size >= 0x477FF000) {  // 65520: rounds to infinity
        h = 0x7C00;
        if (size < 0x7F800000) feraiseexcept(FE_OVERFLOW | FE_INEXACT);
    } else if (size >= 0x38800000) {  // 2^-14: a normal half
        h = (size + 0xFFF + (size >> 13 & 1) - 0x38000000) >> 13;
    } else {  // the last place of 0.5 is the smallest half: the addition rounds
        const V sum = v_from_bits((int32_t)size) + 0.5f;
        h = (uint32_t)v_bits(sum) - 0x3F000000;
        if (sum - 0.5f != v_from_bits((int32_t)size)) feraiseexcept(FE_UNDERFLOW | FE_INEXACT);
    }
    *p = (uint16_t)(h | (b >> 16 & 0x8000));
}
#endif

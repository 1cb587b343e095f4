// SPDX-License-Identifier: MIT
// float64 on AArch64 NEON: two lanes.  The vocabulary is described in ../README.md.
typedef double T;
typedef float64x2_t V;
typedef uint64x2_t M;
typedef int64_t I __attribute__((vector_size(16)));
enum { W = 2 };

#define HW_MANY_REGISTERS

static inline V v_set(T c) { return vdupq_n_f64(c); }
static inline V v_load_f64(const T *p) { return vld1q_f64(p); }
static inline void v_store_f64(T *p, V a) { vst1q_f64(p, a); }

static inline V v_fma(V a, V b, V c) { return vfmaq_f64(c, a, b); }
static inline V v_fnma(V a, V b, V c) { return vfmsq_f64(c, a, b); }  // c - a b
static inline V v_sqrt(V a) { return vsqrtq_f64(a); }
static inline V v_abs(V a) { return vabsq_f64(a); }
static inline V v_copysign(V size, V sign) {
    return vbslq_f64(vdupq_n_u64(0x8000000000000000u), sign, size);
}

// FCMGT and FCMGE signal on a quiet NaN, FCMEQ does not: a NaN becomes 0 before it is compared.
static inline M m_and(M a, M b) { return vandq_u64(a, b); }
static inline M m_or(M a, M b) { return vorrq_u64(a, b); }
static inline M m_not(M a) { return vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(a))); }
static inline int m_any(M a) { return vmaxvq_u32(vreinterpretq_u32_u64(a)) != 0; }
static inline M v_eq(V a, V b) { return vceqq_f64(a, b); }
static inline M v_unordered(V a, V b) { return m_not(m_and(v_eq(a, a), v_eq(b, b))); }
static inline V v_keep(M m, V a) {
    return vreinterpretq_f64_u64(vandq_u64(m, vreinterpretq_u64_f64(a)));
}
static inline M v_lt(V a, V b) {
    M a_ok = v_eq(a, a), b_ok = v_eq(b, b);
    return m_and(m_and(a_ok, b_ok), vcltq_f64(v_keep(a_ok, a), v_keep(b_ok, b)));
}
static inline M v_le(V a, V b) {
    M a_ok = v_eq(a, a), b_ok = v_eq(b, b);
    return m_and(m_and(a_ok, b_ok), vcleq_f64(v_keep(a_ok, a), v_keep(b_ok, b)));
}
static inline V v_select(M m, V a, V b) { return vbslq_f64(m, a, b); }
static inline V v_spoil(M m, V a) {
    return vreinterpretq_f64_u64(vorrq_u64(m, vreinterpretq_u64_f64(a)));
}
static inline V v_min(V a, V b) { return v_select(v_lt(a, b), a, b); }
static inline V v_max(V a, V b) { return v_select(v_lt(b, a), a, b); }
static inline V v_bound(V x, V low, V high) { return v_min(high, v_max(low, x)); }

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }
static inline V v_lookup(const T *t, const int n, I i) {
    i &= n - 1;
    return (V){t[i[0]], t[i[1]]};
}

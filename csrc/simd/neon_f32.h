// SPDX-License-Identifier: MIT
// float32 on AArch64 NEON: four lanes.  The vocabulary is described in ../README.md.
typedef float T;
typedef float32x4_t V;
typedef uint32x4_t M;
typedef int32_t I __attribute__((vector_size(16)));
enum { W = 4 };

#define HW_MANY_REGISTERS

static inline V v_set(T c) { return vdupq_n_f32(c); }
static inline V v_load_f32(const T *p) { return vld1q_f32(p); }
static inline void v_store_f32(T *p, V a) { vst1q_f32(p, a); }

static inline V v_load_f16(const uint16_t *p) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void v_store_f16(uint16_t *p, V a) {
    vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(a)));
}
static inline V v_load_bf16(const uint16_t *p) {
    return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16));
}
static inline void v_store_bf16(uint16_t *p, V a) {
    uint32x4_t b = vreinterpretq_u32_f32(a), top = vshrq_n_u32(b, 16);
    uint32x4_t odd = vandq_u32(top, vdupq_n_u32(1));
    uint32x4_t near = vaddq_u32(b, vaddq_u32(odd, vdupq_n_u32(0x7FFF)));
    uint32x4_t quiet = vorrq_u32(top, vdupq_n_u32(0x40));
    near = vbslq_u32(vceqq_f32(a, a), vshrq_n_u32(near, 16), quiet);
    vst1_u16(p, vmovn_u32(near));
}

static inline V v_fma(V a, V b, V c) { return vfmaq_f32(c, a, b); }
static inline V v_fnma(V a, V b, V c) { return vfmsq_f32(c, a, b); }  // c - a b
static inline V v_sqrt(V a) { return vsqrtq_f32(a); }
static inline V v_abs(V a) { return vabsq_f32(a); }
static inline V v_copysign(V size, V sign) {
    return vbslq_f32(vdupq_n_u32(0x80000000u), sign, size);
}

// FCMGT and FCMGE signal on a quiet NaN, FCMEQ does not: a NaN becomes 0 before it is compared.
static inline M m_and(M a, M b) { return vandq_u32(a, b); }
static inline M m_or(M a, M b) { return vorrq_u32(a, b); }
static inline M m_not(M a) { return vmvnq_u32(a); }
static inline int m_any(M a) { return vmaxvq_u32(a) != 0; }
static inline M v_eq(V a, V b) { return vceqq_f32(a, b); }
static inline M v_unordered(V a, V b) { return m_not(m_and(v_eq(a, a), v_eq(b, b))); }
static inline V v_keep(M m, V a) {
    return vreinterpretq_f32_u32(vandq_u32(m, vreinterpretq_u32_f32(a)));
}
static inline M v_lt(V a, V b) {
    M a_ok = v_eq(a, a), b_ok = v_eq(b, b);
    return m_and(m_and(a_ok, b_ok), vcltq_f32(v_keep(a_ok, a), v_keep(b_ok, b)));
}
static inline M v_le(V a, V b) {
    M a_ok = v_eq(a, a), b_ok = v_eq(b, b);
    return m_and(m_and(a_ok, b_ok), vcleq_f32(v_keep(a_ok, a), v_keep(b_ok, b)));
}
static inline V v_select(M m, V a, V b) { return vbslq_f32(m, a, b); }
static inline V v_spoil(M m, V a) {
    return vreinterpretq_f32_u32(vorrq_u32(m, vreinterpretq_u32_f32(a)));
}
static inline V v_min(V a, V b) { return v_select(v_lt(a, b), a, b); }
static inline V v_max(V a, V b) { return v_select(v_lt(b, a), a, b); }
static inline V v_bound(V x, V low, V high) { return v_min(high, v_max(low, x)); }

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }
// One instruction looks up bytes in two or four registers; compilers make their places once for all tables.
static inline V v_lookup(const T *t, const int n, I i) {
    const uint8x16_t at = (uint8x16_t)((i & (n - 1)) * 0x04040404 + 0x03020100);
    const uint8_t *const b = (const uint8_t *)t;
    const uint8x16x4_t all = {{vld1q_u8(b), vld1q_u8(b + 16)}};
    if (n == 8) return (V)vqtbl2q_u8((uint8x16x2_t){{all.val[0], all.val[1]}}, at);
    return (V)vqtbl4q_u8((uint8x16x4_t){{all.val[0], all.val[1], vld1q_u8(b + 32), vld1q_u8(b + 48)}}, at);
}

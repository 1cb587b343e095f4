// SPDX-License-Identifier: MIT
// float64 on AVX-512 (F, BW, DQ, VL): eight lanes.  The vocabulary is described in ../README.md.
typedef double T;
typedef __m512d V;
typedef __mmask8 M;
typedef int64_t I __attribute__((vector_size(64)));
enum { W = 8 };

#define HW_MANY_REGISTERS

static inline V v_set(T c) { return _mm512_set1_pd(c); }
static inline V v_load_f64(const T *p) { return _mm512_loadu_pd(p); }
static inline void v_store_f64(T *p, V a) { _mm512_storeu_pd(p, a); }

static inline V v_fma(V a, V b, V c) { return _mm512_fmadd_pd(a, b, c); }
static inline V v_fnma(V a, V b, V c) { return _mm512_fnmadd_pd(a, b, c); }  // c - a b
static inline V v_sqrt(V a) { return _mm512_sqrt_pd(a); }
static inline V v_abs(V a) { return _mm512_abs_pd(a); }
// Compilers make one operation of the three.  Not its intrinsic: clang 14 miscompiles that where a mask then
// selects `sign`.
static inline V v_copysign(V size, V sign) {
    return (V)((((I)size ^ (I)sign) & (I)_mm512_set1_pd(-0.0)) ^ (I)size);
}

static inline M v_lt(V a, V b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline M v_le(V a, V b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
static inline M v_eq(V a, V b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
static inline M v_unordered(V a, V b) { return _mm512_cmp_pd_mask(a, b, _CMP_UNORD_Q); }
static inline M m_and(M a, M b) { return a & b; }
static inline M m_or(M a, M b) { return a | b; }
static inline M m_not(M a) { return ~a; }
static inline int m_any(M a) { return a != 0; }
static inline V v_select(M m, V a, V b) { return _mm512_mask_blend_pd(m, b, a); }
static inline V v_keep(M m, V a) { return _mm512_maskz_mov_pd(m, a); }
static inline V v_spoil(M m, V a) { return v_select(m, v_set((T)NAN), a); }
// MINPD and MAXPD signal on a quiet NaN, unless told not to.
static inline V v_min(V a, V b) { return _mm512_min_round_pd(a, b, _MM_FROUND_NO_EXC); }
static inline V v_max(V a, V b) { return _mm512_max_round_pd(a, b, _MM_FROUND_NO_EXC); }
static inline V v_bound(V x, V low, V high) { return v_min(high, v_max(low, x)); }

// a 2^n for a whole n, in one instruction; math/scaled.h has the stand-in of the others.
#define HW_SCALE(a, n) _mm512_scalef_pd(a, n)

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }
static inline V v_lookup(const T *t, const int n, I i) {
    (void)n;
    return _mm512_permutex2var_pd(_mm512_loadu_pd(t), (__m512i)i, _mm512_loadu_pd(t + 8));
}

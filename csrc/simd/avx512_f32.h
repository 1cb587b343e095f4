// SPDX-License-Identifier: MIT
// float32 on AVX-512 (F, BW, DQ, VL): sixteen lanes.  The vocabulary is described in ../README.md.
typedef float T;
typedef __m512 V;
typedef __mmask16 M;
typedef int32_t I __attribute__((vector_size(64)));
enum { W = 16 };

#define HW_MANY_REGISTERS

static inline V v_set(T c) { return _mm512_set1_ps(c); }
static inline V v_load_f32(const T *p) { return _mm512_loadu_ps(p); }
static inline void v_store_f32(T *p, V a) { _mm512_storeu_ps(p, a); }

static inline V v_load_f16(const uint16_t *p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}
static inline void v_store_f16(uint16_t *p, V a) {
    _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
}
// A bfloat16 is the upper half of a float32; one permutation moves all of them.
static inline V v_load_bf16(const uint16_t *p) {
    const __m512i up = _mm512_set_epi16(15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10, 0, 9, 0, 8, 0,
                                        7, 0, 6, 0, 5, 0, 4, 0, 3, 0, 2, 0, 1, 0, 0, 0);
    const __m512i halves = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)p));
    return _mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xAAAAAAAA, up, halves));
}
// A NaN's upper half stays if the lower one is zero, as that of operations on halves is.
static inline void v_store_bf16(uint16_t *p, V a) {  // VCVTNEPS2BF16 would flush subnormals
    const __m512i bits = _mm512_castps_si512(a);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i near = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
    const __m512i down = _mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, 0x1F001D, 0x1B0019, 0x170015,
                                          0x130011, 0xF000D, 0xB0009, 0x70005, 0x30001);
    const __m512i halves = _mm512_permutexvar_epi16(down, near);
    _mm256_storeu_si256((__m256i *)p, _mm512_castsi512_si256(halves));
}

static inline V v_fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
static inline V v_fnma(V a, V b, V c) { return _mm512_fnmadd_ps(a, b, c); }  // c - a b
static inline V v_sqrt(V a) { return _mm512_sqrt_ps(a); }
static inline V v_abs(V a) { return _mm512_abs_ps(a); }
// Compilers make one operation of the three.  Not its intrinsic: clang 14 miscompiles that where a mask then
// selects `sign`.
static inline V v_copysign(V size, V sign) {
    return (V)((((I)size ^ (I)sign) & (I)_mm512_set1_ps(-0.0f)) ^ (I)size);
}

static inline M v_lt(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
static inline M v_le(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
static inline M v_eq(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
static inline M v_unordered(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q); }
static inline M m_and(M a, M b) { return a & b; }
static inline M m_or(M a, M b) { return a | b; }
static inline M m_not(M a) { return ~a; }
static inline int m_any(M a) { return a != 0; }
static inline V v_select(M m, V a, V b) { return _mm512_mask_blend_ps(m, b, a); }
static inline V v_keep(M m, V a) { return _mm512_maskz_mov_ps(m, a); }
static inline V v_spoil(M m, V a) { return v_select(m, v_set((T)NAN), a); }
// MINPS and MAXPS signal on a quiet NaN, unless told not to.
static inline V v_min(V a, V b) { return _mm512_min_round_ps(a, b, _MM_FROUND_NO_EXC); }
static inline V v_max(V a, V b) { return _mm512_max_round_ps(a, b, _MM_FROUND_NO_EXC); }
static inline V v_bound(V x, V low, V high) { return v_min(high, v_max(low, x)); }

// a 2^n for a whole n, in one instruction; math/scaled.h has the stand-in of the others.
#define HW_SCALE(a, n) _mm512_scalef_ps(a, n)

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }
static inline V v_lookup(const T *t, const int n, I i) {
    const __m512 all = n == 8 ? _mm512_broadcast_f32x8(_mm256_loadu_ps(t)) : _mm512_loadu_ps(t);
    return _mm512_permutexvar_ps((__m512i)i, all);
}

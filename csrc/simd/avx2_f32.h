// SPDX-License-Identifier: MIT
// float32 on AVX2 with FMA and F16C: eight lanes.  The vocabulary is described in ../README.md.
typedef float T;
typedef __m256 V;
typedef __m256 M;  // all ones or all zeros in each lane
typedef int32_t I __attribute__((vector_size(32)));
enum { W = 8 };

static inline V v_set(T c) { return _mm256_set1_ps(c); }
static inline V v_load_f32(const T *p) { return _mm256_loadu_ps(p); }
static inline void v_store_f32(T *p, V a) { _mm256_storeu_ps(p, a); }

static inline V v_load_f16(const uint16_t *p) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}
static inline void v_store_f16(uint16_t *p, V a) {
    _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
}
// A bfloat16 is the upper half of a float32; a byte of -1 in a shuffle gives zero.
static inline V v_load_bf16(const uint16_t *p) {
    const __m256i up = _mm256_set_epi8(15, 14, -1, -1, 13, 12, -1, -1, 11, 10, -1, -1, 9, 8, -1, -1,
                                       7, 6, -1, -1, 5, 4, -1, -1, 3, 2, -1, -1, 1, 0, -1, -1);
    const __m256i twice = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)p));
    return _mm256_castsi256_ps(_mm256_shuffle_epi8(twice, up));
}
static inline void v_store_bf16(uint16_t *p, V a) {
    const __m256i bits = _mm256_castps_si256(a);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    __m256i near = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7FFF)));
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(a, a, _CMP_UNORD_Q));
    const __m256i down = _mm256_broadcastsi128_si256(
        _mm_set_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 15, 14, 11, 10, 7, 6, 3, 2));
    near = _mm256_shuffle_epi8(_mm256_or_si256(near, nan), down);
    near = _mm256_permute4x64_epi64(near, 0xD8);
    _mm_storeu_si128((__m128i *)p, _mm256_castsi256_si128(near));
}

static inline V v_fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
static inline V v_fnma(V a, V b, V c) { return _mm256_fnmadd_ps(a, b, c); }  // c - a b
static inline V v_sqrt(V a) { return _mm256_sqrt_ps(a); }
static inline V v_abs(V a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
static inline V v_copysign(V size, V sign) {
    return _mm256_or_ps(v_abs(size), _mm256_and_ps(_mm256_set1_ps(-0.0f), sign));
}

static inline M v_lt(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
static inline M v_le(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
static inline M v_eq(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
static inline M v_unordered(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_UNORD_Q); }
static inline M m_and(M a, M b) { return _mm256_and_ps(a, b); }
static inline M m_or(M a, M b) { return _mm256_or_ps(a, b); }
static inline M m_not(M a) { return _mm256_xor_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(-1))); }
static inline int m_any(M a) { return _mm256_movemask_ps(a) != 0; }
static inline V v_select(M m, V a, V b) { return _mm256_blendv_ps(b, a, m); }
static inline V v_keep(M m, V a) { return _mm256_and_ps(m, a); }
static inline V v_spoil(M m, V a) { return _mm256_or_ps(m, a); }
// MINPS and MAXPS signal on a quiet NaN.
static inline V v_min(V a, V b) { return v_select(v_lt(a, b), a, b); }
static inline V v_max(V a, V b) { return v_select(v_lt(b, a), a, b); }
static inline V v_bound(V x, V low, V high) {
    M nan = v_unordered(x, x);
    V y = _mm256_andnot_ps(nan, x);
    return v_spoil(nan, _mm256_min_ps(high, _mm256_max_ps(low, y)));
}

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }
// The bits of a float and of one that is not negative are in the order of the numbers: one operation, where v_min and
// v_max take four.
#define HW_AT_MOST
static inline V v_at_most(V limit, V a) {
    return _mm256_castsi256_ps(_mm256_min_epi32((__m256i)limit, (__m256i)a));
}
static inline V v_at_least(V limit, V a) {
    return _mm256_castsi256_ps(_mm256_max_epi32((__m256i)limit, (__m256i)a));
}
// From the first half; where bit 3 is set its difference from the other brings that, in two operations: a blend takes
// three.
static inline V v_lookup(const T *t, const int n, I i) {
    if (n == 8) return _mm256_permutevar8x32_ps(_mm256_loadu_ps(t), (__m256i)i);
    const I low = (I)_mm256_loadu_ps(t), other = low ^ (I)_mm256_loadu_ps(t + 8);
    const I a = (I)_mm256_permutevar8x32_epi32((__m256i)low, (__m256i)i);
    const I b = (I)_mm256_permutevar8x32_epi32((__m256i)other, (__m256i)i);
    return (V)(a ^ (b & (i << 28 >> 31)));
}

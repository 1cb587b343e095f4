// SPDX-License-Identifier: MIT
// float64 on AVX2 with FMA: four lanes.  The vocabulary is described in ../README.md.
typedef double T;
typedef __m256d V;
typedef __m256d M;  // all ones or all zeros in each lane
typedef int64_t I __attribute__((vector_size(32)));
enum { W = 4 };

static inline V v_set(T c) { return _mm256_set1_pd(c); }
static inline V v_load_f64(const T *p) { return _mm256_loadu_pd(p); }
static inline void v_store_f64(T *p, V a) { _mm256_storeu_pd(p, a); }

static inline V v_fma(V a, V b, V c) { return _mm256_fmadd_pd(a, b, c); }
static inline V v_fnma(V a, V b, V c) { return _mm256_fnmadd_pd(a, b, c); }  // c - a b
static inline V v_sqrt(V a) { return _mm256_sqrt_pd(a); }
static inline V v_abs(V a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
static inline V v_copysign(V size, V sign) {
    return _mm256_or_pd(v_abs(size), _mm256_and_pd(_mm256_set1_pd(-0.0), sign));
}

static inline M v_lt(V a, V b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline M v_le(V a, V b) { return _mm256_cmp_pd(a, b, _CMP_LE_OQ); }
static inline M v_eq(V a, V b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
static inline M v_unordered(V a, V b) { return _mm256_cmp_pd(a, b, _CMP_UNORD_Q); }
static inline M m_and(M a, M b) { return _mm256_and_pd(a, b); }
static inline M m_or(M a, M b) { return _mm256_or_pd(a, b); }
static inline M m_not(M a) { return _mm256_xor_pd(a, _mm256_castsi256_pd(_mm256_set1_epi64x(-1))); }
static inline int m_any(M a) { return _mm256_movemask_pd(a) != 0; }
static inline V v_select(M m, V a, V b) { return _mm256_blendv_pd(b, a, m); }
static inline V v_keep(M m, V a) { return _mm256_and_pd(m, a); }
static inline V v_spoil(M m, V a) { return _mm256_or_pd(m, a); }
// MINPD and MAXPD signal on a quiet NaN.
static inline V v_min(V a, V b) { return v_select(v_lt(a, b), a, b); }
static inline V v_max(V a, V b) { return v_select(v_lt(b, a), a, b); }
static inline V v_bound(V x, V low, V high) {
    M nan = v_unordered(x, x);
    V y = _mm256_andnot_pd(nan, x);
    return v_spoil(nan, _mm256_min_pd(high, _mm256_max_pd(low, y)));
}

static inline I v_bits(V a) { return (I)a; }
static inline V v_from_bits(I a) { return (V)a; }

// A gather takes as long as ten operations: coefficients are loaded two by two, and shuffled.  Compilers
// find that those of an even k and of the next share all but the last step.
#define HW_BY_PIECE
typedef struct {
    int64_t at[W];
} pieces;
static inline pieces v_pieces(I i) {
    const I first = (i & 15) << 4;
    pieces p;
    memcpy(&p, &first, sizeof p);
    return p;
}
HW_INLINE V v_term(const T *table, const int count, int k, pieces p) {
    (void)count;
    const T *const c = table + (k & ~1);
    const V low = _mm256_castpd128_pd256(_mm_loadu_pd(c + p.at[0]));
    const V high = _mm256_castpd128_pd256(_mm_loadu_pd(c + p.at[1]));
    const V a = _mm256_insertf128_pd(low, _mm_loadu_pd(c + p.at[2]), 1);
    const V b = _mm256_insertf128_pd(high, _mm_loadu_pd(c + p.at[3]), 1);
    return k & 1 ? _mm256_unpackhi_pd(a, b) : _mm256_unpacklo_pd(a, b);
}

// SPDX-License-Identifier: MIT
// Tables of 8 or 16 polynomials: COEFFICIENTS are the k-th of each, and v_coefficient(table, k, v_pieces(i))
// looks them up by the lowest 3 or 4 bits of i.  Where that would be dear (HW_BY_PIECE), those of one polynomial
// lie together, and simd/ has the two functions.
#define v_coefficient(table, k, i) v_term(*(table), PIECES(table), k, i)
#define PIECES(table) ((int)(sizeof *(table) / sizeof(T)))
#ifdef HW_BY_PIECE
#define POLYNOMIALS(name, pieces, n) static const T name[pieces][16]
#define COEFFICIENTS(k, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)       \
    [0][k] = c0, [1][k] = c1, [2][k] = c2, [3][k] = c3, [4][k] = c4, [5][k] = c5, [6][k] = c6,      \
    [7][k] = c7, [8][k] = c8, [9][k] = c9, [10][k] = c10, [11][k] = c11, [12][k] = c12,             \
    [13][k] = c13, [14][k] = c14, [15][k] = c15
#else
#define POLYNOMIALS(name, pieces, n) static const T name[n][pieces]
#define COEFFICIENTS(k, ...) [k] = {__VA_ARGS__}
typedef I pieces;
static inline pieces v_pieces(I i) { return i; }
HW_INLINE V v_term(const T *table, const int count, int k, pieces i) { return v_lookup(table + count * k, count, i); }
#endif

// What a formula by pieces starts with: x, what of it is within their reach, and its piece.
typedef struct {
    V x, a;
    pieces piece;
} located;

// c_from + ... + c_to t^(to - from).  The many terms of a double make two chains, of every second power, which a
// processor computes side by side; t^2 counts as 2^-80 at least.
#define v_polynomial(t, table, i, from, to) v_polynomial_(t, *(table), PIECES(table), i, from, to)
HW_INLINE V v_polynomial_(V t, const T *table, const int count, pieces i, const int from, const int to) {
    V w = v_term(table, count, to, i);
    int k = to - 1;
    if (sizeof(T) == 4) {
        for (; k >= from; k--) w = v_fma(t, w, v_term(table, count, k, i));
        return w;
    }
    const V square = v_fma(t, t, v_set((T)0x1p-80));  // which cannot underflow
    V lower = v_term(table, count, k--, i);
    for (; k > from; k -= 2) {
        w = v_fma(square, w, v_term(table, count, k, i));
        lower = v_fma(square, lower, v_term(table, count, k - 1, i));
    }
    if (k < from) return v_fma(t, w, lower);
    return v_fma(t, lower, v_fma(square, w, v_term(table, count, k, i)));
}

// The same by pairs of neighbours, where t^2 is at hand and does not underflow: the shortest chain.
HW_INLINE V v_by_pairs(V t, V square, const T (*table)[16], pieces i, const int from, const int to) {
    int k = to - (to - from) % 2;
    V w = v_coefficient(table, k, i);
    if (k < to) w = v_fma(t, v_coefficient(table, to, i), w);
    for (k -= 2; k >= from; k -= 2)
        w = v_fma(square, w, v_fma(t, v_coefficient(table, k + 1, i), v_coefficient(table, k, i)));
    return w;
}

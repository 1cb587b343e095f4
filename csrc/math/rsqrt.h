// SPDX-License-Identifier: MIT
// The root of a positive number of moderate size and the root's inverse, without the slow divider: half
// the bits of s, negated, are a first guess y of 1 / sqrt(s) within 3.5 %.  With e = 1 - s y^2 the inverse
// is y (1 - e)^(-1/2), of whose series each step takes the terms to e^2 and leaves 5/16 e^3.
// For s = 0 the inverse is some large number.
typedef struct {
    V root, inverse;  // each to a few units in the last place
} roots;

HW_INLINE V v_inverse_root(V s) {  // to 2^-13 (2^-38)
    // 3/2 bias, less what makes the guess's largest errors above and below equal
    const I guess = v_bits(v_set(sizeof(T) == 4 ? (T)0x1.6eb3cp63 : (T)0x1.6eb50c7b537a9p511));
    V y = v_from_bits(guess - (v_bits(s) >> 1));
    const int steps = sizeof(T) == 4 ? 1 : 2;
    for (int i = 0; i < steps; i++) {
        const V e = v_fnma(s * y, y, v_set(1));
        y = v_fma(y * e, v_fma(e, v_set((T)0.375), v_set((T)0.5)), y);
    }
    return y;
}
HW_INLINE roots v_finer_roots(V s, V y) {
    const V h = s * y, e = v_fnma(h, y, v_set(1)) * v_set((T)0.5);
    return (roots){v_fma(h, e, h), v_fma(y, e, y)};
}
HW_INLINE roots v_roots(V s) { return v_finer_roots(s, v_inverse_root(s)); }

// SPDX-License-Identifier: MIT
// 1 / sqrt(s) to a few units in the last place, for positive s of moderate size, without the slow
// divider: half the bits of s, negated, are a first guess y within 3.5 %.  With e = 1 - s y^2 the
// root is y (1 - e)^(-1/2), of whose series each step takes the terms to e^2 and leaves 5/16 e^3.
// For s = 0 it is some large number.
HW_INLINE V v_rsqrt(V s) {
    // 3/2 bias, less what makes the guess's largest errors above and below equal
    const I guess = v_bits(v_set(sizeof(T) == 4 ? (T)0x1.6eb3cp63 : (T)0x1.6eb50c7b537a9p511));
    V y = v_from_bits(guess - (v_bits(s) >> 1));
    const int steps = sizeof(T) == 4 ? 2 : 3;
    for (int i = 0; i < steps; i++) {
        const V e = v_fma(-s * y, y, v_set(1));
        y = v_fma(y * e, i < 2 ? v_fma(e, v_set((T)0.375), v_set((T)0.5)) : v_set((T)0.5), y);
    }
    return y;
}

// SPDX-License-Identifier: MIT
// log(1 + u) for an exponential 0 <= u <= 1, which may be too small to hold: u = m 2^n.
//     log(1 + u) = u - u^2/2 + u^3 P(u)               for u <= 1/2; the result is the same 2^n
//     times that of m log(1 + u) = log 2 + log(1 + z), z = (u - 1)/2  above, where u - 1 is exact
// so that P serves -1/4 <= z <= 1/2, and the rounding errors of its term are a fraction of the last
// place.

// P, from the highest power down: scripts/log1p.sollya.
#if HW_IS_FLOAT
static const T log1p_c[] = {
    // relative error 2^-27.6
    0x1.5b32f4p-5f,  -0x1.852aep-4f, 0x1.ddc87ap-4f,  -0x1.02f884p-3f, 0x1.24449ap-3f,
    -0x1.553608p-3f, 0x1.9999c6p-3f, -0x1.000026p-2f, 0x1.555556p-2f,
};
static const T log1p_ln2 = 0x1.62e43p-1f, log1p_ln2_lo = -0x1.05c61p-29f;
#else
static const T log1p_c[] = {
    // relative error 2^-56.4
    -0x1.0c33b82be6a5ep-7, 0x1.dab7cd9209887p-6, -0x1.8fdcb6e25896fp-5, 0x1.cef06a4b343b8p-5,
    -0x1.d4f518fd5b7ccp-5, 0x1.e166815912448p-5, -0x1.fe5eb51a8a3b7p-5, 0x1.10f241c44066p-4,
    -0x1.249c60c46018ep-4, 0x1.3b166d0d7a50dp-4, -0x1.555521cb929e4p-4, 0x1.745cfcf477b7dp-4,
    -0x1.9999999e6bd86p-4, 0x1.c71c724647e01p-4, -0x1.00000001a3fb1p-3, 0x1.24924923ffce6p-3,
    -0x1.5555555550f32p-3, 0x1.999999999a159p-3, -0x1.0000000000014p-2, 0x1.5555555555555p-2,
};
static const T log1p_ln2 = 0x1.62e42fefa39efp-1, log1p_ln2_lo = 0x1.abc9e3b39803fp-56;
#endif

// (m.hi + m.lo) 2^n; power is 2^n, or 0 where that is too small to be added to anything.
typedef struct {
    pair m;
    V n, power;
} log1p_parts;

// u = (hi + lo) 2^n, where power is 2^n, or 0 where u is nothing beside 1.
HW_INLINE log1p_parts v_log1p(V hi, V lo, V n, V power) {
    const V u = hi * power, one = v_set(1), half = v_set((T)0.5);
    const M upper = v_lt(half, u);
    const V z = v_select(upper, (u - one) * half, hi),
            z_lo = lo * v_select(upper, power * half, one);
    const V x = v_select(upper, z, v_keep(v_lt(v_set(T_TINY), u), u));  // else x^2 could underflow
    // two chains, of even and of odd powers, wait less than one
    const size_t top = sizeof log1p_c / sizeof *log1p_c - 1;
    const V square = x * x;
    V odd = v_set(log1p_c[top % 2 ? 0 : 1]), even = v_set(log1p_c[top % 2 ? 1 : 0]);
    for (size_t i = top % 2 ? 2 : 3; i < top; i += 2) odd = v_fma(odd, square, v_set(log1p_c[i]));
    for (size_t i = top % 2 ? 3 : 2; i <= top; i += 2)
        even = v_fma(even, square, v_set(log1p_c[i]));
    const V p = v_fma(odd, x, even);
    const V w = x * v_set((T)-0.5), slope = v_fma(-x, one + w, one);  // 1 / (1 + x), nearly
    const V head = v_fma(z, w, z), head_lo = v_fma(z, w, z - head);
    const V base = v_keep(upper, v_set(log1p_ln2)), base_lo = v_keep(upper, v_set(log1p_ln2_lo));
    const V y = base + head, rest = v_fma(z * x, x * p, (head - (y - base)) + (head_lo + base_lo));
    return (log1p_parts){
        {y, v_fma(z_lo, slope, rest)}, v_keep(m_not(upper), n), v_select(upper, one, power)};
}

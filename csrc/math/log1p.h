// SPDX-License-Identifier: MIT
// log(1 + u) for 0 <= u <= 1, where u = (hi + lo) * 2^n is an exponential that may be too small to hold:
// log(1 + u) = u - u^2/2 + u^3 P(u), so the result is the same 2^n times u's own parts and a correction.
// P alternates in sign and is below 1/3: its rounding errors are a fraction of the last place of u.

// Coefficients: scripts/log1p.sollya.
#if HW_IS_FLOAT
static const T log1p_c[] = {
    -0x1.5f23c8p-9f,
    0x1.08c1ep-6f,
    -0x1.7492a2p-5f,
    0x1.51d48ep-4f,
    -0x1.d68708p-4f,
    0x1.1ffa1ap-3f,
    -0x1.54c3a4p-3f,
    0x1.9991d2p-3f,
    -0x1.fffffcp-3f,
    0x1.555556p-2f,
};
#else
static const T log1p_c[] = {
    0x1.6ac3b835251acp-16,
    -0x1.060f2c8dae824p-12,
    0x1.678b3ad54cac8p-10,
    -0x1.393c1c32d57c1p-8,
    0x1.8812b5e88a01p-7,
    -0x1.7b922d345a566p-6,
    0x1.2c53665b5e232p-5,
    -0x1.979987908f0ccp-5,
    0x1.f0814809faa67p-5,
    -0x1.1af35e0a6f2acp-4,
    0x1.3812de9b6893ap-4,
    -0x1.5496d5dd80175p-4,
    0x1.743842c746557p-4,
    -0x1.999429e110ae3p-4,
    0x1.c71bd95d8c2c3p-4,
    -0x1.fffff416e0901p-4,
    0x1.249248d41b5f9p-3,
    -0x1.55555552b0f52p-3,
    0x1.999999998d80ep-3,
    -0x1.ffffffffffe87p-3,
    0x1.5555555555555p-2,
};
#endif

// log(1 + m 2^n) / 2^n in two parts, for m = hi + lo; u is hi 2^n rounded.
static inline pair v_log1p(V hi, V lo, V u) {
    enum { N = sizeof log1p_c / sizeof log1p_c[0] };
    V p = v_set(log1p_c[0]);
    for (int i = 1; i < N; i++) p = v_fma(p, u, v_set(log1p_c[i]));
    const V kept = v_keep(v_lt(v_set(T_TINY), u), u);  // u^2 is as good as 0 long before it underflows
    const V half = kept * v_set((T)-0.5);
    const V s = v_fma(hi, half, hi), e = v_fma(hi, half, hi - s);
    const V slope = v_fma(-kept, v_set(1) + half, v_set(1));  // 1 / (1 + u), nearly
    return (pair){s, v_fma(lo, slope, v_fma(hi * kept, kept * p, e))};
}

// SPDX-License-Identifier: MIT
// The reference in long double, over the C library's functions.  Compiled twice, with NARROW =
// float and NARROW = double.  Relative error about 2^-61 where long double has 64 bits.
#include <float.h>
#include <stdlib.h>

#include "reference.h"

#define T long double
#if LDBL_MANT_DIG >= 113
#define WIDE long double
#define C(c) c##L
#else
#define WIDE __float128
#define C(c) c##Q
#endif
#define BIG 1e1000L
#define SQRT sqrtl
#define UNROLL

static const long double reciprocal_factorial[] = {1,
                                                   1,
                                                   1.L / 2,
                                                   1.L / 6,
                                                   1.L / 24,
                                                   1.L / 120,
                                                   1.L / 720,
                                                   1.L / 5040,
                                                   1.L / 40320,
                                                   1.L / 362880,
                                                   1.L / 3628800,
                                                   1.L / 39916800,
                                                   1.L / 479001600,
                                                   1.L / 6227020800,
                                                   1.L / 87178291200,
                                                   1.L / 1307674368000,
                                                   1.L / 20922789888000,
                                                   1.L / 355687428096000,
                                                   1.L / 6402373705728000,
                                                   1.L / 121645100408832000,
                                                   1.L / 2432902008176640000,
                                                   1.L / 51090942171709440000.L,
                                                   1.L / 1124000727777607680000.L,
                                                   1.L / 25852016738884976640000.L,
                                                   1.L / 620448401733239439360000.L,
                                                   1.L / 15511210043330985984000000.L,
                                                   1.L / 403291461126605635584000000.L,
                                                   1.L / 10888869450418352160768000000.L};

static inline T EXP(T x) { return expl(x < -8000 ? -8000 : x > 8000 ? 8000 : x); }
static inline T EXPM1(T x) { return expm1l(x > 8000 ? 8000 : x); }
static inline T LOG1P(T y) { return log1pl(y); }

// What x has beyond long double enters to first order.
static inline T EXP_WIDE(WIDE x) {
    const T hi = (T)x;
    return hi > -8000 && hi < 8000 ? expl(hi) * (1 + (T)(x - hi)) : EXP(hi);
}
static inline T EXPM1_WIDE(WIDE x) {
    const T hi = (T)x;
    return hi == x                   ? EXPM1(hi)
           : hi > -8000 && hi < 8000 ? expm1l(hi) + expl(hi) * (T)(x - hi)
                                     : EXPM1(hi);
}

static inline T PDF(T x) {
    return 0.398942280401432677939946059934381868L * EXP_WIDE((WIDE)x * x * -0.5L);
}

// erfc(|x| / sqrt 2) / 2.  The argument's own rounding error enters to first order, by erfc'/erfc,
// which is about -(t + sqrt(t^2 + 4/pi)).
static inline T CDF(T x) {
    const WIDE t = C(0.70710678118654752440084436210484903928) * (x < 0 ? -x : x);
    const T hi = (T)t, lo = (T)(t - hi), slope = hi + sqrtl(hi * hi + 1.2732395447351628L);
    T tail = 1e-4900L;
    if (hi < 100) tail = erfcl(hi) / 2 * (1 - lo * slope);
    return x < 0 ? tail : 1 - tail;
}

#include "functions.inc"

#define FN(name, ...)                                                               \
    static T slow_##name(T x, T p, T q) { return x == x ? REF(name)(x, p, q) : x; } \
    static T slow_d_##name(T x, T p, T q) { return x == x ? REF(d_##name)(x, p, q) : x; }
#include "functions.def"
#undef FN

slow_function *const TABLE[FUNCTIONS][2] = {
#define FN(name, ...) {slow_##name, slow_d_##name},
#include "functions.def"
#undef FN
};

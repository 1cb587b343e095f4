// SPDX-License-Identifier: MIT
// The reference in double precision, in plain loops that the compiler vectorises.  Relative error
// about 2^-48; results below 1e-300 in size are no more than a sign.
#include <stdint.h>
#include <string.h>

#include "reference.h"
#include "coefficients.h"

#define T double
#define WIDE double
#define NARROW float
#define C(c) c
#define BIG 1e40
#define SQRT __builtin_sqrt
#define EXP_WIDE EXP
#define EXPM1_WIDE EXPM1
#define fma __builtin_fma
#define UNROLL _Pragma("GCC unroll 32")  // or the outer loop is not vectorised

static const double reciprocal_factorial[] = {1,
                                              1,
                                              1. / 2,
                                              1. / 6,
                                              1. / 24,
                                              1. / 120,
                                              1. / 720,
                                              1. / 5040,
                                              1. / 40320,
                                              1. / 362880,
                                              1. / 3628800,
                                              1. / 39916800,
                                              1. / 479001600,
                                              1. / 6227020800,
                                              1. / 87178291200,
                                              1. / 1307674368000,
                                              1. / 20922789888000,
                                              1. / 355687428096000,
                                              1. / 6402373705728000,
                                              1. / 121645100408832000,
                                              1. / 2432902008176640000,
                                              1. / 51090942171709440000.,
                                              1. / 1124000727777607680000.,
                                              1. / 25852016738884976640000.,
                                              1. / 620448401733239439360000.,
                                              1. / 15511210043330985984000000.,
                                              1. / 403291461126605635584000000.,
                                              1. / 10888869450418352160768000000.};

// x = n log 2 + r: *scale = 2^n, the result e^r - 1 by its Taylor series.
static inline double reduced(double x, double *scale) {
    const double shift = 0x1.8p52, t = fma(x, 0x1.71547652b82fep0, shift), n = t - shift;
    const double r = fma(n, -0x1.abc9e3b39803fp-56, fma(n, -0x1.62e42fefa39efp-1, x));
    int64_t bits;
    memcpy(&bits, &t, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(scale, &bits, sizeof bits);
    double sum = reciprocal_factorial[13];
    UNROLL for (int k = 12; k >= 1; k--) sum = fma(sum, r, reciprocal_factorial[k]);
    return sum * r;
}

static inline double EXP(double x) {
    double scale;
    const double y = reduced(x < -700 ? -700 : x > 700 ? 700 : x, &scale);
    return fma(scale, y, scale);
}

static inline double EXPM1(double x) {
    double scale;
    const double y = reduced(x < -700 ? -700 : x > 700 ? 700 : x, &scale);
    return x == 0 ? x : fma(scale, y, scale - 1);
}

// 2 artanh(y / (2 + y)) by its series; the argument is at most 1/3.
static inline double LOG1P(double y) {
    const double s = y / (2 + y), s2 = s * s;
    double sum = 1. / 35;
    UNROLL for (int k = 33; k >= 1; k -= 2) sum = fma(sum, s2, 1. / k);
    return 2 * s * sum;
}

static inline double gauss(double x) { return EXP(-0.5 * x * x); }
static inline double PDF(double x) { return 0.39894228040143267794 * gauss(x); }

static inline double CDF(double x) {
    enum { DEGREE = sizeof tail_coefficients / sizeof *tail_coefficients - 1 };
    const double a = x < 0 ? -x : x, t = a < 1e6 ? a : 1e6,
                 q = (t - TAIL_CENTRE) / (t + TAIL_CENTRE);
    double sum = tail_coefficients[DEGREE];
    UNROLL for (int k = DEGREE - 1; k >= 0; k--) sum = fma(sum, q, tail_coefficients[k]);
    const double tail = sum / fma(2, t, 1) * gauss(t);
    return x < 0 ? tail : 1 - tail;
}

#include "functions.inc"

#define LOOP(name)                                                                 \
    static void loop_##name(size_t n, const float *restrict x, double p, double q, \
                            double *restrict y) {                                  \
        for (size_t i = 0; i < n; i++) {                                           \
            const double a = x[i], b = REF(name)(a, p, q);                         \
            y[i] = a == a ? b : a;                                                 \
        }                                                                          \
    }
#define FN(name, ...) LOOP(name) LOOP(d_##name)
#include "functions.def"
#undef FN

fast_loop *const fast[FUNCTIONS][2] = {
#define FN(name, ...) {loop_##name, loop_d_##name},
#include "functions.def"
#undef FN
};

// Errors of float32 results against the reference, in ULPs; infinite where a NaN or the sign of a
// zero is wrong.  Near `crossing` the ULP is that of 2^-4 at least.  2^128 stands for infinity.
void fast_errors(size_t n, const float *restrict x, const float *restrict got,
                 const double *restrict ref, double crossing, double band, double *restrict error,
                 fast_summary *summary) {
    const double top = 0x1p128, over = 0x1.ffffffp127, tiny = 0x1p-126;
    const int64_t least = INT64_C(897) << 52, most = INT64_C(1150) << 52,
                  unit = INT64_C(2069) << 52;
    const double low = 0.5 - band, high = 0.5 + band;
    int64_t max = 0, possible = 0, certain = 0, tinies = 0, overflows = 0;
    for (size_t i = 0; i < n; i++) {
        const double y = got[i], r = ref[i];
        const double away = x[i] - crossing, near = away <= 0.25 && away >= -0.25 ? 0x1p-4 : 0;
        const double size = r < 0 ? -r : r, a = y < -top ? -top : y > top ? top : y;
        const double b = r < -top ? -top : r > top ? top : r, m = size < near ? near : size;
        int64_t bits, sign_y, sign_r;
        double scale;
        memcpy(&bits, &m, sizeof bits);
        memcpy(&sign_y, &y, sizeof bits);
        memcpy(&sign_r, &r, sizeof bits);
        bits &= INT64_C(0x7ff) << 52;
        bits = bits < least ? least : bits > most ? most : bits;
        bits = unit - bits;  // 2^(23 - e)
        memcpy(&scale, &bits, sizeof bits);
        const double difference = a - b, e = (difference < 0 ? -difference : difference) * scale;
        const int wrong = y != y ? r == r : r != r;
        const int wrong_zero = (y == 0) & ((sign_y ^ sign_r) < 0);
        const double shown = r != r ? 0 : e, result = wrong | wrong_zero ? INFINITY : shown;
        error[i] = result;
        memcpy(&bits, &result, sizeof bits);  // >= 0: ordered as integers are, which vectorises
        max = bits > max ? bits : max;
        possible += result >= low;
        certain += result > high;
        tinies += size < tiny && size > 0;
        overflows += size >= over;
    }
    *summary = (fast_summary){0, possible, certain, tinies, overflows};
    memcpy(&summary->max, &max, sizeof max);
}

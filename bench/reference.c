// SPDX-License-Identifier: MIT
// The reference: one row, one small C function in long double, written from the definitions and
// apart from the kernels.  Where an argument's rounding would show in double (e^x for large x), the
// argument is carried in two parts.  A row of the table that has none here fails the check.
#include <float.h>
#include <math.h>
#include <string.h>

#include "bench.h"

hw_type reference_type;

int reference_part;

// A part that the formula rounds to the kernel's type, which may overflow or underflow there.
static real part(real x) {
    const real size = fabsl(x);
    if (!(size >= 2 * least_normal(reference_type) && size <= largest(reference_type)))
        reference_part = 1;
    return x;
}

// ---- numbers in two parts

typedef struct {
    real hi, lo;
} two;

static two one_part(real x) { return (two){x, 0}; }

static two times(two a, two b) {
    const real p = a.hi * b.hi;
    if (!isfinite(p)) return one_part(p);
    return (two){p, fmal(a.hi, b.hi, -p) + (a.hi * b.lo + a.lo * b.hi)};
}

static two plus(two a, two b) {
    const real s = a.hi + b.hi, t = s - a.hi;
    if (!isfinite(s)) return one_part(s);
    return (two){s, (a.hi - (s - t)) + (b.hi - t) + (a.lo + b.lo)};
}

static two over(real a, real b) {
    const real q = a / b;
    return (two){q, isfinite(q) && isfinite(b) && b != 0 ? fmal(-q, b, a) / b : 0};
}

static two minus(two a) { return (two){-a.hi, -a.lo}; }
static two sqrt_half(void) {
    const real r = sqrtl(0.5L);
    return (two){r, fmal(-r, r, 0.5L) / (2 * r)};
}

// ---- exponentials

// e^x, never 0 for a finite x where the kernel's type is narrower than long double: what underflows
// still has its sign, and its product with infinity.
static real least(void) {
    return reference_type == HW_LD || LDBL_MIN_EXP > -8000 ? 0 : ldexpl(1, -8000);
}
static real e(two x) {
    const real y = expl(x.hi);
    if (y == 0 || isinf(y)) return isinf(x.hi) ? y : fmaxl(y, least());
    return y < least() ? least() : y * (1 + x.lo);
}

static real logistic(two z) {
    return z.hi >= 0 ? 1 / (1 + e(minus(z))) : e(z) / (1 + e(z));  // NaN is false, and stays
}

static real log_1_plus_e(two z) {
    return z.hi > 0 ? z.hi + (z.lo + log1pl(e(minus(z)))) : log1pl(e(z));
}

// x s, where s goes to 0 faster than x to infinity.
static real gate(real x, real s) { return s == 0 ? copysignl(0, x) : x * s; }

// (x logistic(z))' for z' = slope: s (1 + x z' (1 - s)), with its limits 1 and -0
static real gate_slope(real x, two z, real slope) {
    const real s = logistic(z), off = logistic(minus(z));
    return off == 0 ? 1 : s == 0 ? -0.0L : s * (1 + x * slope * off);
}

// ---- the functions

#define F(name, value) \
    static real name(real x, real p, real q) { return (void)x, (void)p, (void)q, (value); }

// Rectifiers.  A derivative that is a parameter, plus 0: a flat piece has +0.
F(relu, x > 0 ? x : 0)
F(d_relu, x > 0 ? 1 : x < 0 ? 0 : p + 0)
F(relu6, x > 6 ? 6 : x > 0 ? x : 0)
F(d_relu6, 0 < x && x < 6)
F(step, x > 0)
F(leaky_relu, x > 0 ? x : p * x)
F(d_leaky_relu, x > 0 ? 1 : p + 0)
F(w_prelu, x > 0 ? 0 : x)
F(relu_squared, x > 0 ? x * x : 0)
F(d_relu_squared, x > 0 ? 2 * x : 0)

// The mean slope, rounded to the type once.
static real mean(real p, real q) {
    const float f = (float)p + (float)q;
    const double d = (double)p + (double)q;
    if (reference_type == HW_F32) return part(isinf(f) ? p / 2 + q / 2 : f / 2);
    if (reference_type == HW_F64) return part(isinf(d) ? p / 2 + q / 2 : d / 2);
    return part(isinf(p + q) ? p / 2 + q / 2 : (p + q) / 2);
}
static real rrelu(real x, real p, real q) {
    const real slope = mean(p, q);
    return x > 0 ? x : slope * x;
}
static real d_rrelu(real x, real p, real q) {
    const real slope = mean(p, q);
    return x > 0 ? 1 : slope + 0;
}

F(threshold, isnan(p) ? p : x > p ? x : q)
F(d_threshold, isnan(p) ? p : x > p)
F(hardtanh, isnan(p) || isnan(q) ? (real)NAN : (x < p ? p : x) > q ? q : x < p ? p : x)
F(d_hardtanh, isnan(p) || isnan(q) ? (real)NAN : p < x && x < q)
F(hardsigmoid, x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6)
F(d_hardsigmoid, -3 < x && x < 3 ? 1 / 6.0L : 0)
F(hardswish, x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6)
F(d_hardswish, x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6)
F(hardshrink, isnan(p) ? p : fabsl(x) > p ? x : 0)
F(d_hardshrink, isnan(p) ? p : fabsl(x) > p)
F(softshrink, isnan(p) ? p : x > p ? x - p : x < -p ? x + p : 0)
F(shrink, isnan(p) ? p : x < -p ? x + q : x > p ? x - q : 0)
F(sparse_plus, x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4)
F(sparse_sigmoid, x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2)
F(d_sparse_sigmoid, -1 < x && x < 1 ? 0.5L : 0)

static real linear(real x, real p, real q) {
    return part(reference_type == HW_F32   ? fmaf((float)p, (float)x, (float)q)
                : reference_type == HW_F64 ? fma((double)p, (double)x, (double)q)
                                           : fmal(p, x, q));
}
static real hardsigmoid_linear(real x, real p, real q) {
    const real y = linear(x, p, q);
    return y <= 0 ? 0 : y >= 1 ? 1 : y;
}
static real d_hardsigmoid_linear(real x, real p, real q) {
    const real y = linear(x, p, q);
    return isnan(y) ? y : 0 < y && y < 1 ? p + 0 : 0;
}

// Sigmoids and their kin
F(sigmoid, logistic(one_part(x)))
F(d_sigmoid, logistic(one_part(x)) * logistic(one_part(-x)))
F(logsigmoid, -log_1_plus_e(one_part(-x)))
F(d_logsigmoid, logistic(one_part(-x)))
F(tanh_, tanhl(x))
F(softsign, isinf(x) ? copysignl(1, x) : x / (1 + fabsl(x)))
F(d_softsign, 1 / ((1 + fabsl(x)) * (1 + fabsl(x))))

// 1 - tanh^2 = 4 e^-2|x| / (1 + e^-2|x|)^2
static real d_tanh(real x, real p, real q) {
    (void)p, (void)q;
    const real n = e(one_part(-2 * fabsl(x)));
    return 4 * n / ((1 + n) * (1 + n));
}

// x cosh x - sinh x has only positive terms: 2k x^(2k+1) / (2k+1)!
static real tanhshrink_size(real x, real p, real q) {
    (void)p, (void)q;
    if (fabsl(x) >= 1) return x - tanhl(x);
    real term = x, sum = 0;
    for (int k = 1; k < 20; k++) {
        term *= x / (2 * k) * x / (2 * k + 1);
        sum += 2 * k * term;
    }
    return sum / coshl(x);
}
// It keeps the sign of x, of zero and where it underflows too.
F(tanhshrink, copysignl(tanhshrink_size(x, p, q), x))
F(d_tanhshrink, tanhl(x) * tanhl(x))

// x logistic(beta x)
static real gated_by(real x, two beta) { return gate(x, logistic(times(beta, one_part(x)))); }
static real d_gated_by(real x, two beta) {
    return gate_slope(x, times(beta, one_part(x)), beta.hi);
}
F(silu, gated_by(x, one_part(1)))
F(d_silu, d_gated_by(x, one_part(1)))
F(swish, gated_by(x, one_part(p)))
F(d_swish, d_gated_by(x, one_part(p)))
F(quick_gelu, gated_by(x, over(851, 500)))  // 1.702
F(d_quick_gelu, d_gated_by(x, over(851, 500)))

// gelu: x Phi(x), Phi(x) = erfc(-x / sqrt 2) / 2, whose argument in two parts enters to first order
static real density(real x) {
    const two square = times(one_part(x), one_part(x));
    return 0.398942280401432677939946059934381868476L * e((two){-square.hi / 2, -square.lo / 2});
}
static real distribution(real x) {
    if (isinf(x)) return x > 0;
    const two t = times(sqrt_half(), one_part(-x));
    const real slope = 1.41421356237309504880168872420969807857L * density(x);  // -erfc' / 2
    return fmaxl(erfcl(t.hi) / 2 - slope * t.lo, least());
}
F(gelu, gate(x, distribution(x)))
F(d_gelu, isinf(x) ? (x > 0 ? 1 : -0.0L) : distribution(x) + x * density(x))

// gelu_tanh: x logistic(2u), u = c (x + 0.044715 x^3), c = sqrt(2 / pi).  It ends by 1000.
static two tanh_argument(real x, real times_cubic) {
    const two c2 = plus(one_part(0x1.9884533d43651p0L),  // 2c, to any long double's precision
                        one_part(-9.969308809110920314576552604662932386934e-17L));
    const real near = fminl(fmaxl(x, -1000), 1000);
    const two square = times(one_part(near), one_part(near));
    const two cubic = times(times(over(44715, 1000000), one_part(times_cubic)), square);
    return times(c2, plus(one_part(1), cubic));  // times x for 2u; as it is for u'
}
static two tanh_gate(real x) {
    return isinf(x) ? one_part(x)
                    : times(one_part(fminl(fmaxl(x, -1000), 1000)), tanh_argument(x, 1));
}
F(gelu_tanh, gate(x, logistic(tanh_gate(x))))
F(d_gelu_tanh, gate_slope(x, tanh_gate(x), tanh_argument(x, 3).hi))

// mish: x t, t = tanh(log(1 + e^x)) = w / (w + 2) with w = e^x (e^x + 2)
static real mish_gate(real x) {
    const real n = e(one_part(-fabsl(x)));
    return x > 0 ? (1 + 2 * n) / (1 + 2 * n + 2 * n * n) : n * (n + 2) / (n * (n + 2) + 2);
}
F(mish, gate(x, mish_gate(x)))
static real d_mish(real x, real p, real q) {
    (void)p, (void)q;
    if (isinf(x)) return x > 0 ? 1 : -0.0L;
    const real n = e(one_part(-fabsl(x)));
    if (n == 0 && x < 0) return -0.0L;
    const real w = x > 0 ? 1 + 2 * n + 2 * n * n : n * (n + 2) + 2;
    return mish_gate(x) + x * 4 * n * (1 + n) * (x > 0 ? n : 1) / (w * w);
}

// Linear for x > 0, exponential for x < 0
F(elu, x > 0 ? x : p * expm1l(x))
F(d_elu, x > 0 ? 1 : p * e(one_part(x)))
static const real selu_scale = 1.0507009873554804934193349852946063519590L;
static const real selu_alpha = 1.6732632423543772848170429916716720384612L;
F(selu, selu_scale * (x > 0 ? x : selu_alpha * expm1l(x)))
F(d_selu, selu_scale * (x > 0 ? 1 : selu_alpha * e(one_part(x))))

static real celu(real x, real p, real q) {
    (void)q;
    if (x > 0 || isinf(p)) return x;
    if (p == 0) return 0;
    const two z = over(x, p);
    const real y = expm1l(z.hi);
    return p * (z.lo == 0 || isinf(y) ? y : y + z.lo * expl(z.hi));
}
F(d_celu, x > 0 ? 1 : p == 0 ? 0 : e(over(x, p)))

// log(1 + e^(beta x)) / beta
static real softplus(real x, real p, real q) {
    (void)q;
    const two z = times(one_part(p), one_part(x));
    if (p == 0) return (real)INFINITY;
    if (isinf(p) && x == 0) return copysignl(0, p);  // log(2) / beta
    return z.hi > 0 ? x + log1pl(e(minus(z))) / p : log1pl(e(z)) / p;
}
F(d_softplus, logistic(times(one_part(p), one_part(x))))

// (x + r) / 2, r = sqrt(x^2 + b)
static real radius(real x, real b) {
    if (isinf(x) || isinf(b)) return sqrtl(fabsl(x) + b);
    if (b == 0) return fabsl(x);
    const two s = plus(times(one_part(x), one_part(x)), one_part(b));
    return isinf(s.hi) ? fabsl(x) : sqrtl(s.hi + s.lo);
}
F(squareplus, x >= 0 || isinf(p) ? (x + radius(x, p)) / 2 : p / (radius(x, p) - x) / 2)
static real d_squareplus(real x, real p, real q) {
    (void)q;
    if (isnan(p)) return p;
    if (x == 0 && p >= 0) return 0.5L;
    if (isinf(p)) return isinf(x) || p < 0 ? (real)NAN : 0.5L;
    if (isinf(x) || p == 0) return x > 0 ? 1 : copysignl(0, p == 0 ? 0 : p);
    const real r = radius(x, p);
    return x > 0 ? (1 + x / r) / 2 : p / r / (r - x) / 2;
}

// ---- integers: the same by their definitions, modulo 2^64

static int less(uint64_t a, uint64_t b) {
    return is_signed(reference_type) ? (int64_t)a < (int64_t)b : a < b;
}
#define N(name, value) \
    static uint64_t name(uint64_t x, uint64_t p, uint64_t q) { return (void)p, (void)q, (value); }
N(n_relu, less(0, x) ? x : 0)
N(n_relu6, less(6, x) ? 6 : n_relu(x, p, q))
N(n_relu_squared, n_relu(x, p, q) * n_relu(x, p, q))
N(n_threshold, less(p, x) ? x : q)
N(n_hardtanh, less(q, less(x, p) ? p : x) ? q : less(x, p) ? p : x)

// ---- the table

static const reference references[] = {
    {"relu", relu, d_relu, NULL, n_relu, 0},
    {"relu6", relu6, d_relu6, NULL, n_relu6, 0},
    {"leaky_relu", leaky_relu, d_leaky_relu, NULL, NULL, 0},
    {"prelu", leaky_relu, d_leaky_relu, w_prelu, NULL, 0},
    {"rrelu", rrelu, d_rrelu, NULL, NULL, 0},
    {"relu_squared", relu_squared, d_relu_squared, NULL, n_relu_squared, 0},
    {"threshold", threshold, d_threshold, NULL, n_threshold, 0},
    {"hardtanh", hardtanh, d_hardtanh, NULL, n_hardtanh, 0},
    {"hardsigmoid", hardsigmoid, d_hardsigmoid, NULL, NULL, 0},
    {"hardsigmoid_linear", hardsigmoid_linear, d_hardsigmoid_linear, NULL, NULL, 0},
    {"hardswish", hardswish, d_hardswish, NULL, NULL, -1.5L},
    {"hardshrink", hardshrink, d_hardshrink, NULL, NULL, 0},
    {"softshrink", softshrink, d_hardshrink, NULL, NULL, 0},
    {"shrink", shrink, d_hardshrink, NULL, NULL, 0},
    {"sparse_plus", sparse_plus, sparse_sigmoid, NULL, NULL, 0},
    {"sparse_sigmoid", sparse_sigmoid, d_sparse_sigmoid, NULL, NULL, 0},
    {"sigmoid", sigmoid, d_sigmoid, NULL, NULL, 0},
    {"logsigmoid", logsigmoid, d_logsigmoid, NULL, NULL, 0},
    {"tanh", tanh_, d_tanh, NULL, NULL, 0},
    {"tanhshrink", tanhshrink, d_tanhshrink, NULL, NULL, 0},
    {"softsign", softsign, d_softsign, NULL, NULL, 0},
    {"silu", silu, d_silu, NULL, NULL, -1.27846454276107380L},
    {"swish", swish, d_swish, NULL, NULL, -1.27846454276107380L},
    {"quick_gelu", quick_gelu, d_quick_gelu, NULL, NULL, -0.751154255441289L},
    {"gelu", gelu, d_gelu, NULL, NULL, -0.751791524693564L},
    {"gelu_tanh", gelu_tanh, d_gelu_tanh, NULL, NULL, -0.752461422071016L},
    {"mish", mish, d_mish, NULL, NULL, -1.1924312145155L},
    {"elu", elu, d_elu, NULL, NULL, 0},
    {"celu", celu, d_celu, NULL, NULL, 0},
    {"selu", selu, d_selu, NULL, NULL, 0},
    {"softplus", softplus, d_softplus, NULL, NULL, 0},
    {"squareplus", squareplus, d_squareplus, NULL, NULL, 0},
    // Gated rows: of the activation.
    {"glu", sigmoid, d_sigmoid, NULL, NULL, 0},
    {"reglu", relu, step, NULL, NULL, 0},
    {"swiglu", silu, d_silu, NULL, NULL, -1.27846454276107380L},
    {"geglu", gelu, d_gelu, NULL, NULL, -0.751791524693564L},
    {"geglu_tanh", gelu_tanh, d_gelu_tanh, NULL, NULL, -0.752461422071016L},
};

const reference *find_reference(const char *name) {
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (!strcmp(references[i].name, name)) return &references[i];
    return NULL;
}

// SPDX-License-Identifier: MIT
// The judge: the activations straight from their definitions, in MPFR, to hundreds of bits.  Slow.
// Only rows that are more than a choice of pieces: has_exact() says which.
#include <stdlib.h>

#include <mpfr.h>

#include "reference.h"

// Numbers come from a small pool, emptied before each evaluation, so that formulas read as
// formulas.
typedef mpfr_ptr N;
enum { POOL = 96 };
static _Thread_local mpfr_t pool[POOL];
static _Thread_local int used, ready;

static void begin(double x) {
    const int size = x == 0 || !isfinite(x) ? 0 : abs(ilogb(x));
    for (int i = 0; i < POOL; i++) {
        if (!ready) mpfr_init(pool[i]);
        mpfr_set_prec(pool[i], 400 + 4 * size);
    }
    ready = 1;
    used = 0;
}

#define UNARY(name, call)      \
    static N name(N a) {       \
        N r = pool[used++];    \
        call(r, a, MPFR_RNDN); \
        return r;              \
    }
#define BINARY(name, call)        \
    static N name(N a, N b) {     \
        N r = pool[used++];       \
        call(r, a, b, MPFR_RNDN); \
        return r;                 \
    }
UNARY(neg, mpfr_neg)
UNARY(e_to, mpfr_exp)
UNARY(em1, mpfr_expm1)
UNARY(l1p, mpfr_log1p)
UNARY(th, mpfr_tanh)
UNARY(erfc_, mpfr_erfc)
UNARY(root, mpfr_sqrt)
BINARY(add, mpfr_add)
BINARY(sub, mpfr_sub)
BINARY(mul, mpfr_mul)
BINARY(over, mpfr_div)

static N num(double a) {
    N r = pool[used++];
    mpfr_set_d(r, a, MPFR_RNDN);
    return r;
}
static N ratio(long a, long b) { return over(num(a), num(b)); }
static N pi_(void) {
    N r = pool[used++];
    mpfr_const_pi(r, MPFR_RNDN);
    return r;
}
static double value(N a) { return mpfr_get_d(a, MPFR_RNDN); }

static N sigma(N v) { return over(num(1), add(num(1), e_to(neg(v)))); }
static N cdf(N x) { return over(erfc_(neg(over(x, root(num(2))))), num(2)); }
static N pdf(N x) { return over(e_to(neg(over(mul(x, x), num(2)))), root(mul(num(2), pi_()))); }
static N softplus_(N v) { return value(v) > 1e6 ? v : l1p(e_to(v)); }

// v sigma(v)' for x sigma(v): sigma(v) (1 + x v' sigma(-v))
static N d_gate(N x, N v, N dv) {
    return mul(sigma(v), add(num(1), mul(mul(x, dv), sigma(neg(v)))));
}

// Klambauer et al.: alpha and lambda keep mean 0 and variance 1.
static N selu_alpha(void) {
    N k = mul(erfc_(root(ratio(1, 2))), root(e_to(num(1))));
    return neg(over(root(over(num(2), pi_())), sub(k, num(1))));
}
static N selu_lambda(void) {
    N c1 = erfc_(root(ratio(1, 2))), c2 = erfc_(root(num(2))), e = e_to(num(1)), re = root(e),
      pi = pi_();
    N under = add(mul(num(2), mul(c2, mul(e, e))), mul(pi, mul(mul(c1, c1), e)));
    under = sub(under, mul(mul(num(2), add(num(2), pi)), mul(c1, re)));
    under = add(under, add(pi, num(2)));
    return over(mul(sub(num(1), mul(c1, re)), root(mul(num(2), pi))), root(under));
}

static N define(int f, int d, N x, N p) {
    const double at = value(x);
    N one = num(1), two = num(2);
    switch (f) {
        case FN_hardswish:
            if (at <= -3) return num(0);
            if (at >= 3) return d ? one : x;
            return over(d ? add(mul(two, x), num(3)) : mul(x, add(x, num(3))), num(6));
        case FN_sparse_plus:
            if (at <= -1) return num(0);
            if (at >= 1) return d ? one : x;
            return d ? over(add(x, one), two) : over(mul(add(x, one), add(x, one)), num(4));
        case FN_sigmoid: return d ? mul(sigma(x), sigma(neg(x))) : sigma(x);
        case FN_logsigmoid: return d ? sigma(neg(x)) : neg(softplus_(neg(x)));
        case FN_tanh:
            return d ? mul(num(4), mul(sigma(mul(two, x)), sigma(mul(num(-2), x)))) : th(x);
        case FN_tanhshrink: return d ? mul(th(x), th(x)) : sub(x, th(x));
        case FN_softsign: {
            N s = add(one, num(fabs(at)));
            return d ? over(one, mul(s, s)) : over(x, s);
        }
        case FN_softplus: return d ? sigma(mul(p, x)) : over(softplus_(mul(p, x)), p);
        case FN_squareplus: {
            N s = root(add(mul(x, x), p));
            return over(d ? add(one, over(x, s)) : add(x, s), two);
        }
        case FN_elu: return at > 0 ? (d ? one : x) : mul(p, d ? e_to(x) : em1(x));
        case FN_celu:
            if (at > 0) return d ? one : x;
            return d ? e_to(over(x, p)) : mul(p, em1(over(x, p)));
        case FN_selu: {
            if (at > 0) return d ? selu_lambda() : mul(selu_lambda(), x);
            return mul(mul(selu_lambda(), selu_alpha()), d ? e_to(x) : em1(x));
        }
        case FN_silu: return d ? d_gate(x, x, one) : mul(x, sigma(x));
        case FN_swish: return d ? d_gate(x, mul(p, x), p) : mul(x, sigma(mul(p, x)));
        case FN_quick_gelu: {
            N c = ratio(1702, 1000);
            return d ? d_gate(x, mul(c, x), c) : mul(x, sigma(mul(c, x)));
        }
        case FN_gelu: return d ? add(cdf(x), mul(x, pdf(x))) : mul(x, cdf(x));
        case FN_gelu_tanh: {  // (1 + tanh u) / 2 = sigma(2u)
            N c = mul(two, root(over(two, pi_()))), k = ratio(44715, 1000000), xx = mul(x, x);
            N v = mul(c, add(x, mul(k, mul(x, xx)))),
              dv = mul(c, add(one, mul(num(3), mul(k, xx))));
            return d ? d_gate(x, v, dv) : mul(x, sigma(v));
        }
        case FN_mish: {
            N t = th(softplus_(x));
            return d ? add(t, mul(x, mul(sub(one, mul(t, t)), sigma(x)))) : mul(x, t);
        }
        default: return num(NAN);
    }
}

int has_exact(int f) {
    return f == FN_hardswish || (f >= FN_sparse_plus && f != FN_sparse_sigmoid);
}

double exact_difference(int f, int d, double x, double p, long double got, int unit) {
    begin(x);
    N y = pool[used++];
    mpfr_set_ld(y, got, MPFR_RNDN);
    N r = sub(y, define(f, d, num(x), num(p)));
    mpfr_mul_2si(r, r, -unit, MPFR_RNDN);
    return mpfr_get_d(r, MPFR_RNDA);
}

double exact_relative(int f, int d, double x, double p, long double y, double floor) {
    begin(x);
    N r = define(f, d, num(x), num(p)), got = pool[used++];
    mpfr_set_ld(got, y, MPFR_RNDN);
    if (mpfr_get_ld(r, MPFR_RNDN) == 0) return 0;
    got = sub(got, r);
    mpfr_abs(r, r, MPFR_RNDN);
    if (mpfr_cmp_d(r, floor) < 0) mpfr_set_d(r, floor, MPFR_RNDN);
    return value(over(got, r));
}

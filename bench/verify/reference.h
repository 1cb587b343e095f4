// SPDX-License-Identifier: MIT
// The three references, each checked against the next:
//   fast   double precision, vectorised: for walks over all float32 inputs
//   slow   long double: float64, parameters, products; and what fast leaves undecided
//   exact  MPFR, from the definitions, to hundreds of bits: the judge
#ifndef REFERENCE_H
#define REFERENCE_H

#include <math.h>
#include <stddef.h>

enum ties { PLAIN, EXACT, CONVEX };
#define NONE NAN

typedef struct {
    const char *name;
    double p, q, crossing;
    enum ties ties;
} function;

enum {
#define FN(name, ...) FN_##name,
#include "functions.def"
#undef FN
    FUNCTIONS
};
extern const function functions[FUNCTIONS];
int find_function(const char *name);

typedef void fast_loop(size_t n, const float *x, double p, double q, double *y);
extern fast_loop *const fast[FUNCTIONS][2];  // forward, derivative

typedef struct {
    double max;
    long long possible, certain;  // how many may be, and are, more than half a ULP off
    long long tiny, overflows;    // subnormal or less but not 0; beyond the largest float
} fast_summary;
void fast_errors(size_t n, const float *x, const float *got, const double *ref, double crossing,
                 double band, double *error, fast_summary *summary);

typedef long double slow_function(long double x, long double p, long double q);
extern slow_function *const slow_f32[FUNCTIONS][2];  // parameters in float32
extern slow_function *const slow_f64[FUNCTIONS][2];

// got - f(x) in units of 2^unit, rounded away from 0: beyond 1/2 only if the exact one is.
double exact_difference(int f, int derivative, double x, double p, long double got, int unit);
// (y - f(x)) / max(|f(x)|, floor)
double exact_relative(int f, int derivative, double x, double p, long double y, double floor);
int has_exact(int f);

#endif

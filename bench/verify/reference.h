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

typedef long double slow_function(long double x, long double p, long double q);
extern slow_function *const slow_f32[FUNCTIONS][2];  // parameters in float32
extern slow_function *const slow_f64[FUNCTIONS][2];

// f(x) - y in units of 2^unit, as a double; f may be far beyond the range of long double.
double exact_difference(int f, int derivative, double x, double p, double q, double y, int unit);
// The same, times g, for products; and relative: (y - f) / max(|f|, floor).
double exact_relative(int f, int derivative, double x, double p, double q, long double y, double floor);

#endif

// SPDX-License-Identifier: MIT
// What the parts of the harness share: element types, random numbers, the reference, the two jobs.
#ifndef HW_BENCH_H
#define HW_BENCH_H

#include "../csrc/halfwave.h"

typedef long double real;

// ---- element types (types.c)

extern const char *const type_names[HW_TYPES];
extern const char *const direction_names[HW_DIRECTIONS];

int is_float(hw_type type);
int is_half(hw_type type);
int is_signed(hw_type type);
size_t type_size(hw_type type);

real get(hw_type type, const void *at);              // a float
void put(hw_type type, void *at, real value);        // a float that is not a half; rounds
uint64_t get_integer(hw_type type, const void *at);  // sign-extended
void put_integer(hw_type type, void *at, uint64_t value);

int same_value(hw_type type, const void *a, const void *b);  // equal bits, or two NaNs
real least_normal(hw_type type);
real largest(hw_type type);
real ulp(hw_type type, real value);                   // unit in the last place of value
void format(char *text, size_t room, hw_type type, const void *at);  // bits and value

// The default of parameter k as activations.def gives it, or a number where it gives none.
real default_parameter(const char *params, int k);

// splitmix64
extern uint64_t random_state;
uint64_t random_bits(void);
size_t random_below(size_t n);

// ---- the reference (reference.c)

typedef struct {
    const char *name;
    // The function, its derivative, and its derivative by the parameter, of x and two parameters.
    // x is not NaN.  A gated row has those of its activation.
    real (*forward)(real x, real p, real q);
    real (*derivative)(real x, real p, real q);
    real (*weight)(real x, real p, real q);
    // The same of integers, sign-extended to 64 bits; the result is cut to the type.
    uint64_t (*integers)(uint64_t x, uint64_t p, uint64_t q);
    real crossing;  // where the derivative crosses zero (swish: in terms of beta x), or 0
} reference;

const reference *find_reference(const char *name);  // or NULL
extern hw_type reference_type;  // what the kernel computes in; some rows round a part to it
extern int reference_part;      // set to 1 where such a part overflows or underflows

// ---- the two jobs

enum { MAX_ISAS = 16 };

// Checks one row in one direction and type, on each instruction set that `wanted` marks; prints
// the first failures of each on stderr.  passed[isa] is 1 or 0.
void check(int row, hw_direction direction, hw_type type, int quick, const int *wanted,
           int *passed);

enum { LEVELS = 4 };  // L1, L2, L3, memory
extern const char *const level_names[LEVELS];

typedef struct {
    size_t n;                  // values
    double ns, gbs, memmove_gbs, ratio, ghz;
} timing;

void choose_levels(size_t *bytes);  // of the operands together
// Times a kernel with `bytes` of operands for about `seconds`; 0, or -1 without memory.
int measure(timing *t, const hw_activation *act, hw_direction direction, const hw_op *op,
            size_t bytes, double seconds);

#endif

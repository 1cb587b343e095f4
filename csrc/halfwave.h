// SPDX-License-Identifier: MIT
// halfwave: element-wise activation functions.  The whole C API; it knows nothing of Python.
#ifndef HALFWAVE_H
#define HALFWAVE_H

#include <stddef.h>
#include <stdint.h>

#define HW_VERSION "0.1.0"

typedef enum {
    HW_F16, HW_BF16, HW_F32, HW_F64, HW_LD,
    HW_I8, HW_I16, HW_I32, HW_I64, HW_U8, HW_U16, HW_U32, HW_U64,
    HW_TYPES
} hw_type;

typedef enum { HW_FORWARD, HW_GRAD, HW_VJP, HW_DIRECTIONS } hw_direction;

enum { HW_MAX_OPERANDS = 6 };  // inputs, parameters and outputs together

// One row of activations.def.  A parameter list reads as in Python: "lambd=0.5, bias=0.0".
typedef struct {
    const char *name, *kind, *params, *dparams, *formula, *derivative, *about, *source;
    int integers;        // 1: has integer kernels too
    int nparams;         // forward
    int ndparams;        // grad and vjp
    double ulp, ulp64;   // largest error forward, and in float64
    double dulp, dulp64; // the same of the derivative
} hw_activation;

// A kernel works on whole vectors: n is a multiple of its width.  `each` says that there is a parameter
// value for each element; otherwise every parameter is one value.  An output may be an input.
typedef void hw_kernel(size_t n, const void *const *in, void *const *out, int each);

// Copies n values that lie `step` bytes apart to a place where they lie side by side, or back.
typedef void hw_copy(char *to, const char *from, ptrdiff_t step, size_t n);

// What a kernel takes: streams of the element type, then parameters, then outputs.
typedef struct {
    hw_kernel *kernel;
    int nstreams, nparams, nout, width;
    int grain;                      // elements that are worth a thread of their own
    int size[HW_MAX_OPERANDS];      // bytes a value
    hw_type type[HW_MAX_OPERANDS];  // of each operand
    hw_copy *copy_in[HW_MAX_OPERANDS], *copy_out[HW_MAX_OPERANDS];
} hw_op;

// The table of activations, in the order of activations.def.
int hw_count(void);
const hw_activation *hw_activations(void);

// Instruction sets, best first; the last is always "portable".
int hw_isa_count(void);
const char *hw_isa_name(int isa);
int hw_isa_available(int isa);  // compiled in, and this machine has it
int hw_isa(void);               // the one in use
// Chooses the best, or the one named; NULL, or what is wrong with the name.
const char *hw_choose_isa(const char *name);

// Fills *op; 0, or -1 where the row has no such kernel.  isa < 0: the one in use.
int hw_get(hw_op *op, int row, hw_direction direction, hw_type type, int isa);

// Applies op to n elements; operands (inputs, parameters, outputs) lie `steps` bytes apart, each
// aligned to its own type.  Parameters may have step 0, outputs may coincide with inputs.
void hw_apply(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps);

// Threads for long runs, of the whole process; never more than OpenMP allows,
// or where the build has no OpenMP, than there are CPUs.
int hw_get_num_threads(void);
void hw_set_num_threads(int n);  // 0: as many as the CPUs that this process may use

const char *hw_compiler(void);

#endif

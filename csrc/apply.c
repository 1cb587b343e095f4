// SPDX-License-Identifier: MIT
// From arrays to kernels.  A contiguous run goes to the kernel where it lies.  All else (strides, a mixture
// of scalar and array parameters, less than a vector) goes through a small block: packed, padded to
// whole vectors, computed by the same kernel, unpacked.  Kernels see whole vectors only, so there is one
// tail for all of them, and a value's result cannot depend on where it stood.
#include <string.h>

#include "halfwave.h"

enum { BLOCK = 256, MAX_SIZE = sizeof(long double) };  // elements; bytes of the longest

// Constant steps first: compilers turn those loops into shuffles.
#define COPY(type, to, to_step, from, from_step)                                            \
    for (size_t i = 0; i < n; i++)                                                          \
        *(type *)((to) + (ptrdiff_t)i * (to_step)) = *(const type *)((from) + (ptrdiff_t)i * (from_step));
#define PACK(type)                                                                          \
    {                                                                                       \
        enum { S = sizeof(type) };                                                          \
        if (step == S) memcpy(to, from, n * S);                                             \
        else if (step == 0) COPY(type, to, S, from, 0)                                      \
        else if (step == -S) COPY(type, to, S, from, -S)                                    \
        else if (step == 2 * S) COPY(type, to, S, from, 2 * S)                              \
        else COPY(type, to, S, from, step)                                                  \
        break;                                                                              \
    }
#define UNPACK(type)                                                                        \
    {                                                                                       \
        enum { S = sizeof(type) };                                                          \
        if (step == S) memcpy(to, from, n * S);                                             \
        else COPY(type, to, step, from, S)                                                  \
        break;                                                                              \
    }
typedef struct { long double value; } wide;

static void pack(char *restrict to, const char *restrict from, ptrdiff_t step, size_t n, int size) {
    switch (size) {
        case 1: PACK(uint8_t)
        case 2: PACK(uint16_t)
        case 4: PACK(uint32_t)
        case 8: PACK(uint64_t)
        default: PACK(wide)
    }
}

static void unpack(char *restrict to, const char *restrict from, ptrdiff_t step, size_t n, int size) {
    switch (size) {
        case 1: UNPACK(uint8_t)
        case 2: UNPACK(uint16_t)
        case 4: UNPACK(uint32_t)
        case 8: UNPACK(uint64_t)
        default: UNPACK(wide)
    }
}

enum { STREAMS, PARAMS, OUTPUTS };
static int role(const hw_op *op, int k) {
    return k < op->nstreams ? STREAMS : k < op->nstreams + op->nparams ? PARAMS : OUTPUTS;
}

// Up to BLOCK elements at any steps; `each` as for a kernel.
static void apply_block(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps,
                        int each) {
    _Alignas(64) char block[HW_MAX_OPERANDS][BLOCK * MAX_SIZE];
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    const size_t whole = (n + op->width - 1) / op->width * op->width;
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nall; k++) {
        const int size = op->size[k], one = role(op, k) == PARAMS && !each;
        at[k] = one ? operands[k] : block[k];
        if (one || k >= nin) continue;
        pack(block[k], operands[k], steps[k], n, size);
        // The padding repeats a value of the array, and so raises no flag of its own.
        pack(block[k] + n * size, block[k], 0, whole - n, size);
    }
    op->kernel(whole, (const void *const *)at, at + nin, each);
    for (int k = nin; k < nall; k++) unpack(operands[k], block[k], steps[k], n, op->size[k]);
}

// n >= width elements side by side.  The last vector may overlap the one before it: its input is saved
// first, since an output may be an input.
static void apply_contiguous(const hw_op *op, size_t n, char *const *operands, int each) {
    enum { VECTOR = 64 };  // bytes of the longest
    _Alignas(VECTOR) char last[HW_MAX_OPERANDS][VECTOR];
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    const size_t w = (size_t)op->width, rest = n % w;
    void *at[HW_MAX_OPERANDS];
    if (rest) {
        for (int k = 0; k < nall; k++) {
            const int one = role(op, k) == PARAMS && !each;
            at[k] = one ? operands[k] : last[k];
            if (!one && k < nin) memcpy(last[k], operands[k] + (n - w) * op->size[k], w * op->size[k]);
        }
    }
    op->kernel(n - rest, (const void *const *)operands, (void *const *)operands + nin, each);
    if (rest) {
        op->kernel(w, (const void *const *)at, at + nin, each);
        for (int k = nin; k < nall; k++)
            memcpy(operands[k] + (n - w) * op->size[k], last[k], w * op->size[k]);
    }
}

void hw_apply(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps) {
    const int nall = op->nstreams + op->nparams + op->nout;
    int contiguous = 1, scalar = 1, each = 1;
    for (int k = 0; k < nall; k++) {
        const int one_by_one = steps[k] == op->size[k];
        if (role(op, k) == PARAMS) {
            scalar &= steps[k] == 0;
            each &= one_by_one;
        } else {
            contiguous &= one_by_one;
        }
    }
    if (contiguous && (scalar || each) && n >= (size_t)op->width) {
        apply_contiguous(op, n, operands, !scalar);
        return;
    }
    for (size_t done = 0; done < n; done += BLOCK) {
        char *at[HW_MAX_OPERANDS];
        for (int k = 0; k < nall; k++) at[k] = operands[k] + (ptrdiff_t)done * steps[k];
        apply_block(op, n - done < BLOCK ? n - done : BLOCK, at, steps, !scalar);
    }
}

// SPDX-License-Identifier: MIT
// From arrays to kernels.  A contiguous run of whole vectors goes to the kernel where it lies.  All
// else (strides, a mixture of scalar and array parameters, the last few elements) goes through a
// small block: packed, padded to whole vectors, computed by the same kernel, unpacked.  So there is one
// tail for all kernels, and a value's result cannot depend on where it stood.
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

static void apply_block(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps,
                        int each) {
    _Alignas(64) char block[HW_MAX_OPERANDS][BLOCK * MAX_SIZE];
    const int nin = op->nstreams + op->nparams;
    const size_t whole = (n + op->width - 1) / op->width * op->width;
    const void *in[HW_MAX_OPERANDS];
    void *out[HW_MAX_OPERANDS];
    for (int k = 0; k < nin; k++) {
        const int size = op->size[k];
        pack(block[k], operands[k], steps[k], n, size);
        // The padding repeats a value of the array, and so raises no flag of its own.
        pack(block[k] + n * size, block[k], 0, whole - n, size);
        in[k] = block[k];
    }
    for (int k = 0; k < op->nout; k++) out[k] = block[nin + k];
    op->kernel(whole, in, out, each);
    for (int k = nin; k < nin + op->nout; k++)
        unpack(operands[k], block[k], steps[k], n, op->size[k]);
}

void hw_apply(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps) {
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    int contiguous = 1, scalar = 1, each = 1;
    for (int k = 0; k < nall; k++) {
        if (k < op->nstreams || k >= nin) {
            contiguous &= steps[k] == op->size[k];
        } else {
            scalar &= steps[k] == 0;
            each &= steps[k] == op->size[k];
        }
    }
    size_t done = 0;
    if (contiguous && (scalar || each)) {
        const void *in[HW_MAX_OPERANDS];
        void *out[HW_MAX_OPERANDS];
        for (int k = 0; k < nin; k++) in[k] = operands[k];
        for (int k = nin; k < nall; k++) out[k - nin] = operands[k];
        done = n - n % op->width;
        if (done) op->kernel(done, in, out, !scalar);
    }
    while (done < n) {
        char *at[HW_MAX_OPERANDS];
        const size_t part = n - done < BLOCK ? n - done : BLOCK;
        for (int k = 0; k < nall; k++) at[k] = operands[k] + (ptrdiff_t)done * steps[k];
        apply_block(op, part, at, steps, !scalar);
        done += part;
    }
}

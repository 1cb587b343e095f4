// SPDX-License-Identifier: MIT
// From arrays to kernels.  A contiguous run goes to the kernel where it lies.  All else (strides, a mixture
// of scalar and array parameters, less than a vector) goes through a small block: packed, padded to
// whole vectors, computed by the same kernel, unpacked.  Kernels see whole vectors only, so there is one
// tail for all of them, and a value's result cannot depend on where it stood.
#include <string.h>

#include "threads.h"

enum { BLOCK = 4096, VECTOR = 64 };  // bytes of a block for one operand, of the longest vector

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

// n elements at any steps, as many as fit in the blocks; `each` as for a kernel.
static void apply_block(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps,
                        int each) {
    _Alignas(VECTOR) char block[HW_MAX_OPERANDS][BLOCK];
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    const size_t w = (size_t)op->width, whole = (n + w - 1) / w * w;
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nall; k++) {
        const int size = op->size[k];
        const int in_place = role(op, k) == PARAMS && !each ? 1 : steps[k] == size && whole == n;
        at[k] = in_place ? operands[k] : block[k];
        if (in_place || k >= nin) continue;
        pack(block[k], operands[k], steps[k], n, size);
        // The padding repeats a value of the array, and so raises no flag of its own.
        pack(block[k] + n * size, block[k], 0, whole - n, size);
    }
    op->kernel(whole, (const void *const *)at, at + nin, each);
    for (int k = nin; k < nall; k++)
        if (at[k] == block[k]) unpack(operands[k], block[k], steps[k], n, op->size[k]);
}

// One vector at either end of a contiguous run.  It may overlap its neighbour, so its input is saved before
// anything is written: an output may be an input.
typedef struct {
    _Alignas(VECTOR) char block[HW_MAX_OPERANDS][VECTOR];
    size_t first;
} edge;

static void save_edge(edge *e, const hw_op *op, char *const *operands, size_t first, int each) {
    e->first = first;
    for (int k = 0; k < op->nstreams + (each ? op->nparams : 0); k++) {
        const size_t size = (size_t)op->size[k];
        memcpy(e->block[k], operands[k] + first * size, op->width * size);
    }
}

static void apply_edge(edge *e, const hw_op *op, char *const *operands, int each) {
    const int nin = op->nstreams + op->nparams;
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nin + op->nout; k++)
        at[k] = role(op, k) == PARAMS && !each ? operands[k] : e->block[k];
    op->kernel((size_t)op->width, (const void *const *)at, at + nin, each);
    for (int k = nin; k < nin + op->nout; k++) {
        const size_t size = (size_t)op->size[k];
        memcpy(operands[k] + e->first * size, e->block[k], op->width * size);
    }
}

// n >= width elements side by side: whole vectors, the first of which lies where a store of the result
// crosses no cache line (a store that does costs a quarter of relu's time), and an edge at either end.
static void apply_contiguous(const hw_op *op, size_t n, char *const *operands, int each) {
    const int nin = op->nstreams + op->nparams;
    const size_t w = (size_t)op->width, size = (size_t)op->size[nin];
    size_t head = (0 - (uintptr_t)operands[nin]) % (w * size) / size;
    if (n < 16 * w) head = 0;
    const size_t rest = (n - head) % w;
    edge first, last;
    if (head) save_edge(&first, op, operands, 0, each);
    if (rest) save_edge(&last, op, operands, n - w, each);
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nin + op->nout; k++)
        at[k] = operands[k] + (role(op, k) == PARAMS && !each ? 0 : head * (size_t)op->size[k]);
    hw_run(op, n - head - rest, at, each);
    if (head) apply_edge(&first, op, operands, each);
    if (rest) apply_edge(&last, op, operands, each);
}

void hw_apply(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps) {
    const int nall = op->nstreams + op->nparams + op->nout;
    int contiguous = 1, scalar = 1, each = 1, longest = 1;
    for (int k = 0; k < nall; k++) {
        const int one_by_one = steps[k] == op->size[k];
        if (op->size[k] > longest) longest = op->size[k];
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
    const size_t most = BLOCK / (size_t)longest;
    for (size_t done = 0; done < n; done += most) {
        char *at[HW_MAX_OPERANDS];
        for (int k = 0; k < nall; k++) at[k] = operands[k] + (ptrdiff_t)done * steps[k];
        apply_block(op, n - done < most ? n - done : most, at, steps, !scalar);
    }
}

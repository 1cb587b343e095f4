// SPDX-License-Identifier: MIT
// From arrays to kernels.  A contiguous run goes to the kernel where it lies.  All else (strides, a mixture
// of scalar and array parameters, less than a vector) goes through a small block: packed, padded to
// whole vectors, computed by the same kernel, unpacked.  Kernels see whole vectors only, so there is one
// tail for all of them, and a value's result cannot depend on where it stood.
#include <string.h>

#include "threads.h"

// Bytes: of a block for one operand, and of a shorter one, which is quicker where one stream is read and operands reach
// FAR, and come from memory; of the longest vector.
enum { BLOCK = 2048, SHORT_BLOCK = 512, FAR = 64 << 20, VECTOR = 64 };

enum { STREAMS, PARAMS, OUTPUTS };
static int role(const hw_op *op, int k) {
    return k < op->nstreams ? STREAMS : k < op->nstreams + op->nparams ? PARAMS : OUTPUTS;
}

// What is asked of op: operands `steps` bytes apart, and `each` as for a kernel; `most` elements in a block.  Where
// operands are `across` one another, all go through the blocks.
typedef struct {
    const hw_op *op;
    const ptrdiff_t *steps;
    int each, across;
    size_t most;
    void *operands[HW_MAX_OPERANDS];
} job;

static void operands_at(const job *j, size_t i, void **at) {
    for (int k = 0; k < j->op->nstreams + j->op->nparams + j->op->nout; k++)
        at[k] = (char *)j->operands[k] + (ptrdiff_t)i * j->steps[k];
}

static void run_kernel(const hw_op *op, size_t n, void **at, int each) {
    op->kernel(n, (const void *const *)at, at + op->nstreams + op->nparams, each);
}

static void contiguous_part(const void *p, size_t begin, size_t end) {
    const job *const j = p;
    void *at[HW_MAX_OPERANDS];
    operands_at(j, begin, at);
    run_kernel(j->op, end - begin, at, j->each);
}

static size_t block_length(const hw_op *op, size_t n, const ptrdiff_t *steps) {
    size_t longest = 1, reach = 0;
    for (int k = 0; k < op->nstreams + op->nparams + op->nout; k++) {
        if ((size_t)op->size[k] > longest) longest = (size_t)op->size[k];
        reach += n * (size_t)(steps[k] < 0 ? -steps[k] : steps[k]);
    }
    return (reach > FAR && op->nstreams == 1 ? SHORT_BLOCK : BLOCK) / longest;
}

static void blockwise_part(const void *p, size_t begin, size_t end) {
    const job *const j = p;
    const hw_op *const op = j->op;
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    const size_t w = (size_t)op->width;
    _Alignas(VECTOR) char block[HW_MAX_OPERANDS][BLOCK];
    void *at[HW_MAX_OPERANDS];
    for (size_t n; begin < end; begin += n) {
        n = end - begin < j->most ? end - begin : j->most;
        const size_t whole = (n + w - 1) / w * w;
        void *operands[HW_MAX_OPERANDS];
        operands_at(j, begin, operands);
        for (int k = 0; k < nall; k++) {
            const int size = op->size[k];
            const ptrdiff_t step = j->steps[k];
            const int fixed = role(op, k) == PARAMS && !j->each;
            at[k] = fixed || (step == size && whole == n && !j->across) ? operands[k] : block[k];
            if (at[k] == operands[k] || k >= nin) continue;
            op->copy_in[k](block[k], operands[k], step, n);
            // The padding repeats a value of the array, and so raises no flag of its own.
            if (whole > n) op->copy_in[k](block[k] + n * size, block[k], 0, whole - n);
        }
        run_kernel(op, whole, at, j->each);
        for (int k = nin; k < nall; k++)
            if (at[k] == block[k]) op->copy_out[k](operands[k], block[k], j->steps[k], n);
    }
}

// One vector at either end of a contiguous run.  It may overlap its neighbour, so its input is saved before
// anything is written: an output may be an input.
typedef struct {
    _Alignas(VECTOR) char block[HW_MAX_OPERANDS][VECTOR];
    size_t first;
} edge;

static void save_edge(edge *e, const job *j, size_t first) {
    const hw_op *const op = j->op;
    e->first = first;
    for (int k = 0; k < op->nstreams + (j->each ? op->nparams : 0); k++) {
        const size_t size = (size_t)op->size[k];
        memcpy(e->block[k], (char *)j->operands[k] + first * size, op->width * size);
    }
}

static void apply_edge(edge *e, const job *j) {
    const hw_op *const op = j->op;
    const int nin = op->nstreams + op->nparams;
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nin + op->nout; k++)
        at[k] = role(op, k) == PARAMS && !j->each ? j->operands[k] : e->block[k];
    run_kernel(op, (size_t)op->width, at, j->each);
    for (int k = nin; k < nin + op->nout; k++) {
        const size_t size = (size_t)op->size[k];
        memcpy((char *)j->operands[k] + e->first * size, e->block[k], op->width * size);
    }
}

// n >= width elements side by side: whole vectors, the first of which lies where a store of the result
// crosses no cache line (a store that does costs a quarter of relu's time), and an edge at either end.
static void apply_contiguous(const job *j, size_t n) {
    const hw_op *const op = j->op;
    const int nin = op->nstreams + op->nparams;
    const size_t w = (size_t)op->width, size = (size_t)op->size[nin];
    size_t head = (0 - (uintptr_t)j->operands[nin]) % (w * size) / size;
    if (n < 16 * w) head = 0;
    const size_t rest = (n - head) % w;
    edge first, last;
    if (head) save_edge(&first, j, 0);
    if (rest) save_edge(&last, j, n - w);
    job inner = *j;
    operands_at(j, head, inner.operands);
    hw_split(n - head - rest, (size_t)op->grain, contiguous_part, &inner);
    if (head) apply_edge(&first, j);
    if (rest) apply_edge(&last, j);
}

// How an output shares memory with an input, other than by being the same, or with itself.
enum { APART, ACROSS, CARRIED };
typedef struct {
    const char *first, *end;
} span;

static span span_of(size_t n, const char *at, ptrdiff_t step, int size) {
    const char *const last = at + (ptrdiff_t)(n - 1) * step;
    return step < 0 ? (span){last, at + size} : (span){at, last + size};
}

static int sharing(size_t n, const char *out, ptrdiff_t out_step, int out_size, const char *in,
                   ptrdiff_t in_step, int in_size) {
    if (out_step == in_step && in + out_step == out) return CARRIED;
    if (out_step == in_step && in == out) return APART;
    const span a = span_of(n, out, out_step, out_size), b = span_of(n, in, in_step, in_size);
    return a.first < b.end && b.first < a.end ? ACROSS : APART;
}

static int most_sharing(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps) {
    const int nin = op->nstreams + op->nparams;
    int most = APART;
    for (int o = nin; o < nin + op->nout; o++) {
        if (most == APART && -op->size[o] < steps[o] && steps[o] < op->size[o]) most = ACROSS;
        for (int k = 0; k < nin; k++) {
            const int s =
                sharing(n, operands[o], steps[o], op->size[o], operands[k], steps[k], op->size[k]);
            if (s > most) most = s;
        }
    }
    return most;
}

// NumPy lets an output lie across an input where one element after the other reads its input in time: in such
// an order, on one thread, go the blocks.  Where a result is the next element's input, as in reduce and
// accumulate, each element is a block of its own.
void hw_apply(const hw_op *op, size_t n, char *const *operands, const ptrdiff_t *steps) {
    const int nall = op->nstreams + op->nparams + op->nout;
    const int shared = n > 1 ? most_sharing(op, n, operands, steps) : APART;
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
    job j = {.op = op, .steps = steps, .each = !scalar, .across = shared != APART};
    for (int k = 0; k < nall; k++) j.operands[k] = operands[k];
    if (shared == APART && contiguous && (scalar || each) && n >= (size_t)op->width) {
        apply_contiguous(&j, n);
        return;
    }
    j.most = shared == CARRIED ? 1 : block_length(op, n, steps);
    if (shared == APART)
        hw_split(n, (size_t)op->grain / 2, blockwise_part, &j);  // packing is work too
    else
        blockwise_part(&j, 0, n);
}

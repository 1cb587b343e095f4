// SPDX-License-Identifier: MIT
// Times one kernel on contiguous arrays of its own, one thread, beside memmove in the same run.
//
// Bytes are those read and written: of every stream and every output; parameters are one value
// each.  memmove copies half as many bytes as that, so it too reads and writes as many.  The two
// take turns, and the medians count.  The ratio is the kernel's time over memmove's: 1 is the speed
// of memory.  Values lie between 1/4 and 4 in size, evenly by exponent, with both signs.  Arrays
// start a few lines apart from each other's place in a page, where a store would look like a load
// that it must wait for.
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { REPEATS = 9, FEWER = 5, LINE = 64, PAGE = 4096, GAP = 5 * LINE };

const char *const level_names[LEVELS] = {"L1", "L2", "L3", "memory"};

static size_t cache(int name, size_t otherwise) {
    const long bytes = name < 0 ? 0 : sysconf(name);
    return bytes > 0 ? (size_t)bytes : otherwise;
}
#ifdef _SC_LEVEL1_DCACHE_SIZE
#define CACHE(level, otherwise) cache(_SC_LEVEL##level##_SIZE, otherwise)
#else
#define CACHE(level, otherwise) (otherwise)
#endif

// Half of L1 and L2; well beyond L2 but within L3; four times L3, as far as time and memory allow.
// A virtual machine may report its host's whole L3, of which it has a share: hence the bounds.
void choose_levels(size_t *bytes) {
    const size_t kib = 1024, mib = 1024 * kib;
    const size_t l1 = CACHE(1_DCACHE, 32 * kib), l2 = CACHE(2_CACHE, 1 * mib),
                 l3 = CACHE(3_CACHE, 16 * mib);
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    size_t most = 128 * mib;
    if (pages > 0 && page > 0 && (size_t)pages * (size_t)page / 8 < most)
        most = (size_t)pages * (size_t)page / 8;
    bytes[0] = l1 / 2;
    bytes[1] = l2 / 2;
    bytes[2] = l3 / 2 < 8 * l2 ? l3 / 2 : 8 * l2;
    bytes[3] = 4 * l3 > 64 * mib ? 4 * l3 : 64 * mib;
    if (bytes[3] > most) bytes[3] = most;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// The best of a few short loops of additions, each of which waits for the one before: done before a processor that is
// slower where its vectors are long could be quick again.  Eight in a round, since a round by itself may take two cycles;
// of a number that the compiler does not know, since some processors add known ones for nothing.
static double clock_ghz(void) {
    enum { ROUNDS = 10000, TRIES = 10 };
    double best = 0;
    for (int t = 0; t < TRIES; t++) {
        uint64_t chain = 0, step = 3;
        const double start = now();
#define ADD chain += step; __asm__ volatile("" : "+r"(chain), "+r"(step));
        for (int i = 0; i < ROUNDS; i += 8) { ADD ADD ADD ADD ADD ADD ADD ADD }
#undef ADD
        const double ghz = 1e-9 * ROUNDS / (now() - start);
        if (ghz > best) best = ghz;
    }
    return best;
}

// Memory that is kept from one call to the next, all of its pages touched.
typedef struct {
    char *at;
    size_t bytes;
} arena;

static char *at_least(arena *a, size_t bytes) {
    void *p = NULL;
    if (bytes <= a->bytes) return a->at;
    free(a->at);
    *a = (arena){NULL, 0};
    if (posix_memalign(&p, PAGE, bytes)) return NULL;
    memset(p, 1, bytes);
    *a = (arena){p, bytes};
    return p;
}

static void fill(hw_type type, char *to, size_t n) {
    enum { PERIOD = 1 << 14 };
    const size_t size = type_size(type), first = n < PERIOD ? n : PERIOD;
    for (size_t i = 0; i < first; i++) {
        const uint64_t bits = random_bits();
        const real value = (real)(1 + (double)(bits >> 12) * 0x1p-52) * (1 << (bits & 3)) / 4;
        if (type == HW_F16)
            put_integer(type, to + i * size, 0x3400 + (bits & 0xFFF) + (bits >> 12 & 1) * 0x8000);
        else if (type == HW_BF16)
            put_integer(type, to + i * size, 0x3E80 + (bits & 0x1FF) + (bits >> 12 & 1) * 0x8000);
        else if (is_float(type)) put(type, to + i * size, bits & 4 ? value : -value);
        else put_integer(type, to + i * size, (bits & 31) - (is_signed(type) ? 16 : 0));
    }
    for (size_t i = first; i < n; i += first)
        memcpy(to + i * size, to, (n - i < first ? n - i : first) * size);
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static double median(double *times, int n) {
    qsort(times, (size_t)n, sizeof *times, ascending);
    return times[n / 2];
}

static struct {
    const hw_op *op;
    size_t n, half;
    char *at[HW_MAX_OPERANDS], *from, *to;
    ptrdiff_t steps[HW_MAX_OPERANDS];
} job;

static void run_kernel(void) { hw_apply(job.op, job.n, job.at, job.steps); }
static void run_memmove(void) {
    memmove(job.to, job.from, job.half);
    __asm__ volatile("" ::: "memory");  // nobody reads the copy
}

static double seconds_of(void (*run)(void), size_t rounds) {
    if (rounds > 1) run();  // its data into the cache where they fit
    const double start = now();
    for (size_t i = 0; i < rounds; i++) run();
    return (now() - start) / (double)rounds;
}

int measure(timing *t, const hw_activation *act, hw_direction direction, const hw_op *op,
            size_t bytes, double seconds) {
    _Alignas(16) char params[2][16];
    const int nin = op->nstreams + op->nparams, nall = nin + op->nout;
    size_t each = 0, offset = 0;
    for (int k = 0; k < nall; k++)
        if (k < op->nstreams || k >= nin) each += (size_t)op->size[k];
    size_t n = bytes / each / LINE * LINE;
    if (n == 0) n = LINE;
    static arena kernels, copies;
    char *const mine = at_least(&kernels, n * each + HW_MAX_OPERANDS * (LINE + GAP));
    char *const other = at_least(&copies, n * each + 2 * (LINE + GAP));
    if (!mine || !other) return -1;
    job.op = op, job.n = n, job.half = n * each / 2;
    job.from = other, job.to = other + (job.half + LINE - 1) / LINE * LINE + GAP;
    for (int k = 0; k < nall; k++) {
        if (k >= op->nstreams && k < nin) {
            const int p = k - op->nstreams;
            const real value =
                default_parameter(direction == HW_FORWARD ? act->params : act->dparams, p);
            if (is_float(op->type[k])) put(op->type[k], params[p], value);
            else put_integer(op->type[k], params[p], (uint64_t)p);
            job.at[k] = params[p], job.steps[k] = 0;
            continue;
        }
        job.at[k] = mine + offset, job.steps[k] = op->size[k];
        offset += (n * (size_t)op->size[k] + LINE - 1) / LINE * LINE + GAP;
        if (k < op->nstreams) fill(op->type[k], job.at[k], n);
    }
    hw_set_num_threads(1);
    run_kernel(), run_memmove();
    const double share = seconds / (2 * REPEATS);
    const double one = seconds_of(run_kernel, 1), one_copy = seconds_of(run_memmove, 1);
    const size_t rounds = (size_t)(share / (one + 1e-9)) + 1;
    const size_t more = (size_t)(share / (one_copy + 1e-9)) + 1;
    const int repeats = one + one_copy > seconds / 2 ? FEWER : REPEATS;
    double kernel[REPEATS], copy[REPEATS], clock[REPEATS];
    for (int r = 0; r < repeats; r++) {
        kernel[r] = seconds_of(run_kernel, rounds);
        clock[r] = clock_ghz();
        copy[r] = seconds_of(run_memmove, more);
    }
    hw_set_num_threads(0);  // the next check is of threads too
    const double k = median(kernel, repeats), m = median(copy, repeats), moved = (double)(n * each);
    *t = (timing){n,   1e9 * k / (double)n, 1e-9 * moved / k, 1e-9 * moved / m,
                  k / m, median(clock, repeats)};
    return 0;
}

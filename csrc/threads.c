// SPDX-License-Identifier: MIT
// Threads: a long contiguous run is cut into one piece for each thread, at multiples of a cache line.
// OpenMP keeps the pool, so that threadpoolctl and OMP_NUM_THREADS govern it; a build without OpenMP has
// one thread.  One call at a time uses the pool, others that come meanwhile stay on their own thread.
// A forked child stays on one thread: the pool does not survive fork, and libgomp would wait for it.
#include "threads.h"

#include <fenv.h>
#include <stdatomic.h>
#include <stdio.h>

#ifdef _OPENMP
#include <omp.h>
#include <pthread.h>

static atomic_int wanted;         // what set_num_threads asked for; 0: nothing
static atomic_flag busy = ATOMIC_FLAG_INIT;
static atomic_int forked;

static void after_fork(void) { atomic_store(&forked, 1); }
__attribute__((constructor)) static void watch_fork(void) { pthread_atfork(NULL, NULL, after_fork); }

// The CPUs that the cgroup's quota pays for, rounded up; 0 where there is none.
static int quota_cpus(void) {
    long quota = 0, period = 0;
    FILE *const file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (!file) return 0;
    const int found = fscanf(file, "%ld %ld", &quota, &period);
    fclose(file);
    return found == 2 && quota > 0 && period > 0 ? (int)((quota + period - 1) / period) : 0;
}

// What OpenMP allows: the CPUs of our affinity mask, or OMP_NUM_THREADS, or threadpoolctl's limit.
static int most_threads(void) {
    static atomic_int quota = -1;
    if (atomic_load(&quota) < 0) atomic_store(&quota, quota_cpus());
    const int q = atomic_load(&quota), omp = omp_get_max_threads();
    return q && q < omp ? q : omp;
}

int hw_get_num_threads(void) {
    const int most = most_threads(), n = atomic_load(&wanted);
    if (atomic_load(&forked)) return 1;
    return n && n < most ? n : most;
}

void hw_set_num_threads(int n) { atomic_store(&wanted, n); }
const char *hw_threading(void) { return "OpenMP"; }

static void run_part(const hw_op *op, size_t begin, size_t end, void *const *operands, int each) {
    const int nin = op->nstreams + op->nparams;
    void *at[HW_MAX_OPERANDS];
    for (int k = 0; k < nin + op->nout; k++) {
        const int one = k >= op->nstreams && k < nin && !each;
        at[k] = (char *)operands[k] + (one ? 0 : begin * (size_t)op->size[k]);
    }
    if (end > begin) op->kernel(end - begin, (const void *const *)at, at + nin, each);
}

void hw_run(const hw_op *op, size_t n, void *const *operands, int each) {
    const size_t parts = n / (size_t)op->grain;
    int threads = parts < 2 || atomic_load(&forked) || omp_in_parallel() ? 1 : hw_get_num_threads();
    if ((size_t)threads > parts) threads = (int)parts;
    if (threads < 2 || atomic_flag_test_and_set(&busy)) {
        run_part(op, 0, n, operands, each);
        return;
    }
    int flags = fetestexcept(FE_ALL_EXCEPT);  // NumPy looks at those of the thread that called
#pragma omp parallel num_threads(threads) reduction(| : flags)
    {
        enum { UNIT = 1024 };  // elements: a multiple of a cache line, and of every vector
        const size_t team = (size_t)omp_get_num_threads(), id = (size_t)omp_get_thread_num();
        const size_t units = (n + UNIT - 1) / UNIT;
        const size_t begin = units * id / team * UNIT, end = units * (id + 1) / team * UNIT;
        feclearexcept(FE_ALL_EXCEPT);
        run_part(op, begin, end < n ? end : n, operands, each);
        flags = fetestexcept(FE_ALL_EXCEPT);
    }
    atomic_flag_clear(&busy);
    feraiseexcept(flags);
}

#else

int hw_get_num_threads(void) { return 1; }
void hw_set_num_threads(int n) { (void)n; }
const char *hw_threading(void) { return "none"; }

void hw_run(const hw_op *op, size_t n, void *const *operands, int each) {
    op->kernel(n, (const void *const *)operands, operands + op->nstreams + op->nparams, each);
}

#endif

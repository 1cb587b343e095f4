// SPDX-License-Identifier: MIT
// Threads: a long run is cut into chunks, which the caller and a pool of workers take one after the other.
//
// The caller never waits for a worker that has not come, only for one that is within a chunk: a pool that
// sleeps, or cores that others keep busy, cost next to nothing.  (An OpenMP region ends when its last
// thread has arrived; with both cores of a machine busy, 65,536 values took 6 ms in one.)  OpenMP sets the
// limits, so that OMP_NUM_THREADS and threadpoolctl govern this pool too; a build without it goes by the
// number of CPUs.  One call at a time has the pool, others that come meanwhile stay on their own thread.
// A forked child, which has no workers, stays on one thread.
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // POSIX besides C11, and Linux's affinity
#endif
#include "threads.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#else
static int omp_get_max_threads(void) {  // asked once: Linux reads a file for it
    static atomic_int cpus;
    if (!atomic_load(&cpus)) atomic_store(&cpus, (int)sysconf(_SC_NPROCESSORS_ONLN));
    return atomic_load(&cpus);
}
static int omp_in_parallel(void) { return 0; }
#endif

enum {
    MOST = 256,          // threads
    UNIT = 1024,         // elements: a multiple of a cache line, and of every vector
    CHUNKS = 8,          // at least, for each thread, so that the last to finish is not long alone
    LONGEST = 32 * UNIT, // of a chunk
    SPIN = 100 * 1000,   // nanoseconds that a worker stays awake: calls often come close together
    LATE = 500 * 1000,   // of waiting for the last chunks: a worker has lost its CPU
    PAUSE = 10,          // times as long as it was late the caller does without the pool,
    OFTEN = 20,          // if another was less than so many times as long ago
    CLOSED = -(1 << 30)  // added to `inside`
};

// Each thread begins with chunks of its own, which in the next call are in its cache still, and ends
// with those of others.
typedef struct {
    _Alignas(64) atomic_size_t next;
    size_t end;
} share;

static struct {
    int workers;
    pthread_t threads[MOST];
#ifdef __linux__
    cpu_set_t cpus;  // that they may use
#endif
    long long away;  // until when calls do without the pool, since the cores are busy
    long long late;  // when that was last noticed
    pthread_mutex_t lock;  // of what follows
    pthread_cond_t wake, done;
    int asleep;
    atomic_uint ticket;  // of the task

    atomic_int inside;  // workers within the task; below 0 it is closed
    int team;
    hw_part *part;
    const void *job;
    size_t n, chunk;
    fenv_t environment;  // of the caller: rounding, and what is done with subnormals
    atomic_int flags;
    share shares[MOST];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER, .inside = CLOSED};

static atomic_int wanted;  // what set_num_threads asked for; 0: nothing
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

// OpenMP's answer: the CPUs of our affinity mask, or OMP_NUM_THREADS, or threadpoolctl's limit.
static int most_threads(void) {
    static atomic_int quota = -1;
    if (atomic_load(&quota) < 0) atomic_store(&quota, quota_cpus());
    const int q = atomic_load(&quota), omp = omp_get_max_threads(), most = omp < MOST ? omp : MOST;
    return q && q < most ? q : most;
}

int hw_get_num_threads(void) {
    const int most = most_threads(), n = atomic_load(&wanted);
    if (atomic_load(&forked)) return 1;
    return n && n < most ? n : most;
}

void hw_set_num_threads(int n) { atomic_store(&wanted, n); }

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static long long nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void take_chunks(int own) {
    for (int k = 0; k < pool.team; k++) {
        share *const s = &pool.shares[(own + k) % pool.team];
        size_t i;
        while ((i = atomic_fetch_add(&s->next, 1)) < s->end) {
            const size_t begin = i * pool.chunk, left = pool.n - begin;
            pool.part(pool.job, begin, begin + (left < pool.chunk ? left : pool.chunk));
        }
    }
}

// Takes part in the task if it is open and has room.  Only who is inside may read what the task is.
static void help(void) {
    int others = atomic_load(&pool.inside);
    do
        if (others < 0) return;
    while (!atomic_compare_exchange_weak(&pool.inside, &others, others + 1));
    if (others + 1 < pool.team) {
        fesetenv(&pool.environment);
        feclearexcept(FE_ALL_EXCEPT);
        take_chunks(others + 1);
        atomic_fetch_or(&pool.flags, fetestexcept(FE_ALL_EXCEPT));
    }
    if (atomic_fetch_sub(&pool.inside, 1) == CLOSED + 1) {  // the caller waits
        pthread_mutex_lock(&pool.lock);
        pthread_cond_signal(&pool.done);
        pthread_mutex_unlock(&pool.lock);
    }
}

static void *work(void *unused) {
    for (unsigned seen = 0;;) {
        const long long start = nanoseconds();
        while (atomic_load(&pool.ticket) == seen && nanoseconds() - start < SPIN) relax();
        if (atomic_load(&pool.ticket) == seen) {
            pthread_mutex_lock(&pool.lock);
            pool.asleep++;
            while (atomic_load(&pool.ticket) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
            pool.asleep--;
            pthread_mutex_unlock(&pool.lock);
        }
        seen = atomic_load(&pool.ticket);
        help();
    }
    return unused;
}

// Workers take no signals: those are the program's.  But a fault of their own is told where it happens.
static void hire(int team) {
    sigset_t all, before;
    sigfillset(&all);
    const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.workers < team - 1 && !pthread_create(&pool.threads[pool.workers], NULL, work, NULL)) {
        pthread_detach(pool.threads[pool.workers]);
        pool.workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// Hires who is lacking, and lets the workers run on every CPU that the caller may use but the one that it is
// on: a scheduler that sees no cache shared between two CPUs wakes a worker on the caller's, where it holds
// up the caller.  0 if no CPU is left.
static int make_ready(int team) {
    const int new = pool.workers < team - 1;
    if (new) hire(team);
#ifdef __linux__
    cpu_set_t cpus;
    if (sched_getaffinity(0, sizeof cpus, &cpus)) return 1;
    CPU_CLR(sched_getcpu(), &cpus);
    if (!CPU_COUNT(&cpus)) return 0;
    if (!new && CPU_EQUAL(&cpus, &pool.cpus)) return 1;
    pool.cpus = cpus;
    for (int k = 0; k < pool.workers; k++) pthread_setaffinity_np(pool.threads[k], sizeof cpus, &cpus);
#endif
    return 1;
}

static void post(size_t n, int team, hw_part *part, const void *job) {
    const size_t units = (n + UNIT - 1) / UNIT, most = (size_t)team * CHUNKS;
    pool.chunk = (units + most - 1) / most * UNIT;
    if (pool.chunk > LONGEST) pool.chunk = LONGEST;
    pool.n = n, pool.team = team, pool.part = part, pool.job = job;
    const size_t chunks = (n + pool.chunk - 1) / pool.chunk;
    for (int t = 0; t < team; t++) {
        atomic_store(&pool.shares[t].next, chunks * (size_t)t / (size_t)team);
        pool.shares[t].end = chunks * (size_t)(t + 1) / (size_t)team;
    }
    fegetenv(&pool.environment);
    atomic_store(&pool.flags, 0);
    atomic_store(&pool.inside, 0);  // open
    pthread_mutex_lock(&pool.lock);
    atomic_fetch_add(&pool.ticket, 1);
    for (int k = pool.asleep < team - 1 ? pool.asleep : team - 1; k > 0; k--)
        pthread_cond_signal(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
}

// Nobody comes in from now on.  Where a worker is long in going out, the cores have other work, and if that happens
// often calls do without the pool for a while, so that not more than a tenth of the time goes in waiting.
static void close_task(void) {
    const long long start = nanoseconds();
    atomic_fetch_add(&pool.inside, CLOSED);
    while (atomic_load(&pool.inside) != CLOSED && nanoseconds() - start < SPIN) relax();
    if (atomic_load(&pool.inside) != CLOSED) {  // leave this CPU: the worker may wait for it
        pthread_mutex_lock(&pool.lock);
        while (atomic_load(&pool.inside) != CLOSED) pthread_cond_wait(&pool.done, &pool.lock);
        pthread_mutex_unlock(&pool.lock);
    }
    const long long now = nanoseconds(), waited = now - start;
    pool.away = 0;
    if (waited < LATE) return;
    if (now - pool.late < OFTEN * waited) pool.away = now + PAUSE * waited;
    pool.late = now;
}

void hw_split(size_t n, size_t grain, hw_part *part, const void *job) {
    const size_t parts = (n + UNIT - 1) / UNIT * UNIT / grain;
    int team = parts < 2 || atomic_load(&forked) || omp_in_parallel() ? 1 : hw_get_num_threads();
    if ((size_t)team > parts) team = (int)parts;
    int with_pool = team > 1 && !atomic_flag_test_and_set(&busy);
    if (with_pool && ((pool.away && nanoseconds() < pool.away) || !make_ready(team))) {
        atomic_flag_clear(&busy);
        with_pool = 0;
    }
    if (!with_pool) {
        part(job, 0, n);
        return;
    }
    post(n, team, part, job);
    take_chunks(0);
    close_task();
    const int flags = atomic_load(&pool.flags);  // NumPy looks at those of the thread that called
    atomic_flag_clear(&busy);
    feraiseexcept(flags);
}

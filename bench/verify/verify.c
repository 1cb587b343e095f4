// SPDX-License-Identifier: MIT
// The verifier: measures the error of every kernel on every instruction set against a reference
// that shares nothing with it.
//   float32, forward and derivative     all 2^32 inputs
//   float16, bfloat16, the same         all 65,536
//   float64, long double                random points, most of them where the functions bend
//   parameters, vjps, gated units       random points, with products that overflow and underflow
// In the same pass the instruction sets are compared bit for bit, and floating-point flags are
// checked. The results are rows of a file, rewritten after each job: what is there already is not
// done again.
#define _GNU_SOURCE
#include <fenv.h>
#include <float.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "halfwave.h"
#include "reference.h"

enum { BLOCK = 4096, CHUNK = 1 << 20, SAMPLES = 1024, MAX_IN = 5, MAX_ISAS = 4, WORST = 8 };

static struct {
    const char *only, *types, *results;
    int threads, redo, quick, portable, check;
    double points, f64_points;
} options = {.results = "results", .threads = 0, .portable = 16, .points = 4e6, .f64_points = 1e8};

static const char *const type_names[] = {"float16", "bfloat16", "float32", "float64", "longdouble"};
static const char *const direction_names[] = {"forward", "grad", "vjp"};
static const struct {
    int digits, least, most;
} formats[] = {{11, -14, 15},
               {8, -126, 127},
               {24, -126, 127},
               {53, -1022, 1023},
               {LDBL_MANT_DIG, -16382, 16383}};

const function functions[FUNCTIONS] = {
#define FN(name, p, q, crossing, ties) {#name, p, q, crossing, ties},
#include "functions.def"
#undef FN
};

int find_function(const char *name) {
    for (int f = 0; f < FUNCTIONS; f++)
        if (!strcmp(functions[f].name, name)) return f;
    return -1;
}

// The function of a row, or that of its gate.
static int function_of(const char *row) {
    static const char *const gates[][2] = {
#define FN(...)
#define GATED(unit, act) {#unit, #act},
#include "functions.def"
#undef FN
    };
    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
        if (!strcmp(gates[i][0], row)) return find_function(gates[i][1]);
    return find_function(row);
}

// ---- what is measured

typedef struct {
    double error, in[MAX_IN];
    long double got;
    int output;
} witness;

typedef struct {
    long long points, over_half, wrong, differ;
    witness worst[WORST];  // largest first
    witness wrong_at, differ_at, flag_at[4];
    int flags;
} stats;

static const struct {
    int flag;
    const char *name;
} watched[] = {{FE_INVALID, "invalid"},
               {FE_DIVBYZERO, "divide"},
               {FE_OVERFLOW, "overflow"},
               {FE_UNDERFLOW, "underflow"}};
enum { ALL_WATCHED = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW };

typedef enum { ALL, RANDOM, PARAMETERS, EXTREMES } inputs;
static const char *const inputs_names[] = {"all", "random", "parameters", "extremes"};

typedef struct {
    int row, f, gated, weighted;
    hw_direction direction;
    hw_type type;
    inputs inputs;
    hw_op op[MAX_ISAS];
    int isas, isa[MAX_ISAS];
    double bound;
    long long chunks;
    atomic_llong next, done;
    pthread_mutex_t lock;
    stats stats[MAX_ISAS];
} job;

static const char *name_of(const job *j) { return hw_activations()[j->row].name; }

static void keep_worst(stats *s, const witness *w) {
    if (!(w->error > s->worst[WORST - 1].error)) return;
    int i = WORST - 1;
    for (; i > 0 && s->worst[i - 1].error < w->error; i--) s->worst[i] = s->worst[i - 1];
    s->worst[i] = *w;
}

static void merge(stats *to, const stats *from) {
    to->points += from->points;
    to->over_half += from->over_half;
    if (!to->wrong) to->wrong_at = from->wrong_at;
    to->wrong += from->wrong;
    if (!to->differ) to->differ_at = from->differ_at;
    to->differ += from->differ;
    for (int k = 0; k < 4; k++)
        if (from->flags & ~to->flags & watched[k].flag) to->flag_at[k] = from->flag_at[k];
    to->flags |= from->flags;
    for (int i = 0; i < WORST; i++) keep_worst(to, &from->worst[i]);
}

// |got - exact| in units in the last place of max(|exact|, floor); infinite where a NaN or the sign
// of a zero is wrong.
static double ulps(hw_type type, long double got, long double exact, long double floor) {
    if (isnan(exact) || isnan(got)) return isnan(exact) && isnan(got) ? 0 : INFINITY;
    if (got == 0 && !signbit(got) != !signbit(exact)) return INFINITY;
    if (type == HW_LD && isinf(got))
        return fabsl(exact) > 1e900L && signbit(got) == signbit(exact) ? 0 : INFINITY;
    if (type == HW_LD)
        return got == exact ? 0 : fabsl(got - exact) / ldexpl(1, ilogbl(exact) - LDBL_MANT_DIG + 1);
    const long double top = ldexpl(1, formats[type].most + 1);
    const long double a = fmaxl(-top, fminl(top, got)), b = fmaxl(-top, fminl(top, exact));
    int e = b != 0 ? ilogbl(b) : formats[type].least;
    e = e < formats[type].least  ? formats[type].least
        : e > formats[type].most ? formats[type].most
                                 : e;
    if (floor > 0 && ilogbl(floor) > e) e = ilogbl(floor);  // beyond the largest number too
    return (double)ldexpl(fabsl(a - b), formats[type].digits - 1 - e);
}

// Within 1/4 of the point where a derivative crosses zero errors are counted in ULPs of 2^-4 at least.
// That of swish is a function of beta x, and its distance is taken there: in x it would be the
// narrower the smaller beta is.
static double floor_at(const job *j, double x, double p) {
    const double u = j->f == FN_swish ? p * x : x;
    return j->direction != HW_FORWARD && fabs(u - functions[j->f].crossing) <= 0.25 ? 0x1p-4 : 0;
}

static slow_function *slow_of(const job *j, int derivative) {
    return (j->type == HW_F64 || j->type == HW_LD ? slow_f64 : slow_f32)[j->f][derivative];
}

// The exact error of a result in units in the last place, from MPFR; forward and grad only.
static double judged(const job *j, double x, double p, long double got) {
    const int d = j->direction == HW_GRAD;
    const long double y = fmaxl(fabsl(slow_of(j, d)(x, p, 0)), floor_at(j, x, p));
    int e = y > 0 ? ilogbl(y) : formats[j->type].least;
    e = e < formats[j->type].least ? formats[j->type].least : e;
    return fabs(exact_difference(j->f, d, x, p, got, e - formats[j->type].digits + 1));
}

// Is the result more than half a unit off?  e is its error as far as known.
static int over_half(const job *j, double x, double p, double q, long double got, double e) {
    const function *f = &functions[j->f];
    const int d = j->direction == HW_GRAD;
    if (f->ties == EXACT) return e > 0.5 + 0x1p-28;
    const long double exact = slow_of(j, d)(x, p, q);
    if (f->ties == CONVEX && !d && fabs(x) < 0x1p-100 && e == 0.5) return got < exact;
    e = ulps(j->type, got, exact, floor_at(j, x, p));
    if (fabs(e - 0.5) > (j->type == HW_F64 ? 0x1p-8 : 0x1p-28) || !has_exact(j->f)) return e > 0.5;
    return judged(j, x, p, got) > 0.5;
}

// ---- all float32 inputs

static void apply_f32(const hw_op *op, size_t n, float *x, float *params, float *y) {
    char *operands[HW_MAX_OPERANDS] = {(char *)x};
    ptrdiff_t steps[HW_MAX_OPERANDS] = {sizeof *x};
    for (int k = 0; k < op->nparams; k++) operands[1 + k] = (char *)&params[k];
    operands[1 + op->nparams] = (char *)y;
    steps[1 + op->nparams] = sizeof *y;
    hw_apply(op, n, operands, steps);
}

static int same_f32(const float *a, const float *b) {
    return !memcmp(a, b, sizeof *a) || (*a != *a && *b != *b);
}

// Which flags are not called for by any of the results?
static int spurious(int raised, const fast_summary *summary, int signalling) {
    if (summary->tiny) raised &= ~FE_UNDERFLOW;
    if (summary->overflows) raised &= ~FE_OVERFLOW;
    if (signalling) raised &= ~FE_INVALID;
    return raised;
}

typedef struct {
    float x[BLOCK], got[MAX_ISAS][BLOCK];
    double ref[BLOCK], error[BLOCK];
} walk_block;

// Errors of one instruction set's results for a block: *over and *wrong, and b->error.
static void measure_f32(job *j, walk_block *b, int isa, double p, double q, fast_summary *summary,
                        long long *over) {
    const function *f = &functions[j->f];
    const double band = f->ties == EXACT ? 0x1p-28 : 0x1p-16;
    const double crossing = j->direction == HW_GRAD ? f->crossing : NAN;
    fast_errors(BLOCK, b->x, b->got[isa], b->ref, crossing, band, b->error, summary);
    long long wrong = 0;
    *over = summary->certain;
    if (summary->possible > summary->certain && f->ties != EXACT) {
        for (int i = 0; i < BLOCK; i++)
            if (fabs(b->error[i] - 0.5) <= band)
                *over += over_half(j, b->x[i], p, q, b->got[isa][i], b->error[i]);
    }
    if (summary->max == INFINITY)
        for (int i = 0; i < BLOCK; i++) wrong += b->error[i] == INFINITY;
    *over -= wrong;
}

static void tally_f32(stats *s, const walk_block *b, int isa, double p, double q, double max,
                      long long over) {
    s->points += BLOCK;
    s->over_half += over;
    if (max > s->worst[WORST - 1].error) {
        for (int i = 0; i < BLOCK; i++) {
            const witness w = {b->error[i], {b->x[i], p, q}, b->got[isa][i], 0};
            if (w.error < INFINITY)
                keep_worst(s, &w);
            else if (!s->wrong++)
                s->wrong_at = w;
        }
    }
}

static void check_flags(job *j, stats *s, walk_block *b, int isa, float *params, int raised,
                        const fast_summary *summary) {
    uint32_t first;
    memcpy(&first, b->x, sizeof first);
    const int signalling = (first & 0x7fc00000) == 0x7f800000;
    if (!(raised = spurious(raised, summary, signalling) & ~s->flags)) return;
    s->flags |= raised;
    int left = raised;
    for (int i = 0; i < BLOCK && left; i++) {  // whose was it?
        float y;
        fast_summary one;
        double error;
        feclearexcept(FE_ALL_EXCEPT);
        apply_f32(&j->op[isa], 1, &b->x[i], params, &y);
        int flags = fetestexcept(ALL_WATCHED);
        fast_errors(1, &b->x[i], &y, &b->ref[i], NAN, 0, &error, &one);
        flags = spurious(flags, &one, signalling) & left;
        for (int k = 0; k < 4; k++)
            if (flags & watched[k].flag)
                s->flag_at[k] = (witness){0, {b->x[i], params[0], params[1]}, y, 0};
        left &= ~flags;
    }
    for (int k = 0; k < 4; k++)
        if (left & watched[k].flag)
            s->flag_at[k] = (witness){0, {b->x[0], params[0], params[1]}, 0, 0};
}

static void walk_chunk(job *j, long long chunk, stats *mine, walk_block *b) {
    const function *f = &functions[j->f];
    const int np = j->op[0].nparams;
    float params[2] = {(float)f->p, (float)f->q};
    const double p = np > 0 ? params[0] : 0, q = np > 1 ? params[1] : 0;
    for (uint32_t k = 0; k < CHUNK / BLOCK; k++) {
        const uint32_t first = (uint32_t)chunk * CHUNK + k * BLOCK;
        const uint32_t hash = first / BLOCK * 0x9E3779B1u;
        if (options.quick && hash >> 26) continue;
        for (uint32_t i = 0; i < BLOCK; i++) {
            const uint32_t bits = first + i;
            memcpy(&b->x[i], &bits, sizeof bits);
        }
        fast[j->f][j->direction](BLOCK, b->x, p, q, b->ref);
        fast_summary summary = {0};
        long long over = 0;
        int measured = -1;  // whose errors are in the block
        for (int isa = 0; isa < j->isas; isa++) {
            const int portable = !strcmp(hw_isa_name(j->isa[isa]), "portable");
            if (isa && portable && (hash >> 6) % (uint32_t)options.portable) continue;
            stats *s = &mine[isa];
            feclearexcept(FE_ALL_EXCEPT);
            apply_f32(&j->op[isa], BLOCK, b->x, params, b->got[isa]);
            const int raised = fetestexcept(ALL_WATCHED);
            int differ = 0;
            if (isa && memcmp(b->got[isa], b->got[0], sizeof b->got[0])) {
                for (int i = 0; i < BLOCK; i++) {
                    if (same_f32(&b->got[isa][i], &b->got[0][i])) continue;
                    if (!s->differ++)
                        s->differ_at = (witness){0, {b->x[i], p, q}, b->got[isa][i], 0};
                    differ = 1;
                }
            }
            if (measured < 0 || differ ||
                measured != 0) {  // else the same bits, so the same errors
                measure_f32(j, b, isa, p, q, &summary, &over);
                measured = isa;
            }
            tally_f32(s, b, isa, p, q, summary.max, over);
            if (raised) check_flags(j, s, b, isa, params, raised, &summary);
        }
    }
}

// ---- random inputs

typedef struct {
    uint64_t state;
} rng;
static uint64_t draw(rng *r) {  // splitmix64
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static double uniform(rng *r, double low, double high) {
    return low + (high - low) * ((double)(draw(r) >> 11) * 0x1p-53);
}
static double either(rng *r, double a) { return draw(r) & 1 ? a : -a; }
// Sizes spread evenly over binades.
static double spread(rng *r, double low, double high) {
    const double e = uniform(r, low, high);
    return either(r, ldexp(1 + uniform(r, 0, 1), (int)floor(e)));
}

static long double get(hw_type type, const void *at, size_t i) {
    switch (type) {
        case HW_F16: return ((const _Float16 *)at)[i];
        case HW_BF16: {
            const uint32_t bits = (uint32_t)((const uint16_t *)at)[i] << 16;
            float y;
            memcpy(&y, &bits, sizeof y);
            return y;
        }
        case HW_F32: return ((const float *)at)[i];
        case HW_F64: return ((const double *)at)[i];
        default: return ((const long double *)at)[i];
    }
}

static void put(hw_type type, void *at, size_t i, double a) {
    switch (type) {
        case HW_F16: ((_Float16 *)at)[i] = (_Float16)a; break;
        case HW_BF16: {
            const float y = (float)a;
            uint32_t bits;
            memcpy(&bits, &y, sizeof y);
            ((uint16_t *)at)[i] =
                (uint16_t)(a != a ? 0x7fc0 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
            break;
        }
        case HW_F32: ((float *)at)[i] = (float)a; break;
        case HW_F64: ((double *)at)[i] = a; break;
        default: ((long double *)at)[i] = a;
    }
}

static double special(rng *r, hw_type type) {
    static const double list[] = {0, 0, INFINITY, NAN, 1, 2, 3, 6, 0.5, 20, 0.1, 0.2};
    const int n = sizeof list / sizeof *list, k = (int)(draw(r) % (n + 4));
    const int least = formats[type].least < -1022 ? -1022 : formats[type].least;
    const int most = formats[type].most > 1023 ? 1023 : formats[type].most;
    if (k < n) return either(r, list[k]);
    return either(
        r,
        k == n       ? ldexp(1, least - formats[type].digits + 1)
        : k == n + 1 ? ldexp(1, least)
        : k == n + 2
            ? ldexp(2 - ldexp(1, 1 - (formats[type].digits > 53 ? 53 : formats[type].digits)), most)
            : ldexp(1, most));
}

static double any_bits(rng *r, hw_type type) {
    const int least = formats[type].least < -1022 ? -1022 : formats[type].least;
    return spread(r, least - 5, -least + 2);
}

static double draw_x(rng *r, const job *j) {
    const double c = isnan(functions[j->f].crossing) ? 0 : functions[j->f].crossing;
    const int wide = formats[j->type].most > 127;
    switch (draw(r) & 15) {
        case 0:
        case 1:
        case 2:
        case 3: return uniform(r, -12, 12);
        case 4:
        case 5:
        case 6: return uniform(r, -2, 2);
        case 7: return uniform(r, c - 0.3, c + 0.3);
        case 8:
        case 9: return spread(r, -30, 6);
        case 10: return wide ? uniform(r, -760, 40) : uniform(r, -110, 20);
        case 11: return wide ? uniform(r, -40, 10) : uniform(r, -16, 6);
        case 12: return uniform(r, -6, 20);
        case 13: return either(r, uniform(r, 0, wide ? 800 : 120));
        case 14: return any_bits(r, j->type);
        default: return draw(r) & 3 ? spread(r, -70, -10) : special(r, j->type);
    }
}

// Multipliers: mostly ordinary, many so large or small that a product overflows or underflows on
// the way.
static double draw_multiplier(rng *r, hw_type type) {
    switch (draw(r) & 7) {
        case 0:
        case 1:
        case 2:
        case 3: return uniform(r, -4, 4);
        case 4: return spread(r, -30, 30);
        case 5:
        case 6: return any_bits(r, type);
        default: return special(r, type);
    }
}

static double draw_parameter(rng *r, const job *j, int k) {
    const function *f = &functions[j->f];
    const hw_type type = j->type;
    if (j->inputs == EXTREMES) return draw(r) & 1 ? any_bits(r, type) : special(r, type);
    switch (draw(r) & 7) {
        case 0: return k ? f->q : f->p;
        case 1:
        case 2: return uniform(r, -3, 3);
        case 3:
        case 4: return uniform(r, 0, 2);
        case 5: return fabs(spread(r, -10, 10));
        default: return spread(r, -10, 10);
    }
}

// g d by SPEC 1.6: +0 where d is 0; NaN in g or d shows.
static long double product(long double g, long double d) { return d == 0 && !isnan(g) ? 0 : g * d; }

// A value of the reference at x, or the limit that it stands for.
static long double limit(long double y, long double x) {
    if (!isinf(x) || isnan(y) || (fabsl(y) > 1e-400L && fabsl(y) < 1e400L)) return y;
    return copysignl(fabsl(y) < 1 ? 0 : INFINITY, y);
}

// The exact results for one set of operands (streams, then parameters).
static void expect(const job *j, const double *in, long double *exact, long double *floor) {
    const hw_op *op = &j->op[0];
    const double p = op->nparams > 0 ? in[op->nstreams] : 0,
                 q = op->nparams > 1 ? in[op->nstreams + 1] : 0;
    const int vjp = j->direction == HW_VJP;
    const long double g = vjp ? in[0] : 1, x = in[vjp];
    const long double near = floor_at(j, in[vjp], p);
    slow_function *const value = slow_of(j, 0), *const slope = slow_of(j, 1);
    floor[0] = floor[1] = 0;
    if (j->gated) {
        const long double up = in[vjp + 1];
        const long double y = limit(value(x, p, q), x);
        if (!vjp) {
            exact[0] = y * up;
            return;
        }
        const long double d = limit(slope(x, p, q), x);
        exact[0] = isnan(up) || isnan(g) ? NAN : product(d == 0 ? 0 : g * up, d);
        floor[0] = fabsl(g * up) * near;
        exact[1] = product(g, y);
    } else if (vjp) {
        exact[0] = product(g, limit(slope(x, p, q), x));
        floor[0] = fabsl(g) * near;
        exact[1] = product(g, x > 0 ? 0 : x);  // of a learnt slope
    } else {
        exact[0] = slow_of(j, j->direction)(x, p, q);
        floor[0] = near;
    }
    for (int k = 0; k < 2; k++)
        if (!(floor[k] < INFINITY)) floor[k] = 0;
}

typedef struct {
    _Alignas(64) char operand[HW_MAX_OPERANDS][SAMPLES * sizeof(long double)];
    _Alignas(64) char got[MAX_ISAS][2][SAMPLES * sizeof(long double)];
} sample_block;

static int same(hw_type type, const char *a, const char *b, int size) {
    return !memcmp(a, b, size) || (isnan(get(type, a, 0)) && isnan(get(type, b, 0)));
}

static void sample_chunk(job *j, long long chunk, stats *mine, sample_block *b) {
    const hw_op *op = &j->op[0];
    const int nin = op->nstreams + op->nparams, each = j->inputs >= PARAMETERS;
    const double defaults[2] = {functions[j->f].p, functions[j->f].q};
    rng r = {(uint64_t)chunk * 0x100000001B3u ^
             (uint64_t)(j->row * 64 + j->direction * 16 + j->type) << 40};
    for (size_t i = 0; i < SAMPLES; i++) {
        for (int k = 0; k < op->nstreams; k++) {
            if (j->inputs == ALL) {
                ((uint16_t *)b->operand[k])[i] = (uint16_t)(chunk * SAMPLES + i);
            } else {
                const int is_x = k == (j->direction == HW_VJP);
                put(op->type[k], b->operand[k], i,
                    is_x ? draw_x(&r, j) : draw_multiplier(&r, j->type));
            }
        }
        for (int k = 0; k < op->nparams; k++)
            put(op->type[op->nstreams + k], b->operand[op->nstreams + k], i,
                each ? draw_parameter(&r, j, k) : defaults[k]);
    }
    for (int isa = 0; isa < j->isas; isa++) {
        char *operands[HW_MAX_OPERANDS];
        ptrdiff_t steps[HW_MAX_OPERANDS];
        for (int k = 0; k < nin + op->nout; k++) {
            operands[k] = k < nin ? b->operand[k] : b->got[isa][k - nin];
            steps[k] = k >= op->nstreams && k < nin && !each ? 0 : op->size[k];
        }
        hw_apply(&j->op[isa], SAMPLES, operands, steps);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        double in[MAX_IN] = {0};
        int loose = 0;  // parameters that are not finite: only NaN is judged
        int zero = 0;   // x or a parameter of 0: the sign of a zero result is settled at the defaults
        for (int k = 0; k < nin; k++) {
            in[k] = (double)get(op->type[k], b->operand[k], i);
            loose |= k >= op->nstreams && !isfinite(in[k]);
            zero |= k >= op->nstreams - 1 && in[k] == 0 && each;
        }
        const double p = op->nparams > 0 ? in[op->nstreams] : 0,
                     q = op->nparams > 1 ? in[op->nstreams + 1] : 0;
        long double exact[2], floor[2];
        expect(j, in, exact, floor);
        double errors[2] = {0};  // of the first instruction set; equal bits need no second look
        for (int isa = 0; isa < j->isas; isa++) {
            stats *s = &mine[isa];
            s->points++;
            for (int o = 0; o < op->nout; o++) {
                const hw_type type = op->type[nin + o];
                const int size = op->size[nin + o];
                const char *const at = b->got[isa][o] + i * size, *const first =
                                                                      b->got[0][o] + i * size;
                const long double got = get(type, at, 0);
                witness w = {0, {in[0], in[1], in[2], in[3], in[4]}, got, o};
                const int equal = isa && same(type, at, first, size);
                if (isa && !equal && !s->differ++) s->differ_at = w;
                if (type == HW_LD && fabsl(exact[o]) < 1e-3000L && exact[o] != 0)
                    continue;  // clamped: slow.c
                if (loose && !(isnan(exact[o]) && (isnan(p) || isnan(q)))) continue;
                if (zero && got == 0 && exact[o] == 0) continue;
                w.error = equal ? errors[o] : ulps(type, got, exact[o], floor[o]);
                if (!isa) errors[o] = w.error;
                if (j->type == HW_LD && w.error > 0 && w.error < INFINITY && has_exact(j->f))
                    w.error = judged(j, in[0], p, got);
                if (w.error == INFINITY) {
                    if (!s->wrong++) s->wrong_at = w;
                    continue;
                }
                keep_worst(s, &w);
                if (j->direction != HW_VJP && !j->gated && fabs(w.error - 0.5) < 0x1p-10)
                    s->over_half += over_half(j, in[0], p, q, got, w.error);
                else
                    s->over_half += w.error > 0.5;
            }
        }
    }
}

// ---- running a job

static void *work(void *argument) {
    job *j = argument;
    stats mine[MAX_ISAS] = {0};
    const int walk = j->type == HW_F32 && j->inputs == ALL;
    void *block = aligned_alloc(64, walk ? sizeof(walk_block) : sizeof(sample_block));
    for (long long chunk; (chunk = atomic_fetch_add(&j->next, 1)) < j->chunks;) {
        if (walk)
            walk_chunk(j, chunk, mine, block);
        else
            sample_chunk(j, chunk, mine, block);
        atomic_fetch_add(&j->done, 1);
    }
    free(block);
    pthread_mutex_lock(&j->lock);
    for (int isa = 0; isa < j->isas; isa++) merge(&j->stats[isa], &mine[isa]);
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_witness(FILE *to, const job *j, const witness *w) {
    const int nin = j->op[0].nstreams + j->op[0].nparams;
    for (int k = 0; k < nin; k++) fprintf(to, "%s%a", k ? " " : "", w->in[k]);
}

// Seconds of processor time, all threads together.
static double run_job(job *j, int number, int jobs) {
    pthread_t threads[256];
    const double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    pthread_mutex_init(&j->lock, NULL);
    for (int t = 0; t < options.threads; t++) pthread_create(&threads[t], NULL, work, j);
    if (isatty(STDERR_FILENO)) {
        for (long long done; (done = atomic_load(&j->done)) < j->chunks;) {
            const int width = 30, part = (int)(width * done / j->chunks);
            const double left =
                done ? (now(CLOCK_MONOTONIC) - start) * (double)(j->chunks - done) / (double)done
                     : 0;
            fprintf(stderr, "\r[%.*s%*s] %d/%d %s %s %s, %.0f s left   ", part,
                    "##############################", width - part, "", number, jobs, name_of(j),
                    direction_names[j->direction], type_names[j->type], left);
            usleep(100000);
        }
        fprintf(stderr, "\r%100s\r", "");
    }
    for (int t = 0; t < options.threads; t++) pthread_join(threads[t], NULL);
    return now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}

// ---- results

static char **lines;
static size_t line_count;
static const char header[] =
    "function,direction,type,isa,inputs,points,max_ulp,witness,bound,over_half,wrong,"
    "wrong_witness,bits_equal,differ_witness,flags,date,compiler";

static char *path(const char *file) {
    static char buffer[4096];
    snprintf(buffer, sizeof buffer, "%s/%s", options.results, file);
    return buffer;
}

static void read_results(void) {
    FILE *from = fopen(path("accuracy.csv"), "r");
    char *line = NULL;
    size_t size = 0;
    if (!from) return;
    while (getline(&line, &size, from) > 0) {
        line[strcspn(line, "\n")] = 0;
        if (!*line || !strncmp(line, "function,", 9)) continue;
        lines = realloc(lines, (line_count + 1) * sizeof *lines);
        lines[line_count++] = strdup(line);
    }
    free(line);
    fclose(from);
}

static void key_of(char *key, size_t size, const job *j, int isa) {
    snprintf(key, size, "%s,%s,%s,%s,%s,", name_of(j), direction_names[j->direction],
             type_names[j->type], hw_isa_name(j->isa[isa]), inputs_names[j->inputs]);
}

static size_t find_line(const char *key) {
    size_t i = 0;
    while (i < line_count && strncmp(lines[i], key, strlen(key))) i++;
    return i;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void write_results(void) {
    char name[4096];
    snprintf(name, sizeof name, "%s", path("accuracy.csv.new"));
    FILE *to = fopen(name, "w");
    if (!to) {
        perror(name);
        exit(2);
    }
    qsort(lines, line_count, sizeof *lines, by_text);
    fprintf(to, "%s\n", header);
    for (size_t i = 0; i < line_count; i++) fprintf(to, "%s\n", lines[i]);
    fclose(to);
    rename(name, path("accuracy.csv"));
}

static void flag_names(FILE *to, const job *j, const stats *s) {
    for (int k = 0; k < 4; k++) {
        if (!(s->flags & watched[k].flag)) continue;
        fprintf(to, " %s at ", watched[k].name);
        print_witness(to, j, &s->flag_at[k]);
    }
}

static void record(const job *j, int isa) {
    const stats *s = &j->stats[isa];
    char key[256], date[16], *line;
    size_t size;
    const time_t today = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&today));
    key_of(key, sizeof key, j, isa);
    FILE *to = open_memstream(&line, &size);
    fprintf(to, "%s%lld,%.4f,", key, s->points, s->worst[0].error);
    print_witness(to, j, &s->worst[0]);
    fprintf(to, ",%g,%lld,%lld,", j->bound, s->over_half, s->wrong);
    if (s->wrong) print_witness(to, j, &s->wrong_at);
    fprintf(to, ",%s,", s->differ ? "no" : "yes");
    if (s->differ) print_witness(to, j, &s->differ_at);
    fprintf(to, ",");
    flag_names(to, j, s);
    fprintf(to, ",%s,%s", date, hw_compiler());
    fclose(to);
    const size_t i = find_line(key);
    if (i == line_count) lines = realloc(lines, ++line_count * sizeof *lines);
    lines[i] = line;
}

// The list of worst cases: one file, the jobs done now replace their old lines.
static void record_worst(const job *j) {
    char key[256], new_name[4096], *line = NULL;
    size_t size = 0;
    snprintf(key, sizeof key, "%s,%s,%s,%s,", name_of(j), direction_names[j->direction],
             type_names[j->type], inputs_names[j->inputs]);
    snprintf(new_name, sizeof new_name, "%s", path("worst.csv.new"));
    FILE *from = fopen(path("worst.csv"), "r"), *to = fopen(new_name, "w");
    if (!to) return;
    fprintf(to, "function,direction,type,inputs,error,operands,result\n");
    while (from && getline(&line, &size, from) > 0)
        if (strncmp(line, key, strlen(key)) && strncmp(line, "function,", 9)) fputs(line, to);
    for (int i = 0; i < WORST && j->stats[0].worst[i].error > 0; i++) {
        const witness *w = &j->stats[0].worst[i];
        fprintf(to, "%s%.4f,", key, w->error);
        print_witness(to, j, w);
        fprintf(to, ",%La\n", w->got);
    }
    free(line);
    if (from) fclose(from);
    fclose(to);
    rename(new_name, path("worst.csv"));
}

// Nothing to say of an instruction set that has not been said of the first?
static int alike(const stats *a, const stats *b) {
    return a->points == b->points && a->worst[0].error == b->worst[0].error &&
           a->wrong == b->wrong && !a->differ && !(a->flags & ~b->flags);
}

static int report(const job *j, double seconds) {
    int bad = 0;
    for (int isa = 0; isa < j->isas; isa++) {
        const stats *s = &j->stats[isa];
        const int fails = s->worst[0].error > j->bound || s->wrong || s->differ || s->flags;
        bad |= fails;
        if (isa && (!fails || alike(s, &j->stats[0]))) continue;
        printf("%-4s %-18s %-7s %-10s %-10s %-8s max %.4f at ", fails ? "FAIL" : "ok", name_of(j),
               direction_names[j->direction], type_names[j->type], inputs_names[j->inputs],
               hw_isa_name(j->isa[isa]), s->worst[0].error);
        print_witness(stdout, j, &s->worst[0]);
        if (s->worst[0].error > j->bound) printf(" -> %La (bound %g)", s->worst[0].got, j->bound);
        printf("; %lld over half", s->over_half);
        if (s->wrong) {
            printf("; %lld WRONG, e.g. ", s->wrong);
            print_witness(stdout, j, &s->wrong_at);
            printf(" -> %La (output %d)", s->wrong_at.got, s->wrong_at.output);
        }
        if (s->differ) {
            printf("; %lld DIFFER from %s, e.g. ", s->differ, hw_isa_name(j->isa[0]));
            print_witness(stdout, j, &s->differ_at);
        }
        if (s->flags) {
            printf("; FLAGS");
            flag_names(stdout, j, s);
        }
        if (!isa) printf("; %.2f ns/value, %.1f CPU s", seconds * 1e9 / (double)s->points, seconds);
        printf("\n");
    }
    fflush(stdout);
    return bad;
}

// ---- the list of jobs

static job *make_job(int row, hw_direction direction, hw_type type, inputs inputs) {
    const hw_activation *a = &hw_activations()[row];
    job *j = calloc(1, sizeof *j);
    j->row = row;
    j->f = function_of(a->name);
    j->direction = direction;
    j->type = type;
    j->inputs = inputs;
    j->gated = !strcmp(a->kind, "GATED");
    j->weighted = !strcmp(a->kind, "WEIGHTED");
    for (int isa = 0; isa < hw_isa_count(); isa++) {
        if (!hw_isa_available(isa) || (type == HW_LD && isa < hw_isa_count() - 1)) continue;
        if (hw_get(&j->op[j->isas], row, direction, type, isa)) continue;
        j->isa[j->isas++] = isa;
    }
    const int wide = type == HW_F64;
    j->bound = direction == HW_VJP ? (j->gated ? 4 : 2.5)
               : j->gated          ? 2.5
               : type <= HW_BF16   ? 0.501
               : type == HW_LD     ? INFINITY
               : direction         ? (wide ? a->dulp64 : a->dulp)
                                   : (wide ? a->ulp64 : a->ulp);
    double points = type == HW_F64 && inputs == RANDOM && direction != HW_VJP && !j->gated
                        ? options.f64_points
                    : type == HW_LD ? 2e4
                                    : options.points;
    if (options.quick) points /= 64;
    j->chunks =
        inputs == ALL ? (type == HW_F32 ? 1LL << 12 : 64) : (long long)(points / SAMPLES) + 1;
    if (!j->isas || (inputs >= PARAMETERS && !j->op[0].nparams)) {
        free(j);
        return NULL;
    }
    return j;
}

static int wanted(const char *name, const char *names) {
    if (!names) return 1;
    const size_t n = strlen(name);
    for (const char *at = names; (at = strstr(at, name)); at++)
        if ((at == names || at[-1] == ',') && (!at[n] || at[n] == ',')) return 1;
    return 0;
}

static int is_done(const job *j) {
    int done = !options.redo && !options.quick;
    for (int isa = 0; isa < j->isas; isa++) {
        char key[256];
        key_of(key, sizeof key, j, isa);
        done &= find_line(key) < line_count;
    }
    return done;
}

static int run_all(void) {
    static job *list[4096];
    int jobs = 0, bad = 0, skipped = 0;
    for (int row = 0; row < hw_count(); row++) {
        const hw_activation *a = &hw_activations()[row];
        if (!wanted(a->name, options.only)) continue;
        if (function_of(a->name) < 0) {
            printf("FAIL %s: not in functions.def\n", a->name);
            bad = 1;
            continue;
        }
        const int gated = !strcmp(a->kind, "GATED");
        for (int direction = 0; direction < HW_DIRECTIONS; direction++) {
            for (int type = 0; type <= HW_LD; type++) {
                if (!wanted(type_names[type], options.types)) continue;
                const int product = gated || direction == HW_VJP,
                          random = product || type >= HW_F64;
                if (type == HW_LD && product) continue;
                for (int kind = random ? RANDOM : ALL; kind <= EXTREMES;
                     kind += kind == ALL ? 2 : 1) {
                    if (kind >= PARAMETERS && type != HW_F32 && type != HW_F64) continue;
                    job *j = make_job(row, direction, type, kind);
                    if (!j) continue;
                    if (is_done(j)) {
                        skipped++;
                        free(j);
                    } else {
                        list[jobs++] = j;
                    }
                }
            }
        }
    }
    if (skipped) printf("%d jobs are done already (--redo does them again)\n", skipped);
    for (int i = 0; i < jobs; i++) {
        job *j = list[i];
        const double seconds = run_job(j, i + 1, jobs);
        bad |= report(j, seconds);
        if (!options.quick) {
            for (int isa = 0; isa < j->isas; isa++) record(j, isa);
            write_results();
            record_worst(j);
        }
        free(j);
    }
    return bad;
}

// ---- the references against MPFR

// The larger, or NaN, as of a row that exact.c does not know.
static double larger(double a, double b) { return isnan(a) || a >= b ? a : b; }

static int check_reference(void) {
    int bad = 0;
    printf("Largest relative errors of the references against MPFR, as powers of 2\n");
    printf("%-20s %8s %8s %8s\n", "", "fast", "slow f32", "slow f64");
    for (int f = 0; f < FUNCTIONS; f++) {
        if (!has_exact(f) || !wanted(functions[f].name, options.only)) continue;
        for (int d = 0; d < 2; d++) {
            job j = {.f = f, .direction = d};
            double worst[3] = {0};
            rng r = {(uint64_t)f * 2 + d};
            const int n = options.quick ? 2000 : 20000;
            for (int i = 0; i < n; i++) {
                for (int wide = 0; wide < 2; wide++) {
                    j.type = wide ? HW_F64 : HW_F32;
                    const double drawn = draw_x(&r, &j), x = wide ? drawn : (float)drawn;
                    if (!isfinite(x)) continue;
                    const float x32 = (float)x;
                    const double p = functions[f].p, q = functions[f].q, near = floor_at(&j, x, p);
                    const double least = ldexp(1, wide ? -1074 : -160);
                    double y = 0;
                    fast[f][d](1, &x32, p, q, &y);
                    const long double z = slow_of(&j, d)(x, p, q);
                    if (fabsl(z) < least) continue;
                    const double e = fabs(exact_relative(f, d, x, p, z, near));
                    if (!wide) worst[0] = larger(worst[0], fabs(exact_relative(f, d, x, p, y, near)));
                    worst[1 + wide] = larger(worst[1 + wide], e);
                }
            }
            const int fails = !(worst[0] <= 0x1p-44 && worst[1] <= 0x1p-58 && worst[2] <= 0x1p-58);
            printf("%s%-18s %8.1f %8.1f %8.1f%s\n", d ? "d_" : "  ", functions[f].name,
                   log2(worst[0]), log2(worst[1]), log2(worst[2]), fails ? "  FAIL" : "");
            bad |= fails;
        }
    }
    return bad;
}

static void usage(void) {
    puts(
        "verify [options]: measures every kernel against references of many more digits.\n"
        "  --only NAMES        these functions only, separated by commas\n"
        "  --types NAMES       these types only: float16, bfloat16, float32, float64, longdouble\n"
        "  --quick             one block in 64, and nothing is recorded\n"
        "  --redo              measure again what the results have already\n"
        "  --threads N         default: all processors\n"
        "  --points N          random points for products and parameters (4e6)\n"
        "  --f64-points N      random float64 points of a function (1e8)\n"
        "  --portable N        the portable kernels see one float32 block in N (16)\n"
        "  --results DIR       default: results\n"
        "  --check-reference   measure the references themselves, against MPFR");
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *const name = argv[i], *const value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(name, "--quick"))
            options.quick = 1;
        else if (!strcmp(name, "--redo"))
            options.redo = 1;
        else if (!strcmp(name, "--check-reference"))
            options.check = 1;
        else if (!strcmp(name, "--only"))
            options.only = value, i++;
        else if (!strcmp(name, "--types"))
            options.types = value, i++;
        else if (!strcmp(name, "--threads"))
            options.threads = atoi(value), i++;
        else if (!strcmp(name, "--points"))
            options.points = atof(value), i++;
        else if (!strcmp(name, "--f64-points"))
            options.f64_points = atof(value), i++;
        else if (!strcmp(name, "--portable"))
            options.portable = atoi(value), i++;
        else if (!strcmp(name, "--results"))
            options.results = value, i++;
        else {
            usage();
            return strcmp(name, "--help") != 0;
        }
    }
    if (options.threads <= 0) options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (options.threads > 256) options.threads = 256;
    if (options.portable < 1) options.portable = 1;
    if (options.check) return check_reference();
    hw_choose_isa(NULL);
    read_results();
    return run_all();
}

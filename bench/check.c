// SPDX-License-Identifier: MIT
// Checks one kernel after another, in three ways:
//   values  over all 65,536 patterns of a 16-bit type and all 256 of an 8-bit one, or a mixture of
//   special
//           values, random bits and ordinary numbers: bits equal to the portable kernel's, and near
//           the reference (reference.c), within the bound of activations.def
//   flags   no floating-point flag where all inputs are finite and the true result is zero or
//   normal arrays  lengths, offsets, strides, parameters with a step or without, results in place
//   of inputs:
//           bits equal to the portable kernel's on contiguous copies; inputs and all other bytes
//           untouched
// A NaN equals any NaN.
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum {
    VALUES = 65536,     // at most, in one case
    OUTPUTS = 2,        // at most
    WITNESSES = 3,      // printed for each kernel
    SPECIALS = 64,      // at most
    CANDIDATES = 12,    // values of a parameter
    EACH = CANDIDATES,  // the case of a parameter for each value
    ROOM = 256,         // bytes before and after an array that must stay as they are
    LENGTH = 1025,      // the longest array with strides
    STEP = 3,           // the largest stride, in elements
    ELEMENT = sizeof(long double),
};
#define FLAGS (FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW)

typedef struct {
    _Alignas(16) char bytes[ELEMENT];
} element;

// What is being checked, and its arrays.
static const hw_activation *act;
static const reference *ref;
static hw_direction direction;
static hw_type type;
static int portable, gated, failures[MAX_ISAS];
static hw_op ops[MAX_ISAS];
static element parameter[2];            // of the case
static int each;                        // or one for each value, in operand[]
static char *operand[HW_MAX_OPERANDS];  // inputs, and results of the portable kernel
static char *result[OUTPUTS];           // of another
static real *want[OUTPUTS], *limit[OUTPUTS];

static int inputs(void) { return ops[portable].nstreams + ops[portable].nparams; }
static hw_type type_of(int k) { return ops[portable].type[k]; }
static size_t size_of(int k) { return (size_t)ops[portable].size[k]; }

static void *allocate(size_t bytes) {
    void *const p = calloc(bytes, 1);
    if (!p) perror("harness"), exit(2);
    return p;
}

static void allocate_once(void) {
    if (operand[0]) return;
    for (int k = 0; k < HW_MAX_OPERANDS; k++) operand[k] = allocate(VALUES * ELEMENT);
    for (int o = 0; o < OUTPUTS; o++) {
        result[o] = allocate(VALUES * ELEMENT);
        want[o] = allocate(VALUES * sizeof(real)), limit[o] = allocate(VALUES * sizeof(real));
    }
}

// ---- failures

static int report(int isa, const char *what) {
    if (failures[isa]++ >= WITNESSES) return 0;
    if (isatty(2)) fprintf(stderr, "\r\033[K");  // the progress line
    fprintf(stderr, "FAIL %s %s %s %s: %s\n", act->name, direction_names[direction],
            type_names[type], hw_isa_name(isa), what);
    return 1;
}

static void print_value(const char *label, hw_type of, const void *at) {
    char text[100];
    format(text, sizeof text, of, at);
    fprintf(stderr, "    %-10s%s\n", label, text);
}

static void print_inputs(char *const *at) {
    static const char *const labels[] = {"g", "gate", "up", "parameter", "second"};
    const int streams = ops[portable].nstreams, first = direction == HW_VJP ? 0 : 1;
    for (int k = 0; k < inputs(); k++)
        print_value(k >= streams               ? labels[3 + k - streams]
                    : k + first == 1 && !gated ? "x"
                                               : labels[k + first],
                    type_of(k), at[k]);
}

static int report_value(int isa, const char *what, size_t i, int output, const char *bad) {
    if (!report(isa, what)) return 0;
    char *at[HW_MAX_OPERANDS];
    for (int k = 0; k < inputs(); k++) {
        const int p = k - ops[portable].nstreams;
        at[k] = p < 0 || each ? operand[k] + i * size_of(k) : parameter[p].bytes;
    }
    print_inputs(at);
    if (ops[portable].nout > 1) fprintf(stderr, "    output    %d\n", output);
    print_value("got", type_of(inputs() + output), bad);
    return 1;
}

// ---- inputs

// What a parameter is set to, one case after another.
static void candidate(int which, int k, element *to) {
    const hw_type of = type_of(ops[portable].nstreams + k);
    const char *const params = direction == HW_FORWARD ? act->params : act->dparams;
    const real given = default_parameter(params, k), inf = (real)INFINITY;
    const int n = (which * (k ? 5 : 1)) % CANDIDATES;
    if (is_float(of)) {
        const real list[CANDIDATES] = {given, 0, 0.5L, -1.25L,          inf,   (real)NAN,
                                       1,     3, -inf, largest(of) / 3, -0.0L, 1e-30L};
        put(of, to->bytes, list[n]);
    } else {
        const uint64_t top = (uint64_t)1 << (8 * type_size(of) - 1);
        const uint64_t list[CANDIDATES] = {
            k ? 1 : (uint64_t)-1, 0,   1,       3,           6, 20,
            (uint64_t)-5,         top, top - 1, 2 * top - 1, 7, top + 3};
        put_integer(of, to->bytes, list[n]);
    }
}

// Special values of the element type: ends, thresholds, kinks, and the parameters' neighbours.
static size_t special_values(element *list) {
    size_t n = 0;
    if (is_half(type)) {
        const uint16_t inf = type == HW_F16 ? 0x7C00 : 0x7F80,
                       one = type == HW_F16 ? 0x3C00 : 0x3F80;
        const uint16_t sizes[] = {0, 1, one, (uint16_t)(inf - 1), inf, (uint16_t)(inf + 1)};
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            put_integer(type, list[n++].bytes, sizes[i]);
            put_integer(type, list[n++].bytes, sizes[i] | 0x8000u);
        }
    } else if (is_float(type)) {
        // The reference has no room beyond long double.
        const real tiny = least_normal(type),
                   big = type == HW_LD ? largest(type) / 4 : largest(type);
        const real sizes[] = {
            0,   ulp(type, 0), tiny / 2, tiny, ulp(type, 1),   0.5L,     1, 1.5L, 3, 6, 20, 90, 110,
            710, sqrtl(big),   big / 2,  big,  (real)INFINITY, (real)NAN};
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            put(type, list[n++].bytes, sizes[i]), put(type, list[n++].bytes, -sizes[i]);
        for (int k = 0; k < ops[portable].nparams; k++) {
            const real p = get(type, parameter[k].bytes);
            put(type, list[n++].bytes, p), put(type, list[n++].bytes, -p);
            put(type, list[n++].bytes, p + ulp(type, p)),
                put(type, list[n++].bytes, p - ulp(type, p));
        }
    } else {
        const uint64_t top = (uint64_t)1 << (8 * type_size(type) - 1);
        const uint64_t values[] = {0, 1,   2,       3,       5,           6,
                                   7, top, top - 1, top + 1, 2 * top - 1, 2 * top - 2};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            put_integer(type, list[n++].bytes, values[i]);
        for (int k = 0; k < ops[portable].nparams; k++)
            for (uint64_t d = 0; d < 3; d++)
                put_integer(type, list[n++].bytes, get_integer(type, parameter[k].bytes) + d - 1);
    }
    return n;
}

// Any bits, or a number of ordinary size.
static void random_value(hw_type of, char *at) {
    const uint64_t bits = random_bits();
    if (!is_float(of)) {
        put_integer(of, at, random_bits() >> random_below(64));
    } else if (is_half(of) || (bits & 1 && of != HW_LD)) {
        put_integer(of, at, random_bits());
    } else {
        const int exponent =
            bits & 2 ? (int)random_below(5) - 2 : (int)random_below(bits & 4 ? 41 : 2000);
        const real size = 1 + ldexpl((real)(random_bits() >> 1), -63);
        put(of, at,
            ldexpl(bits & 8 ? size : -size, bits & 2   ? exponent
                                            : bits & 4 ? exponent - 30
                                                       : exponent - 1000));
    }
}

static void random_parameter(int k, const char *x, char *at) {
    const hw_type of = type_of(ops[portable].nstreams + k);
    const size_t choice = random_below(8);
    element chosen;
    if (choice < 4) candidate((int)random_below(CANDIDATES), k, &chosen);
    else if (choice < 6 || !is_float(type)) random_value(of, chosen.bytes);
    else put(of, chosen.bytes, choice == 6 ? get(type, x) : -get(type, x));  // at a kink
    memcpy(at, chosen.bytes, type_size(of));
}

// x runs through all values, and other streams so that every special value stands beside every
// other.
static void fill(size_t n) {
    const hw_op *const op = &ops[portable];
    const size_t size = size_of(0);
    const int x = direction == HW_VJP ? 1 : 0;
    element list[SPECIALS];
    const size_t specials = special_values(list);
    for (int k = 0; k < op->nstreams; k++)
        for (size_t i = 0; i < n; i++) {
            char *const at = operand[k] + i * size;
            const size_t turn = k == x ? i : k < x ? i / specials : i / specials * 7 + i;
            const int special = i < specials * specials || random_below(8) == 0;
            if (k == x && size <= 2) put_integer(type, at, i);
            else if (special) memcpy(at, list[turn % specials].bytes, size);
            else random_value(type, at);
        }
    for (int k = 0; k < op->nparams; k++) {
        const int at = op->nstreams + k;
        for (size_t i = 0; i < (each ? n : 1); i++)
            if (each) random_parameter(k, operand[x] + i * size, operand[at] + i * size_of(at));
            else memcpy(operand[at], parameter[k].bytes, size_of(at));
    }
}

// ---- the reference's value, and how far from it a result may be

static int is_smooth(void) {
    return strcmp(act->kind, "PIECEWISE") && strcmp(act->kind, "WEIGHTED");
}

static real bound(int output) {
    const hw_type out = type_of(inputs() + output);
    const int piecewise = !is_smooth();
    const int grad = direction == HW_GRAD, narrow = out == HW_F32;
    if (is_half(out)) return 0.501L;
    // The reference's own error, which shows where long double is hardly longer than the type.  In
    // long double itself a smooth row gives what the C library does, and only blunders are looked
    // for.
    const real own = narrow               ? 0
                     : out == HW_LD       ? (piecewise ? 4 : 32768)
                     : LDBL_MANT_DIG < 64 ? 2
                     : piecewise          ? 0.002L
                                          : 0.05L;
    if (direction == HW_VJP) return own + (gated ? 4 : 2.5L);
    if (gated) return own + 2.5L;
    return own + (grad ? narrow ? act->dulp : act->dulp64 : narrow ? act->ulp : act->ulp64);
}

// A derivative that is 0 selects 0, whatever it would be multiplied with.
static real product(real g, real up, real d) {
    if (isnan(g) || isnan(up) || isnan(d)) return (real)NAN;
    return d == 0 ? 0 : isinf(g * up) && isfinite(g) && isfinite(up) ? g * d * up : g * up * d;
}

// The values at in[], and where derivatives cross zero the size that the error is measured against.
static void expected(const real *in, real *value, real *size) {
    const hw_op *const op = &ops[portable];
    const int x_at = direction == HW_VJP ? 1 : 0;
    const real x = in[x_at], up = gated ? in[x_at + 1] : 1;
    const real p = op->nparams > 0 ? in[op->nstreams] : 0,
               q = op->nparams > 1 ? in[op->nstreams + 1] : 0;
    const real g = direction == HW_VJP ? in[0] : 1;
    real f = (real)NAN, d = (real)NAN, w = (real)NAN;
    if (!isnan(x)) {
        if (direction == HW_FORWARD || gated) f = ref->forward(x, p, q);
        if (direction != HW_FORWARD) d = ref->derivative(x, p, q);
        if (op->nout > 1 && !gated) w = ref->weight(x, p, q);
    }
    size[0] = size[1] = 0;
    if (direction == HW_FORWARD) {
        value[0] = gated ? f * up : f;
        return;
    }
    value[0] = direction == HW_GRAD ? d : product(g, up, d);
    value[1] = product(g, 1, gated ? f : w);
    const real u = op->nparams ? p * x : x;  // swish: of beta x
    if (ref->crossing != 0 && fabsl(u - ref->crossing) <= 0.25L) size[0] = fabsl(g * up) / 16;
}

// With extreme parameters a smooth row may have no limit, or 0 times what is too large for a real: then
// the formula is NaN though no operand is, and any value will do.  With a parameter that is not positive
// the sign of a zero is open.
static int undecided(const real *in, real value) {
    const hw_op *const op = &ops[portable];
    if (!is_smooth() || !op->nparams || !isnan(value)) return 0;
    for (int k = 0; k < inputs(); k++)
        if (isnan(in[k])) return 0;
    return 1;
}

static int zero_has_sign(size_t i) {
    const hw_op *const op = &ops[portable];
    const int k = op->nstreams;
    return !is_smooth() || !op->nparams || get(type_of(k), operand[k] + (each ? i : 0) * size_of(k)) > 0;
}

// Sets want and limit at i; 1 where flags must stay clear.
static int set_expected(size_t i) {
    const hw_op *const op = &ops[portable];
    int clear = type != HW_LD;  // there the C library raises what it likes
    if (!is_float(type)) return 0;
    real in[HW_MAX_OPERANDS], value[OUTPUTS], size[OUTPUTS];
    for (int k = 0; k < inputs(); k++) {
        const size_t j = k < op->nstreams || each ? i : 0;
        in[k] = get(type_of(k), operand[k] + j * size_of(k));
        clear &= isfinite(in[k]);
    }
    reference_part = 0;
    expected(in, value, size);
    clear &= !reference_part;
    for (int o = 0; o < op->nout; o++) {
        const hw_type out = type_of(inputs() + o);
        const real a = fabsl(value[o]);
        want[o][i] = value[o];
        limit[o][i] = undecided(in, value[o]) ? INFINITY : bound(o) * ulp(out, fmaxl(a, size[o]));
        clear &= a == 0 || (a >= 2 * least_normal(out) && a <= largest(out) / 2);
    }
    return clear;
}

static int near_enough(hw_type out, real y, real wanted, real most, int signed_zero) {
    if (isinf(most)) return 1;
    if (y == 0 && wanted == 0 && !signed_zero) return 1;
    if (isnan(wanted) || isnan(y)) return isnan(wanted) && isnan(y);
    if (out == HW_LD && is_smooth() && fabsl(y) + fabsl(wanted) < ldexpl(1, -6000))
        return 1;  // underflow
    if ((y == 0 || wanted == 0) && !signbit(y) != !signbit(wanted)) return 0;
    if (isinf(wanted)) return y == wanted;
    if (fabsl(y - wanted) <= most) return 1;
    const real beyond = largest(out) + ulp(out, largest(out));  // what infinity stands for
    if (isinf(y)) return !signbit(y) == !signbit(wanted) && fabsl(wanted) + most >= beyond;
    return fabsl(y - fmaxl(-beyond, fminl(wanted, beyond))) <= most;
}

static int integer_is_right(size_t i, const char *y, uint64_t *right) {
    uint64_t in[3] = {0};
    for (int k = 0; k < inputs(); k++)
        in[k] = get_integer(type, operand[k] + (k == 0 || each ? i : 0) * size_of(k));
    element cut;
    put_integer(type, cut.bytes, ref->integers(in[0], in[1], in[2]));
    *right = get_integer(type, cut.bytes);
    return get_integer(type, y) == *right;
}

// ---- values

static void apply(int isa, size_t n, char *const *out) {
    char *at[HW_MAX_OPERANDS];
    ptrdiff_t steps[HW_MAX_OPERANDS];
    for (int k = 0; k < inputs() + ops[isa].nout; k++) {
        at[k] = k < inputs() ? operand[k] : out[k - inputs()];
        steps[k] = k >= ops[isa].nstreams && k < inputs() && !each ? 0 : (ptrdiff_t)size_of(k);
    }
    hw_apply(&ops[isa], n, at, steps);
}

static void compare(int isa, size_t n, size_t every, char *const *out) {
    for (int o = 0; o < ops[isa].nout; o++) {
        const hw_type of = type_of(inputs() + o);
        const size_t size = type_size(of);
        const char *const plain = operand[inputs() + o];
        if (isa != portable && (of == HW_LD || memcmp(plain, out[o], n * size)))
            for (size_t i = 0; i < n; i++)
                if (!same_value(of, plain + i * size, out[o] + i * size)) {
                    if (report_value(isa, "differs from portable", i, o, out[o] + i * size))
                        print_value("portable", of, plain + i * size);
                }
        for (size_t i = 0; i < n; i += every) {
            const char *const at = out[o] + i * size;
            uint64_t right;
            if (is_float(of)) {
                const real y = get(of, at), wanted = want[o][i];
                if (near_enough(of, y, wanted, limit[o][i], zero_has_sign(i))) continue;
                if (report_value(isa, "differs from the reference", i, o, at))
                    fprintf(stderr,
                            "    expected  %.21Lg, within %.3Lg; the error is %.4Lg of that\n",
                            wanted, limit[o][i], fabsl(y - wanted) / limit[o][i]);
            } else if (!integer_is_right(i, at, &right)) {
                element cut;
                put_integer(of, cut.bytes, right);
                if (report_value(isa, "differs from the reference", i, o, at))
                    print_value("expected", of, cut.bytes);
            }
        }
    }
}

// ---- flags

// Runs the first n values, which must raise no flag; if they do, finds one that does.
static void check_flags(int isa, size_t n) {
    feclearexcept(FE_ALL_EXCEPT);
    apply(isa, n, result);
    if (!fetestexcept(FLAGS)) return;
    char *at[HW_MAX_OPERANDS];
    const ptrdiff_t steps[HW_MAX_OPERANDS] = {0};
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < inputs(); k++)
            at[k] = operand[k] + (k < ops[isa].nstreams || each ? i : 0) * size_of(k);
        for (int o = 0; o < ops[isa].nout; o++) at[inputs() + o] = result[o];
        feclearexcept(FE_ALL_EXCEPT);
        hw_apply(&ops[isa], 1, at, steps);
        const int flags = fetestexcept(FLAGS);
        if (!flags) continue;
        if (report_value(isa, "raises a flag", i, 0, result[0]))
            fprintf(stderr, "    flags    %s%s%s%s\n", flags & FE_INVALID ? " invalid" : "",
                    flags & FE_DIVBYZERO ? " divide by zero" : "",
                    flags & FE_OVERFLOW ? " overflow" : "",
                    flags & FE_UNDERFLOW ? " underflow" : "");
    }
}

// ---- arrays

static void check_arrays(int isa, size_t n, int contiguous) {
    static char *buffer[HW_MAX_OPERANDS], *before[HW_MAX_OPERANDS];
    enum { MOST = (2 * STEP * LENGTH + 16) * ELEMENT + 2 * ROOM };
    const hw_op *const op = &ops[isa];
    const int nin = inputs(), nall = nin + op->nout;
    ptrdiff_t steps[HW_MAX_OPERANDS];
    char *at[HW_MAX_OPERANDS];
    size_t bytes[HW_MAX_OPERANDS];
    int home[HW_MAX_OPERANDS];  // whose buffer; an output may lie upon an input
    element list[SPECIALS];
    const size_t specials = special_values(list);
    each = op->nparams > 0;
    for (int k = 0; k < nall; k++) {
        if (!buffer[k]) buffer[k] = allocate(MOST), before[k] = allocate(MOST);
        const ptrdiff_t size = (ptrdiff_t)size_of(k);
        ptrdiff_t step = contiguous ? 1 : (ptrdiff_t)random_below(2 * STEP + 1) - STEP;
        if (k >= op->nstreams && k < nin && random_below(2)) step = 0;
        if (k >= nin && step == 0) step = 1;
        steps[k] = step * size;
        at[k] = buffer[k] + ROOM + (STEP * (ptrdiff_t)n + (ptrdiff_t)random_below(16)) * size;
        bytes[k] = (2 * STEP * n + 16) * size_of(k) + 2 * ROOM;
        home[k] = k;
        const int stream = (int)random_below((size_t)(2 * op->nstreams));
        if (k >= nin && stream < op->nstreams && size_of(k) == size_of(0) && steps[stream] != 0 &&
            !(k > nin && home[nin] == stream))
            home[k] = stream, at[k] = at[stream], steps[k] = steps[stream];
    }
    for (int k = 0; k < nall; k++) {
        if (home[k] != k) continue;
        for (size_t b = 0; b < bytes[k]; b += 8) {  // what must stay
            const uint64_t noise = random_bits();
            memcpy(buffer[k] + b, &noise, 8);
        }
        if (k >= nin) continue;
        for (size_t i = 0; i < n; i++) {
            char *const to = at[k] + (ptrdiff_t)i * steps[k];
            const size_t which = random_below(4 * specials);
            if (k >= op->nstreams)
                random_parameter(k - op->nstreams, operand[0] + i * size_of(0), to);
            else if (which < specials) memcpy(to, list[which].bytes, size_of(k));
            else random_value(type, to);
        }
        for (size_t i = 0; i < n; i++)
            memcpy(operand[k] + i * size_of(k), at[k] + (ptrdiff_t)i * steps[k], size_of(k));
    }
    apply(portable, n, operand + nin);
    for (int k = 0; k < nall; k++) memcpy(before[k], buffer[k], bytes[k]);
    hw_apply(op, n, at, steps);
    for (int k = nin; k < nall; k++)
        for (size_t i = 0; i < n; i++) {
            char *const y = at[k] + (ptrdiff_t)i * steps[k];
            if (!same_value(type_of(k), y, operand[k] + i * size_of(k))) {
                if (!report_value(isa, "depends on where the value stands", i, k - nin, y)) return;
                print_value("portable", type_of(k), operand[k] + i * size_of(k));
                fprintf(stderr, "    element %zu of %zu; steps in bytes:", i, n);
                for (int j = 0; j < nall; j++) fprintf(stderr, " %td", steps[j]);
                fprintf(stderr, "; in place: %s\n", home[k] == k ? "no" : "yes");
                return;
            }
            memcpy(y, before[home[k]] + (y - buffer[home[k]]), size_of(k));  // as it was
        }
    for (int k = 0; k < nall; k++)
        if (memcmp(before[k], buffer[k], bytes[k])) {
            if (report(isa, "writes outside of its output"))
                fprintf(stderr, "    operand %d, %zu elements, step %td bytes\n", k, n, steps[k]);
            return;
        }
}

// ---- all of them

// Moves the inputs of value `from` to `to`.
static void move_inputs(size_t to, size_t from) {
    for (int k = 0; k < inputs(); k++)
        if (k < ops[portable].nstreams || each)
            memmove(operand[k] + to * size_of(k), operand[k] + from * size_of(k), size_of(k));
}

static void check_values(int which, int quick, const int *wanted) {
    static unsigned char clear[VALUES];
    const hw_op *const op = &ops[portable];
    const size_t n = type_size(type) <= 2 ? VALUES : quick ? 2400 : 12000;
    const int main_case = which == 0 || which == EACH;
    const size_t every = !is_float(type) ? 1
                         : is_half(type) ? (quick       ? 61
                                            : main_case ? 1
                                                        : 7)
                         : quick         ? 3
                                         : 1;
    each = which == EACH;
    for (int k = 0; k < op->nparams; k++) candidate(each ? 0 : which, k, &parameter[k]);
    fill(n);
    for (size_t i = 0; i < n; i += every) clear[i] = (unsigned char)set_expected(i);
    apply(portable, n, operand + inputs());
    for (int isa = 0; isa < portable; isa++)
        if (wanted[isa]) {
            apply(isa, n, result);
            compare(isa, n, every, result);
        }
    if (wanted[portable]) compare(portable, n, every, operand + inputs());
    size_t clean = 0;
    for (size_t i = 0; i < n; i += every)
        if (clear[i] && is_float(type)) move_inputs(clean++, i);
    for (int isa = 0; isa <= portable; isa++)
        if (wanted[isa] && clean) check_flags(isa, clean);
}

void check(int row, hw_direction in_direction, hw_type of, int quick, const int *wanted,
           int *passed) {
    act = &hw_activations()[row], ref = find_reference(act->name), direction = in_direction,
    type = of;
    gated = !strcmp(act->kind, "GATED"), portable = hw_isa_count() - 1,
    reference_type = is_half(of) ? HW_F32 : of;
    memset(failures, 0, sizeof failures);
    allocate_once();
    for (int isa = 0; isa <= portable; isa++)
        if (hw_isa_available(isa)) hw_get(&ops[isa], row, direction, type, isa);
    const hw_op *const op = &ops[portable];
    const int known =
        ref && (is_float(type) ? (direction == HW_FORWARD ? !!ref->forward : !!ref->derivative) &&
                                     (op->nout == 1 || gated || ref->weight)
                               : !!ref->integers);
    for (int isa = 0; isa <= portable; isa++) {
        if (!wanted[isa]) continue;
        if (!known) {
            char what[200];
            snprintf(what, sizeof what, "no reference for %s: add it to bench/reference.c",
                     act->name);
            report(isa, what);
        } else if (op->nparams > 2 || op->nout > OUTPUTS || op->nstreams > 3) {
            report(isa, "more operands than the check knows");
        }
        if (failures[isa]) goto done;
    }
    for (int which = 0; which <= (op->nparams ? EACH : 0); which++)
        check_values(which, quick, wanted);
    static const size_t longer[] = {127, 128, 255, 256, 257, 300, 511, 513, LENGTH};
    for (int k = 0; k < op->nparams; k++) candidate(0, k, &parameter[k]);
    for (int isa = 0; isa <= portable; isa++)
        if (wanted[isa])
            for (size_t n = 0; n < 68 + sizeof longer / sizeof *longer; n += quick ? 3 : 1)
                for (int contiguous = 0; contiguous < 2; contiguous++)
                    check_arrays(isa, n < 68 ? n : longer[n - 68], contiguous);
done:
    for (int isa = 0; isa <= portable; isa++)
        if (wanted[isa]) passed[isa] = !failures[isa];
}

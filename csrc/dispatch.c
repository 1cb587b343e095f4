// SPDX-License-Identifier: MIT
// The registry: the table of activations, the instruction sets, and the choice among them, made once.
#include <stdlib.h>
#include <string.h>

#include "cpu.h"
#include "table.h"

static const hw_activation activations[HW_ROWS] = {
#define HW_ROW(name, kind, integers, np, dnp, params, dparams, formula, derivative, about, source, \
               ulp, ulp64, dulp, dulp64)                                                           \
    {#name,      #kind, params,            dparams, formula, derivative, about, source,            \
     IS_##integers, np, dnp, ulp, ulp64, dulp, dulp64},
#define IS_INTEGERS 1
#define IS_FLOATS 0
#include "activations.def"
#undef HW_ROW
};

// Each instruction set has a table for each type; those of long double are portable alone.
#define HW_EACH_TYPE(X, isa)                                                                     \
    X(HW_F16, f16, isa) X(HW_BF16, bf16, isa) X(HW_F32, f32, isa) X(HW_F64, f64, isa)            \
    X(HW_I8, i8, isa) X(HW_I16, i16, isa) X(HW_I32, i32, isa) X(HW_I64, i64, isa)                \
    X(HW_U8, u8, isa) X(HW_U16, u16, isa) X(HW_U32, u32, isa) X(HW_U64, u64, isa)

#define DECLARE(TYPE, type, isa) extern hw_table hw_kernels_table_##type##_##isa;
#define HW_ISA(isa, here) HW_EACH_TYPE(DECLARE, isa)
#include "isa.def"
#undef HW_ISA
DECLARE(HW_LD, ld, portable)

static const struct {
    const char *name;
    hw_table *tables[HW_TYPES];
} isas[] = {
#define ENTRY(TYPE, type, isa) [TYPE] = &hw_kernels_table_##type##_##isa,
#define HW_ISA(isa, here) {#isa, {HW_EACH_TYPE(ENTRY, isa)}},
#include "isa.def"
#undef HW_ISA
};
enum { ISAS = sizeof isas / sizeof isas[0] };

int hw_count(void) { return HW_ROWS; }
const hw_activation *hw_activations(void) { return activations; }

int hw_isa_count(void) { return ISAS; }
const char *hw_isa_name(int isa) { return isas[isa].name; }

int hw_isa_available(int isa) {
    int i = 0;
#define HW_ISA(name, here) \
    if (i++ == isa) return here;
#include "isa.def"
#undef HW_ISA
    return 0;
}

static int chosen = ISAS - 1;
int hw_isa(void) { return chosen; }

const char *hw_choose_isa(const char *name) {
    for (int isa = 0; isa < ISAS; isa++) {
        if (name && strcmp(name, isas[isa].name)) continue;
        if (hw_isa_available(isa)) {
            chosen = isa;
            return NULL;
        }
        if (name) return "this machine lacks it";
    }
    return "no such instruction set in this build";
}

static const int sizes[HW_TYPES] = {2, 2, 4, 8, sizeof(long double), 1, 2, 4, 8, 1, 2, 4, 8};

// Halves take parameters in float32, which is what they compute in; any other type its own.
static hw_type param_type(hw_type type) {
    return type == HW_F16 || type == HW_BF16 ? HW_F32 : type;
}

// A long double that is a double has its kernels: those of longer ones count on a wider range.
static hw_table *table_of(int isa, hw_type type) {
    if (type != HW_LD) return isas[isa].tables[type];
    return sizeof(long double) > sizeof(double) ? &hw_kernels_table_ld_portable : isas[isa].tables[HW_F64];
}

int hw_get(hw_op *op, int row, hw_direction direction, hw_type type, int isa) {
    if (row < 0 || row >= HW_ROWS || isa >= ISAS) return -1;
    if ((unsigned)direction >= HW_DIRECTIONS || (unsigned)type >= HW_TYPES) return -1;
    if (isa < 0) isa = chosen;
    const hw_activation *const a = &activations[row];
    memset(op, 0, sizeof *op);
    hw_table *const table = table_of(isa, type);
    op->kernel = table->kernels[row][direction];
    op->width = table->width;
    if (!op->kernel) return -1;
    const int vjp = direction == HW_VJP, gated = !strcmp(a->kind, "GATED");
    const int weighted = !strcmp(a->kind, "WEIGHTED"), smooth = !strcmp(a->kind, "SMOOTH");
    op->nstreams = 1 + vjp + gated;
    op->nparams = direction == HW_FORWARD ? a->nparams : a->ndparams;
    op->nout = 1 + (vjp && (weighted || gated));
    const int nin = op->nstreams + op->nparams, n = nin + op->nout;
    int bytes = 0;
    for (int i = 0; i < n; i++) {  // streams, parameters, the result, the other gradient
        const int own = i < op->nstreams || i == nin || (i > nin && gated);
        op->type[i] = own ? type : param_type(type);
        op->size[i] = sizes[op->type[i]];
        hw_table *const copies = table_of(isa, op->type[i]);
        op->copy_in[i] = copies->copy_in, op->copy_out[i] = copies->copy_out;
        if (i < op->nstreams || i >= nin) bytes += op->size[i];
    }
    // A formula that does little goes at the speed of memory, and bytes tell what a thread is worth; another
    // at that of its vectors, which hold half as many values of 64 bits.
    const int little = !(smooth || gated) || a->integers;
    op->grain = little ? (3 << 17) / bytes : sizes[type] < 8 ? 1 << 15 : 1 << 14;
    return 0;
}

const char *hw_compiler(void) {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

// SPDX-License-Identifier: MIT
// Prints a digest of every kernel's float32, float16 and bfloat16 results over a sample of all bit
// patterns, for one instruction set: equal lines from two machines, compilers or instruction sets
// mean equal bits.  Needs nothing but the kernels, so it runs under an emulator.
//   digest [isa [stride]]     stride: every so many float32 patterns, best a prime (4099)
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "halfwave.h"

enum { N = 4096 };

static double parameter(const char *function, int k) {
    static const struct {
        const char *name;
        double p, q;
    } table[] = {
#define FN(name, p, q, ...) {#name, p, q},
#include "functions.def"
#undef FN
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i].name, function)) return k ? table[i].q : table[i].p;
    return 1;
}

// One value for all NaNs, whose bits are nobody's business.
static uint32_t canonical(hw_type type, uint32_t bits) {
    const uint32_t infinity = type == HW_F32 ? 0x7f800000 : type == HW_F16 ? 0x7c00 : 0x7f80;
    const uint32_t size = bits & (type == HW_F32 ? 0x7fffffff : 0x7fff);
    return size > infinity ? infinity + 1 : bits;
}

static uint64_t digest(const hw_op *op, const char *name, hw_type type, uint32_t stride) {
    static uint32_t x[N], g[N], out[2][N];
    static uint16_t x16[N], g16[N];
    float params[2] = {(float)parameter(name, 0), (float)parameter(name, 1)};
    const int nin = op->nstreams + op->nparams, half = type != HW_F32;
    const uint64_t count = half ? 65536 : (UINT64_C(1) << 32) / stride;
    uint64_t hash = 0xcbf29ce484222325;
    for (uint64_t first = 0; first < count; first += N) {
        char *operands[HW_MAX_OPERANDS];
        ptrdiff_t steps[HW_MAX_OPERANDS];
        const size_t n = count - first < N ? (size_t)(count - first) : N;
        for (size_t i = 0; i < n; i++) {
            x[i] = (uint32_t)((first + i) * stride);
            g[i] = x[i] * 0x9E3779B1u;
            x16[i] = (uint16_t)(first + i);
            g16[i] = (uint16_t)(x16[i] * 40503u);
        }
        for (int k = 0; k < nin + op->nout; k++) {
            const int stream = k < op->nstreams, is_x = k == (op->nstreams == 1 ? 0 : 1);
            operands[k] = stream    ? (half ? (char *)(is_x ? x16 : g16) : (char *)(is_x ? x : g))
                          : k < nin ? (char *)&params[k - op->nstreams]
                                    : (char *)out[k - nin];
            steps[k] = stream || k >= nin ? op->size[k] : 0;
        }
        hw_apply(op, n, operands, steps);
        for (int o = 0; o < op->nout; o++) {
            const hw_type t = op->type[nin + o];
            for (size_t i = 0; i < n; i++) {
                const uint32_t bits = t == HW_F32 ? out[o][i] : ((uint16_t *)out[o])[i];
                hash = (hash ^ canonical(t, bits)) * 0x100000001b3;
            }
        }
    }
    return hash;
}

int main(int argc, char **argv) {
    static const char *const directions[] = {"forward", "grad", "vjp"}, *const types[] = {
                                                                            "float16", "bfloat16",
                                                                            "float32"};
    const char *error = hw_choose_isa(argc > 1 ? argv[1] : NULL);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[1], error);
        return 2;
    }
    const uint32_t stride = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 4099;
    for (int row = 0; row < hw_count(); row++) {
        const char *name = hw_activations()[row].name;
        for (int d = 0; d < HW_DIRECTIONS; d++) {
            for (hw_type type = HW_F16; type <= HW_F32; type++) {
                hw_op op;
                if (hw_get(&op, row, d, type, -1)) continue;
                printf("%s %s %s %016llx\n", name, directions[d], types[type],
                       (unsigned long long)digest(&op, name, type, stride ? stride : 1));
                fflush(stdout);
            }
        }
    }
    return 0;
}

// SPDX-License-Identifier: MIT
// What the units and dispatch.c share: row numbers, and one table of kernels for each stored type and
// instruction set, hw_kernels_table_TYPE_ISA.
#ifndef HW_TABLE_H
#define HW_TABLE_H

#include "cpu.h"
#include "halfwave.h"

enum {
#define HW_ROW(name, ...) hw_ROW_##name,
#include "activations.def"
#undef HW_ROW
    HW_ROWS
};

typedef const struct {
    int width;  // values in a vector
    hw_copy *copy_in, *copy_out;
    hw_kernel *kernels[HW_ROWS][HW_DIRECTIONS];
} hw_table;

#endif

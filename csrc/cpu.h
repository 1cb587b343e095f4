// SPDX-License-Identifier: MIT
// What this machine has: the instructions, and an operating system that saves their registers.
#ifndef HW_CPU_H
#define HW_CPU_H

int hw_cpu_has_avx2(void);    // AVX2, FMA and F16C
int hw_cpu_has_avx512(void);  // F, BW, DQ and VL, with all that avx2 has

extern int hw_asks_ahead;  // do short kernels ask for the memory that they will read next?

#endif

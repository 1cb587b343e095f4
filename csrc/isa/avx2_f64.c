// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "../unit.h"
#define ISA avx2
HW_TARGET(HW_AVX2)
#include "../simd/avx2_f64.h"
#include "../float64.inc"
HW_TARGET_END
#endif

// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "../unit.h"
#define ISA avx2
HW_TARGET(HW_AVX2)
#include "../simd/avx2_f32.h"
#include "../halves.inc"
HW_TARGET_END
#endif

// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "../unit.h"
#define ISA avx512
HW_TARGET(HW_AVX512)
#include "../simd/avx512_f32.h"
#include "../halves.inc"
HW_TARGET_END
#endif

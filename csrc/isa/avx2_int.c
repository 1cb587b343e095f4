// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "../unit.h"
#define ISA avx2
HW_TARGET(HW_AVX2)
#include "../simd/integer.h"
#include "../integers.inc"
HW_TARGET_END
#endif

// SPDX-License-Identifier: MIT
#include "../unit.h"
#define ISA portable
typedef float T;
#define HW_BITS int32_t
#include "../simd/scalar.h"
#include "../float32.inc"

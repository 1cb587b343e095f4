// SPDX-License-Identifier: MIT
#include "../unit.h"
#define ISA portable
typedef float T;
#define HW_BITS int32_t
#define HW_HALVES
#include "../simd/scalar.h"
#include "../halves.inc"

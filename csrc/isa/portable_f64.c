// SPDX-License-Identifier: MIT
#include "../unit.h"
#define ISA portable
typedef double T;
#define HW_BITS int64_t
#include "../simd/scalar.h"
#include "../float64.inc"

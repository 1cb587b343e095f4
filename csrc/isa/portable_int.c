// SPDX-License-Identifier: MIT
#include "../unit.h"
#define ISA portable
#include "../simd/integer.h"
#include "../integers.inc"

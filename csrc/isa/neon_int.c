// SPDX-License-Identifier: MIT
#if defined(__aarch64__) && !defined(__AARCH64EB__)
#include "../unit.h"
#define ISA neon
#include "../simd/integer.h"
#include "../integers.inc"
#endif

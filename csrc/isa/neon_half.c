// SPDX-License-Identifier: MIT
#if defined(__aarch64__) && !defined(__AARCH64EB__)
#include "../unit.h"
#define ISA neon
#include "../simd/neon_f32.h"
#include "../halves.inc"
#endif

// SPDX-License-Identifier: MIT
// long double, on every machine: there is no vector of them anywhere.
#include "../unit.h"
#define ISA portable
#define ULPS 1
typedef long double T;
#define HW_LONG_DOUBLE
#include "../simd/scalar.h"

#define TN ld
#define LOAD_PARAM v_load_ld
#define STORE_PARAM v_store_ld
#include "../formulas/all.inc"

#define TAG ld
#define STORED long double
#define LOAD v_load_ld
#define STORE v_store_ld
#include "../kernels.inc"

// SPDX-License-Identifier: MIT
// What every unit of isa/ needs before its target region opens: system headers stay outside of it,
// so that no function of theirs is compiled for an instruction set the machine may lack.
#ifndef HW_UNIT_H
#define HW_UNIT_H

#include <fenv.h>
#include <float.h>
#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "table.h"

#if FLT_EVAL_METHOD != 0
#error "Arithmetic must round to its type: on x86 build with -msse2 -mfpmath=sse."
#endif

// HW_TARGET opens the region compiled for an instruction set; HW_NO_ALIAS promises of a loop that its
// arrays are apart or the same, HW_TWICE that its body is short.  HW_UNROLLED makes eight bodies of a loop, or all.
#define HW_PRAGMA(x) _Pragma(#x)
#ifdef __clang__
// Else clang computes both sides of a select that guards an operation, and spurious flags come back.
#pragma clang fp exceptions(maytrap)
#define HW_TARGET(features) \
    HW_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define HW_TARGET_END HW_PRAGMA(clang attribute pop)
#define HW_NO_ALIAS  // clang checks at run time
#define HW_UNROLLED HW_PRAGMA(clang loop unroll(full))
#define HW_TWICE
#else
#define HW_TARGET(features) HW_PRAGMA(GCC push_options) HW_PRAGMA(GCC target(features))
#define HW_TARGET_END HW_PRAGMA(GCC pop_options)
#define HW_NO_ALIAS HW_PRAGMA(GCC ivdep)
#define HW_TWICE HW_PRAGMA(GCC unroll 2)
#define HW_UNROLLED HW_PRAGMA(GCC ivdep) HW_PRAGMA(GCC unroll 8)
#endif
// Copies of 64 bytes at a time took 1.1 times as long from memory as those of 32.
#if defined(__x86_64__) && !defined(__clang__)
#define HW_COPY __attribute__((target("prefer-vector-width=256")))
#else
#define HW_COPY
#endif
#define HW_AVX2 "avx2,fma,f16c"
#define HW_AVX512 "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"

#define HW_CAT_(a, b) a##_##b
#define HW_CAT(a, b) HW_CAT_(a, b)
#define HW_JOIN_(a, b, c, d) hw_##a##_##b##_##c##_##d
#define HW_JOIN(a, b, c, d) HW_JOIN_(a, b, c, d)

// A formula's name carries its type, because the integer unit holds eight: FN(relu) is relu_i8.
#define FN(name) HW_CAT(name, TN)
#define FORMULA(name) HW_INLINE V FN(name)
#define SCALED_FORMULA(name) HW_INLINE scaled FN(name)
#define PIECE_FORMULA(name) HW_INLINE piece FN(name)
#define GATE_FORMULA(name) HW_INLINE gate FN(gate_##name)

// What a loop should hold in its own body, and what it should keep out of it.
#define HW_INLINE static inline __attribute__((always_inline))
#define HW_APART static __attribute__((noinline, unused))
#define HW_RARELY HW_APART __attribute__((cold))

// ULPS, which a unit sets, is the largest error of its formulas in units in the last place of T.  They leave out what
// brings less than that: if ROUGH all that a result in two parts is for, and terms of series beyond 2^-21 of the result,
// 0.001 units of a float16.
#define ROUGH (ULPS > 2)

// #if HW_IS_FLOAT, where a core needs other constants for float than for double.
#define HW_IS_f32 1
#define HW_IS_FLOAT HW_CAT(HW_IS, TN)

#endif

// SPDX-License-Identifier: MIT
// CPUID and XGETBV by hand: the compilers' __builtin_cpu_supports disagree on which names they know.
#include "cpu.h"

int hw_asks_ahead = 1;

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdint.h>

static uint32_t saved_registers(void) {  // XCR0: what the operating system saves
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    (void)high;
    return low;
}

// Feature bits of leaf 1 in ECX and of leaf 7 in EBX, with the register state that they need.
static int has(uint32_t ecx1, uint32_t ebx7, uint32_t state) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & ecx1) != ecx1) return 0;
    if ((saved_registers() & state) != state) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & ebx7) == ebx7;
}

enum {
    FMA = 1 << 12, OSXSAVE = 1 << 27, AVX = 1 << 28, F16C = 1 << 29,            // leaf 1, ECX
    AVX2 = 1 << 5, AVX512F = 1 << 16, AVX512DQ = 1 << 17, AVX512BW = 1 << 30,   // leaf 7, EBX
    YMM = 0x6, ZMM = 0xE6                                                       // XCR0
};
#define AVX512VL (1u << 31)

int hw_cpu_has_avx2(void) { return has(FMA | OSXSAVE | AVX | F16C, AVX2, YMM); }

int hw_cpu_has_avx512(void) {
    return hw_cpu_has_avx2() && has(OSXSAVE, AVX512F | AVX512DQ | AVX512BW | AVX512VL, ZMM);
}

// AMD's fetch ahead by themselves what short kernels read: asked as well, relu takes up to 1.3 times as long.
__attribute__((constructor)) static void choose(void) {
    uint32_t a, b, c, d;
    hw_asks_ahead = !(__get_cpuid(0, &a, &b, &c, &d) && b == signature_AMD_ebx && c == signature_AMD_ecx);
}
#endif

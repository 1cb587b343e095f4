// SPDX-License-Identifier: MIT
// Element types: names, conversions, units in the last place; and the random numbers.
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

const char *const type_names[HW_TYPES] = {"f16", "bf16", "f32", "f64", "ld",  "i8", "i16",
                                          "i32", "i64",  "u8",  "u16", "u32", "u64"};
const char *const direction_names[HW_DIRECTIONS] = {"forward", "grad", "vjp"};

static const struct {
    int size, digits;     // bytes; of floats: precision,
    real least, largest;  // the least normal number and the largest
} types[HW_TYPES] = {
    {2, 11, 0x1p-14L, 65504},
    {2, 8, FLT_MIN, 0x1.FEp127L},
    {4, 24, FLT_MIN, FLT_MAX},
    {8, 53, DBL_MIN, DBL_MAX},
    {sizeof(long double), LDBL_MANT_DIG, LDBL_MIN, LDBL_MAX},
    {1, 0, 0, 0},
    {2, 0, 0, 0},
    {4, 0, 0, 0},
    {8, 0, 0, 0},
    {1, 0, 0, 0},
    {2, 0, 0, 0},
    {4, 0, 0, 0},
    {8, 0, 0, 0},
};

int is_float(hw_type type) { return type <= HW_LD; }
int is_half(hw_type type) { return type <= HW_BF16; }
int is_signed(hw_type type) { return type >= HW_I8 && type <= HW_I64; }
size_t type_size(hw_type type) { return types[type].size; }

// Sign, exponent and fraction of a 16-bit pattern, as IEEE 754 defines their meaning.
static real decoded(hw_type type, uint16_t bits) {
    const int places = types[type].digits - 1, bias = (1 << (14 - places)) - 1;
    const int exponent = (bits & 0x7FFF) >> places, fraction = bits & ((1 << places) - 1);
    real size;
    if (exponent == 2 * bias + 1) size = fraction ? (real)NAN : (real)INFINITY;
    else if (exponent) size = ldexpl((real)(fraction + (1 << places)), exponent - bias - places);
    else size = ldexpl((real)fraction, 1 - bias - places);
    return bits & 0x8000 ? -size : size;
}

static real half_value(hw_type type, uint16_t bits) {
    static real values[2][65536];  // looked up: decoding took most of the check's time
    static int filled;
    if (!filled)
        for (unsigned i = 0; i < 65536; i++)
            values[0][i] = decoded(HW_F16, (uint16_t)i),
            values[1][i] = decoded(HW_BF16, (uint16_t)i);
    filled = 1;
    return values[type == HW_BF16][bits];
}

real get(hw_type type, const void *at) {
    uint16_t h;
    float f;
    double d;
    long double l;
    switch (type) {
        case HW_F32:
            return memcpy(&f, at, sizeof f), f;
        case HW_F64:
            return memcpy(&d, at, sizeof d), d;
        case HW_LD:
            return memcpy(&l, at, sizeof l), l;
        default:
            return memcpy(&h, at, sizeof h), half_value(type, h);
    }
}

void put(hw_type type, void *at, real value) {
    const float f = (float)value;
    const double d = (double)value;
    if (type == HW_F32) memcpy(at, &f, sizeof f);
    else if (type == HW_F64) memcpy(at, &d, sizeof d);
    else memcpy(at, &value, sizeof value);
}

// Through the unsigned type of the same size, so that byte order does not matter.
uint64_t get_integer(hw_type type, const void *at) {
    const int size = types[type].size, unused = 64 - 8 * size;
    uint8_t b;
    uint16_t h;
    uint32_t w;
    uint64_t v;
    if (size == 1) memcpy(&b, at, 1), v = b;
    else if (size == 2) memcpy(&h, at, 2), v = h;
    else if (size == 4) memcpy(&w, at, 4), v = w;
    else memcpy(&v, at, 8);
    if (is_signed(type) && v >> (8 * size - 1)) v |= unused ? ~(uint64_t)0 << (8 * size) : 0;
    return v;
}

void put_integer(hw_type type, void *at, uint64_t value) {
    const uint8_t b = (uint8_t)value;
    const uint16_t h = (uint16_t)value;
    const uint32_t w = (uint32_t)value;
    switch (types[type].size) {
        case 1:
            memcpy(at, &b, 1);
            break;
        case 2:
            memcpy(at, &h, 2);
            break;
        case 4:
            memcpy(at, &w, 4);
            break;
        default:
            memcpy(at, &value, 8);
    }
}

// A long double has padding, so its value and sign are compared.
int same_value(hw_type type, const void *a, const void *b) {
    if (type != HW_LD && !memcmp(a, b, types[type].size)) return 1;
    if (!is_float(type)) return 0;
    const real x = get(type, a), y = get(type, b);
    if (isnan(x) || isnan(y)) return isnan(x) && isnan(y);
    return x == y && !signbit(x) == !signbit(y);
}

real least_normal(hw_type type) { return types[type].least; }
real largest(hw_type type) { return types[type].largest; }

real ulp(hw_type type, real value) {
    const real size = fminl(fmaxl(fabsl(value), types[type].least), types[type].largest);
    return ldexpl(1, ilogbl(size) - types[type].digits + 1);
}

void format(char *text, size_t room, hw_type type, const void *at) {
    static const int places[] = {5, 4, 9, 17, 21};
    if (type == HW_LD) snprintf(text, room, "%La (%.21Lg)", get(type, at), get(type, at));
    else if (is_float(type))
        snprintf(text, room, "0x%0*" PRIX64 " (%.*Lg)", 2 * types[type].size, get_integer(type, at),
                 places[type], get(type, at));
    else snprintf(text, room, is_signed(type) ? "%" PRId64 : "%" PRIu64, get_integer(type, at));
}

real default_parameter(const char *params, int k) {
    for (int i = 0; i < k && params; i++) {
        params = strchr(params, ',');
        if (params) params++;
    }
    const char *const equals = params ? strchr(params, '=') : NULL;
    const char *const comma = params ? strchr(params, ',') : NULL;
    if (!equals || (comma && comma < equals)) return 0.25L * (k + 1);
    char *end;
    const real value = strtold(equals + 1, &end);
    return *end == '/' ? value / strtold(end + 1, NULL) : value;
}

uint64_t random_state;

uint64_t random_bits(void) {
    uint64_t z = random_state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

size_t random_below(size_t n) { return (size_t)(random_bits() % n); }

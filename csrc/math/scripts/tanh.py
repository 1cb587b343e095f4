# SPDX-License-Identifier: MIT
"""Prints ../tanh_table.h: tanh on [0, 1/4] and on the halves of the octaves from 1/4 on.

A piece's slot is the last four bits of (exponent, first bit of the mantissa).  The last piece ends
where tanh rounds to 1.
"""
from mpmath import mpf, tanh
from piecewise import FORMATS, fit, print_table


def table(bits, n, end):
    slots = [fit(tanh, mpf(2) ** -30, mpf(1) / 4, n, bits, 0, (0, 1))] * 16
    for k in range(-4, 10):  # the half octave from a; that of 1 has slot 14
        a = mpf(2) ** (k // 2) * (1 + mpf(k % 2) / 2)
        b = mpf(2) ** (k // 2) * (mpf(3 + k % 2) / 2)
        if a < end:
            slots[(14 + k) % 16] = fit(tanh, a, min(b, end), n, bits)
    return slots


print("// SPDX-License-Identifier: MIT")
print("// tanh by pieces: the centres, then the coefficients.  Printed by scripts/tanh.py.")
for name, degree, end, condition in (("f32", 6, mpf(9.125), "#if HW_CAT(HW_IS, TN)"),
                                     ("f64", 13, mpf(19.25), "#else")):
    print(condition)
    print(f"enum {{ TANH_DEGREE = {degree} }};")
    print(f"#define TANH_END {float(end)}")
    print_table("tanh_table", table(FORMATS[name], degree, end))
print("#endif")

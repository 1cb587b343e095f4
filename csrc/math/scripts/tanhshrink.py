# SPDX-License-Identifier: MIT
"""Prints ../tanhshrink_table.h: (a - tanh a) / a^3 on 16 pieces, round(7.25 a) being the piece."""
from mpmath import mpf, tanh
from piecewise import FORMATS, fit, print_table


def quotient(a):
    return (a - tanh(a)) / a**3


def table(bits, n):
    bounds = [mpf(2) ** -30] + [(k + mpf(1) / 2) / mpf("7.25") for k in range(16)]
    return [fit(quotient, a, b, n, bits) for a, b in zip(bounds, bounds[1:])]


print("// SPDX-License-Identifier: MIT")
print("// (a - tanh a) / a^3 by pieces: the centres, then the coefficients.  Printed by scripts/tanhshrink.py.")
for name, degree, condition in ("f32", 4, "#if HW_IS_FLOAT"), ("f64", 9, "#else"):
    print(condition)
    print(f"enum {{ TANHSHRINK_DEGREE = {degree} }};")
    print_table("tanhshrink_table", table(FORMATS[name], degree))
print("#endif")

# SPDX-License-Identifier: MIT
"""Prints ../tanhshrink_table.h: on the pieces that tanh.py has too, (a - tanh a) / a^3 up to 1 and a - tanh a beyond."""

import itertools

from mpmath import mpf, tanh
from piecewise import FORMATS, fit, print_table, quarters


def difference(a):
    return a - tanh(a)


def quotient(a):
    return difference(a) / a**3


def table(bits, n, end):
    bounds = [mpf(2) ** (-30), *quarters(end)[1:]]
    pieces = [
        fit(quotient if b <= 1 else difference, a, b, n, bits, near=0.4)
        if 1 - tanh(a) > mpf(2) ** -bits
        else fit(difference, a, b, n, bits, a, (a - 1, 1))
        for a, b in itertools.pairwise(bounds)
    ]
    pieces += [[0] * (n + 2)] * (16 - len(pieces))
    return pieces[4:] + pieces[:4]


print("// SPDX-License-Identifier: MIT")
print(
    "// What scripts/tanhshrink.py says by pieces, and prints: the centres, then the coefficients."
)
for name, degree, end, condition in (
    ("f32", 6, mpf(9.75), "#if HW_IS_FLOAT"),
    ("f64", 13, mpf(19.25), "#else"),
):
    print(condition)
    print(f"enum {{ TANH_DEGREE = {degree} }};")
    print(f"#define TANH_END {float(end)}")
    print_table("tanhshrink_table", table(FORMATS[name], degree, end))
print("#endif")

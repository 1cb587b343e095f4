# SPDX-License-Identifier: MIT
"""Prints ../tanh_table.h, for float: tanh on quarters of the octaves of 1 + x, tanh(x) - x on the
lowest, [0, 1/4).

A piece's slot is the last four bits of (exponent, first two bits of the fraction) of 1 + x.  The
last piece goes on to where tanh is 1 but for a small part of a unit.
"""

import itertools

from mpmath import mpf, tanh
from piecewise import FORMATS, fit, print_table, quarters


def table(bits, n, end):
    bounds = quarters(end)
    pieces = [
        fit(tanh, a, b, n, bits)
        if 1 - tanh(a) > mpf(2) ** -bits
        else fit(tanh, a, b, n, bits, b, (1,))
        for a, b in itertools.pairwise(bounds[1:])
    ]
    lowest = fit(lambda x: tanh(x) - x, mpf(2) ** -30, bounds[1], n, bits, 0, (0, 0), tanh)
    lowest[2] = mpf(2) ** -80  # so that the sum with t c2 does not underflow
    pieces = [lowest, *pieces]
    pieces += [[0, 1] + [0] * n] * (16 - len(pieces))
    return pieces[4:] + pieces[:4]  # the exponent of 1 + 0, with its bias, ends in 11


print("// SPDX-License-Identifier: MIT")
print(
    "// tanh by pieces, for float: the centres, then the coefficients.  Printed by scripts/tanh.py."
)
print_table("tanh_table", table(FORMATS["f32"], 6, mpf(9.75)))

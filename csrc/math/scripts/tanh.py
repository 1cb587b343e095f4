# SPDX-License-Identifier: MIT
"""Prints ../tanh_table.h, for float: tanh on quarters of the octaves of 1 + x, on the lowest, [0, 1/4),
tanh(x) - x but for halves, where roundings of the sum with x are hidden.

A piece's slot is the last four bits of (exponent, first two bits of the fraction) of 1 + x.  The
last piece goes on to where tanh is 1 but for a small part of a unit.
"""

import itertools

from mpmath import mpf, tanh
from piecewise import FORMATS, fit, print_table, quarters


def table(bits, n, end, rough):
    bounds = quarters(end)
    pieces = [
        fit(tanh, a, b, n, bits)
        if 1 - tanh(a) > mpf(2) ** -bits
        else fit(tanh, a, b, n, bits, b, (1,))
        for a, b in itertools.pairwise(bounds[1:])
    ]
    if rough:
        # The tiny one keeps its sum with t c3 from underflow.
        lowest = fit(tanh, mpf(2) ** -30, bounds[1], n, bits, 0, (0, 1, mpf(2) ** -80))
    else:
        lowest = fit(lambda x: tanh(x) - x, mpf(2) ** -30, bounds[1], n, bits, 0, (0, 0), tanh)
        lowest[2] = mpf(2) ** -80  # likewise
    pieces = [lowest, *pieces]
    pieces += [[0, 1] + [0] * n] * (16 - len(pieces))
    return pieces[4:] + pieces[:4]  # the exponent of 1 + 0, with its bias, ends in 11


print("// SPDX-License-Identifier: MIT")
print(
    "// tanh by pieces, for float: the centres, then the coefficients.  Printed by scripts/tanh.py."
)
for condition, n, rough in ("#if ROUGH", 5, True), ("#else", 6, False):
    print(condition)
    print_table("tanh_table", table(FORMATS["f32"], n, mpf(9.75), rough))
print("#endif")

# SPDX-License-Identifier: MIT
"""Prints ../tanh_table.h, for float: tanh on halves of the octaves of 1 + TANH_SCALE x.

But for halves, where roundings of the sum with x are hidden, it is tanh(x) - x on the lowest, whose
first coefficient is 1, while those of the others are no larger than any x there: the least of that
and x is what the polynomial adds to.
"""

import itertools

from mpmath import atanh, mpf, tanh
from piecewise import FORMATS, fit, octaves, print_table, slots

SCALE, END = mpf("1.54"), mpf("9.5")  # the square of its tanh rounds to 1


def table(n, rough):
    bits, bounds = FORMATS["f32"], octaves(1, SCALE, mpf(1), END)
    if rough:
        # The tiny one keeps its sum with t c3 from underflow.
        lowest = fit(tanh, mpf(2) ** -30, bounds[1], n, bits, 0, (0, 1, mpf(2) ** -80))
    else:
        lowest = fit(lambda x: tanh(x) - x, mpf(2) ** -30, bounds[1], n, bits, 0, (0, 0), tanh)
        lowest[1:3] = mpf(1), mpf(2) ** -80  # likewise
    pieces = [lowest]
    for a, b in itertools.pairwise(bounds[1:-1]):
        near = 0.5 if rough or a > 1 else (atanh(a) - a) / (b - a) * 2 / 3
        pieces.append(fit(tanh, a, b, n, bits, near=near))
        assert rough or pieces[-1][1] <= a
    pieces.append(fit(tanh, bounds[-2], END, n, bits, END, (1,)))
    return slots(pieces, 1, mpf(1))


print("// SPDX-License-Identifier: MIT")
print(
    "// tanh by pieces, for float: the centres, then the coefficients.  Printed by scripts/tanh.py."
)
print(f"#define TANH_SCALE {float(SCALE)}")
print(f"#define TANH_END {float(END)}")
for condition, n, rough in ("#if ROUGH", 6, True), ("#else", 7, False):
    print(condition)
    print_table("tanh_table", table(n, rough))
print("#endif")

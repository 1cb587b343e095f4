# SPDX-License-Identifier: MIT
"""Prints ../tanhshrink_table.h: (a - tanh a) / b^3 for b = min(a, CUBED), on the pieces of
piecewise.octaves for OFFSET + SCALE a.
"""

import itertools
from collections import namedtuple

from mpmath import mpf, tanh
from piecewise import FORMATS, fit, octaves, print_table, slots

# From `last` on all of a belong to the last piece.  In double a cube would cost the wide pieces more
# terms; the scale lets no a < 1 belong to the piece beyond 1.
Layout = namedtuple("Layout", "name degree bits scale offset last end cubed")
LESS = 1 - mpf(2) ** -52
ROUGH = Layout("f32", 6, 1, mpf("0.949"), mpf("0.75"), mpf("9.25"), mpf("9.25"), mpf("9.25"))
SINGLE = ROUGH._replace(degree=7)
DOUBLE = Layout("f64", 13, 2, LESS, mpf(1), mpf("14.5"), mpf("19.25"), mpf(1))


def table(layout):
    def quotient(a):
        return (a - tanh(a)) / min(a, layout.cubed) ** 3

    scale = mpf(1) if layout.scale == LESS else layout.scale
    bounds = octaves(layout.bits, scale, layout.offset, layout.end)
    bounds = [mpf(2) ** -30, *bounds[1 : 4 * 2**layout.bits], layout.end]
    pieces = [
        fit(quotient, a, b, layout.degree, FORMATS[layout.name], near=0.4)
        for a, b in itertools.pairwise(bounds)
    ]
    return slots(pieces, layout.bits, layout.offset)


print("// SPDX-License-Identifier: MIT")
print(
    "// What scripts/tanhshrink.py says by pieces, and prints: the centres, then the coefficients."
)
for condition, layout in (
    ("#if HW_IS_FLOAT && ROUGH", ROUGH),
    ("#elif HW_IS_FLOAT", SINGLE),
    ("#else", DOUBLE),
):
    print(condition)
    print(f"enum {{ TANHSHRINK_BITS = {layout.bits}, TANHSHRINK_DEGREE = {layout.degree} }};")
    for constant in "scale", "offset", "last", "end", "cubed":
        print(f"#define TANHSHRINK_{constant.upper()} {float(getattr(layout, constant))}")
    print_table("tanhshrink_table", table(layout))
print("#endif")

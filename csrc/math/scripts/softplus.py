# SPDX-License-Identifier: MIT
"""Prints ../softplus_table.h: log(1 + e^x) on 16 pieces, round(ALPHA x - BETA x^2) being the piece."""

import itertools

from mpmath import ceil, exp, floor, log1p, mpf, sqrt
from piecewise import FORMATS, centre, fit, print_table, rounded, unit


def softplus(x):
    return log1p(exp(x))


def roundings(c, a, b):
    """What the inner steps of c0 + t q, q = c1 + t r, may round off, in half units of the result."""
    worst, slope = 0, 1 / (1 + exp(-c))
    for x in (a + (b - a) * (k + mpf(1) / 2) / 32 for k in range(32)):
        t, y = x - c, softplus(x)
        q = (y - softplus(c)) / t
        r = (q - slope) / t
        worst = max(worst, (abs(t) * unit(q, 24) + t * t * unit(r, 24)) / unit(y, 24))
    return worst


def table(bits, n, first, alpha, beta, least, end):
    def bound(k):  # between the pieces k and k + 1
        return (alpha - sqrt(alpha**2 - 4 * beta * (k + mpf(1) / 2))) / (2 * beta)

    def piece(a, b):
        if a < 0 < b:  # x - 0 is exact, and log 2 all but a float
            return fit(softplus, a, b, n, bits, 0, (rounded(softplus(mpf(0)), bits), 0.5))
        # a short centre makes x - c exact
        low, high = floor(32 * a) / 32, ceil(32 * b) / 32
        middle = min(
            (low + (high - low) * k / 32 for k in range(8, 25)), key=lambda c: roundings(c, a, b)
        )
        c, *known = centre(softplus, middle - (high - low) / 4, middle + (high - low) / 4, bits)
        return fit(softplus, a, b, n, bits, c, known)

    bounds = [least] + [bound(k) for k in range(first, first + 15)] + [end]
    pieces = [piece(a, b) for a, b in itertools.pairwise(bounds)]
    return pieces[-first:] + pieces[:-first]  # the slot is the piece's last four bits


print("// SPDX-License-Identifier: MIT")
print(
    "// log(1 + e^x) by pieces: the centres, then the coefficients.  Printed by scripts/softplus.py."
)
# Beyond the end of the halves' pieces the result is x when it is rounded.
for condition, name, degree, first, alpha, beta, least, end in (
    ("#if HW_IS_FLOAT && ROUGH", "f32", 5, -9, "1.0825", "0.0128", "-8", "6.5"),
    ("#elif HW_IS_FLOAT", "f32", 7, -8, "0.8642", "0.0246", "-8", "15.5"),
    ("#else", "f64", 13, -8, "1.2096", "0.0342", "-6", "8"),
):
    print(condition)
    print(f"enum {{ SOFTPLUS_DEGREE = {degree} }};")
    for constant in "alpha", "beta", "least", "end":
        print(f"#define SOFTPLUS_{constant.upper()} {locals()[constant]}")
    print_table(
        "softplus_table", table(FORMATS[name], degree, first, *map(mpf, (alpha, beta, least, end)))
    )
print("#endif")

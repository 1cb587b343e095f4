# SPDX-License-Identifier: MIT
"""Prints ../gelu_table.h: for gelu and its tanh form, with their shares s(a) = Phi(-a) and
sigmoid(-2 sqrt(2/pi) (a + 0.044715 a^3)) of the negative side, a (s(c) - s(a)), where c is the centre of a piece, for
halves -a s(a), and the derivative s(a) + a s'(a) on 16 pieces, round(alpha a + beta a^2) being the piece; and the tail of
gelu, Q = a Phi(-a) e^(a^2/2) less its limit c = 1/sqrt(2 pi) as a polynomial of 1/(a^2 + GELU_SHIFT).
"""

import itertools
from collections import namedtuple

from mpmath import cos, erfc, exp, floor, log, lu_solve, matrix, mpf, nint, pi, sqrt
from piecewise import FORMATS, fit, hexadecimal, print_table, rounded, unit

SHIFT = mpf(4)  # halves the terms of Q that are needed
# So small that only tinier numbers are lost beside it.
SPECKS = {24: mpf(2) ** -37, 53: mpf(2) ** -400}


# From `tail` on it is e^x.  If the pieces go on to a later end, the last, to which all of a from `last` on belongs, is
# the positive side's alone.  `near` tells where on the way through each piece but the first its centre is.
Layout = namedtuple("Layout", "alpha beta tail last end degree near", defaults=([0.6] * 15,))


def bounds(layout):
    """Of the pieces k and k + 1, and the end."""
    alpha, beta = mpf(layout.alpha), mpf(layout.beta)
    between = [
        (sqrt(alpha**2 + 4 * beta * (k + mpf(1) / 2)) - alpha) / (2 * beta) for k in range(15)
    ]
    return [*between, mpf(layout.end)]


def phi(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def normal_share(a):
    return erfc(a / sqrt(2)) / 2


def tanh_argument(a):
    return 2 * sqrt(2 / pi) * (a + mpf("0.044715") * a**3)


def tanh_share(a):
    return 1 / (1 + exp(tanh_argument(a)))


def normal_slope(a):
    return normal_share(a) - a * phi(a)


def tanh_slope(a):
    s = tanh_share(a)
    return s - a * s * (1 - s) * 2 * sqrt(2 / pi) * (1 + 3 * mpf("0.044715") * a * a)


def halves_values(share, layout, bits):
    def h(a):
        return -a * share(a)

    n, bound = layout.degree, bounds(layout)
    lowest = fit(h, mpf(2) ** -30, bound[0], n, bits, 0, (0, -0.5))
    return [lowest, *(fit(h, a, b, n, bits) for a, b in itertools.pairwise(bound))]


def share_centre(share, near, bits):
    """The nearest c for which s(c) all but equals a number s and 1 - s(c) a multiple of 2^-bits, as 1 - s is."""
    scale = 2 ** (bits - 1 - int(floor(log(near, 2))))  # of the numbers about
    first = int(near * scale)
    for k in range(8192):
        for c in (mpf(first - k) / scale, mpf(first + k) / scale):
            exact = share(c)
            s, steps = rounded(exact, bits), exact * mpf(2) ** bits
            if max(abs(exact - s) / unit(exact, bits), abs(steps - nint(steps))) < mpf(1) / 32:
                return c, s
    raise ValueError(f"no centre near {near}")


def values(share, layout, bits):
    """[c, s(c), c0, c1, ...] for a (s(c) - s(a)), which has no constant term; the first c counts as the speck."""
    speck, half = SPECKS[bits], mpf(1) / 2

    def size(a):
        return a * share(a)

    def piece(a, b, c, s, known=(0,)):
        return fit(lambda a: a * (s - share(a)), a, b, layout.degree, bits, c, known, size)[2:]

    bound = bounds(layout)
    pieces = [[speck, half, *piece(speck, bound[0], mpf(0), half, (0, 0))]]
    for (a, b), near in zip(itertools.pairwise(bound), layout.near, strict=True):
        c, s = share_centre(share, a + (b - a) * near, bits)
        pieces.append([c, s, *piece(a, b, c, s)])
    return pieces


def slope(d, layout, bits):
    # Where the slope is small, errors count relative to 2^-4.
    def size(a):
        return max(abs(d(a)), mpf(2) ** -4 if a < 1 else 0)

    n, bound = layout.degree, bounds(layout)
    pieces = [fit(d, mpf(2) ** -30, bound[0], n, bits, 0, (0.5,))]
    pieces += [fit(d, bound[k - 1], bound[k], n, bits, size=size) for k in range(1, 15)]
    alone = mpf(layout.end) > mpf(layout.tail)  # on the positive side, where it is 1 - d
    return [*pieces, fit(d, bound[14], bound[15], n, bits, size=(lambda a: 1) if alone else None)]


def print_fitted(name, layout, pieces):
    print_table(f"{name}_table", pieces)
    print(f"static const fitted {name} = {{{', '.join(map(str, layout[:6]))}, {name}_table}};")


def print_tail(n, bits, tail):
    """Q - c at v = 1/(a^2 + SHIFT): q0 v + q1 v^2 + ...; interpolated at Chebyshev nodes."""
    nodes = [(1 + cos((2 * k + 1) * pi / (2 * n))) / 2 / (tail**2 + SHIFT) for k in range(n)]
    values = []
    for v in nodes:
        a = sqrt(1 / v - SHIFT)
        values.append((a * normal_share(a) * exp(a * a / 2) - 1 / sqrt(2 * pi)) / v)
    q = lu_solve(matrix([[v**i for i in range(n)] for v in nodes]), matrix(values))
    print(f"static const T gelu_tail[{n}] = {{  // from the highest power down")
    for c in list(q)[::-1]:
        print(f"    {hexadecimal(rounded(c, bits))},")
    print("};")


def print_pair(name, v, bits):
    hi = rounded(v, bits)
    print(
        f"static const T {name} = {hexadecimal(hi)}, {name}_lo = {hexadecimal(rounded(v - hi, bits))};"
    )


print("// SPDX-License-Identifier: MIT")
print(
    "// gelu and its tanh form by pieces: the centres, then the coefficients; and constants in two parts."
)
print("// Printed by scripts/gelu.py, whose head says what is what.")
print(f"#define GELU_SHIFT {float(SHIFT)}")
# The centres were chosen by trial, for the least largest error.
FLOAT = Layout(
    *("1.71875", "0.234375", "5.25", "5.25", "5.25", 7),
    (0.45, 0.5, 0.5, 0.65, 0.6, 0.55, 0.65, 0.6, 0.7, 0.6, 0.6, 0.7, 0.55, 0.65, 0.65),
)
FLOAT_TANH = Layout(
    *("1.71875", "0.28515625", "4.9375", "4.9375", "4.9375", 7),
    (0.5, 0.5, 0.6, 0.65, 0.55, 0.55, 0.65, 0.65, 0.55, 0.7, 0.55, 0.56, 0.64, 0.64, 0.65),
)
FLOAT_SLOPE = Layout("1.71875", "0.234375", "5", "5.0625", "5.9", 7)
FLOAT_TANH_SLOPE = Layout("2.25", "0.28125", "4.1875", "4.25", "5.9", 7)
HALF = Layout("1.5", "0.265625", "5.25", "5.25", "5.25", 6)
# To where it is nothing beside 1.
HALF_SLOPE = Layout("1.5", "0.21875", "5.625", "5.625", "5.625", 6)
# Values from its tail to 9 are computed apart, so that their place does not matter.
DOUBLE = Layout("2.25", "0.28125", "4.1875", "4.5", "4.5", 13)
for condition, name, terms, value, slopes, tanh_value, tanh_slopes in (
    ("#if HW_IS_FLOAT && ROUGH", "f32", 4, HALF, HALF_SLOPE, HALF, HALF),
    ("#elif HW_IS_FLOAT", "f32", 5, FLOAT, FLOAT_SLOPE, FLOAT_TANH, FLOAT_TANH_SLOPE),
    ("#else", "f64", 15, DOUBLE, DOUBLE, DOUBLE, DOUBLE),
):
    bits = FORMATS[name]
    forward = halves_values if value is HALF else values
    print(condition)
    print_fitted("gelu_value", value, forward(normal_share, value, bits))
    print_fitted("gelu_slope", slopes, slope(normal_slope, slopes, bits))
    print_fitted("gelu_tanh_value", tanh_value, forward(tanh_share, tanh_value, bits))
    print_fitted("gelu_tanh_slope", tanh_slopes, slope(tanh_slope, tanh_slopes, bits))
    print_tail(terms, bits, min(mpf(value.tail), mpf(slopes.tail)))
    c = 2 * sqrt(2 / pi)
    print_pair("inv_sqrt_2pi", 1 / sqrt(2 * pi), bits)
    print_pair("gelu_tanh_linear", c, bits)
    print_pair("gelu_tanh_cubic", c * mpf("0.044715"), bits)
print("#endif")

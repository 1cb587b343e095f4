# SPDX-License-Identifier: MIT
"""Prints ../gelu_table.h: for gelu and its tanh form, with their shares s(a) = Phi(-a) and
sigmoid(-2 sqrt(2/pi) (a + 0.044715 a^3)) of the negative side, -h(a) = -a s(a) and its derivative
h'(-a) = s(a) + a s'(a) on 16 pieces, round(GELU_ALPHA a + GELU_BETA a^2) being the piece; and the tail of
gelu, Q = a Phi(-a) e^(a^2/2) less its limit c = 1/sqrt(2 pi) as a polynomial of 1/(a^2 + GELU_SHIFT).  The
pieces of the halves go further, since a half hides more of their roundings.
"""

from mpmath import cos, erfc, exp, lu_solve, matrix, mpf, pi, sqrt
from piecewise import FORMATS, fit, hexadecimal, print_table, rounded

SHIFT = mpf(4)  # halves the terms of Q that are needed


def bounds(alpha, beta):
    """Between the pieces k and k + 1."""
    return [(sqrt(alpha**2 + 4 * beta * (k + mpf(1) / 2)) - alpha) / (2 * beta) for k in range(15)]


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


def forward(share, n, bits, bound, end, tail):
    def h(a):
        return -a * share(a)

    grid = [mpf(2) ** (1 - bits) if b < 2 else None for b in bound]
    pieces = [fit(h, mpf(2) ** -30, bound[0], n, bits, 0, (0, -0.5))]
    # At the low end of the first of these h has one bit less than in most of it: its centre is near.
    pieces += [
        fit(h, bound[k - 1], bound[k], n, bits, grid=grid[k], near=0.25 if k == 1 else 0.5)
        for k in range(1, 15)
    ]
    # If only the positive side uses the last piece, the result there is a - h.
    return [*pieces, fit(h, bound[14], end, n, bits, size=(lambda a: a) if end > tail else None)]


def slope(d, n, bits, bound, end, tail):
    # Where the slope is small, errors count relative to 2^-4.
    def size(a):
        return max(abs(d(a)), mpf(2) ** -4 if a < 1 else 0)

    pieces = [fit(d, mpf(2) ** -30, bound[0], n, bits, 0, (0.5,))]
    pieces += [fit(d, bound[k - 1], bound[k], n, bits, size=size) for k in range(1, 15)]
    return [*pieces, fit(d, bound[14], end, n, bits, size=(lambda a: 1) if end > tail else None)]


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
# From `tail` on it is e^x.  If the pieces go on, the last is the positive side's alone, and tail is below its start.
for condition, name, alpha, beta, tail, degree, slope_degree, terms, end, slope_end in (
    ("#if HW_IS_FLOAT && ROUGH", "f32", "1.5", "0.265625", "5.25", 6, 6, 4, "5.25", "5.25"),
    ("#elif HW_IS_FLOAT", "f32", "2.25", "0.28125", "4.1875", 6, 7, 5, "5.45", "5.9"),
    ("#else", "f64", "2.25", "0.28125", "4.1875", 13, 13, 15, "4.5", "4.5"),
):
    bits = FORMATS[name]
    print(condition)
    print(f"#define GELU_ALPHA {alpha}")
    print(f"#define GELU_BETA {beta}")
    print(f"#define GELU_TAIL {tail}")
    print(
        f"enum {{ GELU_DEGREE = {degree}, GELU_SLOPE_DEGREE = {slope_degree}, GELU_TAIL_TERMS = {terms} }};"
    )
    bound, tail = bounds(mpf(alpha), mpf(beta)), mpf(tail)
    forward_to, slope_to = (bits, bound, mpf(end), tail), (bits, bound, mpf(slope_end), tail)
    print_table("gelu_pieces", forward(normal_share, degree, *forward_to))
    print_table("gelu_slopes", slope(normal_slope, slope_degree, *slope_to))
    print_table("gelu_tanh_pieces", forward(tanh_share, degree, *forward_to))
    print_table("gelu_tanh_slopes", slope(tanh_slope, slope_degree, *slope_to))
    print_tail(terms, bits, tail)
    c = 2 * sqrt(2 / pi)
    print_pair("inv_sqrt_2pi", 1 / sqrt(2 * pi), bits)
    print_pair("gelu_tanh_linear", c, bits)
    print_pair("gelu_tanh_cubic", c * mpf("0.044715"), bits)
print("#endif")

# SPDX-License-Identifier: MIT
"""Tables of piecewise polynomials, for the other scripts of this directory.

On [a, b] a function f is c0 + c1 t + ... + cn t^n with t = x - c.  The centre c is moved until f(c) all
but equals a number of the format (Gal's trick) and f'(c) is close to one.  Then the last addition,
c0 + t (...), is the only rounding that counts.
The other coefficients are fitted by least squares on Chebyshev nodes, in 60
digits, and rounded one after another, each time with those that follow fitted anew.
"""

from mpmath import cos, diff, floor, log, lu_solve, matrix, mp, mpf, nint, pi

mp.dps = 60
FORMATS = {"f32": 24, "f64": 53}


def octaves(bits, scale, offset, end):
    """The bounds that the exponent of offset + scale x and that many bits of its fraction set, up to the end."""
    parts = 2**bits
    steps = [mpf(2) ** k * (1 + mpf(j) / parts) for k in range(-1, 5) for j in range(parts)]
    bounds = [(step - offset) / scale for step in steps]
    return [mpf(0), *(a for a in bounds if 0 < a < end), end]


def slots(pieces, bits, offset):
    """The pieces in the order in which the last bits of the exponent and those look them up."""
    exponent = floor(log(offset, 2))  # the bias, 127 or 1023, is as good as -1
    first = floor((exponent - 1 + offset / 2**exponent - 1) * 2**bits)
    middle = int(-first) % len(pieces)
    return pieces[middle:] + pieces[:middle]


def unit(v, bits):
    """The last place of v."""
    return mpf(2) ** (floor(log(abs(v), 2)) - bits + 1)


def rounded(v, bits):
    return nint(v / unit(v, bits)) * unit(v, bits) if v else mpf(0)


def centre(f, a, b, bits, near=0.5):
    """[c, c0, c1] for the nearest c to the middle (or to another part of the way) that serves."""
    for k in range(8192):
        for c in a + (b - a) * (near + mpf(k) / 32768), a + (b - a) * (near - mpf(k) / 32768):
            c = rounded(c, bits)
            v = f(c)
            if abs(v - rounded(v, bits)) < unit(v, bits) / 256:
                d = diff(f, c)
                if abs(d - rounded(d, bits)) < unit(d, bits) / 32:
                    return [c, rounded(v, bits), rounded(d, bits)]
    raise ValueError(f"no centre in {a}, {b}")


def fit(f, a, b, n, bits, c=None, known=(), size=None, near=0.5):
    """[c, c0, ..., cn]; the first coefficients may be known, and c with them.

    The error is relative to size, or to f.
    """
    a, b = mpf(a), mpf(b)
    if c is None:
        c, *known = centre(f, a, b, bits, near)
    known = [mpf(k) for k in known]
    nodes = [(a + b) / 2 + (b - a) / 2 * cos((2 * k + 1) * pi / (8 * n)) for k in range(4 * n)]
    values = [f(x) for x in nodes]
    sizes = [(size or f)(x) for x in nodes]
    while len(known) <= n:
        first = len(known)
        rows, rest = [], []
        for x, v, s in zip(nodes, values, sizes, strict=True):
            t = x - c
            rest.append((v - sum(k * t**i for i, k in enumerate(known))) / s)
            rows.append([t**i / s for i in range(first, n + 1)])
        known.append(rounded(lu_solve(matrix(rows), matrix(rest))[0], bits))
    return [c, *known]


def hexadecimal(v):
    mantissa, exponent = float(v).hex().split("p")
    return (mantissa.rstrip("0").rstrip(".") + "p" + exponent) if v else "0"


def print_table(name, pieces):
    """A line of C for the centres and for each coefficient; the k-th entries belong to the k-th piece."""
    print(f"POLYNOMIALS({name}, {len(pieces)}, {len(pieces[0])}) = {{")
    for k, row in enumerate(zip(*pieces, strict=True)):
        lines, line = [], f"    COEFFICIENTS({k},"
        for word in map(hexadecimal, row):
            if len(line) + len(word) > 96:
                lines.append(line)
                line = "       "
            line += f" {word},"
        print("\n".join([*lines, line[:-1] + "),"]))
    print("};")

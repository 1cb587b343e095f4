# SPDX-License-Identifier: MIT
"""Prints coefficients.h: the constants of the verifier's reference (needs mpmath).

The normal tail, Phi(-a) exp(a^2/2) (1 + 2a) for a >= 0, is smooth in q = (a - k) / (a + k), also at
infinity; its Chebyshev interpolant in q is turned into a polynomial.
"""

from mpmath import chop, cos, erfc, exp, mp, mpf, nstr, pi, sqrt

mp.dps = 60
K, DEGREE = mpf(4), 30


def tail(q):
    a = K * (1 + q) / (1 - q)
    h = erfc(a / sqrt(mpf(2))) / 2 * exp(a * a / 2) if a < 60 else asymptotic(a)
    return h * (1 + 2 * a)


def asymptotic(a):
    term = total = mpf(1)
    for i in range(1, 30):
        term *= -(2 * i - 1) / (a * a)
        total += term
    return total / (a * sqrt(2 * pi))


def chebyshev(f, n):
    nodes = [cos(pi * (j + mpf(1) / 2) / n) for j in range(n)]
    values = [f(x) for x in nodes]
    return [
        2 * sum(v * cos(pi * i * (j + mpf(1) / 2) / n) for j, v in enumerate(values)) / n
        for i in range(n)
    ]


def monomials(c):
    result, before, now = [mpf(0)] * len(c), [mpf(1)], [mpf(0), mpf(1)]
    result[0] += c[0] / 2
    for coefficient in c[1:]:
        for i, m in enumerate(now):
            result[i] += coefficient * m
        after = [mpf(0)] + [2 * m for m in now]
        for i, m in enumerate(before):
            after[i] -= m
        before, now = now, after
    return result


c = chebyshev(tail, DEGREE + 1)
print("// SPDX-License-Identifier: MIT")
print("// Made by coefficients.py.  Phi(-a) exp(a^2/2) (1 + 2a) as a polynomial in")
print(f"// (a - {int(K)}) / (a + {int(K)}); the last Chebyshev coefficient is {nstr(c[-1], 2)}.")
print(f"#define TAIL_CENTRE {int(K)}")
print("static const double tail_coefficients[] = {")
for m in monomials(c):
    print(f"    {nstr(chop(m), 22)},")
print("};")

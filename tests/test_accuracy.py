# SPDX-License-Identifier: MIT
"""Every kernel of every instruction set against its oracle, within the bounds of the table."""

import zlib

import mpmath
import numpy as np
import oracles
import pytest
from support import ISAS, SEED, TYPES, Kernel, cases, errors, errors_mp, every, points, random_bits

HALVES = ("float16", "bfloat16")
LONGDOUBLE_ULP = 8  # what C libraries have is published, not promised


def bounds(row, direction, t):
    """The largest error allowed of each result."""
    if t.name in HALVES:
        return [0.501, 0.501]
    if t.name == "longdouble" and row.kind not in ("PIECEWISE", "WEIGHTED"):
        return [LONGDOUBLE_ULP] * 2
    if direction == "vjp":
        return [row.dulp if row.kind == "GATED" else 2.5] * 2
    narrow = t.name == "float32"
    if direction == "forward":
        return [row.ulp if narrow else row.ulp64]
    return [row.dulp if narrow else row.dulp64]


def show(exact):
    return str(exact) if isinstance(exact, np.floating) else mpmath.nstr(exact, 20)


def rng_for(*key):
    """A generator that depends on the case alone."""
    return np.random.default_rng([SEED, zlib.crc32(repr(key).encode())])


def inputs(row, direction, t, n):
    """The streams of a case: finite values, stored."""
    rng = rng_for(row.name, direction, t.name)
    x = every(t) if t.name in HALVES else points(t, n, rng)
    x = x[np.isfinite(t.values(x))]
    count = len(row.streams({"forward": 0, "grad": 1, "vjp": 2}[direction]))

    def other():
        wild = random_bits(t, len(x), rng)
        tame = t.round(rng.normal(size=len(x)))
        pick = (rng.random(len(x)) < 0.5) & np.isfinite(t.values(wild))
        return np.where(pick, wild, tame).astype(t.stored)

    if row.kind == "GATED":
        return [other(), x, other()] if count == 3 else [x, other()]
    return [other(), x] if count == 2 else [x]


def floors(m, row, direction, streams, params):
    """What errors count in, at least, near a zero of the derivative; 0 elsewhere."""
    if direction == "forward":
        return None
    x = streams[0 if direction == "grad" else 1]
    floor = 0 * x
    for zero in oracles.crossings(row.name, params):
        factor = 1
        if direction == "vjp":
            factor = m.abs(streams[0]) * (m.abs(streams[2]) if row.kind == "GATED" else 1)
        floor = np.where(m.abs(x - zero) <= 0.25, factor * 2.0**-4, floor)
    return floor


def check(row, direction, t, values, n):
    narrow = t.p <= 24
    m = (oracles.LD if narrow else oracles.MP)(t.param)
    stored = inputs(row, direction, t, n)
    params = [np.array(p, t.param) for p in values]
    streams = [m.array(t.values(s)) for s in stored]
    wide = [m.array(p)[()] for p in params]
    exact = oracles.evaluate(m, row, direction, streams, wide)
    floor = floors(m, row, direction, streams, wide)
    found = {}
    for isa in ISAS if t.name != "longdouble" else ["portable"]:
        kernel = Kernel(row, direction, t.hw, isa)
        got = kernel(*stored, *params)
        for k, (one, true, bound) in enumerate(
            zip(got, exact, bounds(row, direction, t), strict=False)
        ):
            result = TYPES["float32"] if one.dtype != stored[0].dtype else t  # dweight of halves
            bound = 2.5 if result is not t else bound
            if k == 0 and floor is not None:
                low = floor
            else:
                low = 0 * exact[0] if not narrow else 0
            error = (errors if narrow else errors_mp)(result, one, true, low)
            i = int(np.argmax(error))
            found[isa] = max(found.get(isa, 0), float(error[i]))
            slack = 1e-6 if narrow else 0  # of the oracle itself
            assert error[i] <= bound + slack, (
                f"{row.name} {direction} {t} {isa}, result {k}: {float(error[i]):.4f} ULP, bound {bound}, "
                f"{int((error > bound + slack).sum())} of {len(error)} inputs\n"
                f"operands {', '.join(t.hex(s[i]) for s in stored)}, parameters {values}\n"
                f"got {result.hex(one[i])}, exact {show(true[i])}\nHALFWAVE_TEST_SEED={SEED}"
            )
            # What underflows keeps the side that it came from.
            flushed = (result.values(one) == 0) & (true != 0)
            lost = np.flatnonzero(flushed & (np.signbit(result.values(one)) != (true < 0)))
            assert not lost.size, (
                f"{row.name} {direction} {t} {isa}, result {k}: the sign of a zero is wrong for operands "
                f"{[t.hex(s[lost[0]]) for s in stored]}, parameters {values}: exact {show(true[lost[0]])}"
            )
    return found


@pytest.mark.parametrize("t", TYPES.values(), ids=str)
@pytest.mark.parametrize("row, direction", cases())
def test_accuracy(row, direction, t):
    if not oracles.has(row.name):
        pytest.fail(f"no oracle for {row.name}: add one to tests/oracles.py")
    for params in oracles.parameter_sets(row, direction):
        check(row, direction, t, params, {"float32": 20000, "float64": 150}.get(t.name, 40))

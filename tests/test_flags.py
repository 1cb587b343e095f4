# SPDX-License-Identifier: MIT
"""No floating-point flag is raised unless the true result overflows or underflows, or is
undefined.
"""

import ctypes
import ctypes.util
import platform
from functools import partial

import mpmath
import numpy as np
import oracles
import pytest
from support import ISAS, ROWS, TYPES, Kernel, cases, every, points, public, ufunc
from test_accuracy import inputs, rng_for, show

import halfwave as hw

FLAGS = {
    "x86_64": {"invalid": 1, "divide": 4, "overflow": 8, "underflow": 16},
    "aarch64": {"invalid": 1, "divide": 2, "overflow": 4, "underflow": 8},
}.get(platform.machine())
LIBM = ctypes.util.find_library("m")
needs_flags = pytest.mark.skipif(
    FLAGS is None or LIBM is None, reason="the flags of this machine are not known here"
)


def raised(call):
    """The names of the flags that call() raises."""
    libm = ctypes.CDLL(LIBM)
    mask = sum(FLAGS.values())
    libm.feclearexcept(mask)
    call()
    found = libm.fetestexcept(mask)
    libm.feclearexcept(mask)
    return [name for name, bit in FLAGS.items() if found & bit]


def calm(t, exact):
    """Where exact results are normal or exactly 0, with room for a rounding at either end."""
    if exact.dtype == object:
        low, high = mpmath.ldexp(1, t.emin), mpmath.ldexp(2, t.emax) * (1 - mpmath.ldexp(1, -t.p))
    else:
        low = np.ldexp(np.longdouble(1), t.emin)
        high = np.ldexp(2 - np.ldexp(np.longdouble(1), 1 - t.p), t.emax)
    low *= 1 + 2.0 ** (2 - t.p) if t.p < 50 else 1 + 2.0**-48
    size = abs(exact)
    return np.asarray((exact == 0) | ((size >= low) & (size <= high)), bool)


@needs_flags
@pytest.mark.parametrize("t", TYPES.values(), ids=str)
@pytest.mark.parametrize("row, direction", cases())
def test_no_spurious_flags(row, direction, t):
    stored = inputs(row, direction, t, {"float32": 4000, "float64": 100}.get(t.name, 30))
    if len(stored[0]) > 12000:
        pick = rng_for("flags", row.name).permutation(len(stored[0]))[:12000]
        stored = [s[pick] for s in stored]
    m = (oracles.LD if t.p <= 24 else oracles.MP)(t.param)
    streams = [m.array(t.values(s)) for s in stored]
    for values in oracles.parameter_sets(row, direction):
        params = [np.array(p, t.param) for p in values]
        exact = oracles.evaluate(m, row, direction, streams, [m.array(p)[()] for p in params])
        fit = calm(t, exact[0])
        for e in exact[1:]:
            fit &= calm(TYPES["float32"] if row.kind == "WEIGHTED" and t.p < 24 else t, e)
        if t.p <= 24:  # a 0 of longdouble may be one that underflowed
            for e in exact:
                own = streams[1] if direction == "vjp" else streams[0]
                fit &= (e != 0) | (row.kind in ("PIECEWISE", "WEIGHTED") and abs(own) < 1e9)
        chosen = [s[fit] for s in stored]
        n = len(chosen[0])
        assert n > 20
        for isa in ISAS if t.name != "longdouble" else ["portable"]:
            kernel = Kernel(row, direction, t.hw, isa)

            def flags(arrays, kernel=kernel, params=params):
                out = kernel(*arrays, *params)  # makes the arrays and its own flags
                return raised(lambda: kernel(*arrays, *params, out=out))

            layouts = {
                "contiguous": chosen,
                "strided": [np.repeat(s, 2)[::2] for s in chosen],
                "a tail": [s[: min(n, 13)] for s in chosen],
            }
            for layout, arrays in layouts.items():
                if found := flags(arrays):
                    one = next((i for i in range(n) if flags([s[i : i + 1] for s in chosen])), None)
                    witness = (
                        "no single value does" if one is None else [t.hex(s[one]) for s in chosen]
                    )
                    count = sum(bool(flags([s[i : i + 1] for s in chosen])) for i in range(n))
                    pytest.fail(
                        f"{row.name} {direction} {t} {isa}, {layout}: {found} for {witness}, "
                        "parameters "
                        f"{values}, exact {show(exact[0][fit][one or 0])}; {count} of {n} inputs do"
                    )


@needs_flags
@pytest.mark.parametrize("t", TYPES.values(), ids=str)
@pytest.mark.parametrize("row, direction", cases())
def test_nan_and_infinity_raise_nothing(row, direction, t):
    """A quiet NaN is never invalid, and a limit is no exception."""
    if (row.name, direction) in {
        ("reglu", "forward"),
        ("swiglu", "forward"),
        ("geglu", "forward"),
        ("geglu_tanh", "forward"),
        ("glu", "forward"),
    }:
        specials = [np.nan]  # 0 * inf is invalid in a product
    else:
        specials = [np.nan, np.inf, -np.inf]
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    params = [np.array(p, t.param) for p in values]
    for isa in ISAS if t.name != "longdouble" else ["portable"]:
        kernel = Kernel(row, direction, t.hw, isa)
        for special in specials:
            for which in range(kernel.op.nstreams):
                for stride in (1, 2):
                    streams = [
                        t.round(np.full(37 * stride, 1.0))[::stride]
                        for _ in range(kernel.op.nstreams)
                    ]
                    streams[which] = t.round(np.full(37 * stride, special))[::stride]
                    out = kernel(*streams, *params)
                    found = raised(partial(kernel, *streams, *params, out=out))
                    if t.name == "longdouble" and found == ["underflow"]:
                        continue  # the C library's
                    assert not found, (
                        f"{row.name} {direction} {t} {isa}: {found} for {special}, stream {which}"
                    )


@pytest.mark.parametrize("row, direction", cases())
def test_errstate_raise_through_numpy(row, direction):
    """The same as users see it: everyday values of any shape, with all warnings as errors."""
    rng = rng_for("errstate", row.name, direction)
    count = len(row.streams({"forward": 0, "grad": 1, "vjp": 2}[direction]))
    halves = [np.float16] * (row.kind == "PIECEWISE")  # others underflow there
    for dtype in (*halves, np.float32, np.float64, np.longdouble):
        for n in (0, 1, 7, 100, 1000):
            streams = [
                rng.uniform(0.25, 4, n).astype(dtype) * rng.choice([-1, 1], n).astype(dtype)
                for _ in range(count)
            ]
            for values in oracles.parameter_sets(row, direction):
                with np.errstate(all="raise"):
                    ufunc(row, direction)(*streams, *values)
                    ufunc(row, direction)(*[s[::-2] for s in streams], *values)
                    public(row, direction)(*streams, *values)


def test_overflow_and_underflow_are_still_told():
    with np.errstate(all="raise"):
        with pytest.raises(FloatingPointError, match="overflow"):
            ufunc(ROWS["relu_squared"])(np.full(9, 1e30, np.float32))
        with pytest.raises(FloatingPointError, match="overflow"):
            ufunc(ROWS["relu_squared"])(np.full(9, 1e3, np.float16))
        with pytest.raises(FloatingPointError, match="underflow"):
            ufunc(ROWS["relu_squared"])(np.full(9, 1e-30, np.float32))
        with pytest.raises(FloatingPointError, match="underflow"):
            ufunc(ROWS["leaky_relu"])(np.full(9, -6e-5, np.float16), 0.1)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
def test_the_slope_of_celu_0_underflowed_where_e_to_x_does(name, isa):
    kernel, wide = Kernel(ROWS["celu"], "grad", TYPES[name].hw, isa), name == "float64"
    x = np.linspace(*(-710, -707) if wide else (-89, -86), 5000).astype(name)
    alpha, out = np.zeros((), np.float64 if wide else np.float32), [np.empty_like(x)]
    assert not raised(lambda: kernel(x, alpha, out=out))
    assert not out[0].any()


def test_points_cover_the_halves():
    assert len(np.unique(every(TYPES["float16"]).view(np.uint16))) == 65536
    assert len(points(TYPES["float32"], 10, np.random.default_rng(0))) > 100


@pytest.mark.parametrize("dtype", "fdg")
def test_hardsigmoid_overflows_for_no_parameters(dtype):
    most = np.finfo(dtype).max
    triples = [  # x, alpha, beta, the result
        (most, 1, most, 1), (100, most / 4, most / 4, 1), (most, 1, most / 5, 1),
        (-most, 1, most, 0), (most, -1, most, 0), (most, 0.9, -most, 0), (1, 1e-30, most, 1),
        (0.5, most, -most / 2, 0), (most, 1e-3, most, 1), (-most, most, most, 0),
    ]  # fmt: skip
    with np.errstate(all="raise"):
        for *operands, expected in triples:
            operands = np.array(operands, dtype)
            assert hw.hardsigmoid(*operands) == expected, operands
            assert hw.grad.hardsigmoid(*operands) == 0, operands

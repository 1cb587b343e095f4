# SPDX-License-Identifier: MIT
"""The bits of a result depend on the value alone: not on place, length, strides, alignment, byte
order, in-place or not, nor on the instruction set.
"""

import numpy as np
import oracles
import pytest
from support import (
    DIRECTIONS,
    INTEGERS,
    ISAS,
    TYPES,
    Kernel,
    bfloat16,
    bits,
    cases,
    every,
    points,
    random_bits,
    same,
    specials,
    ufunc,
)
from test_accuracy import rng_for

N = 300
FLOATS = [t for t in TYPES.values() if t.name != "longdouble"]


def stored_streams(t, count, n, rng):
    """count streams of n stored values: specials, wild and tame ones, NaN and infinities "
    "among them."""
    special = specials(t)
    made = []
    for _ in range(count):
        pick = rng.integers(0, 3, n)
        tame = t.round(rng.normal(size=n) * 4)
        values = [rng.choice(special, n), random_bits(t, n, rng), tame]
        made.append(np.choose(pick, [v.view(t.bits) for v in values]).view(t.stored))
    return made


def kernels(row, direction):
    """(name, kernel, streams, parameters) for every stored type and instruction set of a case."""
    for t in FLOATS:
        for isa in ISAS:
            kernel = Kernel(row, direction, t.hw, isa)
            rng = rng_for("invariants", row.name, direction, t.name)
            params = oracles.parameter_sets(row, direction)
            yield (
                f"{t} {isa}",
                kernel,
                stored_streams(t, kernel.op.nstreams, N + 64, rng),
                [np.array(p, t.param) for p in params[-1]],
            )
    if row.integers and direction == "forward":
        for name, (number, dtype) in INTEGERS.items():
            for isa in ISAS:
                kernel = Kernel(row, direction, number, isa)
                rng = rng_for("invariants", row.name, name)
                info = np.iinfo(dtype)
                x = rng.integers(info.min, info.max, N + 64, dtype, endpoint=True)
                x[::3] = rng.integers(0, 10, len(x[::3]))
                yield (
                    f"{name} {isa}",
                    kernel,
                    [x],
                    [np.array(p, dtype) for p in (1, 5)[: row.nparams]],
                )


def raw(array, name):
    """The array's bytes as integers; NaN, whose sign and payload are free, is all ones."""
    bits = array.view(f"u{array.itemsize}")
    if array.dtype == np.uint16 and name.startswith("bfloat16"):
        return np.where(bits & 0x7FFF > 0x7F80, 0xFFFF, bits)
    return (
        np.where(np.isnan(array), ~np.zeros_like(bits), bits) if array.dtype.kind == "f" else bits
    )


@pytest.mark.parametrize("row, direction", cases())
def test_every_length_and_offset(row, direction):
    for name, kernel, streams, params in kernels(row, direction):
        whole = kernel(*streams, *params)
        sizes = [kernel.op.size[k] for k in range(kernel.nall)]
        pattern = 0xA5
        # Each length goes to a line of its own, at an offset that changes with it.
        lines = [np.full((N + 1, (N + 64) * a.itemsize), pattern, np.uint8) for a in whole]
        steps = [*sizes[: len(streams)], *[0] * len(params), *sizes[kernel.nin :]]
        for n in range(N + 1):
            offset = n * 7 % 61
            addresses = [s.ctypes.data + offset * s.itemsize for s in streams]
            addresses += [p.ctypes.data for p in params]
            addresses += [
                line.ctypes.data + n * line.strides[0] + n * 5 % 64 * a.itemsize
                for line, a in zip(lines, whole, strict=True)
            ]
            kernel.apply(n, addresses, steps)
        for line, a in zip(lines, whole, strict=True):
            expected = np.full_like(line, pattern)
            for n in range(N + 1):
                offset, start = n * 7 % 61, n * 5 % 64 * a.itemsize
                expected[n, start : start + n * a.itemsize] = a[offset : offset + n].view(np.uint8)
            got, expected = (raw(lines.view(a.dtype), name) for lines in (line, expected))
            wrong = np.flatnonzero((got != expected).any(axis=1))
            assert not wrong.size, f"{row.name} {direction} {name}: lengths {wrong.tolist()} differ"


@pytest.mark.parametrize("row, direction", cases())
def test_every_stride(row, direction):
    n = 77
    for name, kernel, streams, params in kernels(row, direction):
        whole = kernel(*[s[:n] for s in streams], *params)
        for stride in (-3, -2, -1, 2, 3):
            for which in range(kernel.nall):
                operands = [s[:n] for s in streams] + params
                if kernel.op.nstreams <= which < kernel.nin:
                    operands[which] = np.full(n, params[which - kernel.op.nstreams])
                out = [np.empty_like(a) for a in whole]
                spread = (operands + out)[which]
                holder = np.zeros(3 * n, spread.dtype)
                place = holder[::stride][:n]
                place[...] = spread
                (operands if which < kernel.nin else out)[
                    which - (which >= kernel.nin) * kernel.nin
                ] = place
                kernel(*operands, out=out)
                for a, b in zip(whole, out, strict=True):
                    assert np.array_equal(raw(a, name), raw(np.ascontiguousarray(b), name)), (
                        f"{row.name} {direction} {name}: operand {which} with stride {stride}"
                    )
        for which in range(kernel.op.nstreams):  # stride 0
            operands = [s[:n] for s in streams] + params
            repeated = np.repeat(operands[which][5], n)
            expected = kernel(*operands[:which], repeated, *operands[which + 1 :])
            operands[which] = np.broadcast_to(repeated[0], n)
            for a, b in zip(expected, kernel(*operands), strict=True):
                assert np.array_equal(raw(a, name), raw(b, name)), (
                    f"{row.name} {direction} {name}: stride 0"
                )


@pytest.mark.parametrize("row, direction", cases())
def test_in_place(row, direction):
    for name, kernel, streams, params in kernels(row, direction):
        for n in (1, 7, 64, 77, 256, 301):
            for stride in (1, 2):
                own = [s[: n * stride : stride].copy() for s in streams]
                whole = kernel(*own, *params)
                for which in range(kernel.op.nstreams):
                    operands = [np.repeat(s, stride)[::stride] for s in own]
                    out = [np.empty_like(a) for a in whole]
                    out[0] = operands[which]
                    if kernel.op.nout == 2 and whole[1].dtype == own[0].dtype:
                        out[1] = operands[which - 1]
                    kernel(*operands, *params, out=out)
                    for a, b in zip(whole, out, strict=True):
                        assert np.array_equal(raw(a, name), raw(np.ascontiguousarray(b), name)), (
                            f"{row.name} {direction} {name}: {n} values into operand {which}, "
                            f"stride {stride}"
                        )


@pytest.mark.parametrize("row, direction", cases(where=lambda row: row.nparams or row.ndparams))
def test_scalar_and_array_parameters(row, direction):
    for name, kernel, streams, params in kernels(row, direction):
        for n in (5, 64, N):
            own = [s[:n] for s in streams]
            whole = kernel(*own, *params)
            for mask in range(1, 2 ** len(params)):
                mixed = [np.full(n, p) if mask >> i & 1 else p for i, p in enumerate(params)]
                for a, b in zip(whole, kernel(*own, *mixed), strict=True):
                    assert np.array_equal(raw(a, name), raw(b, name)), (
                        f"{row.name} {direction} {name}: {mask:b}"
                    )


@pytest.mark.parametrize("row, direction", cases())
def test_each_parameter_goes_to_its_element(row, direction):
    for name, kernel, streams, params in kernels(row, direction):
        if not params:
            continue
        n = 67
        own = [s[:n] for s in streams]
        sets = oracles.parameter_sets(row, direction)
        if name.startswith(("int", "uint")):
            sets = [(0, 5), (2, 3), (1, 100)]
        choice = np.arange(n) % len(sets)
        arrays = [np.array([sets[c][i] for c in choice], p.dtype) for i, p in enumerate(params)]
        for a, k in zip(kernel(*own, *arrays), range(9), strict=False):
            for j, values in enumerate(sets):
                fixed = [np.array(v, p.dtype) for v, p in zip(values, params, strict=True)]
                b = kernel(*own, *fixed)[k]
                own_bits, fixed_bits = (raw(y[choice == j], name) for y in (a, b))
                assert np.array_equal(own_bits, fixed_bits), f"{row.name} {direction} {name}"


@pytest.mark.parametrize("row, direction", cases())
def test_instruction_sets_agree(row, direction):
    sets = oracles.parameter_sets(row, direction)
    for t in FLOATS:
        rng = rng_for("agree", row.name, direction, t.name)
        x = every(t) if t.bits is np.uint16 else points(t, 15000, rng)
        for values in sets:
            portable = Kernel(row, direction, t.hw, "portable")
            others = stored_streams(t, portable.op.nstreams - 1, len(x), rng)
            at = 1 if direction == "vjp" else 0
            streams = [*others[:at], x, *others[at:]]
            params = [np.array(p, t.param) for p in values]
            expected = portable(*streams, *params)
            for isa in ISAS:
                for k, (a, b) in enumerate(
                    zip(expected, Kernel(row, direction, t.hw, isa)(*streams, *params), strict=True)
                ):
                    own = t if a.dtype == x.dtype else TYPES["float32"]
                    wrong = np.flatnonzero(raw(a, str(t)) != raw(b, str(t)))
                    assert not wrong.size, (
                        f"{row.name} {direction} {t} {isa}, result {k}, {wrong.size} inputs, "
                        "one of them "
                        f"{[t.hex(s[wrong[0]]) for s in streams]} {values}: "
                        f"{own.hex(b[wrong[0]])}, portable has {own.hex(a[wrong[0]])}"
                    )


@pytest.mark.parametrize(
    "row", [c.values[0] for c in cases("forward", where=lambda r: r.integers)], ids=lambda r: r.name
)
def test_instruction_sets_agree_on_integers(row):
    for name, (number, dtype) in INTEGERS.items():
        rng = rng_for("agree", row.name, name)
        info = np.iinfo(dtype)
        x = rng.integers(info.min, info.max, 5000, dtype, endpoint=True)
        x[::3] = rng.integers(0, 10, len(x[::3]))
        x[:4] = info.min, info.max, 0, 6
        params = [
            rng.integers(info.min, info.max, 5000, dtype, endpoint=True) for _ in range(row.nparams)
        ]
        (expected,) = Kernel(row, "forward", number, "portable")(x, *params)
        for isa in ISAS:
            (got,) = Kernel(row, "forward", number, isa)(x, *params)
            assert np.array_equal(got, expected), f"{row.name} {name} {isa}"


# ---- the same through NumPy ----


def arrays(row, direction, dtype):
    rng = rng_for("numpy", row.name, direction, str(dtype))
    with np.errstate(all="ignore"):
        streams = [
            (rng.normal(size=(6, 35)) * 4).astype(dtype) for _ in row.streams(DIRECTIONS[direction])
        ]
    params = oracles.parameter_sets(row, direction)[-1]
    param = np.float32 if dtype.itemsize == 2 else dtype
    return streams, [param.type(p) if isinstance(param, np.dtype) else param(p) for p in params]


def misaligned(a):
    """A copy of a that is aligned to one byte alone."""
    raw_bytes = np.zeros(a.nbytes + 1, np.uint8)[1:]
    made = raw_bytes.view(a.dtype).reshape(a.shape)
    made[...] = a
    assert not made.flags.aligned or a.itemsize == 1
    return made


def swapped(a):
    return a.astype(a.dtype.newbyteorder())


LAYOUTS = {
    "swapped": swapped,
    "misaligned": misaligned,
    "fortran": np.asfortranarray,
    "transposed": lambda a: a.T.copy().T,
    "reversed": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
    "spread": lambda a: np.repeat(np.repeat(a, 2, 0), 3, 1)[::2, ::3],
}
DTYPES = [np.dtype(c) for c in "efdg"] + ([bfloat16] if bfloat16 else [])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("row, direction", cases())
def test_layouts(row, direction, dtype):
    f = ufunc(row, direction)
    streams, params = arrays(row, direction, dtype)

    def call(*streams, **kwargs):
        with np.errstate(all="ignore"):
            result = f(*streams, *params, **kwargs)
        return result if isinstance(result, tuple) else (result,)

    expected = call(*streams)
    for name, change in LAYOUTS.items():
        if name == "swapped" and dtype == bfloat16:
            continue  # ml_dtypes has no byte-swapped types
        laid = [change(s) for s in streams]
        for a, b in zip(expected, call(*laid), strict=True):
            assert b.dtype.newbyteorder("=") == a.dtype
            assert same(a, b), f"{row.name} {direction} {dtype}: {name}"
        outs = tuple(change(np.zeros_like(a)) for a in expected)
        call(*laid, out=outs)
        for a, b in zip(expected, outs, strict=True):
            assert same(a, b.astype(a.dtype)), f"{row.name} {direction} {dtype}: {name}, out"
    one_by_one = [call(*(s.flat[i] for s in streams)) for i in range(0, streams[0].size, 17)]
    for i, scalars in zip(range(0, streams[0].size, 17), one_by_one, strict=True):
        for a, b in zip(expected, scalars, strict=True):
            assert same(a.flat[i : i + 1], np.atleast_1d(b))


def test_bits_tells_zeros_apart():
    assert not same(np.array([0.0]), np.array([-0.0]))
    assert same(np.array([np.nan]), np.array([-np.nan]))
    assert bits(np.array([1], np.int8)) == 1

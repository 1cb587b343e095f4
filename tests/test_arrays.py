# SPDX-License-Identifier: MIT
"""Arrays of every kind: shapes, strides, broadcasting, out, where, order, overlap, subclasses,
protocols.
"""

import itertools

import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from support import DIRECTIONS, ROWS, cases, public, same, ufunc
from test_accuracy import rng_for

settings.register_profile("halfwave", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("halfwave")

SOME = ["relu", "leaky_relu", "hardswish", "shrink"]
EVERY = cases()


def outputs(result):
    return result if isinstance(result, tuple) else (result,)


def call(row, direction):
    """The case's ufunc on streams, with its first set of parameters."""
    values = (oracles.parameter_sets(row, direction) or [()])[0]

    def function(*streams, **kwargs):
        with np.errstate(all="ignore"):
            return outputs(ufunc(row, direction)(*streams, *values, **kwargs))

    return function, len(row.streams(DIRECTIONS[direction]))


def streams_of(row, direction, shape, dtype=np.float32):
    rng = rng_for("arrays", row.name, direction)
    count = len(row.streams(DIRECTIONS[direction]))
    return [(rng.normal(size=shape) * 3).astype(dtype) for _ in range(count)]


@pytest.mark.parametrize("row, direction", EVERY)
def test_shapes_and_broadcasting(row, direction):
    f, count = call(row, direction)
    for shape in [(), (0,), (1,), (3, 0, 2), (5, 7), (2, 3, 4, 5), (300,), (1,) * 20 + (3,)]:
        streams = streams_of(row, direction, shape)
        flat = f(*[np.ravel(s) for s in streams])
        for a, b in zip(f(*streams), flat, strict=True):
            assert np.shape(a) == shape
            assert same(np.ravel(a), b)
            assert isinstance(a, np.float32) == (shape == ())
    if count > 1:
        a, b = streams_of(row, direction, (4, 1, 3))[0], streams_of(row, direction, (5, 1))[1]
        rest = [np.float32(1.5)] * (count - 2)
        full = f(*np.broadcast_arrays(a, b), *rest)
        for x, y in zip(f(a, b, *rest), full, strict=True):
            assert x.shape == (4, 5, 3)
            assert same(x, y)
        with pytest.raises(ValueError, match="broadcast"):
            f(np.ones(3), np.ones(4), *rest)


@pytest.mark.parametrize("row, direction", EVERY)
def test_out_where_order_and_casting(row, direction):
    f, _ = call(row, direction)
    streams = streams_of(row, direction, (6, 50))
    expected = f(*streams)
    out = tuple(np.full_like(a, 7) for a in expected)
    result = f(*streams, out=out)
    assert all(a is b for a, b in zip(result, out, strict=True))
    assert all(same(a, b) for a, b in zip(expected, out, strict=True))
    # where
    mask = rng_for("where", row.name).random((6, 50)) < 0.5
    out = tuple(np.full_like(a, 7) for a in expected)
    f(*streams, out=out, where=mask)
    for a, b in zip(expected, out, strict=True):
        assert same(b, np.where(mask, a, np.float32(7)))
    # order
    for order in "CFAK":
        got = f(*[np.asfortranarray(s) for s in streams], order=order)
        assert all(same(a, b) for a, b in zip(expected, got, strict=True))
        assert got[0].flags.f_contiguous == (order != "C")
    # casting: float64 results fit a float32 out by same_kind, not by safe, and never an integer one
    narrow = tuple(np.empty_like(a) for a in expected)
    f(*[s.astype(np.float64) for s in streams], out=narrow, casting="same_kind")
    with pytest.raises(TypeError, match=row.name):
        f(*[s.astype(np.float64) for s in streams], out=narrow, casting="safe")
    whole = tuple(np.full(a.shape, 3, np.int64) for a in expected)
    with pytest.raises(TypeError, match=row.name):
        f(*streams, out=whole)
    assert all((a == 3).all() for a in whole)


@pytest.mark.parametrize("n", [1000, 200_000])  # the larger is split over threads
@pytest.mark.parametrize("row, direction", EVERY)
def test_overlap(row, direction, n):
    """As if the inputs had been copied first."""
    f, count = call(row, direction)
    if len(f(*streams_of(row, direction, 3))) > 1:
        pytest.skip("two results")
    slices = [
        (slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None)), (slice(None),
        slice(None)),
        (slice(None, None, -1), slice(None)), (slice(None, n // 2), slice(None, None, 2)),
        (slice(None, None, 2), slice(n // 2)), (slice(1, -1), slice(-2, 0, -1)), (slice(0, 64),
        slice(1, 65)),
    ]  # fmt: skip
    for source, target in slices:
        for which in range(count):
            streams = streams_of(row, direction, n)
            size = len(streams[0][source])
            operands = [s[:size].copy() for s in streams]
            operands[which] = streams[which][source]
            (expected,) = f(*[o.copy() for o in operands])
            f(*operands, out=(streams[which][target],))
            assert same(streams[which][target], expected), f"{source} to {target}"


@st.composite
def views(draw, dtypes=("f2", "f4", "f8")):
    """An array with any strides, offset and byte order, of numbers and special values."""
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    if draw(st.booleans()):
        dtype = dtype.newbyteorder()
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=9))
    base = tuple(3 * n for n in shape)
    array = draw(hnp.arrays(dtype, base, elements=st.floats(width=16), fill=st.just(-1.5)))
    index = []
    for n in shape:
        step = draw(st.sampled_from([1, 2, 3, -1, -2, -3]))
        index.append(slice(None, None, step))
        array_n = len(range(3 * n)[::step])
        index[-1] = np.s_[::step] if array_n == n else index[-1]
    view = array[tuple(index)]
    view = view[tuple(slice(n) for n in shape)]
    return view.T if draw(st.booleans()) else view


@pytest.mark.parametrize("name", SOME)
@given(data=st.data())
def test_any_view(name, data):
    row = ROWS[name]
    x = data.draw(views())
    values = (oracles.parameter_sets(row, "forward") or [()])[0]
    with np.errstate(all="ignore"):
        expected = ufunc(row)(np.ascontiguousarray(x).astype(x.dtype.newbyteorder("=")), *values)
        assert same(ufunc(row)(x, *values), expected)
        assert same(public(row)(x, *values), expected)
        out = np.empty_like(x)
        ufunc(row)(x, *values, out=out)
        assert same(out.astype(expected.dtype), expected)
        ufunc(row)(x, *values, out=x)
        assert same(x.astype(expected.dtype), expected)


@given(data=st.data())
def test_parameters_broadcast(data):
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=6))
    rng = np.random.default_rng(3)
    x, p, q = (rng.normal(size=s).astype(np.float32) for s in shapes.input_shapes)
    for name, params in (("leaky_relu", (p,)), ("shrink", (abs(p), q)), ("threshold", (p, q))):
        f = public(ROWS[name])
        got = f(x, *params)
        full = np.broadcast_arrays(x, *params)
        assert got.shape == full[0].shape
        assert same(np.asarray(got), np.asarray(f(*[a.copy() for a in full])))
        if full[0].size:
            for i in np.ndindex(full[0].shape):
                assert same(np.asarray(got)[i], f(*[a[i] for a in full]))


def test_parameters_broadcast_against_0d():
    assert public(ROWS["leaky_relu"])(
        np.float32(-1), np.array([0.5, 0.25], np.float32)
    ).tolist() == [-0.5, -0.25]


class Tagged(np.ndarray):
    """A subclass with an attribute."""

    def __array_finalize__(self, other):
        self.tag = getattr(other, "tag", None)


class Override:
    """Answers for itself."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return ufunc.__name__, method, len(inputs)


class Refuses:
    __array_ufunc__ = None


@pytest.mark.parametrize("row, direction", EVERY)
def test_subclasses_and_protocols(row, direction):
    f = public(row, direction)
    if (row.name, direction) == ("prelu", "vjp"):
        f = ufunc(row, direction)
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    streams = streams_of(row, direction, (4, 5))
    expected = outputs(f(*streams, *values))
    tagged = [s.view(Tagged) for s in streams]
    tagged[0].tag = "kept"
    for a, b in zip(outputs(f(*tagged, *values)), expected, strict=True):
        assert type(a) is Tagged
        assert same(a.view(np.ndarray), b)
    assert type(outputs(f(*tagged, *values, subok=False))[0]) is np.ndarray
    name, method, count = f(Override(), *streams[1:], *values)
    assert row.name in name and method == "__call__"
    assert count == len(streams) + len(values)
    with pytest.raises(TypeError):
        f(Refuses(), *streams[1:], *values)
    masked = [np.ma.masked_array(s, mask=s > 2) for s in streams]
    for a, b in zip(outputs(f(*masked, *values)), expected, strict=True):
        assert isinstance(a, np.ma.MaskedArray)
        assert same(a.data[~a.mask], b[~a.mask])
        assert a.mask.shape == (4, 5)
    matrix = outputs(f(*[s.tolist() for s in streams], *values))
    assert matrix[0].dtype == np.float64 and matrix[0].shape == (4, 5)


@pytest.mark.parametrize("row", [c.values[0] for c in cases("forward")], ids=lambda row: row.name)
def test_out_as_tuple_array_and_keyword(row):
    f, values = public(row), (oracles.parameter_sets(row, "forward") or [()])[0]
    streams = streams_of(row, "forward", 9)
    expected = f(*streams, *values)
    for out in (np.empty(9, np.float32), np.empty((2, 9), np.float32)):
        assert f(*streams, *values, out=out) is out
        assert same(out, np.broadcast_to(expected, out.shape))
        assert f(*streams, *values, out=(out,)) is out
    assert same(f(*streams, *values, out=None), expected)
    if (
        row.name in ROWS
        and not row.nparams
        and row.name not in ("gelu", "geglu", "gelu_tanh", "geglu_tanh", "hardsigmoid")
    ):
        assert isinstance(f, np.ufunc)
        out = np.empty(9, np.float32)
        assert f(*streams, out) is out
    zero_d = np.empty((), np.float32)
    assert f(*[s[0] for s in streams], *values, out=zero_d) is zero_d


@pytest.mark.parametrize("row", [c.values[0] for c in cases("forward")], ids=lambda row: row.name)
def test_memmap_and_read_only_inputs(row, tmp_path):
    f, values = public(row), (oracles.parameter_sets(row, "forward") or [()])[0]
    streams = streams_of(row, "forward", 1000)
    expected = f(*streams, *values)
    mapped = np.memmap(tmp_path / "x", np.float32, "w+", shape=1000)
    mapped[:] = streams[0]
    mapped.flush()
    read = np.memmap(tmp_path / "x", np.float32, "r")
    assert same(np.asarray(f(read, *streams[1:], *values)), expected)
    f(mapped, *streams[1:], *values, out=mapped)
    assert same(np.asarray(mapped), expected)
    streams[0].flags.writeable = False
    assert same(f(*streams, *values), expected)


def test_ufunc_methods():
    """Those that make sense for one operand and parameters: outer and at; the others are "
    "NumPy's errors."""
    leaky = ufunc(ROWS["leaky_relu"])
    x, slopes = np.array([-1.0, 2.0]), np.array([0.5, 0.25, 0.0])
    assert leaky.outer(x, slopes).tolist() == [[-0.5, -0.25, -0.0], [2, 2, 2]]
    ufunc(ROWS["relu"]).at(x, [0])
    assert x.tolist() == [0, 2]
    with pytest.raises((TypeError, ValueError)):
        ufunc(ROWS["relu"]).reduce(x)
    with pytest.raises((TypeError, ValueError)):
        leaky.reduce(x)
    with pytest.raises((TypeError, ValueError)):
        leaky.accumulate(x)


def test_reductions_whose_type_is_given_go_one_by_one():
    """NumPy does not ask whether there may be any."""
    reglu = ufunc(ROWS["reglu"])
    for x in np.full(50, 1.25), np.full((50, 3), 1.25), np.full((3, 50), 1.25).T:
        expected = list(itertools.accumulate(x, reglu))
        assert same(reglu.reduce(x, axis=0, dtype="f8"), expected[-1])
        assert same(reglu.accumulate(x, axis=0, out=np.empty_like(x)), np.array(expected))
        parts = reglu.reduceat(x, [0, 20], axis=0, out=np.empty_like(x[:2]))
        assert same(parts, np.array([expected[19], expected[29]]))


def test_large_arrays_are_whole():
    """Beyond every block and chunk: the same bits as in small pieces."""
    x = np.random.default_rng(5).normal(size=1_000_003).astype(np.float32)
    for name in ("relu", "hardswish", *(["gelu"] if "gelu" in ROWS else [])):
        whole = ufunc(ROWS[name])(x)
        pieces = np.concatenate([ufunc(ROWS[name])(p) for p in np.array_split(x, 37)])
        assert same(whole, pieces)
        y = x.copy()
        ufunc(ROWS[name])(y, out=y)
        assert same(y, whole)
        assert same(ufunc(ROWS[name])(x[::2]), whole[::2])

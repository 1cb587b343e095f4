# SPDX-License-Identifier: MIT
"""The rows marked INTEGERS: exact in all ten C integer types, wrapping as NumPy's
arithmetic does.
"""

import numpy as np
import oracles
import pytest
from support import ROWS, cases, public, ufunc
from test_accuracy import rng_for

import halfwave as hw

CODES = "bBhHiIlLqQ"
INTEGER_ROWS = [c.values[0] for c in cases("forward", where=lambda row: row.integers)]
OTHER_ROWS = [c.values[0] for c in cases("forward", where=lambda row: not row.integers)]
by_name = {"ids": lambda row: row.name}


def exact(row, x, params, dtype):
    """By Python's integers, wrapped to the type."""
    one = {
        "relu": lambda x: max(x, 0),
        "relu6": lambda x: min(max(x, 0), 6),
        "relu_squared": lambda x: max(x, 0) ** 2,
        "threshold": lambda x, theta, value: x if x > theta else value,
        "hardtanh": lambda x, low, high: min(max(x, low), high),
    }[row.name]
    bits = 8 * dtype.itemsize
    low = np.iinfo(dtype).min
    found = [
        (one(int(v), *(int(p[i]) for p in params)) - low) % 2**bits + low for i, v in enumerate(x)
    ]
    return np.array(found, dtype)


def test_every_integer_row_is_known():
    assert {row.name for row in INTEGER_ROWS} == {
        "relu",
        "relu6",
        "relu_squared",
        "threshold",
        "hardtanh",
    }


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("row", INTEGER_ROWS, **by_name)
def test_exact(row, code):
    dtype = np.dtype(code)
    info = np.iinfo(dtype)
    rng = rng_for("integers", row.name, code)
    edge = [info.min, info.min + 1, info.max, info.max - 1, *range(0, 12)]
    edge += [2**k % (info.max + 1) for k in range(64)] + [-1, -6] * (info.min < 0)
    x = np.concatenate(
        [np.array(edge, dtype), rng.integers(info.min, info.max, 500, dtype, endpoint=True)]
    )
    params = [rng.permutation(x) for _ in range(row.nparams)]
    got = ufunc(row)(x, *params)
    assert got.dtype == dtype
    assert got.tolist() == exact(row, x, params, dtype).tolist()
    assert ufunc(row)(x[::-2], *[p[::-2] for p in params]).tolist() == got[::-2].tolist()
    swapped = x.astype(dtype.newbyteorder())
    assert ufunc(row)(swapped, *params).tolist() == got.tolist()
    if row.nparams:
        got = public(row)(x, 1, 5)
        assert got.dtype == dtype
        assert got.tolist() == exact(row, x, [np.full(len(x), p) for p in (1, 5)], dtype).tolist()
    else:
        assert public(row)(x, out=x) is x
        assert x.tolist() == got.tolist()


@pytest.mark.parametrize("code", "?" + CODES)
@pytest.mark.parametrize("row, direction", cases())
def test_integers_become_floats_as_in_exp(row, direction, code):
    if direction == "forward" and row.integers:
        pytest.skip("keeps integers")
    x = np.array([0, 1, 1], code)
    wanted = np.exp(x).dtype if code != "?" else np.dtype(np.float16)  # bool as int8
    count = len(row.streams({"forward": 0, "grad": 1, "vjp": 2}[direction]))
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    result = ufunc(row, direction)(*[x] * count, *values)
    result = result if isinstance(result, tuple) else (result,)
    assert result[0].dtype == wanted, f"{row.name} {direction}"
    same = ufunc(row, direction)(*[x.astype(wanted)] * count, *values)
    same = same if isinstance(same, tuple) else (same,)
    for a, b in zip(result, same, strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)


@pytest.mark.parametrize("row", INTEGER_ROWS, **by_name)
def test_bool_counts_as_int8(row):
    got = ufunc(row)(np.array([True, False]), *[0, 1][: row.nparams])
    assert got.dtype == np.int8
    assert got.tolist() == [1, 1 if row.name == "threshold" else 0]


@pytest.mark.parametrize("code", "?" + CODES)
def test_float_parameter_makes_float64(code):
    x = np.array([0, 1, 1], code)
    for name in ("threshold", "hardtanh"):
        f = public(ROWS[name])
        assert f(x, 0.0, 1.0).dtype == np.float64
        assert f(x, 0, 1.0).dtype == np.float64
        assert f(x, 0.5, 1).dtype == np.float64
    assert public(ROWS["threshold"])(x, 0.5, 0.25).tolist() == [0.25, 1, 1]


def test_hardtanh_default_bounds_are_integers():
    """min_val=-1, max_val=1 are written so; an int8 stays one."""
    x = np.array([-5, 0, 5], np.int8)
    got = public(ROWS["hardtanh"])(x)
    assert got.dtype == np.int8
    assert got.tolist() == [-1, 0, 1]


@pytest.mark.parametrize("code", CODES)
def test_hardtanh_clips_python_bounds_to_the_type(code):
    info = np.iinfo(code)
    x = np.array([info.min, 0, 1, 5, info.max], code)
    f = public(ROWS["hardtanh"])
    assert f(x, -(2**70), 2**70).tolist() == x.tolist()
    assert f(x, -1000, 3).tolist() == [max(min(int(v), 3), -1000) for v in x]
    assert f(x, -(2**70), -(2**69)).tolist() == [info.min] * 5
    assert f(x, -(2**70), 2**70).dtype == x.dtype
    unsigned_default = f(x)
    assert unsigned_default.tolist() == [max(min(int(v), 1), -1) for v in x]


def test_bounds_of_hardtanh_are_not_clipped_where_the_loop_is_floating():
    for dtype in np.uint8, np.int8:
        assert hw.grad.hardtanh(dtype([0])) == 1 and hw.vjp.hardtanh(1.0, dtype([0])) == 1
    assert hw.grad.hardtanh(np.int8([-128, 127]), -1000, 1000).tolist() == [1, 1]
    assert hw.hardtanh(np.uint8([3]), -10, -5, dtype="f4") == -5
    assert hw.hardtanh(np.int8([3]), 200, 300, dtype="i2") == 200


def test_hardtanh_bounds_on_lists_and_python_ints():
    f = public(ROWS["hardtanh"])
    assert f([-5, 5], -1, 2).tolist() == [-1, 2]
    assert f(7, -1, 2) == 2


@pytest.mark.parametrize("row", INTEGER_ROWS, **by_name)
def test_params_promote_as_numpy_does(row):
    if not row.nparams:
        pytest.skip("no parameters")
    x = np.array([1, -3, 7], np.int8)
    for code in CODES:
        p = np.array([2], code)
        wanted = np.multiply(x, p).dtype
        assert ufunc(row)(x, p, p).dtype == wanted, code
        assert public(row)(x, p[0], p[0]).dtype == wanted, code


def test_threshold_with_a_bound_that_the_type_cannot_hold():
    """As NEP 50 has it: a Python integer out of range is an OverflowError, never a wrapped "
    "bound."""
    with pytest.raises(OverflowError):
        public(ROWS["threshold"])(np.zeros(3, np.int8), 300, 0)


@pytest.mark.parametrize("row", OTHER_ROWS, **by_name)
def test_dtype_int_is_refused(row):
    count = len(row.streams(0))
    values = (oracles.parameter_sets(row, "forward") or [()])[0]
    with pytest.raises(TypeError, match=row.name):
        ufunc(row)(*[np.ones(3, np.int32)] * count, *values, dtype=np.int32)


def test_bounds_of_hardtanh_are_clipped_to_the_type_of_the_loop():
    three = np.int8([3])
    assert hw.hardtanh(three, 200, 300.5) == 200  # float64
    assert hw.hardtanh(three, 200, np.int16(300)) == 200
    assert hw.hardtanh(np.uint8([3]), -10, -5, signature="ddd->d") == -5
    assert hw.hardtanh(np.uint8([3]), -10, -5, dtype="f8") == -5


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own
def test_bounds_of_hardtanh_for_integers_of_other_libraries():
    pd = pytest.importorskip("pandas")
    got = hw.hardtanh(pd.Series([1, None, -2], dtype="Int8"), -1000, 1)
    assert got[0] == 1 and got.isna()[1] and got[2] == -2
    torch = pytest.importorskip("torch")
    got = hw.hardtanh(torch.tensor([1, 2, 200], dtype=torch.uint8))
    assert np.asarray(got).tolist() == [1, 1, 1]

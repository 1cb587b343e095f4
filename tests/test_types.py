# SPDX-License-Identifier: MIT
"""Which type comes out: x, parameters and dtype= of every type, against the rules written out."""

import numpy as np
import oracles
import pytest
from support import DIRECTIONS, ROWS, bfloat16, cases, public, same, ufunc

import halfwave as hw

FLOATS = [np.dtype(c) for c in "efdg"] + ([bfloat16] if bfloat16 else [])
INTS = [np.dtype(c) for c in "bBhHiIlLqQ"]
HALVES = [np.dtype("e")] + ([bfloat16] if bfloat16 else [])
ALL = [np.dtype(bool), *INTS, *FLOATS]
REFUSED = [np.dtype(c) for c in ("F", "D", "G", "O", "S3", "U3", "M8[s]", "m8[s]", "V4")]


def python(kind):
    """Whether it is the type of Python scalars: int and float, which equal NumPy's dtypes."""
    return kind is int or kind is float


def floating(dtype):
    """The type that numpy.exp gives; bool as int8."""
    if dtype in FLOATS:
        return dtype
    return np.exp(np.ones(1, np.int8 if dtype == np.dtype(bool) else dtype)).dtype


def product(a, b):
    return np.multiply(np.ones(1, a), np.ones(1, b)).dtype


def expected(x, params, keeps_integers):
    """The rules; params are dtypes, or the Python types int and float."""
    x = np.dtype(np.int8) if x == np.dtype(bool) else x
    params = [np.dtype(np.int8) if p == np.dtype(bool) else p for p in params]
    if x in INTS:
        if keeps_integers:
            if any(p is float for p in params):
                x = np.dtype(float)
        else:
            x = floating(x)
    for p in params:
        if python(p) or (x in HALVES and p == np.float32):
            continue
        x = product(x, p)
    return x


def params_for(row, kinds, n=3):
    values = (
        (0.0, 6.0)
        if row.name == "hardtanh"
        else (oracles.parameter_sets(row, "forward") or [()])[0]
    )
    made = []
    for value, kind in zip(values, kinds, strict=True):
        if python(kind):
            made.append(kind(value))
        else:
            made.append(np.full(n, value).astype(kind))
    return made


def outputs(result):
    return result if isinstance(result, tuple) else (result,)


ROWS_WITH_PARAMS = [c.values[0] for c in cases("forward", where=lambda row: row.nparams)]


@pytest.mark.parametrize("row", ROWS_WITH_PARAMS, ids=lambda row: row.name)
def test_cross_product(row):
    """x of every type with parameters of every type, array, NumPy scalar or Python scalar."""
    wrong = []
    for x in ALL:
        for p in [*ALL, int, float]:
            kinds = [p] * row.nparams
            operands = np.ones(3, x), *params_for(row, kinds)
            wanted = expected(x, kinds, row.integers)
            with np.errstate(all="ignore"):
                got = ufunc(row)(*operands)
                if got.dtype != wanted:
                    wrong.append(f"x {x}, parameters {p}: {got.dtype}, not {wanted}")
                variants = {
                    "public": public(row)(*operands),
                    "NumPy scalars": public(row)(
                        operands[0], *(np.asarray(a).flat[0] for a in operands[1:])
                    )
                    if not python(p)
                    else got,
                    "scalar x": public(row)(operands[0][0], *operands[1:]),
                    "0-d": public(row)(
                        operands[0][0:1].reshape(()), *(np.asarray(a).flat[0] for a in operands[1:])
                    )
                    if not python(p)
                    else got,
                }
            for name, other in variants.items():
                if other.dtype != wanted:
                    wrong.append(f"{name}: x {x}, parameters {p}: {other.dtype}, not {wanted}")
                elif not same(np.ravel(other)[:1], got[:1]):
                    wrong.append(f"{name}: x {x}, parameters {p}: another value")
    assert not wrong, "\n".join([row.name, *wrong])


@pytest.mark.parametrize(
    "row", [r for r in ROWS_WITH_PARAMS if r.nparams > 1], ids=lambda row: row.name
)
def test_mixed_parameters(row):
    wrong = []
    for x in ALL:
        for p in [*FLOATS, np.dtype("b"), np.dtype("L"), int, float]:
            for q in [np.dtype("d"), np.dtype("f"), np.dtype("i"), int, float]:
                wanted = expected(x, [p, q], row.integers)
                with np.errstate(all="ignore"):
                    got = ufunc(row)(np.ones(3, x), *params_for(row, [p, q]))
                if got.dtype != wanted:
                    wrong.append(f"x {x}, parameters {p} and {q}: {got.dtype}, not {wanted}")
    assert not wrong, "\n".join([row.name, *wrong])


@pytest.mark.parametrize("row, direction", cases())
def test_dtype_fixes_x_and_the_result(row, direction):
    f = ufunc(row, direction)
    if (row.name, direction) == ("prelu", "vjp"):  # its second result has the parameters' type
        f = public(row, direction)
    count = len(row.streams(DIRECTIONS[direction]))
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    for dtype in FLOATS:
        for x in [*FLOATS, *INTS, np.dtype(bool)]:
            stream = np.array([0, 1, 1], x)
            with np.errstate(all="ignore"):
                got = outputs(f(*[stream] * count, *values, dtype=dtype, casting="unsafe"))
                plain = outputs(f(*[stream.astype(dtype)] * count, *values))
            assert got[0].dtype == dtype, f"{x} with dtype={dtype}"
            assert same(got[0], plain[0]), f"{x} with dtype={dtype}"
        params = [np.full(3, v, np.float32) for v in values]
        for one in (params, list(values)):
            got = outputs(f(*[np.ones(3, dtype)] * count, *one, dtype=dtype))
            assert got[0].dtype == dtype
        narrow = np.dtype("f") if dtype.itemsize > 2 else dtype
        own = outputs(public(row, direction)(*[np.ones(3, narrow)] * count, *values, dtype=dtype))
        assert own[0].dtype == dtype
    if row.integers and direction == "forward":
        for dtype in INTS:
            got = f(np.ones(3, np.int8), *[1, 1][: row.nparams], dtype=dtype, casting="unsafe")
            assert got.dtype == dtype


@pytest.mark.parametrize("row, direction", cases())
def test_every_type_of_x(row, direction):
    count = len(row.streams(DIRECTIONS[direction]))
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    for x in ALL:
        keeps = row.integers and direction == "forward"
        wanted = expected(x, [float] * len(values), keeps)
        with np.errstate(all="ignore"):
            got = outputs(ufunc(row, direction)(*[np.ones(3, x)] * count, *values))
            assert got[0].dtype == wanted, x
            scalar = outputs(ufunc(row, direction)(*[np.ones((), x)[()]] * count, *values))
            assert scalar[0].dtype == wanted, x
            if (row.name, direction) != ("prelu", "vjp"):
                own = outputs(public(row, direction)(*[np.ones(3, x)] * count, *values))
                assert own[0].dtype == wanted, x
        assert type(scalar[0]) is wanted.type
    with np.errstate(all="ignore"):
        assert outputs(ufunc(row, direction)(*[1.5] * count, *values))[0].dtype == np.float64
        keeps = keeps and not values
        assert outputs(ufunc(row, direction)(*[1] * count, *values))[0].dtype == (
            np.dtype(int) if keeps else np.float64
        )
        assert outputs(ufunc(row, direction)(*[[1.5, 2.0]] * count, *values))[0].dtype == np.float64


@pytest.mark.parametrize("row, direction", cases())
def test_streams_promote_each_other(row, direction):
    count = len(row.streams(DIRECTIONS[direction]))
    if count < 2:
        pytest.skip("one stream")
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    for a in FLOATS:
        for b in [*ALL, float, int]:
            second = np.ones(3, b) if not python(b) else b(1)
            if python(b):
                wanted = a
            else:
                b = np.dtype(np.int8) if b == np.dtype(bool) else b
                wanted = product(a, b)
            for streams in (
                [np.ones(3, a), *[second] * (count - 1)],
                [second] * (count - 1) + [np.ones(3, a)],
            ):
                got = outputs(ufunc(row, direction)(*streams, *values))
                assert got[0].dtype == wanted, f"{a} with {b}"


@pytest.mark.parametrize("dtype", HALVES, ids=str)
@pytest.mark.parametrize("row", ROWS_WITH_PARAMS, ids=lambda row: row.name)
def test_parameters_of_halves_are_not_rounded_to_half(row, dtype):
    """0.1 stays float32's 0.1: the result is the float32 result, rounded once."""
    rng = np.random.default_rng(7)
    x = (rng.normal(size=500) * 4).astype(dtype)
    values = {1: (0.1,), 2: (0.1, 0.3)}[row.nparams]
    with np.errstate(all="ignore"):
        wide = ufunc(row)(x.astype(np.float32), *values).astype(dtype)
        assert same(ufunc(row)(x, *values), wide)
        assert same(public(row)(x, *values), wide)
        assert same(ufunc(row)(x, *map(np.float32, values)), wide)
        assert same(ufunc(row)(x, *[np.full(500, v, np.float32) for v in values]), wide)
        assert same(public(row)(x, **dict(zip(row.param_names(0), values, strict=True))), wide)


def test_python_scalars_do_not_promote_but_numpy_scalars_do():
    x = np.ones(3, np.float32)
    f = public(ROWS["leaky_relu"])
    assert f(x, 0.1).dtype == np.float32
    assert f(x, 1).dtype == np.float32
    assert f(x, True).dtype == np.float32
    assert f(x, np.float64(0.1)).dtype == np.float64
    assert f(x, np.float32(0.1)).dtype == np.float32
    assert f(x, np.int8(1)).dtype == np.float32
    assert f(x, np.int64(1)).dtype == np.float64
    assert f(x, np.array(0.1)).dtype == np.float64
    assert f(np.ones(3, np.float16), np.float32(0.1)).dtype == np.float16
    assert f(np.ones(3, np.float16), np.float64(0.1)).dtype == np.float64


@pytest.mark.parametrize("x", [2, 2.0])
def test_python_numbers_do_not_promote_array_parameters(x):
    for slope in np.ones(2, "f2"), np.ones(2, "f4"), np.ones(2, "f8"):
        assert hw.leaky_relu(x, slope).dtype == np.multiply(x, slope).dtype
    bounds = np.ones(2, "i2")
    assert hw.threshold(x, bounds, bounds).dtype == np.multiply(x, bounds).dtype


def test_negative_zero_parameters_are_not_taken_for_zero():
    f = public(ROWS["threshold"])
    x = np.array([-1.0])
    for _ in range(2):
        assert not np.signbit(f(x, 0.0, 0.0)[0])
        assert np.signbit(f(x, 0.0, -0.0)[0])
    assert not np.signbit(f(x, 0.0, 0)[0])


def test_equal_int_and_float_parameters_are_not_mixed_up():
    """What a call with 0 has cached must not serve a call with 0.0."""
    for name, values in (("threshold", (0, 0)), ("hardtanh", (0, 6))):
        f = public(ROWS[name])
        x = np.array([-5, 0, 5], np.int8)
        for _ in range(2):
            assert f(x, *values).dtype == np.int8
            assert f(x, *map(float, values)).dtype == np.float64


def test_parameters_that_overflow_float32_stay_python_scalars():
    """A Python float that float32 cannot hold becomes an infinity, as NumPy has it."""
    x = np.array([1.0, 2.0], np.float32)
    with np.errstate(over="ignore"):
        assert public(ROWS["threshold"])(x, 1e300, 7.0).tolist() == [7.0, 7.0]
        assert public(ROWS["hardtanh"])(x, -1e300, 1e300).tolist() == [1.0, 2.0]
    for _ in range(2):  # in every call, as NumPy does
        with pytest.warns(RuntimeWarning, match="overflow"):
            hw.elu(x, 1e300)


@pytest.mark.parametrize("row, direction", cases())
def test_refused_types_name_the_function_and_the_type(row, direction):
    count = len(row.streams(DIRECTIONS[direction]))
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    for dtype in REFUSED:
        x = np.zeros(3, dtype)
        with pytest.raises(TypeError) as error:
            ufunc(row, direction)(*[x] * count, *values)
        assert row.name in str(error.value), dtype
        name = {
            "S": "bytes",
            "U": "str",
            "M": "datetime",
            "m": "timedelta",
            "V": "void",
            "G": "clongdouble",
        }
        name = name.get(dtype.kind if dtype.char != "G" else "G", dtype.name)
        assert name in str(error.value).lower(), f"{dtype}: {error.value}"
        if values:
            for k in range(len(values)):
                params = [np.zeros(3, dtype) if i == k else v for i, v in enumerate(values)]
                with pytest.raises(TypeError, match=row.name):
                    ufunc(row, direction)(*[np.ones(3, np.float32)] * count, *params)
    with pytest.raises(TypeError, match=row.name):
        ufunc(row, direction)(*[1 + 2j] * count, *values)
    with pytest.raises(TypeError):
        public(row, direction)(*["text"] * count, *values)
    with pytest.raises(TypeError):
        public(row, direction)(*[None] * count, *values)
    with pytest.raises(TypeError):
        ufunc(row, direction)(*[np.ones(3)] * count, *values, dtype=complex)


@pytest.mark.parametrize("row", [c.values[0] for c in cases("forward")], ids=lambda row: row.name)
def test_small_types_of_ml_dtypes_are_refused(row):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    values = (oracles.parameter_sets(row, "forward") or [()])[0]
    count = len(row.streams(0))
    names = [
        "float8_e4m3fn",
        "float8_e5m2",
        "float8_e4m3b11fnuz",
        "int4",
        "uint4",
        "float4_e2m1fn",
        "int2",
    ]
    for name in names:
        if not hasattr(ml_dtypes, name):
            continue
        x = np.ones(3, getattr(ml_dtypes, name))
        with pytest.raises(TypeError, match=row.name) as error:
            ufunc(row)(*[x] * count, *values)
        assert name.split("_")[0] in str(error.value), f"{error.value}"


@pytest.mark.skipif(bfloat16 is None, reason="ml_dtypes is not installed")
def test_bfloat16_meets_types_that_it_has_no_common_type_with():
    """As in np.multiply: by way of float32 or float64."""
    x = np.ones(3, bfloat16)
    f = public(ROWS["leaky_relu"])
    assert f(x, np.ones(3, np.float16)).dtype == np.float32
    assert f(x, np.ones(3, np.int16)).dtype == np.float32
    assert f(x, np.ones(3, np.int64)).dtype == np.float64

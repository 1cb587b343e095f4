# SPDX-License-Identifier: MIT
"""The functions with more than a formula: crelu, prelu's axis, rrelu's rng, dweight, glu, the
counters.
"""

import numpy as np
import pytest
from support import bfloat16, same

import halfwave as hw

FLOATS = [np.dtype(c) for c in "efdg"] + ([bfloat16] if bfloat16 else [])


def data(shape, dtype=np.float32, seed=0):
    return (np.random.default_rng(seed).normal(size=shape) * 2).astype(dtype)


# ---- crelu ----


@pytest.mark.parametrize("dtype", [*FLOATS, *(np.dtype(c) for c in "bhilq")], ids=str)
@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_crelu(axis, dtype):
    x = data((3, 4), dtype)
    y = hw.crelu(x, axis)
    expected = np.concatenate([hw.relu(x), hw.relu(-x)], axis=axis)
    assert y.dtype == dtype
    assert same(y, expected)
    assert same(
        hw.crelu(x.T, axis=axis).T, np.concatenate([hw.relu(x.T), hw.relu(-x.T)], axis=axis).T
    )
    out = np.empty_like(y)
    assert hw.crelu(x, axis, out=out) is out
    assert same(out, expected)


def test_crelu_defaults_and_shapes():
    assert hw.crelu([1.0, -2.0]).tolist() == [1, 0, 0, 2]
    assert hw.crelu(np.zeros((2, 0, 3))).shape == (2, 0, 6)
    assert hw.crelu(np.zeros((2, 0, 3)), axis=1).shape == (2, 0, 3)
    assert not np.signbit(hw.crelu(np.array([0.0, -0.0]))).any()
    assert np.isnan(hw.crelu(np.array([np.nan]))).all()


def test_crelu_of_unsigned_has_a_zero_half():
    for code in "BHILQ":
        x = np.array([0, 1, 200], code)
        assert hw.crelu(x).tolist() == [0, 1, 200, 0, 0, 0]
        assert hw.crelu(x).dtype == x.dtype
    assert hw.crelu(np.array([True, False])).tolist() == [1, 0, 0, 0]


def test_crelu_wraps_as_numpys_negative():
    x = np.array([-128, 127], np.int8)
    assert hw.crelu(x).tolist() == [0, 127, *hw.relu(-x).tolist()]


def test_crelu_out_may_overlap():
    x = np.arange(-5.0, 5.0)
    expected = hw.crelu(x[:5])
    hw.crelu(x[:5], out=x)
    assert x.tolist() == expected.tolist()


def test_crelu_derivatives():
    x = np.array([[-1.0, 0.0, 2.0]])
    assert hw.grad.crelu(x).tolist() == [[0, 0, 1, -1, 0, 0]]
    g = np.arange(1.0, 7.0).reshape(1, 6)
    assert hw.vjp.crelu(g, x).tolist() == [[-4, 0, 3]]
    assert hw.vjp.crelu(g.T, x.T, axis=0).tolist() == [[-4], [0], [3]]
    assert np.isnan(hw.grad.crelu(np.array([np.nan]))).all()
    assert np.isnan(hw.vjp.crelu(np.ones(2), np.array([np.nan]))).all()
    infinite = hw.vjp.crelu(np.array([np.inf, np.inf]), np.array([0.0]))
    assert infinite.tolist() == [0] and not np.signbit(infinite[0])


# ---- prelu ----


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_prelu_axis(dtype):
    x, w = data((2, 3, 4, 5), dtype), np.array([0.1, -0.5, 2.0], np.float32)
    if dtype.itemsize > 4:
        w = w.astype(dtype)
    expected = (
        np.where(x > 0, x, x * w.reshape(3, 1, 1)).astype(dtype) if dtype.itemsize >= 4 else None
    )
    got = hw.prelu(x, w, axis=1)
    assert got.dtype == dtype
    assert same(got, hw.prelu(x, w.reshape(3, 1, 1)))
    assert same(hw.prelu(x, w, axis=-3), got)
    assert expected is None or same(got, expected)
    assert same(hw.grad.prelu(x, w, axis=1), hw.grad.prelu(x, w.reshape(3, 1, 1)))
    assert same(hw.prelu(x, w[:1], axis=1), hw.prelu(x, w[0]))
    out = np.empty_like(x)
    assert hw.prelu(x, w, axis=1, out=out) is out and same(out, got)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_vjp_prelu_sums_to_the_weight(dtype):
    x, g = data((2, 3, 4, 5), dtype, 1), data((2, 3, 4, 5), dtype, 2)
    wide = np.float64 if dtype.itemsize <= 8 else np.longdouble
    slope = np.where(x.astype(wide) > 0, 0, x.astype(wide)) * g.astype(wide)
    param = np.float32 if dtype.itemsize == 2 else dtype
    for shape, axes in [
        ((), (0, 1, 2, 3)),
        ((1,), (0, 1, 2, 3)),
        ((5,), (0, 1, 2)),
        ((3, 1, 1), (0, 2, 3)),
        ((1, 3, 1, 1), (0, 2, 3)),
        ((2, 3, 4, 5), ()),
        ((4, 1), (0, 1, 3)),
    ]:
        w = np.full(shape, 0.25, param)
        dx, dw = hw.vjp.prelu(g, x, w)
        assert dx.dtype == dtype
        assert np.shape(dw) == shape
        assert dw.dtype == param
        expected = slope.sum(axis=axes, keepdims=True).reshape(shape)
        assert np.allclose(
            np.asarray(dw, wide), expected, rtol=1e-5 if param == np.float32 else 1e-12, atol=1e-4
        )
        assert same(dx, hw.vjp.leaky_relu(g, x, w))
    w = np.full(3, 0.25, param)
    dx, dw = hw.vjp.prelu(g, x, w, axis=1)
    assert dw.shape == (3,) and dw.dtype == param
    assert np.allclose(np.asarray(dw, wide), slope.sum(axis=(0, 2, 3)), rtol=1e-5, atol=1e-4)


def test_vjp_prelu_types_of_dweight():
    x = np.array([-1.0, 2.0], np.float16)
    half = hw.vjp.prelu(x, x, np.float16(0.5))[1]
    assert half.dtype == np.float16, "summed to weight's shape and type"
    assert hw.vjp.prelu(x, x, 0.5)[1].dtype == np.float32
    assert hw.vjp.prelu(x, x, 1)[1].dtype == np.float32
    assert hw.vjp.prelu(x.astype("f8"), x.astype("f8"), 0.5)[1].dtype == np.float64
    assert hw.vjp.prelu(x.astype("f4"), x.astype("f4"), [0.5])[1].shape == (1,)


def test_vjp_prelu_sums_halves_in_float32():
    """2,048 ones of float16 summed in float16 would stay at 2,048."""
    x = np.full(10000, -1.0, np.float16)
    g = np.ones(10000, np.float16)
    assert hw.vjp.prelu(g, x, np.float32(0.25))[1] == -10000
    assert hw.vjp.prelu(g, x, np.float16(0.25))[1] == -10000


def test_vjp_prelu_empty_and_scalar():
    dx, dw = hw.vjp.prelu(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(3))
    assert dx.shape == (0, 3) and dw.tolist() == [0, 0, 0]
    dx, dw = hw.vjp.prelu(2.0, -3.0, 0.5)
    assert (dx, dw) == (1.0, -6.0)
    assert hw.vjp.prelu(np.inf, 3.0, 0.5)[1] == 0


# ---- rrelu ----


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_rrelu_draws(dtype):
    x = data((40, 50), dtype)
    y, slopes = hw.rrelu(x, 0.1, 0.3, rng=np.random.default_rng(1))
    again, same_slopes = hw.rrelu(x, 0.1, 0.3, rng=np.random.default_rng(1))
    assert y.dtype == dtype
    assert slopes.shape == x.shape
    assert (slopes >= 0.1 - 1e-7).all() and (slopes <= 0.3 + 1e-7).all()
    assert slopes.std() > 0.04
    assert same(y, again) and same(slopes, same_slopes)
    assert same(y, hw.prelu(x, slopes))
    dx, _ = hw.vjp.prelu(np.ones_like(x), x, slopes)
    assert dx.dtype == dtype


def test_rrelu_rng_details():
    rng = np.random.default_rng(2)
    y, slopes = hw.rrelu(-1.0, rng=rng)
    assert 1 / 8 <= slopes <= 1 / 3 and y == -slopes
    x = -np.ones((3, 4))
    y, slopes = hw.rrelu(
        x, np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [2.0], [3.0]]), rng=rng
    )
    assert (slopes >= [[0], [1], [2]]).all() and (slopes <= [[1], [2], [3]]).all()
    out = np.empty_like(x)
    y, slopes = hw.rrelu(x, rng=rng, out=out)
    assert y is out and (out == -slopes).all()
    y, slopes = hw.rrelu(np.array([-1, 2], np.int8), rng=rng)
    assert y.dtype == np.float16
    y, slopes = hw.rrelu(np.zeros((0, 3)), rng=rng)
    assert y.shape == slopes.shape == (0, 3)
    y, slopes = hw.rrelu(x, 0.25, 0.25, rng=rng)
    assert (slopes == 0.25).all()
    assert hw.rrelu(np.array([-1.0, 1.0])).tolist() == [-(1 / 8 + 1 / 3) / 2, 1]


# ---- relu's subgradient ----


def test_relu_at_zero():
    x = np.array([-1.0, -0.0, 0.0, 2.0])
    assert hw.grad.relu(x).tolist() == [0, 0, 0, 1]
    assert hw.grad.relu(x, at_zero=1).tolist() == [0, 1, 1, 1]
    assert hw.grad.relu(x, at_zero=0.5).tolist() == [0, 0.5, 0.5, 1]
    g = np.array([1.0, 2.0, np.inf, 4.0])
    assert hw.vjp.relu(g, x).tolist() == [0, 0, 0, 4]
    assert hw.vjp.relu(g, x, at_zero=1.0).tolist() == [0, 2, np.inf, 4]


# ---- glu ----


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_glu(dtype):
    if not hasattr(hw, "glu"):
        pytest.skip("no glu")
    x = data((4, 6), dtype)
    wide = x.astype(np.float64)
    for axis in (-1, 0, 1):
        a, b = np.split(wide, 2, axis)
        y = hw.glu(x, axis)
        assert y.dtype == dtype
        tolerance = 4 * 2.0 ** -{"float16": 11, "bfloat16": 8}.get(dtype.name, 24)
        assert np.allclose(y.astype(np.float64), a / (1 + np.exp(-b)), rtol=tolerance, atol=1e-7)
        out = np.empty_like(y)
        assert hw.glu(x, axis, out=out) is out and same(out, y)
        g = data(y.shape, dtype, 3)
        dx = hw.vjp.glu(g, x, axis)
        s = 1 / (1 + np.exp(-b))
        expected = np.concatenate([g.astype(float) * s, g.astype(float) * a * s * (1 - s)], axis)
        assert dx.dtype == dtype and dx.shape == x.shape
        assert np.allclose(dx.astype(np.float64), expected, rtol=2 * tolerance, atol=1e-7)
        out = np.empty_like(x)
        assert hw.vjp.glu(g, x, axis, out=out) is out and same(out, dx)
    overlapping = x.copy()
    hw.vjp.glu(g, overlapping, axis, out=overlapping)
    assert same(overlapping, dx)
    half = x.copy()
    hw.glu(half, 1, out=half[:, 1:4])
    assert same(half[:, 1:4], hw.glu(x, 1))


# ---- counters ----


@pytest.mark.parametrize("dtype", [*FLOATS, *(np.dtype(c) for c in "bBhHiIlLqQ?")], ids=str)
def test_counters(dtype):
    x = data((7, 5, 3), np.float32).round().astype(dtype)
    x[:, 2, 1] = 0
    off = np.asarray(x.astype(np.float64)) <= 0
    for axis in (None, 0, 1, 2, -1, (0, 1), (0, 2), (1, -1), (0, 1, 2), ()):
        for keepdims in (False, True):
            got = hw.sparsity(x, axis, keepdims=keepdims)
            expected = off.mean(axis=axis, keepdims=keepdims)
            assert np.shape(got) == np.shape(expected)
            assert np.array_equal(got, expected)
            assert np.asarray(got).dtype == np.float64
    for axis in (0, 1, -1, (0, 2)):
        assert np.array_equal(hw.dead_units(x, axis), off.all(axis=axis))
    assert hw.dead_units(x)[2, 1]


def test_counters_special_values():
    x = np.array([np.nan, -np.nan, 0.0, -0.0, -np.inf, np.inf, 1e-45, -1e-45], np.float32)
    assert hw.sparsity(x) == 4 / 8
    assert hw.dead_units(x[:, None]).tolist() == [False]
    assert hw.dead_units(np.array([[np.nan, -1.0]])).tolist() == [False, True]
    assert np.isnan(hw.sparsity(np.zeros((0,))))
    assert np.isnan(hw.sparsity(np.zeros((3, 0)), axis=1)).tolist() == [True] * 3
    assert hw.sparsity(np.zeros((3, 0)), axis=0).shape == (0,)
    assert hw.sparsity(-1.0) == 1 and hw.sparsity(2) == 0
    assert hw.sparsity([[1, -1], [0, 2]], axis=0).tolist() == [0.5, 0.5]
    assert hw.dead_units(np.zeros((0, 2))).tolist() == [True, True]


def test_counters_beyond_a_slab_and_with_strides():
    x = data((1200, 1100), np.float32)
    off = x <= 0
    for view, o in (
        (x, off),
        (x[::-2, 1::3], off[::-2, 1::3]),
        (x.T, off.T),
        (np.asfortranarray(x), off),
    ):
        for axis in (None, 0, 1, (0, 1)):
            assert np.array_equal(hw.sparsity(view, axis), o.mean(axis=axis))
            assert np.array_equal(
                hw.sparsity(view, axis, keepdims=True), o.mean(axis=axis, keepdims=True)
            )
        assert np.array_equal(hw.dead_units(view), o.all(axis=0))


def test_counters_refuse_an_axis_named_twice():
    x = np.ones((2, 3), np.float32)
    for keepdims in (False, True):
        with pytest.raises(ValueError, match=r"^sparsity: axis \(0, -2\)"):
            hw.sparsity(x, (0, -2), keepdims=keepdims)
    with pytest.raises(ValueError, match=r"^dead_units: "):
        hw.dead_units(x, (1, 1))


# ---- subclasses and other libraries' arrays ----


class Subclass(np.ndarray):
    pass


@pytest.mark.parametrize("dtype", ["u1", "u4", "?"])
def test_crelu_of_an_unsigned_subclass_does_not_wrap_around(dtype):
    x = np.array([1, 2, 0]).astype(dtype)
    assert same(np.asarray(hw.crelu(x.view(Subclass))), hw.crelu(x))


@pytest.mark.parametrize(
    "function",
    [
        hw.crelu,
        hw.grad.crelu,
        hw.sparsity,
        hw.dead_units,
        lambda x: hw.vjp.crelu(np.ones(8), x),
        lambda x: hw.vjp.glu(np.ones(2), x),
    ],
)
def test_masks_are_refused_where_they_would_be_lost(function):
    with pytest.raises(TypeError, match="masked"):
        function(np.ma.masked_array([-1.0, 2, -3, -4], [0, 1, 0, 0]))


def test_dweight_of_prelu_leaves_out_what_is_masked():
    x = np.ma.masked_array([-1.0, 2, -3, -4], [0, 1, 0, 0])
    dx, dweight = hw.vjp.prelu(1.0, x, 0.5)
    assert dx.mask.tolist() == [False, True, False, False] and dweight == -8


def test_dweight_of_prelu_for_pandas():
    pandas = pytest.importorskip("pandas")
    dx, dweight = hw.vjp.prelu(1.0, pandas.Series([-1.0, 2, -3]), 0.5)
    assert list(dx) == [0.5, 1, 0.5] and dweight == -4


@pytest.mark.parametrize("keyword", [{"where": [True, False]}, {"out": (np.ones(2), np.ones(2))}])
def test_vjp_prelu_takes_no_where_and_no_out(keyword):
    with pytest.raises(TypeError, match=r"vjp\.prelu: takes no out and no where"):
        hw.vjp.prelu(np.ones(2), np.ones(2), 0.5, **keyword)


def test_vjp_glu_has_the_common_type_of_g_and_x():
    assert hw.vjp.glu(np.ones(1), np.ones(2, "f4")).dtype == np.float64
    assert hw.vjp.glu(np.ones(1, "f2"), np.ones(2, "f4")).dtype == np.float32


def test_axis_may_be_an_integer_of_any_kind():
    x = data((2, 4))
    for axis in np.array(1), np.int8(1), True:
        assert same(hw.glu(x, axis), hw.glu(x, 1))
    for axis in 1.0, [1]:
        with pytest.raises(TypeError):
            hw.glu(x, axis)


def test_rrelu_draws_slopes_of_the_promoted_type():
    x, low, high = np.ones(3, "f4"), np.full(3, 0.1), np.full(3, 0.2)
    rng = np.random.default_rng(0)
    for y in hw.rrelu(x, low, high, rng=rng):
        assert y.dtype == hw.rrelu(x, low, high).dtype == np.float64
    assert [y.dtype for y in hw.rrelu(x, rng=rng)] == [np.float32, np.float32]
    assert [y.dtype for y in hw.rrelu(x.astype("f2"), rng=rng)] == [np.float16, np.float32]


@pytest.mark.parametrize(
    "lower, upper",
    [(7.372671907787716, 7.372672738420094), (-1, np.float32([[-2], [3]]))],
)
def test_rrelu_draws_no_slope_beyond_the_ends(lower, upper):
    x = -np.ones((2, 5000), np.float32)
    _, slopes = hw.rrelu(x, lower, upper, rng=np.random.default_rng(0))
    assert np.all(slopes >= np.float32(np.minimum(lower, upper)))
    assert np.all(slopes <= np.float32(np.maximum(lower, upper)))


def test_rrelu_of_a_scalar_draws_a_scalar():
    y, slope = hw.rrelu(-1.0, rng=np.random.default_rng(0))
    assert isinstance(slope, np.float64) and y == -slope


def test_counters_out():
    x = np.array([[-1.0, 2, -3], [-4, 5, 6]])
    part, dead = np.empty(3), np.empty((3, 1), bool)[:, 0]
    assert hw.sparsity(x, axis=0, out=part) is part and part.tolist() == [1, 0, 0.5]
    assert hw.dead_units(x, out=dead) is dead and dead.tolist() == [True, False, False]


def test_counters_refuse_small_floats():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    with pytest.raises(TypeError, match=r"sparsity.*float8"):
        hw.sparsity(np.ones(2, ml_dtypes.float8_e5m2))


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # matrix's own
def test_vjp_prelu_of_a_matrix():
    x = np.matrix([[1.0, -2.0]])
    dx, dweight = hw.vjp.prelu(x, x, 0.5)
    assert dx.tolist() == [[1, -1]] and dweight == 4


def test_vjp_prelu_takes_the_defaults_of_a_ufunc():
    dx, _ = hw.vjp.prelu(np.ones(2), -np.ones(2), 0.5, out=None, where=True)
    assert dx.tolist() == [0.5, 0.5]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own
def test_functions_that_are_no_ufuncs_for_other_libraries():
    pd = pytest.importorskip("pandas")
    y, slopes = hw.rrelu(pd.Series([-1, 2], dtype="Float64"), rng=np.random.default_rng(0))
    assert y[0] == -slopes[0] and y[1] == 2
    torch = pytest.importorskip("torch")
    x = torch.tensor([-1.0, 2.0])
    y, slopes = hw.rrelu(x, rng=np.random.default_rng(0))
    assert np.asarray(y).tolist() == [-slopes[0], 2]
    dx, dweight = hw.vjp.prelu(x, x, x)
    assert np.asarray(dx).tolist() == [1, 2] and np.asarray(dweight).tolist() == [1, 0]


def test_crelu_of_a_subclass_takes_a_tuple_as_out():
    class Sub(np.ndarray):
        pass

    out = np.empty(4)
    hw.crelu(np.array([1.0, -2.0]).view(Sub), out=(out,))
    assert out.tolist() == [1, 0, 0, 2]

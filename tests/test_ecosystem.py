# SPDX-License-Identifier: MIT
"""Pickling, copying, signatures, processes and threads; and the libraries that speak NumPy's
protocols.
"""

import copy
import inspect
import multiprocessing
import pickle
import threading

import numpy as np
import oracles
import pytest
from support import ROWS, VARIANTS, same, ufunc

import halfwave as hw

SPACES = {"": hw, "grad.": hw.grad, "vjp.": hw.vjp}
PUBLIC = [
    (prefix + name, getattr(space, name))
    for prefix, space in SPACES.items()
    for name in space.__all__
    if callable(getattr(space, name))
]
by_function = pytest.mark.parametrize("name, function", PUBLIC, ids=[name for name, _ in PUBLIC])
FORWARD = [row for row in ROWS.values() if row.kind != "GATED" and row.name not in VARIANTS]
by_row = pytest.mark.parametrize("row", FORWARD, ids=lambda row: row.name)


# NumPy 2.0 and 2.1 look through every module for the name of a ufunc, deprecated modules too.
pickles = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def arguments(row):
    return [v for v in (oracles.parameter_sets(row, "forward") or [()])[0]]


@pickles
@by_function
def test_pickles_to_itself(name, function):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(function, protocol)) is function
    for inner in (getattr(function, "ufunc", None),):
        if inner is not None:
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
                assert pickle.loads(pickle.dumps(inner, protocol)) is inner


@by_function
def test_copies_are_itself(name, function):
    assert copy.copy(function) is function
    assert copy.deepcopy([function])[0] is function


@by_function
def test_signature(name, function):
    if isinstance(function, type):
        return
    if not isinstance(function, np.ufunc):
        text = str(inspect.signature(function))
        assert text.startswith("("), name
        if hasattr(function, "ufunc") and name != "vjp.prelu":
            assert "out" in text, name
    assert name.split(".")[-1] in repr(function) or name in repr(function)


def work(function, x, *values):
    return function(x, *values)


@pickles
def test_in_a_spawned_process():
    x = np.linspace(-3, 3, 100, dtype=np.float32)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for f, *values in (
            (hw.relu,),
            (hw.leaky_relu, 0.25),
            (hw.grad.relu,),
            (hw.hardsigmoid, 0.2, 0.5),
        ):
            assert same(pool.apply(work, (f, x, *values)), f(x, *values))
        assert same(pool.apply(work, (hw.leaky_relu.ufunc, x, 0.25)), hw.leaky_relu(x, 0.25))


def test_many_threads_at_once():
    """First use of many functions from many threads: each is made once, and all agree."""
    x = np.linspace(-3, 3, 1000, dtype=np.float32)
    results, errors = [], []
    barrier = threading.Barrier(8)

    def run():
        try:
            barrier.wait()
            results.append([ufunc(row)(x, *arguments(row)) for row in FORWARD for _ in range(3)])
            results[-1].append([getattr(hw.grad, name) for name in hw.grad.__all__])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    for other in results[1:]:
        assert all(same(a, b) for a, b in zip(results[0][:-1], other[:-1], strict=True))
        assert all(a is b for a, b in zip(results[0][-1], other[-1], strict=True))


@by_row
def test_dask(row):
    da = pytest.importorskip("dask.array")
    f, x = getattr(hw, row.name), np.random.default_rng(0).normal(size=(20, 30)).astype(np.float32)
    lazy = f(da.from_array(x, chunks=(7, 11)), *arguments(row))
    assert isinstance(lazy, da.Array)
    assert lazy.dtype == np.float32
    assert same(lazy.compute(scheduler="synchronous"), f(x, *arguments(row)))


@by_row
def test_xarray(row):
    xr = pytest.importorskip("xarray")
    x = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)
    labelled = xr.DataArray(x, dims=("a", "b"), coords={"a": [1, 2, 3, 4]})
    got = getattr(hw, row.name)(labelled, *arguments(row))
    assert isinstance(got, xr.DataArray)
    assert got.dims == ("a", "b") and got.coords["a"].values.tolist() == [1, 2, 3, 4]
    assert same(got.values, getattr(hw, row.name)(x, *arguments(row)))


@by_row
def test_pandas(row):
    pd = pytest.importorskip("pandas")
    x = np.random.default_rng(0).normal(size=9).astype(np.float32)
    series = pd.Series(x, index=list("abcdefghi"), name="s")
    got = getattr(hw, row.name)(series, *arguments(row))
    assert isinstance(got, pd.Series) and got.index.tolist() == list("abcdefghi")
    assert same(got.to_numpy(), getattr(hw, row.name)(x, *arguments(row)))
    frame = pd.DataFrame({"u": x, "v": -x})
    got = getattr(hw, row.name)(frame, *arguments(row))
    assert isinstance(got, pd.DataFrame) and list(got.columns) == ["u", "v"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own
@by_row
def test_tensors_of_torch(row):
    torch = pytest.importorskip("torch")
    x = torch.linspace(-3, 3, 50)
    got = getattr(hw, row.name)(x, *arguments(row))
    assert same(np.asarray(got), getattr(hw, row.name)(x.numpy(), *arguments(row)))


def test_parameters_of_other_libraries():
    da = pytest.importorskip("dask.array")
    x = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    slope = np.float32([0.1, 0.2, 0.3, 0.4])
    lazy = hw.leaky_relu(x, da.from_array(slope, chunks=2))
    assert same(lazy.compute(scheduler="synchronous"), hw.leaky_relu(x, slope))


def test_dask_crelu():
    da = pytest.importorskip("dask.array")
    x = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    got = hw.crelu(da.from_array(x, chunks=3))
    assert same(np.asarray(got), hw.crelu(x))


def test_masked_arrays_keep_their_mask():
    x = np.ma.masked_array([-1.0, 2.0, -3.0], [False, True, False])
    got = hw.leaky_relu(x, 0.5)
    assert got.mask.tolist() == [False, True, False]
    assert got.tolist() == [-0.5, None, -1.5]


def test_vectorised_helpers_of_numpy():
    x = np.array([[-1.0, 2.0], [3.0, -4.0]])
    assert np.apply_along_axis(hw.relu, 0, x).tolist() == [[0, 2], [3, 0]]
    assert np.vectorize(hw.relu)(x).tolist() == [[0, 2], [3, 0]]
    assert list(map(hw.relu, [-1.0, 2.0])) == [0, 2]

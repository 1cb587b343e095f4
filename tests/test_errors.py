# SPDX-License-Identifier: MIT
"""Bad input: the error that NumPy raises, a message with the function and the cause, output
untouched.
"""

import numpy as np
import oracles
import pytest
from support import DIRECTIONS, ROWS, cases, public, ufunc

import halfwave as hw

have = ROWS.keys().__contains__


def untouched(f, *args, error, match, shape=3, dtype=np.float32, **kwargs):
    """f raises, and its out is as it was."""
    out = np.full(shape, 7, dtype)
    with pytest.raises(error, match=match):
        f(*args, out=out, **kwargs)
    assert (out == 7).all()


@pytest.mark.parametrize("row, direction", cases())
def test_wrong_counts_and_names(row, direction):
    f = public(row, direction)
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    streams = [np.ones(3)] * len(row.streams(DIRECTIONS[direction]))
    with pytest.raises(TypeError, match=VARIANT.get(row.name, row.name)):
        f(*streams, *values, unknown=1)
    with pytest.raises(TypeError):
        f()
    with pytest.raises(TypeError):
        ufunc(row, direction)(*streams, *values, *[np.ones(3)] * 6)


VARIANT = {"hardsigmoid_linear": "hardsigmoid", "gelu_tanh": "gelu", "geglu_tanh": "geglu"}


@pytest.mark.parametrize("row", [c.values[0] for c in cases("forward")], ids=lambda row: row.name)
def test_out_is_checked_and_untouched(row):
    f = public(row)
    values = (oracles.parameter_sets(row, "forward") or [()])[0]
    streams = [np.ones(3, np.float32)] * len(row.streams(0))
    untouched(f, *streams, *values, error=ValueError, match="broadcast", shape=4)
    untouched(f, *streams, *values, error=TypeError, match=row.name, dtype=np.int32)
    for bad in (np.zeros(3, complex), np.array(["a"] * 3), np.array([None] * 3)):
        untouched(f, bad, *streams[1:], *values, error=TypeError, match=row.name)
    frozen = np.full(3, 7, np.float32)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        f(*streams, *values, out=frozen)
    assert (frozen == 7).all()
    with pytest.raises(TypeError):
        f(*streams, *values, out=[0.0] * 3)
    with pytest.raises(ValueError, match="tuple"):
        f(*streams, *values, out=(frozen, frozen))


CHECKS = [
    # what, error, words of the message
    ("hw.hardtanh(x, 2, 1)", ValueError, "hardtanh.*2.*1"),
    ("hw.hardtanh(x, 2.5, 1.0)", ValueError, "hardtanh.*2.5"),
    ("hw.hardtanh(x, np.float32(2), np.float32(1))", ValueError, "hardtanh"),
    ("hw.grad.hardtanh(x, 2, 1)", ValueError, "hardtanh"),
    ("hw.vjp.hardtanh(x, x, 2, 1)", ValueError, "hardtanh"),
    ("hw.softshrink(x, -0.5)", ValueError, "softshrink.*-0.5"),
    ("hw.softshrink(x, np.float64(-0.5))", ValueError, "softshrink"),
    ("hw.rrelu(x, 0.5, 0.25)", ValueError, "rrelu.*0.5.*0.25"),
    ("hw.rrelu(x, 0.5, 0.25, rng=np.random.default_rng(0))", ValueError, "rrelu"),
    ("hw.softshrink(x, 1j)", TypeError, "softshrink: type complex"),
    ("hw.softshrink(x, None)", TypeError, "softshrink: type object"),
    ("hw.hardtanh(x, 'a', 1)", TypeError, "hardtanh: type str"),
    ("hw.hardtanh(x, 1j, 2)", TypeError, "hardtanh: type complex"),
    ("hw.rrelu(x, 1j, 1)", TypeError, "rrelu: type complex"),
    ("hw.rrelu(x, rng=3)", TypeError, "rrelu.*rng.*int"),
    ("hw.rrelu(x, rng=np.random)", TypeError, "rrelu.*rng"),
    ("hw.prelu(x)", TypeError, "prelu.*weight"),
    ("hw.prelu(x, [0.1, 0.2], axis=0)", ValueError, "prelu.*2.*axis 0.*3"),
    ("hw.prelu(x, 0.1, axis=0)", ValueError, "prelu.*1-D"),
    ("hw.prelu(x, [0.1], axis=5)", np.exceptions.AxisError, "prelu.*axis 5"),
    ("hw.threshold(x)", TypeError, "threshold"),
    ("hw.crelu(x, axis=1)", np.exceptions.AxisError, "crelu"),
    ("hw.crelu(np.float32(1))", ValueError, "crelu"),
    ("hw.crelu(x.astype(complex))", TypeError, "relu.*complex"),
    ("hw.crelu(x.astype(complex).view(Sub))", TypeError, "^crelu.*complex"),
    ("hw.crelu(x.view(Sub), axis=None)", TypeError, "NoneType"),
    ("hw.crelu(x, out=np.zeros(5, np.float32))", ValueError, "crelu.*shape"),
    ("hw.crelu(x, out=[0.0])", TypeError, "crelu.*out"),
    ("hw.crelu(x, out=np.zeros(6, np.int8))", TypeError, "crelu.*int8"),
    ("hw.vjp.crelu(x, x)", ValueError, "crelu.*shape"),
    ("hw.vjp.crelu(np.ones(6), x, axis=2)", np.exceptions.AxisError, "crelu"),
    ("hw.sparsity(x, axis=4)", np.exceptions.AxisError, "sparsity.*axis 4"),
    ("hw.dead_units(x, axis=4)", np.exceptions.AxisError, "dead_units.*axis 4"),
    ("hw.sparsity(x, axis=(0, 0))", ValueError, "axis"),
    ("hw.sparsity(x.astype(complex))", TypeError, "sparsity.*complex"),
    ("hw.sparsity(np.array(['a']))", TypeError, "sparsity"),
    ("hw.dead_units(np.array([1j]))", TypeError, "dead_units"),
    ("hw.sparsity(x, out=np.zeros(2))", ValueError, "sparsity: out has shape"),
    ("hw.dead_units(x, out=[True])", TypeError, "dead_units: out must be an array"),
    ("hw.vjp.prelu(x, x, 0.5, dtype='f8', signature='fff->ff')", TypeError, "signature.*dtype"),
    ("hw.glu(x)", ValueError, "glu.*odd"),
    ("hw.glu(x, axis=3)", np.exceptions.AxisError, "glu"),
    ("hw.vjp.glu(x, np.ones(4))", ValueError, "glu.*shape"),
    ("hw.celu(x, 0)", ValueError, "celu.*alpha"),
    ("hw.celu(x, alpha=0.0)", ValueError, "celu.*alpha"),
    ("hw.celu(x, -0.0)", ValueError, "celu.*alpha"),
    ("hw.celu(x, np.float32(0))", ValueError, "celu.*alpha"),
    ("hw.softplus(x, 1.0, 20.0)", TypeError, "softplus: takes no threshold"),
    ("hw.softplus(x, beta=1.0, threshold=20.0)", TypeError, "softplus: takes no threshold"),
    ("hw.gelu(x, 'erf')", ValueError, "gelu.*approximate.*erf"),
    ("hw.gelu(x, np.empty(3))", ValueError, "gelu: approximate must be"),
    ("hw.vjp.geglu(x, x, x, [1, 2])", ValueError, "geglu: approximate must be"),
    ("hw.gelu(x, approximate=True)", ValueError, "gelu.*approximate"),
    ("hw.geglu(x, x, 'sigmoid')", ValueError, "geglu.*approximate"),
    ("hw.grad.gelu(x, 'erf')", ValueError, "gelu.*approximate"),
]


class Sub(np.ndarray):
    """A subclass."""


@pytest.mark.parametrize("what, error, match", CHECKS, ids=[c[0] for c in CHECKS])
def test_checks(what, error, match):
    x = np.array([-1.0, 0.5, 2.0], np.float32)
    before = x.copy()
    with pytest.raises(error, match=match):
        eval(what, {"hw": hw, "np": np, "x": x, "Sub": Sub})
    assert (x == before).all()


def test_arrays_of_parameters_are_not_checked():
    x = np.array([-1.0, 0.5, 2.0])
    hw.softshrink(x, np.array([-0.5]))
    hw.hardtanh(x, np.array([2.0]), np.array([1.0]))
    hw.rrelu(x, np.array([0.5]), np.array([0.25]))


def test_refused_calls_leave_nothing_behind():
    """A failed call does not change what the next one does."""
    x = np.array([-1.0, 2.0], np.float32)
    for _ in range(3):
        with pytest.raises(ValueError):
            hw.hardtanh(x, 2, 1)
        with pytest.raises(TypeError):
            hw.relu(x.astype(complex))
        assert hw.hardtanh(x, -1, 1).tolist() == [-1, 1]
        assert hw.relu(x).tolist() == [0, 2]
        assert ufunc(ROWS["relu"], "grad")(x, 0.0).tolist() == [0, 1]

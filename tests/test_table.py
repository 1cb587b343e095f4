# SPDX-License-Identifier: MIT
"""The table is whole: each row has its kernels, its oracle, its public functions and their
documents.
"""

import importlib.util
import inspect
import re
from pathlib import Path

import numpy as np
import oracles
import pytest
from support import DIRECTIONS, INTEGERS, ISAS, ROWS, TYPES, VARIANTS, Kernel, defaults

import halfwave as hw

by_row = pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
KINDS = {"PIECEWISE", "WEIGHTED", "SMOOTH", "GATED"}
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "References"]
SPACES = {"forward": hw, "grad": hw.grad, "vjp": hw.vjp}


def directions(row):
    return [d for d in DIRECTIONS if not (row.kind == "GATED" and d == "grad")]


@by_row
def test_kernels(row):
    assert row.kind in KINDS, f"{row.name}: tests do not know the kind {row.kind}"
    for isa in ISAS:
        for direction in DIRECTIONS:
            for t in TYPES.values():
                wanted = direction in directions(row)
                kernel = Kernel(row, direction, t.hw, isa)
                assert kernel.exists == wanted, (
                    f"{row.name} {direction} {t} {isa}: kernel {kernel.exists}"
                )
                if not wanted:
                    continue
                gated = row.kind == "GATED"
                assert kernel.op.nstreams == 1 + (direction == "vjp") + gated
                assert kernel.op.nparams == len(defaults(row, direction))
                assert kernel.op.nout == 1 + (
                    direction == "vjp" and row.kind in ("WEIGHTED", "GATED")
                )
            for name, (number, _) in INTEGERS.items():
                wanted = bool(row.integers) and direction == "forward"
                exists = Kernel(row, direction, number, isa).exists
                assert exists == wanted, f"{row.name} {direction} {name} {isa}: kernel {exists}"


@by_row
def test_oracle(row):
    assert oracles.has(row.name), (
        f"{row.name} has no oracle: add {row.name} and d_{row.name} to tests/oracles.py"
    )
    for direction in directions(row):
        for values in oracles.parameter_sets(row, direction):
            assert len(values) == len(defaults(row, direction))
        assert oracles.parameter_sets(row, direction), (
            f"{row.name} {direction}: give parameters in tests/oracles.py"
        )
    if row.kind == "GATED":
        assert row.name in oracles.GATED, (
            f"{row.name}: its activation belongs into GATED of tests/oracles.py"
        )


@by_row
def test_bounds_are_as_promised(row):
    piecewise = row.kind in ("PIECEWISE", "WEIGHTED")
    assert 0.5 <= row.ulp <= (2.5 if row.kind == "GATED" else 1)
    assert 0.5 <= row.ulp64 <= (2.5 if row.kind == "GATED" else 2)
    assert 0.5 <= row.dulp <= (4 if row.kind == "GATED" else 1)
    assert 0.5 <= row.dulp64 <= (4 if row.kind == "GATED" else 2)
    if piecewise and row.name not in ("hardswish", "sparse_plus"):
        assert (row.ulp, row.ulp64, row.dulp, row.dulp64) == (0.5,) * 4


@by_row
def test_text(row):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row.name)
    assert row.formula and row.derivative and row.source
    documented = re.findall(r"^([a-z_, ]+):", row.about, re.M)
    documented = {name for names in documented for name in names.split(", ")}
    for direction in directions(row):
        for name in row.param_names(DIRECTIONS[direction]):
            if row.name not in VARIANTS:
                assert name in documented, (
                    f"{row.name}: parameter {name} is not described in activations.def"
                )


@by_row
def test_public_functions(row):
    name = VARIANTS.get(row.name, (row.name, ()))[0]
    for direction, space in SPACES.items():
        exists = direction in directions(row)
        assert hasattr(space, name) == exists or name in hw.__dict__, f"{direction} {name}"
        if not exists:
            assert name not in space.__all__
            continue
        assert name in space.__all__ and name in dir(space)
        f = getattr(space, name)
        assert f is getattr(space, name)
        assert f.__name__.split(".")[-1] == name
        if row.name in VARIANTS:
            assert row.name not in space.__all__
            continue
        if row.name == "glu":
            assert not isinstance(f, np.ufunc)
            continue
        plain = not defaults(row, direction) and row.name not in {v[0] for v in VARIANTS.values()}
        assert isinstance(f, np.ufunc) == plain, f"{direction} {name}"
        if not plain:
            assert isinstance(f.ufunc, np.ufunc)
            parameters = inspect.signature(f).parameters
            for p in row.param_names(DIRECTIONS[direction]):
                assert p in parameters, f"{direction} {name} lacks {p}"
            written = [v for v in defaults(row, direction) if v is not None]
            found = [parameters[p].default for p in row.param_names(DIRECTIONS[direction])]
            found = [v for v in found if v is not inspect.Parameter.empty]
            assert found == written or name in ("hardsigmoid",)


@by_row
def test_docstrings(row):
    if row.name in VARIANTS:
        pytest.skip("part of another function")
    for direction in directions(row):
        f = getattr(SPACES[direction], row.name)
        text = inspect.getdoc(f)
        assert text, f"{direction} {row.name} has no docstring"
        if row.name == "glu" and direction != "forward":
            continue
        wanted = SECTIONS if row.name != "glu" else [s for s in SECTIONS if s != "Notes"]
        for section in wanted:
            assert re.search(rf"^{section}\n-{{{len(section)}}}$", text, re.M), (
                f"{direction} {row.name}: {section}"
            )
        for p in row.param_names(DIRECTIONS[direction]):
            assert re.search(rf"^{p}\b|, {p}\b", text, re.M), (
                f"{direction} {row.name} does not describe {p}"
            )


def test_every_public_name_has_a_docstring():
    for space in SPACES.values():
        for name in space.__all__:
            thing = getattr(space, name)
            assert name == "__version__" or thing.__doc__, name
        assert len(set(space.__all__)) == len(space.__all__)
        with pytest.raises(AttributeError, match="nothing_such"):
            space.nothing_such  # noqa: B018


def test_nothing_is_missing():
    """What is promised, by name."""
    wanted = """
        relu relu6 leaky_relu prelu rrelu crelu relu_squared threshold hardtanh hardsigmoid
        hardswish hardshrink softshrink shrink sparse_plus sparse_sigmoid elu celu selu softplus
        squareplus gelu quick_gelu silu swish mish sigmoid logsigmoid tanh tanhshrink softsign
        reglu geglu swiglu glu sparsity dead_units set_num_threads get_num_threads num_threads
        show_config grad vjp
    """
    missing = [name for name in wanted.split() if not hasattr(hw, name)]
    assert not missing
    differentiable = wanted.split()[:31]
    assert not [name for name in differentiable if not hasattr(hw.grad, name)]
    gated = ["reglu", "geglu", "swiglu", "glu"]
    assert not [name for name in differentiable + gated if not hasattr(hw.vjp, name)]


def test_signatures():
    wanted = {
        "leaky_relu": "(x, negative_slope=0.01",
        "prelu": "(x, weight",
        "threshold": "(x, threshold, value",
        "rrelu": "(x, lower=0.125, upper=0.3333333333333333",
        "crelu": "(x, axis=-1",
        "hardtanh": "(x, min_val=-1, max_val=1",
        "hardsigmoid": "(x, alpha=None, beta=None",
        "hardshrink": "(x, lambd=0.5",
        "softshrink": "(x, lambd=0.5",
        "shrink": "(x, lambd=0.5, bias=0.0",
        "elu": "(x, alpha=1.0",
        "celu": "(x, alpha=1.0",
        "softplus": "(x, beta=1.0",
        "squareplus": "(x, b=4.0",
        "gelu": "(x, approximate='none'",
        "swish": "(x, beta=1.0",
        "glu": "(x, axis=-1",
        "geglu": "(gate, up, approximate='none'",
        "sparsity": "(x, axis=None, *, out=None, keepdims=False",
        "dead_units": "(x, axis=0",
    }
    for name, text in wanted.items():
        if hasattr(hw, name):
            assert str(inspect.signature(getattr(hw, name))).startswith(text), name
    assert str(inspect.signature(hw.grad.relu)).startswith("(x, ")
    assert inspect.signature(hw.grad.relu).parameters["at_zero"].default == 0


def test_stubs_name_everything():
    package = Path(importlib.util.find_spec("halfwave").origin).parent
    for stem, space in (("__init__", hw), ("grad", hw.grad), ("vjp", hw.vjp)):
        stub = package / f"{stem}.pyi"
        if not stub.exists():
            pytest.skip("no stubs")
        text = stub.read_text()
        for name in space.__all__:
            assert re.search(rf"\b{name}\b", text), f"{stub.name} lacks {name}"

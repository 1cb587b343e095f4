# SPDX-License-Identifier: MIT
"""The public functions that follow from the table: ufuncs, and thin functions over those with parameters.

A thin function is written out as source and compiled, as dataclasses do it, so that it has the right
signature and costs no more than it must.  All are made when they are first asked for.
"""

from math import copysign

import numpy as np

from . import _checks, _ufuncs
from ._axes import along_axis, drawn_slopes, sum_to
from ._docs import docstring
from ._table import FORWARD, GRAD, PREFIXES, ROWS, VJP

_PARAM_TYPES = {np.dtype(x): np.dtype(param) for x, param in ("ef", "ff", "dd", "gg")}
if _ufuncs.bfloat16:
    _PARAM_TYPES[_ufuncs.bfloat16] = np.dtype("f")


class _Constants(dict):
    """(type of x, Python scalars) -> the checked scalars as arrays of the parameters' type.

    NumPy would make and cast such arrays in every call, which takes longer than the call.
    """

    LIMIT = 1024

    def __init__(self, check):
        self.check = check

    def __missing__(self, key):
        dtype, *values = key
        if self.check:
            values = self.check(dtype, *values)
        if dtype in _PARAM_TYPES:
            values = [np.array(value, _PARAM_TYPES[dtype]) for value in values]
            for array in values:
                array.flags.writeable = False
        if len(self) >= self.LIMIT:
            self.clear()
        self[key] = values
        return values


_SCOPE = {
    "PLAIN": frozenset((float, int)),  # Python scalars, which promote nothing
    "along_axis": along_axis,
    "copysign": copysign,
    "drawn_slopes": drawn_slopes,
    "ndarray": np.ndarray,
    "sum_to": sum_to,
    "ufuncs": _ufuncs,
}

_THIN = """\
def {name}({streams}, {signature}, out=None, **kwargs):
{prepare}\
    if type(x) is ndarray and {plain} and not kwargs:
        {params}, = CONSTANTS[x.dtype, {params}]
        return ufunc({streams}, {params}, out)
{check}\
    return ufunc({streams}, {params}, out=out, **kwargs)
"""
_CHECK = """\
    {params}, = check(getattr(x, "dtype", None), {params})
"""
# A zero is looked up only if it is positive: -0.0 == 0.0 would find it too.
_PLAIN = "type({p}) in PLAIN and ({p} or copysign(1, {p}) > 0)"

# What some thin functions take besides, and do with it first.
_EXTRA = {
    "prelu": (
        "axis=None",
        """\
    if axis is not None:
        weight = along_axis("{qualname}", weight, x, axis)
""",
    ),
    ("rrelu", FORWARD): (
        "rng=None",
        """\
    if rng is not None:
        lower, upper = check(None, lower, upper)
        slopes = drawn_slopes(rng, x, lower, upper)
        return ufuncs.prelu(x, slopes, out=out, **kwargs), slopes
""",
    ),
}

# Functions that are unlike the others: over two ufuncs, or with two results.
_APPROXIMATE = """\
def {name}({streams}, approximate="none", *, out=None, **kwargs):
    if approximate == "none":
        if out is None and not kwargs:
            return ufunc({streams})
        return ufunc({streams}, out=out, **kwargs)
    if approximate == "tanh":
        return space.{name}_tanh({streams}, out=out, **kwargs)
    raise ValueError(f"{qualname}: approximate must be 'none' or 'tanh', not {{approximate!r}}")
"""
_SPECIAL = {
    "gelu": _APPROXIMATE,
    "geglu": _APPROXIMATE,
    "hardsigmoid": """\
def hardsigmoid({streams}, alpha=None, beta=None, *, out=None, **kwargs):
    if alpha is None and beta is None:
        return ufunc({streams}, out=out, **kwargs) if kwargs else ufunc({streams}, out)
    alpha = 1 / 6 if alpha is None else alpha
    beta = 0.5 if beta is None else beta
    return space.hardsigmoid_linear({streams}, alpha, beta, out=out, **kwargs)
""",
    ("prelu", VJP): """\
def prelu(g, x, weight, *, axis=None, **kwargs):
    lying = weight if axis is None else along_axis("vjp.prelu", weight, x, axis)
    dx, each = ufunc(g, x, lying, **kwargs)
    return dx, sum_to(weight, lying, each)
""",
}
_OTHERS = {"hardsigmoid_linear", "gelu_tanh", "geglu_tanh", "glu"}  # served by functions of other names


def names(direction):
    """The names of the functions of a direction."""
    gated = {name for name, row in ROWS.items() if row.kind == "GATED"}
    return ROWS.keys() - _OTHERS - (gated if direction == GRAD else set())


def make(name, direction):
    """The function of that name."""
    row, space = ROWS[name], (_ufuncs.forward, _ufuncs.grad, _ufuncs.vjp)[direction]
    ufunc, params = getattr(space, name), ", ".join(row.param_names(direction))
    if not params and name not in _SPECIAL:
        return ufunc
    check = getattr(_checks, name, None)
    signature = row.signature(direction)
    if "*" not in signature:
        signature += ", *"
    qualname = PREFIXES[direction] + name
    extra, prepare = _EXTRA.get((name, direction)) or _EXTRA.get(name) or ("", "")
    template = _SPECIAL.get((name, direction)) or _SPECIAL.get(name) or _THIN
    source = template.format(
        name=name,
        qualname=qualname,
        streams=", ".join(row.streams(direction)),
        signature=f"{signature}, {extra}" if extra else signature,
        params=params,
        plain=" and ".join(_PLAIN.format(p=p) for p in row.param_names(direction)),
        prepare=prepare.format(qualname=qualname),
        check=_CHECK.format(params=params) if check else "",
    )
    module = "halfwave" + ("", ".grad", ".vjp")[direction]
    scope = {**_SCOPE, "__name__": module, "ufunc": ufunc, "space": space, "check": check}
    scope["CONSTANTS"] = _Constants(check)
    exec(compile(source, f"<{module}.{name}>", "exec"), scope)
    function = scope[name]
    function.__doc__ = docstring(row, direction)
    function.ufunc = ufunc
    return function


def lazily(module, direction):
    """The __getattr__ of a module that makes a function when it is first asked for."""

    def __getattr__(name):
        if name not in names(direction):
            raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
        return module.setdefault(name, make(name, direction))

    return __getattr__

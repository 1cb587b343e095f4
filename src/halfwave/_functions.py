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
    """(type of x, Python scalar) -> the scalar as an array of the parameter's type.

    NumPy would make and cast such an array in every call, which takes longer than the call.
    """

    LIMIT = 4096

    def __missing__(self, key):
        dtype, value = key
        if dtype not in _PARAM_TYPES:
            return value
        if len(self) >= self.LIMIT:
            self.clear()
        array = self[key] = np.array(value, _PARAM_TYPES[dtype])
        array.flags.writeable = False
        return array


_SCOPE = {
    "CONSTANTS": _Constants(),
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
{check}\
    if kwargs:
        return ufunc({streams}, {params}, out=out, **kwargs)
    if type(x) is ndarray:
{constants}\
    return ufunc({streams}, {params}, out)
"""
_CHECK = """\
    {params} = check(x, {params})
"""
# A zero is looked up only if it is positive: -0.0 == 0.0 would find it too.
_CONSTANT = """\
        if type({p}) in PLAIN and ({p} or copysign(1, {p}) > 0):
            {p} = CONSTANTS[x.dtype, {p}]
"""

_APPROXIMATE = """\
def {name}({streams}, approximate="none", *, out=None, **kwargs):
    if approximate == "none":
        return ufunc({streams}, out=out, **kwargs)
    if approximate == "tanh":
        return space.{name}_tanh({streams}, out=out, **kwargs)
    raise ValueError(f"{qualname}: approximate must be 'none' or 'tanh', not {{approximate!r}}")
"""
_PRELU = """\
def prelu(x, weight, *, axis=None, out=None, **kwargs):
    return ufunc(x, along_axis("{qualname}", weight, x, axis), out=out, **kwargs)
"""

# Functions whose signature is not that of their ufunc.
_SPECIAL = {
    ("prelu", FORWARD): _PRELU,
    ("prelu", GRAD): _PRELU,
    ("prelu", VJP): """\
def prelu(g, x, weight, *, axis=None, **kwargs):
    lying = along_axis("vjp.prelu", weight, x, axis)
    dx, each = ufunc(g, x, lying, **kwargs)
    return dx, sum_to(weight, lying, each)
""",
    ("rrelu", FORWARD): """\
def rrelu(x, lower=1/8, upper=1/3, *, rng=None, out=None, **kwargs):
    lower, upper = check(x, lower, upper)
    if rng is None:
        return ufunc(x, lower, upper, out=out, **kwargs)
    slopes = drawn_slopes(rng, x, lower, upper)
    return ufuncs.prelu(x, slopes, out=out, **kwargs), slopes
""",
}
for _direction in (FORWARD, GRAD, VJP):
    _SPECIAL["gelu", _direction] = _SPECIAL["geglu", _direction] = _APPROXIMATE
    _SPECIAL["hardsigmoid", _direction] = """\
def hardsigmoid({streams}, alpha=None, beta=None, *, out=None, **kwargs):
    if alpha is None and beta is None:
        return ufunc({streams}, out=out, **kwargs)
    alpha = 1 / 6 if alpha is None else alpha
    beta = 0.5 if beta is None else beta
    return space.hardsigmoid_linear({streams}, alpha, beta, out=out, **kwargs)
"""
_VARIANTS = {"hardsigmoid_linear", "gelu_tanh", "geglu_tanh"}


def names(direction):
    """The names of the functions of a direction."""
    gated = {name for name, row in ROWS.items() if row.kind == "GATED"}
    return ROWS.keys() - _VARIANTS - (gated if direction == GRAD else set())


def make(name, direction):
    """The function of that name."""
    row, space = ROWS[name], (_ufuncs.forward, _ufuncs.grad, _ufuncs.vjp)[direction]
    ufunc, params = getattr(space, name), ", ".join(row.param_names(direction))
    if not params and (name, direction) not in _SPECIAL:
        return ufunc
    check = getattr(_checks, name, None)
    signature = row.signature(direction)
    source = _SPECIAL.get((name, direction), _THIN).format(
        name=name,
        qualname=PREFIXES[direction] + name,
        streams=", ".join(row.streams(direction)),
        signature=signature if "*" in signature else signature + ", *",
        params=params,
        check=_CHECK.format(params=params) if check else "",
        constants="".join(_CONSTANT.format(p=p) for p in row.param_names(direction)),
    )
    module = "halfwave" + ("", ".grad", ".vjp")[direction]
    scope = {**_SCOPE, "__name__": module, "ufunc": ufunc, "space": space, "check": check}
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

# SPDX-License-Identifier: MIT
"""The public functions that follow from the table: ufuncs, and thin functions over those that have
parameters.

A thin function is written out as source and compiled, as dataclasses do it, so that it has the
right signature and costs no more than it must.  All are made when they are first asked for.
"""

from math import copysign, isinf

import numpy as np

from . import _checks, _ufuncs
from ._axes import along_axis, drawn_slopes, sum_to
from ._docs import docstring
from ._table import FORWARD, GRAD, PREFIXES, ROWS, VJP

_PARAM_TYPES = {np.dtype(x): np.dtype(param) for x, param in ("ef", "ff", "dd", "gg")}
if _ufuncs.bfloat16:
    _PARAM_TYPES[_ufuncs.bfloat16] = np.dtype("f")


class _Constants(dict):
    """Python scalars (two as a tuple) -> the checked scalars as arrays, for one type of x.

    NumPy would make and cast such arrays in every call, which takes longer than the call.
    """

    LIMIT = 1024

    def __init__(self, dtype, check):
        self.dtype, self.check = dtype, check

    def __missing__(self, key):
        values = key if isinstance(key, tuple) else (key,)
        values = self.check(self.dtype, *values)
        if self.dtype not in _PARAM_TYPES:  # an integer: 0 and 0.0 differ, but are one key
            return values
        with np.errstate(over="ignore"):
            arrays = [np.array(value, _PARAM_TYPES[self.dtype]) for value in values]
        if any(np.isinf(a) and not isinf(v) for a, v in zip(arrays, values, strict=True)):
            arrays = values  # so that the ufunc warns in every call
        else:
            for array in arrays:
                array.flags.writeable = False
        if len(self) >= self.LIMIT:
            self.clear()
        self[key] = arrays
        return arrays


class _ConstantsByType(dict):
    """The type of x -> its _Constants: one hash of a pair with a type in it would be slower."""

    def __init__(self, check):
        self.check = check

    def __missing__(self, dtype):
        self[dtype] = _Constants(dtype, self.check)
        return self[dtype]


_SCOPE = {
    "PLAIN": frozenset((float, int)),  # Python scalars, which promote nothing
    "along_axis": along_axis,
    "copysign": copysign,
    "drawn_slopes": drawn_slopes,
    "ndarray": np.ndarray,
    "sum_to": sum_to,
    "type_for": _checks.type_for,
    "ufuncs": _ufuncs,
}

# The call before this one had the same parameters more often than not: `latest` is a step shorter.
_THIN = """\
def {name}({streams}, {signature}, out=None, **kwargs):
    global latest
{prepare}\
    if type(x) is ndarray and not kwargs:
        dtype, {olds}, {constants} = latest
        if x.dtype is not dtype or {changed}:
            if {plain}:
                {constants}, = CONSTANTS[x.dtype][{params}]
                latest = x.dtype, {params}, {constants}
            else:
                {constants}, = check(x.dtype, {params})
        if out is None:  # saying so to a ufunc takes longer than asking
            return ufunc({streams}, {constants})
        return ufunc({streams}, {constants}, out=out)
    {params}, = check({type_of_x}, {params})
    return ufunc({streams}, {params}, out=out, **kwargs)
"""
# A zero is looked up only if it is positive: -0.0 == 0.0 would find it too.
_PLAIN = "type({p}) in PLAIN and ({p} or copysign(1, {p}) > 0)"

# What some thin functions take besides, and do with it first.
_EXTRA = {
    "prelu": (
        "*, axis=None",
        """\
    if axis is not None:
        weight = along_axis("{qualname}", weight, x, axis)
""",
    ),
    ("rrelu", FORWARD): (
        "*, rng=None",
        """\
    if rng is not None:
        lower, upper = check(None, lower, upper)
        slopes = drawn_slopes(rng, x, lower, upper)
        return ufuncs.prelu(x, slopes, out=out, **kwargs), slopes[()]
""",
    ),
    "softplus": (
        "*threshold",
        """\
    if threshold or (kwargs and "threshold" in kwargs):
        raise TypeError("{qualname}: takes no threshold, because it is exact for every x")
""",
    ),
}

# Functions that are unlike the others: over two ufuncs, or with two results.
_APPROXIMATE = """\
def {name}({streams}, approximate="none", *, out=None, **kwargs):
    known = isinstance(approximate, str)  # an array is an out in the wrong place
    if known and approximate == "none":
        function = ufunc
    elif known and approximate == "tanh":
        function = space.{name}_tanh
    else:
        raise ValueError(f"{qualname}: approximate must be 'none' or 'tanh', not {{approximate!r}}")
    if out is not None:  # a ufunc with two results does not take out=None
        kwargs["out"] = out
    return function({streams}, **kwargs) if kwargs else function({streams})
"""
_SPECIAL = {
    "gelu": _APPROXIMATE,
    "geglu": _APPROXIMATE,
    "hardsigmoid": """\
def hardsigmoid({streams}, alpha=None, beta=None, *, out=None, **kwargs):
    if alpha is None and beta is None:
        if out is not None:
            kwargs["out"] = out
        return ufunc({streams}, **kwargs) if kwargs else ufunc({streams})
    alpha = 1 / 6 if alpha is None else alpha
    beta = 0.5 if beta is None else beta
    return space.hardsigmoid_linear({streams}, alpha, beta, out=out, **kwargs)
""",
    ("prelu", VJP): """\
def prelu(g, x, weight, *, axis=None, **kwargs):
    if kwargs.pop("out", None) is not None or kwargs.pop("where", True) is not True:
        raise TypeError("vjp.prelu: takes no out and no where, because dweight is a sum")
    if "dtype" in kwargs and not kwargs.keys() & {{"signature", "sig"}}:
        # Of x and dx alone: the products of a half are float32.
        kwargs["signature"] = None, None, None, kwargs.pop("dtype"), None
    lying = weight if axis is None else along_axis("vjp.prelu", weight, x, axis)
    dx, each = ufunc(g, x, lying, **kwargs)
    return dx, sum_to(weight, lying, each)
""",
}
# Served by functions of other names.
_OTHERS = {"hardsigmoid_linear", "gelu_tanh", "geglu_tanh", "glu"}


def names(direction):
    """The names of the functions of a direction."""
    gated = {name for name, row in ROWS.items() if row.kind == "GATED"}
    return ROWS.keys() - _OTHERS - (gated if direction == GRAD else set())


def make(name, direction):
    """The function of that name."""
    row, space = ROWS[name], (_ufuncs.forward, _ufuncs.grad, _ufuncs.vjp)[direction]
    ufunc, param_names = getattr(space, name), row.param_names(direction)
    if not param_names and name not in _SPECIAL:
        return ufunc
    check = getattr(_checks, name, _checks.nothing)
    if direction != FORWARD:
        check = _checks.in_floating_point(check)
    qualname = PREFIXES[direction] + name
    extra, prepare = _EXTRA.get((name, direction)) or _EXTRA.get(name) or ("*", "")
    template = _SPECIAL.get((name, direction)) or _SPECIAL.get(name) or _THIN
    source = template.format(
        name=name,
        qualname=qualname,
        streams=", ".join(row.streams(direction)),
        signature=f"{row.signature(direction)}, {extra}",
        params=", ".join(param_names),
        olds=", ".join(f"old_{p}" for p in param_names),
        constants=", ".join(f"{p}_constant" for p in param_names),
        changed=" or ".join(f"{p} is not old_{p}" for p in param_names),
        plain=" and ".join(_PLAIN.format(p=p) for p in param_names),
        # A list would have to be converted for it, and no other check looks at it.
        type_of_x="type_for(x, **kwargs)" if check is _checks.hardtanh else "None",
        prepare=prepare.format(qualname=qualname),
    )
    module = "halfwave" + ("", ".grad", ".vjp")[direction]
    scope = {**_SCOPE, "__name__": module, "ufunc": ufunc, "space": space, "check": check}
    scope["CONSTANTS"] = _ConstantsByType(check)
    scope["latest"] = (None,) * (1 + 2 * len(param_names))
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

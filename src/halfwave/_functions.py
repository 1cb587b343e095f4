# SPDX-License-Identifier: MIT
"""The public functions of one direction: ufuncs, and thin functions over ufuncs with parameters.

A thin function is written out as source and compiled, as dataclasses do it, so that it has the right
signature and costs no more than it must.
"""

from math import copysign

import numpy as np

from . import _checks, _ufuncs
from ._docs import docstring
from ._table import DIRECTIONS, FORWARD, ROWS

PLAIN = frozenset((float, int))  # Python scalars, which promote nothing

_PARAM_TYPES = {np.dtype(t): np.dtype(p) for t, p in ("ef", "ff", "dd", "gg")}
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


_CONSTANTS = _Constants()

_THIN = """\
def {name}({streams}, {signature}out=None, **kwargs):
{check}\
    if kwargs:
        return ufunc({streams}, {params}, out=out, **kwargs)
    if type(x) is ndarray:
{constants}\
    return ufunc({streams}, {params}, out)
"""
# A zero is looked up only if it is positive: -0.0 == 0.0 would find it too.
_CONSTANT = """\
        if type({p}) in PLAIN and ({p} or copysign(1, {p}) > 0):
            {p} = CONSTANTS[x.dtype, {p}]
"""

# Functions over two rows; the second is the first name with this suffix.
_TWO_ROWS = {
    "hardsigmoid": (
        "linear",
        """\
def hardsigmoid({streams}, alpha=None, beta=None, *, out=None, **kwargs):
    if alpha is None and beta is None:
        return ufunc({streams}, out=out, **kwargs)
    alpha = 1 / 6 if alpha is None else alpha
    beta = 0.5 if beta is None else beta
    return other({streams}, alpha, beta, out=out, **kwargs)
""",
    ),
}
for _name in ("gelu", "geglu"):
    _TWO_ROWS[_name] = (
        "tanh",
        """\
def {name}({streams}, approximate="none", *, out=None, **kwargs):
    if approximate == "none":
        return ufunc({streams}, out=out, **kwargs)
    if approximate == "tanh":
        return other({streams}, out=out, **kwargs)
    raise ValueError(f"{name}: approximate must be 'none' or 'tanh', not {{approximate!r}}")
""",
    )
_HIDDEN = {f"{name}_{suffix}" for name, (suffix, _) in _TWO_ROWS.items()}


def _compile(source, row, direction, ufunc, **names):
    scope = {"ufunc": ufunc, "ndarray": np.ndarray, **names}
    exec(compile(source, f"<halfwave {DIRECTIONS[direction]} {row.name}>", "exec"), scope)
    function = scope[row.name]
    module = "" if direction == FORWARD else "." + DIRECTIONS[direction]
    function.__module__ = "halfwave" + module
    function.__doc__ = docstring(row, direction)
    function.ufunc = ufunc
    return function


def _thin(row, direction, ufunc):
    params = row.param_names(direction)
    signature = row.signature(direction)
    if "*" not in signature:
        signature += ", *"
    check = getattr(_checks, row.name, None)
    source = _THIN.format(
        name=row.name,
        streams=", ".join(row.streams(direction)),
        signature=signature + ", ",
        params=", ".join(params),
        check=f"    {', '.join(params)}, = check(x, {', '.join(params)})\n" if check else "",
        constants="".join(_CONSTANT.format(p=p) for p in params),
    )
    return _compile(
        source, row, direction, ufunc,
        PLAIN=PLAIN, CONSTANTS=_CONSTANTS, copysign=copysign, check=check,
    )


def functions(direction):
    """The public functions of a direction that follow from the table, by name."""
    space = vars([_ufuncs, _ufuncs.grad, _ufuncs.vjp][direction])
    found = {}
    for row in ROWS:
        ufunc = space.get(row.name)
        if ufunc is not None:
            has_params = row.param_names(direction)
            found[row.name] = _thin(row, direction, ufunc) if has_params else ufunc
    for row in ROWS:
        if row.name in _TWO_ROWS and row.name in found:
            suffix, source = _TWO_ROWS[row.name]
            other = found[f"{row.name}_{suffix}"]
            source = source.format(name=row.name, streams=", ".join(row.streams(direction)))
            found[row.name] = _compile(source, row, direction, found[row.name], other=other)
    return {name: f for name, f in found.items() if name not in _HIDDEN}

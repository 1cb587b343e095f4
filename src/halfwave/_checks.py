# SPDX-License-Identifier: MIT
"""What the parameters of some functions must satisfy, by the function's name.

Each takes the type that x is computed in (None: a floating one) and the parameters, and returns the
parameters.  Only scalars are checked: arrays follow the formula.
"""

import numpy as np


def _scalars(*values):
    return all(np.ndim(value) == 0 for value in values)


def nothing(dtype, *params):
    return params


def in_floating_point(check):
    """The same for a function that computes in floating point, whatever the type of x."""
    return lambda dtype, *params: check(None, *params)


def type_for(x, dtype=None):
    """The type that x is computed in, if it may be an integer."""
    if dtype is not None:
        return np.dtype(dtype)
    return x.dtype if hasattr(x, "dtype") else np.asarray(x).dtype


def hardtanh(dtype, min_val, max_val):
    if _scalars(min_val, max_val) and min_val > max_val:
        raise ValueError(f"hardtanh: min_val {min_val} is above max_val {max_val}")
    if getattr(dtype, "kind", "") not in ("i", "u", "b"):
        return min_val, max_val
    info = np.iinfo(np.int8 if dtype.kind == "b" else dtype)
    # A bound that the type cannot hold bounds nothing.
    return tuple(
        min(max(v, info.min), info.max) if type(v) is int else v for v in (min_val, max_val)
    )


def softshrink(dtype, lambd):
    if _scalars(lambd) and lambd < 0:
        raise ValueError(f"softshrink: lambd must be at least 0, not {lambd}")
    return (lambd,)


def celu(dtype, alpha):
    if _scalars(alpha) and alpha == 0:
        raise ValueError("celu: alpha must not be 0")
    return (alpha,)


def rrelu(dtype, lower, upper):
    if _scalars(lower, upper) and lower > upper:
        raise ValueError(f"rrelu: lower {lower} is above upper {upper}")
    return lower, upper

# SPDX-License-Identifier: MIT
"""What the parameters of some functions must satisfy, by the function's name.

Each takes the type of x (None if x has none) and the parameters, and returns the parameters.  Only
scalars are checked: arrays follow the formula.
"""

import numpy as np


def _scalars(*values):
    return all(np.ndim(value) == 0 for value in values)


def nothing(dtype, *params):
    return params


def hardtanh(dtype, min_val, max_val):
    if _scalars(min_val, max_val) and min_val > max_val:
        raise ValueError(f"hardtanh: min_val {min_val} is above max_val {max_val}")
    if type(min_val) is int and type(max_val) is int and getattr(dtype, "kind", "") in ("i", "u"):
        info = np.iinfo(dtype)  # a bound that the type cannot hold bounds nothing
        min_val, max_val = (min(max(v, info.min), info.max) for v in (min_val, max_val))
    return min_val, max_val


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

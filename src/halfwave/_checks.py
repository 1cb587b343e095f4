# SPDX-License-Identifier: MIT
"""What the parameters of some functions must satisfy, by the function's name.

Each takes the type that x is computed in (None: a floating one) and the parameters, and returns the
parameters.  Only scalars are checked: arrays follow the formula.
"""

import numpy as np


def _above(a, b):
    """Is a scalar above another?  What cannot be compared is for the ufunc to refuse."""
    try:
        return np.ndim(a) == np.ndim(b) == 0 and bool(a > b)
    except TypeError:
        return False


def nothing(dtype, *params):
    return params


def in_floating_point(check):
    """The same for a function that computes in floating point, whatever the type of x."""
    return lambda dtype, *params: check(None, *params)


def type_of(x):
    """NumPy's type for x, which may be an array of another library."""
    dtype = getattr(x, "dtype", None)
    dtype = getattr(dtype, "numpy_dtype", dtype)  # of pandas
    return dtype if isinstance(dtype, np.dtype) else np.asarray(x).dtype


def type_for(x, dtype=None, signature=None, sig=None, **kwargs):
    """The type that x is computed in, if it may be an integer; None if a signature says so."""
    if signature is not None or sig is not None:
        return None
    return type_of(x) if dtype is None else np.dtype(dtype)


def hardtanh(dtype, min_val, max_val):
    bounds = min_val, max_val
    if _above(*bounds):
        raise ValueError(f"hardtanh: min_val {min_val} is above max_val {max_val}")
    if dtype is None or dtype.kind not in "iub" or int not in map(type, bounds):
        return bounds
    typed = [type_of(v) for v in bounds if type(v) is not int]
    common = np.result_type(np.int8 if dtype.kind == "b" else dtype, *typed)
    if common.kind not in "iu":
        return bounds
    info = np.iinfo(common)
    # A bound that the type cannot hold bounds nothing.
    return tuple(min(max(v, info.min), info.max) if type(v) is int else v for v in bounds)


def softshrink(dtype, lambd):
    if _above(0, lambd):
        raise ValueError(f"softshrink: lambd must be at least 0, not {lambd}")
    return (lambd,)


def celu(dtype, alpha):
    if np.ndim(alpha) == 0 and alpha == 0:
        raise ValueError("celu: alpha must not be 0")
    return (alpha,)


def rrelu(dtype, lower, upper):
    if _above(lower, upper):
        raise ValueError(f"rrelu: lower {lower} is above upper {upper}")
    return lower, upper

# SPDX-License-Identifier: MIT
"""What each activation is measured against: one line an activation.

A line has the call, the NumPy expression that it replaces, and an exact form where that expression
cancels or overflows.  The exact form is evaluated in a wider type than x.  Parameters are
binary fractions, so that no type rounds them.
"""

from typing import NamedTuple

import numpy as np


class Reference(NamedTuple):
    call: str
    numpy: str
    exact: str = ""  # as numpy, in the wider type


def erfc(z):
    """1 - erf(z), by the midpoint rule for an integral of exp(-t^2) / (t^2 + z^2).

    With step h its relative error is exp(-(pi/h)^2), once the residue at t = iz is added
    (Matta & Reichel, Math. Comp. 25 (1971) 339-344).  Every term is positive: nothing cancels.
    """
    h, a = 0.375, np.abs(z)
    total = sum(np.exp(-t * t) / (t * t + a * a) for t in (np.arange(20, dtype=a.dtype) + 0.5) * h)
    pi = np.arccos(a.dtype.type(-1))
    rate = 2 * pi / h
    residue = np.where(a < pi / h, 2 / (1 + np.exp(rate * np.minimum(a, pi / h))), 0)
    half = 2 * h / pi * a * np.exp(-a * a) * total + residue
    return np.where(z < 0, 2 - half, half)


def normal_cdf(x):
    return erfc(-x / np.sqrt(x.dtype.type(2))) / 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def tanhshrink(x):
    """x - tanh(x); near 0 as (x cosh x - sinh x) / cosh x, whose series has positive terms only."""
    term, total = x, 0
    for k in range(1, 12):
        term = term * x * x / (2 * k * (2 * k + 1))
        total = total + 2 * k * term
    return np.where(np.abs(x) < 1, total / np.cosh(x), x - np.tanh(x))


def tanh_cdf(x):
    """The approximation of the normal distribution in gelu's tanh form: (1 + tanh(u)) / 2."""
    wide = x.dtype.type
    slope, cube = np.sqrt(2 / np.arccos(wide(-1))), wide(44715) / wide(1000000)
    return sigmoid(2 * slope * (x + cube * x**3))


def selu(x):
    scale, alpha = map(x.dtype.type, ("1.0507009873554804934193", "1.6732632423543772848170"))
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


_TANH_CDF = "(1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))"

# By the name in csrc/activations.def; the functions that have no row of their own come last.
REFERENCES = {
    "relu": Reference("relu(x)", "np.maximum(x, 0)"),
    "relu6": Reference("relu6(x)", "np.clip(x, 0, 6)"),
    "leaky_relu": Reference("leaky_relu(x, 0.125)", "np.where(x > 0, x, 0.125 * x)"),
    "prelu": Reference("prelu(x, 0.25)", "np.where(x > 0, x, 0.25 * x)"),
    "rrelu": Reference("rrelu(x, 0.125, 0.375)", "np.where(x > 0, x, 0.25 * x)"),
    "relu_squared": Reference("relu_squared(x)", "np.maximum(x, 0) ** 2"),
    "threshold": Reference("threshold(x, 0.5, 0.25)", "np.where(x > 0.5, x, 0.25)"),
    "hardtanh": Reference("hardtanh(x)", "np.clip(x, -1, 1)"),
    "hardsigmoid": Reference("hardsigmoid(x)", "np.clip((x + 3) / 6, 0, 1)"),
    "hardsigmoid_linear": Reference("hardsigmoid(x, 0.25, 0.5)", "np.clip(0.25 * x + 0.5, 0, 1)"),
    "hardswish": Reference("hardswish(x)", "x * np.clip((x + 3) / 6, 0, 1)"),
    "hardshrink": Reference("hardshrink(x)", "np.where(np.abs(x) > 0.5, x, 0)"),
    "softshrink": Reference("softshrink(x)", "np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)"),
    "shrink": Reference(
        "shrink(x, 0.5, 0.25)", "np.where(np.abs(x) > 0.5, x - 0.25 * np.sign(x), 0)"
    ),
    "sparse_plus": Reference(
        "sparse_plus(x)", "np.where(x < 1, (np.maximum(x, -1) + 1) ** 2 / 4, x)"
    ),
    "sparse_sigmoid": Reference("sparse_sigmoid(x)", "np.clip((x + 1) / 2, 0, 1)"),
    "elu": Reference("elu(x)", "np.where(x > 0, x, np.expm1(np.minimum(x, 0)))"),
    "celu": Reference("celu(x, 0.5)", "np.where(x > 0, x, 0.5 * np.expm1(np.minimum(x, 0) / 0.5))"),
    "selu": Reference(
        "selu(x)",
        "1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0)))",
        "selu(x)",
    ),
    "softplus": Reference("softplus(x)", "np.logaddexp(x, 0)", "softplus(x)"),
    "squareplus": Reference(
        "squareplus(x)",
        "(x + np.sqrt(x * x + 4)) / 2",
        "np.where(x > 0, x + np.sqrt(x * x + 4), 4 / (np.sqrt(x * x + 4) + np.abs(x))) / 2",
    ),
    "gelu": Reference("gelu(x)", f"0.5 * x * {_TANH_CDF}", "x * normal_cdf(x)"),
    "gelu_tanh": Reference("gelu(x, 'tanh')", f"0.5 * x * {_TANH_CDF}", "x * tanh_cdf(x)"),
    "quick_gelu": Reference(
        "quick_gelu(x)", "x / (1 + np.exp(-1.702 * x))", "x * sigmoid(851 * x / 500)"
    ),
    "silu": Reference("silu(x)", "x / (1 + np.exp(-x))"),
    "swish": Reference("swish(x, 1.5)", "x / (1 + np.exp(-1.5 * x))"),
    "mish": Reference("mish(x)", "x * np.tanh(np.log1p(np.exp(x)))"),
    "sigmoid": Reference("sigmoid(x)", "1 / (1 + np.exp(-x))"),
    "logsigmoid": Reference("logsigmoid(x)", "-np.logaddexp(0, -x)", "-softplus(-x)"),
    "tanh": Reference("tanh(x)", "np.tanh(x)"),
    "tanhshrink": Reference("tanhshrink(x)", "x - np.tanh(x)", "tanhshrink(x)"),
    "softsign": Reference("softsign(x)", "x / (1 + np.abs(x))"),
    "reglu": Reference("reglu(x, up)", "np.maximum(x, 0) * up"),
    "geglu": Reference("geglu(x, up)", f"0.5 * x * {_TANH_CDF} * up", "x * normal_cdf(x) * up"),
    "geglu_tanh": Reference(
        "geglu(x, up, 'tanh')", f"0.5 * x * {_TANH_CDF} * up", "x * tanh_cdf(x) * up"
    ),
    "swiglu": Reference("swiglu(x, up)", "x / (1 + np.exp(-x)) * up"),
    "glu": Reference("glu(x)", "x[:, :512] / (1 + np.exp(-x[:, 512:]))"),
    "crelu": Reference("crelu(x)", "np.maximum(np.concatenate([x, -x], axis=-1), 0)"),
    "sparsity": Reference("sparsity(x)", "np.mean(x <= 0)"),
    "dead_units": Reference("dead_units(x)", "np.all(x <= 0, axis=0)"),
}

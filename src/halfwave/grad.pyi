# SPDX-License-Identifier: MIT
# Written by python -m halfwave._generate.

from typing import Any, Literal, Unpack

from numpy import ufunc
from numpy.typing import ArrayLike

from . import _Options, _Out, _thin

@_thin
def celu(
    x: ArrayLike,
    alpha: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

def crelu(
    x: ArrayLike,
    axis: int = -1,
    *,
    out: _Out = None,
) -> Any: ...

@_thin
def elu(
    x: ArrayLike,
    alpha: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def gelu(
    x: ArrayLike,
    approximate: Literal["none", "tanh"] = 'none',
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def hardshrink(
    x: ArrayLike,
    lambd: ArrayLike = 0.5,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def hardsigmoid(
    x: ArrayLike,
    alpha: ArrayLike | None = None,
    beta: ArrayLike | None = None,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

hardswish: ufunc

@_thin
def hardtanh(
    x: ArrayLike,
    min_val: ArrayLike = -1,
    max_val: ArrayLike = 1,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def leaky_relu(
    x: ArrayLike,
    negative_slope: ArrayLike = 0.01,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

logsigmoid: ufunc

mish: ufunc

@_thin
def prelu(
    x: ArrayLike,
    weight: ArrayLike,
    *,
    axis: int | None = None,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

quick_gelu: ufunc

@_thin
def relu(
    x: ArrayLike,
    at_zero: ArrayLike = 0.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

relu6: ufunc

relu_squared: ufunc

@_thin
def rrelu(
    x: ArrayLike,
    lower: ArrayLike = 0.125,
    upper: ArrayLike = 0.3333333333333333,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

selu: ufunc

@_thin
def shrink(
    x: ArrayLike,
    lambd: ArrayLike = 0.5,
    bias: ArrayLike = 0.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

sigmoid: ufunc

silu: ufunc

@_thin
def softplus(
    x: ArrayLike,
    beta: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def softshrink(
    x: ArrayLike,
    lambd: ArrayLike = 0.5,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

softsign: ufunc

sparse_plus: ufunc

sparse_sigmoid: ufunc

@_thin
def squareplus(
    x: ArrayLike,
    b: ArrayLike = 4.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def swish(
    x: ArrayLike,
    beta: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

tanh: ufunc

tanhshrink: ufunc

@_thin
def threshold(
    x: ArrayLike,
    threshold: ArrayLike,
    value: ArrayLike,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

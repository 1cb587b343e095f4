# SPDX-License-Identifier: MIT
# Written by python -m halfwave._generate.

from typing import Any, Literal, Unpack

from numpy import ufunc
from numpy.typing import ArrayLike

from . import _Options, _Out, _thin

@_thin
def celu(
    g: ArrayLike,
    x: ArrayLike,
    alpha: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

def crelu(
    g: ArrayLike,
    x: ArrayLike,
    axis: int = -1,
    *,
    out: _Out = None,
) -> Any: ...

@_thin
def elu(
    g: ArrayLike,
    x: ArrayLike,
    alpha: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def geglu(
    g: ArrayLike,
    gate: ArrayLike,
    up: ArrayLike,
    approximate: Literal["none", "tanh"] = 'none',
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> tuple[Any, Any]: ...

@_thin
def gelu(
    g: ArrayLike,
    x: ArrayLike,
    approximate: Literal["none", "tanh"] = 'none',
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

def glu(
    g: ArrayLike,
    x: ArrayLike,
    axis: int = -1,
    *,
    out: _Out = None,
) -> Any: ...

@_thin
def hardshrink(
    g: ArrayLike,
    x: ArrayLike,
    lambd: ArrayLike = 0.5,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def hardsigmoid(
    g: ArrayLike,
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
    g: ArrayLike,
    x: ArrayLike,
    min_val: ArrayLike = -1,
    max_val: ArrayLike = 1,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def leaky_relu(
    g: ArrayLike,
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
    g: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    axis: int | None = None,
    **options: Unpack[_Options],
) -> tuple[Any, Any]: ...

quick_gelu: ufunc

reglu: ufunc

@_thin
def relu(
    g: ArrayLike,
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
    g: ArrayLike,
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
    g: ArrayLike,
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
    g: ArrayLike,
    x: ArrayLike,
    beta: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

@_thin
def softshrink(
    g: ArrayLike,
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
    g: ArrayLike,
    x: ArrayLike,
    b: ArrayLike = 4.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

swiglu: ufunc

@_thin
def swish(
    g: ArrayLike,
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
    g: ArrayLike,
    x: ArrayLike,
    threshold: ArrayLike,
    value: ArrayLike,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
) -> Any: ...

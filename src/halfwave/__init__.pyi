# SPDX-License-Identifier: MIT
# Written by python -m halfwave._generate.

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, Literal, ParamSpec, TypedDict, TypeVar, Unpack

from numpy import ufunc
from numpy.random import Generator
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import grad as grad
from . import vjp as vjp

_P = ParamSpec("_P")
_R = TypeVar("_R")

_Out = NDArray[Any] | tuple[NDArray[Any] | None, ...] | None

class _Thin(Generic[_P, _R]):
    @property
    def ufunc(self) -> ufunc: ...
    @property
    def __name__(self) -> str: ...
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...

class _Options(TypedDict, total=False):
    where: ArrayLike
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"]
    order: Literal["K", "A", "C", "F"]
    dtype: DTypeLike
    subok: bool

def _thin(function: Callable[_P, _R], /) -> _Thin[_P, _R]: ...

__version__: str

def crelu(
    x: ArrayLike,
    axis: int = -1,
    *,
    out: _Out = None,
) -> NDArray[Any]: ...

def dead_units(
    x: ArrayLike,
    axis: int | tuple[int, ...] = 0,
    *,
    out: _Out = None,
) -> Any: ...

def get_num_threads() -> int: ...

def glu(
    x: ArrayLike,
    axis: int = -1,
    *,
    out: _Out = None,
) -> Any: ...

def num_threads(
    n: int,
) -> AbstractContextManager[None]: ...

def set_num_threads(
    n: int,
) -> None: ...

def show_config() -> None: ...

def sparsity(
    x: ArrayLike,
    axis: int | tuple[int, ...] | None = None,
    *,
    out: _Out = None,
    keepdims: bool = False,
) -> Any: ...

@_thin
def celu(
    x: ArrayLike,
    alpha: ArrayLike = 1.0,
    *,
    out: _Out = None,
    **options: Unpack[_Options],
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
def geglu(
    gate: ArrayLike,
    up: ArrayLike,
    approximate: Literal["none", "tanh"] = 'none',
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

reglu: ufunc

relu: ufunc

relu6: ufunc

relu_squared: ufunc

@_thin
def rrelu(
    x: ArrayLike,
    lower: ArrayLike = 0.125,
    upper: ArrayLike = 0.3333333333333333,
    *,
    rng: Generator | None = None,
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

swiglu: ufunc

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

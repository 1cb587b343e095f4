# SPDX-License-Identifier: MIT
"""Backward passes: vjp.NAME(g, x, *parameters) is g times the derivative of halfwave.NAME, fused.

Where the derivative is 0 the product is 0.0, for an infinite g too; NaN in g or x gives NaN.  No
factor is rounded before the product.
"""

from operator import index

import numpy as np

from . import _ufuncs
from ._axes import doubled, halves, halving, output, result_type, unmasked
from ._functions import lazily, names
from ._table import VJP


def crelu(g, x, axis=-1, *, out=None):
    """The backward pass of halfwave.crelu: dx, from a g that is twice as long as x along axis.

    >>> import halfwave as hw
    >>> hw.vjp.crelu([10.0, 20.0, 30.0, 40.0], [1.0, -2.0])
    array([ 10., -40.])
    """
    g, x = unmasked("vjp.crelu", g), unmasked("vjp.crelu", x)
    if g.shape != (shape := doubled(x, axis, "vjp.crelu")):
        raise ValueError(f"vjp.crelu: g has shape {g.shape}, the result of crelu {shape}")
    first, second = halves("vjp.crelu", g, axis)
    front = _ufuncs.vjp.relu(first, x, 0.0)
    back = _ufuncs.vjp.relu(second, np.negative(x, dtype=front.dtype), 0.0)
    out = output("vjp.crelu", x.shape, front.dtype, out)
    return np.subtract(front, back, out=out, casting="same_kind")


def glu(g, x, axis=-1, *, out=None):
    """The backward pass of halfwave.glu: dx for the gradient g of its result.

    Parameters
    ----------
    g : array_like
        Half as long as x along axis.
    x : array_like, at least 1-D
    axis : int
        As given to halfwave.glu.
    out : ndarray, optional
        Where the result goes.

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.vjp.glu([10.0], [2.0, 0.0])
    array([5., 5.])
    """
    g, x = unmasked("vjp.glu", g), unmasked("vjp.glu", x)
    ufunc = _ufuncs.vjp.glu
    dtype = result_type("vjp.glu", ufunc, g.dtype, x.dtype, x.dtype)
    out = output("vjp.glu", x.shape, dtype, out)
    first, second = halving("vjp.glu", x.shape, index(axis))
    up = x[first]
    if g.shape != up.shape:
        raise ValueError(f"vjp.glu: g has shape {g.shape}, the result of glu {up.shape}")
    ufunc(g, x[second], up, out[second], out[first], casting="same_kind")
    return out


__all__ = sorted({*names(VJP), "crelu", "glu"})
__getattr__ = lazily(globals(), VJP)


def __dir__():
    return __all__

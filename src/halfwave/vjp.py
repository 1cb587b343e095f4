# SPDX-License-Identifier: MIT
"""Backward passes: vjp.NAME(g, x, *parameters) is g times the derivative of halfwave.NAME, fused.

Where the derivative is 0 the product is 0.0, for an infinite g too; NaN in g or x gives NaN.  No factor is
rounded before the product.
"""

import numpy as np

from ._axes import along_axis, doubled, halves, output, sum_to
from ._functions import functions
from ._table import VJP

_table = functions(VJP)
globals().update(_table)
_prelu = _table["prelu"]
_relu = _table["relu"]


def prelu(g, x, weight, *, axis=None, **kwargs):
    lying = along_axis("vjp.prelu", weight, x, axis)
    dx, each = _prelu(g, x, lying, **kwargs)
    dweight = sum_to(np.shape(lying), np.asanyarray(each)).reshape(np.shape(weight))
    dtype = getattr(weight, "dtype", each.dtype)
    return dx, dweight.astype(each.dtype if dtype.kind in "biu" else dtype, copy=False)[()]


prelu.__doc__ = _prelu.__doc__
prelu.ufunc = _prelu.ufunc


def crelu(g, x, axis=-1, *, out=None):
    """The backward pass of halfwave.crelu: dx, from a g that is twice as long as x along axis.

    >>> import halfwave as hw
    >>> hw.vjp.crelu([10.0, 20.0, 30.0, 40.0], [1.0, -2.0])
    array([ 10., -40.])
    """
    g, x = np.asanyarray(g), np.asanyarray(x)
    if g.shape != (shape := doubled(x, axis, "vjp.crelu")):
        raise ValueError(f"vjp.crelu: g has shape {g.shape}, the result of crelu {shape}")
    first, second = halves("vjp.crelu", g, axis)
    front = _relu(first, x)
    back = _relu(second, np.negative(x, dtype=front.dtype))
    out, front, back = output("vjp.crelu", x.shape, front.dtype, out, front, back)
    return np.subtract(front, back, out=out, casting="same_kind")


__all__ = sorted({*_table, "crelu"})

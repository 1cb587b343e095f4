# SPDX-License-Identifier: MIT
"""Backward passes: vjp.NAME(g, x, *parameters) is g times the derivative of halfwave.NAME, fused.

Where the derivative is 0 the product is 0.0, for an infinite g too; NaN in g or x gives NaN.  No factor is
rounded before the product.
"""

import numpy as np

from . import _ufuncs
from ._axes import doubled, halves, output
from ._functions import lazily, names
from ._table import VJP


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
    front = _ufuncs.vjp.relu(first, x, 0.0)
    back = _ufuncs.vjp.relu(second, np.negative(x, dtype=front.dtype), 0.0)
    out, front, back = output("vjp.crelu", x.shape, front.dtype, out, front, back)
    return np.subtract(front, back, out=out, casting="same_kind")


__all__ = sorted({*names(VJP), "crelu"})
__getattr__ = lazily(globals(), VJP)


def __dir__():
    return __all__

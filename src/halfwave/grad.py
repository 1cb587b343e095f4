# SPDX-License-Identifier: MIT
"""Derivatives: grad.NAME(x, *parameters) is the derivative of halfwave.NAME by x.

At kinks they follow torch's conventions.  NaN in x gives NaN, and infinities give the limit.
"""

import numpy as np

from ._axes import along_axis, doubled, halves, output
from ._functions import functions
from ._table import GRAD

_table = functions(GRAD)
globals().update(_table)
_prelu = _table["prelu"]
_relu = _table["relu"]


def prelu(x, weight, *, axis=None, **kwargs):
    return _prelu(x, along_axis("grad.prelu", weight, x, axis), **kwargs)


prelu.__doc__ = _prelu.__doc__
prelu.ufunc = _prelu.ufunc


def crelu(x, axis=-1, *, out=None):
    """The derivatives of both halves of halfwave.crelu: relu'(x) and -relu'(-x), joined along axis.

    >>> import halfwave as hw
    >>> hw.grad.crelu([1.0, -2.0])
    array([ 1.,  0.,  0., -1.])
    """
    x = np.asanyarray(x)
    dtype = _relu(x[:0] if x.ndim else x).dtype
    out, x = output("grad.crelu", doubled(x, axis, "grad.crelu"), dtype, out, x)
    first, second = halves("grad.crelu", out, axis)
    _relu(x, out=first, casting="same_kind")
    _relu(np.negative(x, dtype=dtype), out=second, casting="same_kind")
    np.subtract(0, second, out=second)
    return out


__all__ = sorted({*_table, "crelu"})

# SPDX-License-Identifier: MIT
"""Derivatives: grad.NAME(x, *parameters) is the derivative of halfwave.NAME by x.

At kinks they follow torch's conventions.  NaN in x gives NaN, and infinities give the limit.
"""

import numpy as np

from . import _ufuncs
from ._axes import apart, doubled, halves, output, result_type, unmasked
from ._functions import lazily, names
from ._table import GRAD


def crelu(x, axis=-1, *, out=None):
    """The derivatives of both halves of halfwave.crelu: relu'(x) and -relu'(-x), joined along axis.

    >>> import halfwave as hw
    >>> hw.grad.crelu([1.0, -2.0])
    array([ 1.,  0.,  0., -1.])
    """
    x = unmasked("grad.crelu", x)
    relu = _ufuncs.grad.relu
    dtype = result_type("grad.crelu", relu, x.dtype, float)
    out = output("grad.crelu", doubled(x, axis, "grad.crelu"), dtype, out)
    x = apart(x, out)
    first, second = halves("grad.crelu", out, axis)
    relu(x, 0.0, out=first, casting="same_kind")
    relu(np.negative(x, dtype=dtype), 0.0, out=second, casting="same_kind")
    np.subtract(0, second, out=second)
    return out


__all__ = sorted({*names(GRAD), "crelu"})
__getattr__ = lazily(globals(), GRAD)


def __dir__():
    return __all__

# SPDX-License-Identifier: MIT
"""The functions that are no ufuncs: they join, draw or count."""

import numpy as np

from ._axes import along_axis, count_off, doubled, halves, output
from ._functions import functions
from ._table import FORWARD

table = functions(FORWARD)
_relu = table["relu"]
_prelu = table["prelu"]
_rrelu = table["rrelu"]


def prelu(x, weight, *, axis=None, **kwargs):
    return _prelu(x, along_axis("prelu", weight, x, axis), **kwargs)


prelu.__doc__ = _prelu.__doc__.replace(
    "\nout, where",
    "\naxis : int, optional\n    The axis of x along which a 1-D weight lies (torch: 1).\nout, where",
    1,
)
prelu.ufunc = _prelu.ufunc


def rrelu(x, lower=1 / 8, upper=1 / 3, *, rng=None, **kwargs):
    if rng is None:
        return _rrelu(x, lower, upper, **kwargs)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rrelu: rng must be a numpy.random.Generator, not {type(rng).__name__}")
    _rrelu(np.zeros(0), lower, upper)  # the same checks
    result = _prelu.ufunc(x, np.float32(0)).dtype if np.ndim(x) == 0 else _prelu(x[:0], 0.0).dtype
    drawn = np.float64 if result.itemsize >= 8 else np.float32
    slopes = rng.random(np.broadcast_shapes(np.shape(x), np.shape(lower), np.shape(upper)), drawn)
    slopes = (lower + (upper - lower) * slopes).astype(drawn, copy=False)
    return _prelu(x, slopes, **kwargs), slopes


rrelu.__doc__ = _rrelu.__doc__.replace(
    "\nout, where",
    "\nrng : numpy.random.Generator, optional\n"
    "    Draws a slope for each element, uniformly from [lower, upper), and returns (y, slopes):\n"
    "    the backward pass is vjp.prelu(g, x, slopes).\nout, where",
    1,
)
rrelu.ufunc = _rrelu.ufunc


def crelu(x, axis=-1, *, out=None):
    """Concatenated ReLU: relu(x) and relu(-x), joined along axis.

    Parameters
    ----------
    x : array_like, at least 1-D
    axis : int
        The axis that becomes twice as long.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    ndarray
        Of the type of relu(x).  For an unsigned type the second half is 0.

    Raises
    ------
    TypeError
        For types that relu refuses.
    ValueError
        If axis is out of range, or out has the wrong shape.

    References
    ----------
    Shang et al., "Understanding and improving convolutional neural networks via concatenated rectified
    linear units", arXiv:1603.05201

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.crelu([1.0, -2.0])
    array([1., 0., 0., 2.])
    """
    if type(x) is not np.ndarray and hasattr(type(x), "__array_function__"):
        return np.concatenate([_relu(x), _relu(-x)], axis=axis, out=out)
    x = np.asarray(x)
    dtype = _relu(x[:0] if x.ndim else x).dtype
    out, x = output("crelu", doubled(x, axis, "crelu"), dtype, out, x)
    first, second = halves("crelu", out, axis)
    _relu(x, out=first, casting="same_kind")
    if dtype.kind == "u":
        second[...] = 0
    else:
        _relu(np.negative(x, dtype=dtype), out=second, casting="same_kind")
    return out


def sparsity(x, axis=None, *, keepdims=False):
    """The fraction of entries that ReLU switches off: those with x <= 0.

    A NaN counts as on; an empty slice gives NaN.  One pass over memory.

    Parameters
    ----------
    x : array_like
    axis : int or tuple of ints, optional
        Along which to count; all axes by default.
    keepdims : bool
        Keep the counted axes, with length 1.

    Returns
    -------
    float64, or ndarray of float64

    References
    ----------
    Glorot, Bordes & Bengio, "Deep sparse rectifier neural networks", AISTATS 2011

    Examples
    --------
    >>> import halfwave as hw
    >>> float(hw.sparsity([-1.0, 0.0, 2.0, 3.0]))
    0.5
    """
    x = np.asanyarray(x)
    off, total = count_off(x, axis, keepdims)
    return np.true_divide(off, total) if total else np.full(np.shape(off), np.nan)[()]


def dead_units(x, axis=0):
    """True for each unit that is on for no sample along axis: the dying-ReLU check.

    A unit is on where not x <= 0; so NaN counts as on.

    Parameters
    ----------
    x : array_like
        Inputs (or outputs) of a ReLU, samples along axis.
    axis : int or tuple of ints
        The axis of the samples.

    Returns
    -------
    ndarray of bool

    References
    ----------
    Lu et al., "Dying ReLU and initialization", arXiv:1903.06733

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.dead_units([[-1.0, 2.0], [0.0, -3.0]])
    array([ True, False])
    """
    off, total = count_off(np.asanyarray(x), axis)
    return np.equal(off, total)


for _function in (prelu, rrelu, crelu, sparsity, dead_units):
    _function.__module__ = "halfwave"

# SPDX-License-Identifier: MIT
"""The functions that are no ufuncs: they join, draw or count."""

from operator import index

import numpy as np
from numpy import ndarray

from . import _ufuncs
from ._axes import (
    apart,
    checked_axis,
    doubled,
    halves,
    halving,
    output,
    reduce_off,
    result_type,
    single,
    stored,
    unmasked,
)
from ._ufuncs import forward


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

    Notes
    -----
    NaN gives NaN in both halves, a zero of either sign 0.0.  Exact.

    References
    ----------
    Shang et al., "Understanding and improving convolutional neural networks via concatenated
    rectified linear units", arXiv:1603.05201

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.crelu([1.0, -2.0])
    array([1., 0., 0., 2.])
    """
    if type(x) is not np.ndarray and hasattr(type(x), "__array_function__"):
        if isinstance(x, np.ndarray):
            unmasked("crelu", x)
            result_type("crelu", _ufuncs.relu, x.dtype)
        axis = checked_axis(axis, np.ndim(x), "crelu")
        out = single(out)
        kwargs = {} if out is None else {"out": out}  # not every library's concatenate has out
        first = _ufuncs.relu(x)
        second = _ufuncs.relu(-x) if x.dtype.kind not in "bu" else first * first.dtype.type(0)
        return np.concatenate([first, second], axis=axis, **kwargs)
    x = np.asarray(x)
    dtype = result_type("crelu", _ufuncs.relu, x.dtype)
    out = output("crelu", doubled(x, axis, "crelu"), dtype, out)
    x = apart(x, out)
    first, second = halves("crelu", out, axis)
    _ufuncs.relu(x, out=first, casting="same_kind")
    if dtype.kind == "u":
        second[...] = 0
    else:
        _ufuncs.relu(np.negative(x, dtype=dtype), out=second, casting="same_kind")
    return out


def glu(x, axis=-1, *, out=None):
    """Gated linear unit: the first half of x along axis times the sigmoid of the second.

    Parameters
    ----------
    x : array_like, at least 1-D
    axis : int
        The axis that becomes half as long; its length must be even.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    ndarray
        Of the type of sigmoid(x).

    Raises
    ------
    TypeError
        For types that sigmoid refuses.
    ValueError
        If the axis has an odd length or is out of range, or out has the wrong shape.

    Notes
    -----
    NaN gives NaN.  Largest error: 2.5 ULP of the exact product, 0.501 in the halves; longdouble as
    the C library has it.

    References
    ----------
    Dauphin et al., "Language modeling with gated convolutional networks", arXiv:1612.08083

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.glu([3.0, 0.0])
    array([1.5])
    """
    if type(x) is not ndarray:
        x = np.asanyarray(x)
    if type(axis) is not int:
        axis = index(axis)
    first, second = halving("glu", x.shape, axis)
    if out is None:
        return forward.glu(x[second], x[first])
    return forward.glu(x[second], x[first], out=out)


def sparsity(x, axis=None, *, out=None, keepdims=False):
    """The fraction of entries that ReLU switches off: those with x <= 0.

    A NaN counts as on; an empty slice gives NaN.  One pass over memory.

    Parameters
    ----------
    x : array_like
    axis : int or tuple of ints, optional
        Along which to count; all axes by default.
    out : ndarray, optional
        Where the result goes.
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
    x = unmasked("sparsity", x)
    off, total = reduce_off("sparsity", np.add, x, axis, keepdims)
    part = np.true_divide(off, total) if total else np.full(np.shape(off), np.nan)[()]
    return stored("sparsity", part, out)


def dead_units(x, axis=0, *, out=None):
    """True for each unit that is on for no sample along axis: the dying-ReLU check.

    A unit is on where not x <= 0; so NaN counts as on.

    Parameters
    ----------
    x : array_like
        Inputs (or outputs) of a ReLU, samples along axis.
    axis : int or tuple of ints
        The axis of the samples.
    out : ndarray, optional
        Where the result goes.

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
    dead = reduce_off("dead_units", np.logical_and, unmasked("dead_units", x), axis)[0]
    return stored("dead_units", dead, out)


for _function in (crelu, glu, sparsity, dead_units):
    _function.__module__ = "halfwave"

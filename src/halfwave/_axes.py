# SPDX-License-Identifier: MIT
"""What the functions share that join, split or sum along an axis."""

from functools import lru_cache
from math import prod
from operator import index

import numpy as np

from . import _ufuncs
from ._checks import type_of

SLAB = 1 << 20  # bytes of input looked at in one go: they stay in the cache


def unmasked(name, x):
    """x as an array, if it has no mask, which what is joined or counted would lose."""
    if type(x) is np.ndarray:
        return x
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name}: masked arrays are not supported")
    return np.asanyarray(x)


@lru_cache
def result_type(name, ufunc, *dtypes):
    """The type of the ufunc's first result for inputs of those types."""
    try:
        return ufunc.resolve_dtypes((*dtypes, *(None,) * ufunc.nout))[ufunc.nin]
    except TypeError as error:  # which names the ufunc
        raise TypeError(f"{name}: {str(error).partition(': ')[2]}") from None


def checked_axis(axis, ndim, name):
    """The axis counted from the front."""
    i = index(axis)
    if not -ndim <= i < ndim:
        raise np.exceptions.AxisError(axis, ndim, name)
    return i + ndim if i < 0 else i


def along_axis(name, weight, x, axis):
    """A 1-D weight shaped to lie along that axis of x; any other is left to broadcasting."""
    if axis is None:
        return weight
    if np.ndim(weight) != 1:
        raise ValueError(f"{name}: axis needs a 1-D weight, not a {np.ndim(weight)}-D one")
    shape = [1] * np.ndim(x)
    axis = checked_axis(axis, np.ndim(x), name)
    shape[axis] = len(weight)
    if len(weight) not in (1, np.shape(x)[axis]):
        raise ValueError(
            f"{name}: weight has {len(weight)} values, but axis {axis} of x has {np.shape(x)[axis]}"
        )
    return np.reshape(weight, shape)


@lru_cache
def halving(name, shape, axis):
    """The indices of the first and of the second half of an array of that shape along axis."""
    axis = checked_axis(axis, len(shape), name)
    n, odd = divmod(shape[axis], 2)
    if odd:
        raise ValueError(f"{name}: axis {axis} has odd length {2 * n + 1}")
    before = (slice(None),) * axis
    return (*before, slice(n)), (*before, slice(n, None))


def halves(name, array, axis):
    """Views of the first and the second half along axis."""
    first, second = halving(name, array.shape, index(axis))
    return array[first], array[second]


def single(out):
    """out, which may be in a tuple of one, as for a ufunc."""
    return out[0] if isinstance(out, tuple) and len(out) == 1 else out


def output(name, shape, dtype, out):
    """A new array, or out if it can take such a result."""
    out = single(out)
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{name}: out must be an array, not {type(out).__name__}")
    if out.shape != tuple(shape):
        raise ValueError(f"{name}: out has shape {out.shape}, the result {tuple(shape)}")
    if not out.flags.writeable:
        raise ValueError(f"{name}: out is read-only")
    if out.dtype != dtype and not np.can_cast(dtype, out.dtype, "same_kind"):
        raise TypeError(f"{name}: cannot cast the result from {dtype} to {out.dtype} of out")
    return out


def stored(name, result, out):
    """The result, in out if there is one."""
    if out is None:
        return result
    out = output(name, np.shape(result), result.dtype, out)
    out[...] = result
    return out


def apart(x, out):
    """x, or a copy if out may overlap it."""
    return x.copy() if np.may_share_memory(x, out) else x


def doubled(x, axis, name):
    """The shape of x with that axis twice as long."""
    axis = checked_axis(axis, x.ndim, name)
    return (*x.shape[:axis], 2 * x.shape[axis], *x.shape[axis + 1 :])


def sum_to(weight, lying, each):
    """each, an array of products, summed to the shape and type of weight, laid out as `lying`."""
    shape = np.shape(lying)
    lead = np.ndim(each) - len(shape)
    stretched = [lead + i for i, n in enumerate(shape) if n == 1 != np.shape(each)[lead + i]]
    if not isinstance(each, np.ndarray) or isinstance(each, np.matrix):  # which lack keepdims
        each = np.asarray(each)
    total = each.sum(axis=(*range(lead), *stretched), keepdims=True)
    own = type_of(weight) if hasattr(weight, "dtype") else total.dtype
    dtype = total.dtype if own.kind in "biu" else own
    return total.reshape(np.shape(weight)).astype(dtype, copy=False)[()]


def drawn_slopes(rng, x, lower, upper):
    """A slope for each element of x, uniform in [lower, upper], in the type of x's parameters."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rrelu: rng must be a numpy.random.Generator, not {type(rng).__name__}")
    shape = np.broadcast_shapes(np.shape(x), np.shape(lower), np.shape(upper))
    types = (type(v) if type(v) in (int, float) else type_of(v) for v in (x, lower, upper))
    single = result_type("rrelu", _ufuncs.rrelu, *types).itemsize <= 4
    slopes = rng.random(shape, np.float32 if single else np.float64)
    slopes *= np.subtract(upper, lower)
    slopes += lower
    ends = np.minimum(lower, upper), np.maximum(lower, upper)  # which rounding could pass
    return np.clip(slopes, *(np.asarray(end, slopes.dtype) for end in ends), out=slopes)


def reduce_off(name, operation, x, axis, keepdims=False):
    """Where x <= 0, reduced by a ufunc along axis, and the number of entries of each result.

    x is looked at in slabs of its first axis, so that seldom an array of its size is made: one pass
    over memory.
    """
    if x.dtype.char not in np.typecodes["AllInteger"] + "?efdg" and x.dtype != _ufuncs.bfloat16:
        raise TypeError(f"{name}: type {x.dtype} is not supported, real numbers only")
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(checked_axis(a, x.ndim, name) for a in axes)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{name}: axis {axis} names an axis twice")

    def reduced(slab):
        if operation is np.add and len(axes) == x.ndim:  # far faster than a sum
            return np.full((1,) * x.ndim, np.count_nonzero(slab <= 0))
        return operation.reduce(slab <= 0, axis=axes, keepdims=True)

    rows = max(1, SLAB * len(x) // max(1, x.nbytes)) if x.ndim else 1
    if x.ndim and rows < len(x):
        parts = np.concatenate([reduced(x[i : i + rows]) for i in range(0, len(x), rows)])
        whole = operation.reduce(parts, axis=0, keepdims=True) if 0 in axes else parts
    else:
        whole = reduced(x)
    return whole if keepdims else np.squeeze(whole, axes)[()], prod(x.shape[a] for a in axes)

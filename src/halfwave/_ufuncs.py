# SPDX-License-Identifier: MIT
"""The ufuncs, made in C when they are first asked for: NAME, grad.NAME and vjp.NAME.

They pickle by these names.
"""

import os
from sys import modules
from threading import RLock

import numpy as np

from ._docs import docstring
from ._halfwave import ffi, lib
from ._table import FORWARD, GRAD, PREFIXES, ROWS, VJP, choose_isa

try:
    import ml_dtypes

    bfloat16 = np.dtype(ml_dtypes.bfloat16)
except ImportError:
    bfloat16 = None

choose_isa()


class _Ufuncs:
    """The ufuncs of one direction, as attributes."""

    _lock = RLock()  # a signal handler may ask while it is held

    @classmethod
    def unlock(cls):
        """In a forked child, which lacks the thread that may have held the lock."""
        cls._lock = RLock()

    def __init__(self, direction):
        self._direction = direction

    def __reduce__(self):  # below protocol 4 grad.NAME pickles with its space
        return PREFIXES[self._direction].rstrip(".") or "forward"

    def __getattr__(self, name):
        with self._lock:
            if name not in vars(self):
                setattr(self, name, self._make(name))
        return vars(self)[name]

    def _make(self, name):
        if name not in ROWS:
            raise AttributeError(f"halfwave has no activation {name!r}")
        row, direction = ROWS[name], self._direction
        texts = __name__, PREFIXES[direction] + name, docstring(row, direction)
        module, qualname, doc = (ffi.new("char[]", text.encode()) for text in texts)
        number = bfloat16.num if bfloat16 else -1
        problem = lib.hw_make_ufunc(module, qualname, row.index, direction, doc, number)
        if problem:
            raise AttributeError(f"{texts[1]}: {ffi.string(problem).decode()}")
        return vars(modules[__name__])[texts[1]]  # which is another module after a new import


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Ufuncs.unlock)
forward, grad, vjp = (_Ufuncs(direction) for direction in (FORWARD, GRAD, VJP))


def __getattr__(name):
    return getattr(forward, name)

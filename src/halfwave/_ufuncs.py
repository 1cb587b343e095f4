# SPDX-License-Identifier: MIT
"""The ufuncs as C makes them: NAME here, grad.NAME and vjp.NAME.  They pickle by these names."""

from types import SimpleNamespace

import numpy as np

from ._docs import docstrings
from ._halfwave import ffi, lib
from ._table import choose_isa

try:
    import ml_dtypes

    bfloat16 = np.dtype(ml_dtypes.bfloat16)
except ImportError:
    bfloat16 = None

grad = SimpleNamespace()
vjp = SimpleNamespace()

choose_isa()
_docs = [ffi.new("char[]", text.encode()) for text in docstrings()]  # NumPy keeps pointers to them
_problem = lib.hw_install_ufuncs(__name__.encode(), _docs, bfloat16.num if bfloat16 else -1)
if _problem:
    raise ImportError(f"halfwave: {ffi.string(_problem).decode()}")

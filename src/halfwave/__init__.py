# SPDX-License-Identifier: MIT
"""halfwave: activation functions for NumPy, exact and fast.

    >>> import numpy as np
    >>> import halfwave as hw
    >>> hw.relu(np.array([-1.5, 0.0, 2.0]))
    array([0., 0., 2.])

Functions without parameters are numpy.ufunc objects; those with parameters are thin functions over
one, which is their attribute `ufunc`.  `halfwave.grad` holds the derivatives, `halfwave.vjp` the backward passes.
"""

from . import _special, grad, vjp
from ._config import show_config
from ._special import crelu, dead_units, prelu, rrelu, sparsity
from ._version import __version__

globals().update({n: f for n, f in _special.table.items() if n not in ("prelu", "rrelu")})

__all__ = sorted(
    {*_special.table, "__version__", "crelu", "dead_units", "grad", "show_config", "sparsity", "vjp"}
)

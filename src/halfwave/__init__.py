# SPDX-License-Identifier: MIT
"""halfwave: activation functions for NumPy, exact and fast.

    >>> import numpy as np
    >>> import halfwave as hw
    >>> hw.relu(np.array([-1.5, 0.0, 2.0]))
    array([0., 0., 2.])

Functions without parameters are numpy.ufunc objects; those with parameters are thin functions over
one, which is their attribute `ufunc`.  `halfwave.grad` holds the derivatives, `halfwave.vjp` the
backward passes.
"""

from . import grad, vjp
from ._config import show_config
from ._functions import lazily, names
from ._special import crelu, dead_units, glu, sparsity
from ._table import FORWARD
from ._threads import get_num_threads, num_threads, set_num_threads
from ._version import __version__

__all__ = ["__version__", "crelu", "dead_units", "get_num_threads", "glu", "grad", "num_threads"]
__all__ += ["set_num_threads", "show_config", "sparsity", "vjp"]
__all__ += sorted(names(FORWARD))
__getattr__ = lazily(globals(), FORWARD)


def __dir__():
    return __all__

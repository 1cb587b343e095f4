# SPDX-License-Identifier: MIT
"""How many threads long arrays are split over."""

import os
from contextlib import contextmanager
from operator import index

from ._halfwave import lib

_wanted = 0  # 0: as many as the CPUs that this process may use


def set_num_threads(n):
    """Split long arrays over at most n threads, in the whole process.

    Never more are used than OpenMP allows (OMP_NUM_THREADS, threadpoolctl, the CPUs that the
    process may use), than the CPU quota of its control group pays for, or than 256.
    The environment variable HALFWAVE_NUM_THREADS sets the number at import.
    Results do not depend on it.

    Parameters
    ----------
    n : int
        At least 1.

    Raises
    ------
    TypeError, ValueError
        If n is not a positive integer.

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.set_num_threads(1)
    >>> hw.get_num_threads()
    1
    """
    global _wanted
    n = index(n)
    if n < 1:
        raise ValueError(f"set_num_threads: n must be at least 1, not {n}")
    _wanted = min(n, 2**31 - 1)
    lib.hw_set_num_threads(_wanted)


def get_num_threads():
    """The most threads that a call made now would use.

    Examples
    --------
    >>> import halfwave as hw
    >>> hw.get_num_threads() >= 1
    True
    """
    return lib.hw_get_num_threads()


@contextmanager
def num_threads(n):
    """Within a with statement, split long arrays over at most n threads, in the whole process.

    Examples
    --------
    >>> import halfwave as hw
    >>> with hw.num_threads(1):
    ...     hw.get_num_threads()
    1
    """
    global _wanted
    before = _wanted
    set_num_threads(n)
    try:
        yield
    finally:
        _wanted = before
        lib.hw_set_num_threads(before)


def _from_environment():
    text = os.environ.get("HALFWAVE_NUM_THREADS")
    if text:
        try:
            set_num_threads(int(text if text.isdecimal() else 0))
        except ValueError:
            problem = f"HALFWAVE_NUM_THREADS={text:.40}: must be a positive integer"
            raise ImportError(f"halfwave: {problem}") from None


_from_environment()

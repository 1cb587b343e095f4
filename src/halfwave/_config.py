# SPDX-License-Identifier: MIT
"""What runs here."""

import sys

import numpy as np

from ._halfwave import ffi, lib
from ._table import isas
from ._version import __version__


def config():
    """The configuration as a dict of strings."""
    return {
        "halfwave": __version__,
        "instruction set": ffi.string(lib.hw_isa_name(lib.hw_isa())).decode(),
        "available": ", ".join(isas()),
        "threads": lib.hw_get_num_threads(),
        "compiler": ffi.string(lib.hw_compiler()).decode(),
        "numpy": np.__version__,
        "python": sys.version.split()[0],
    }


def show_config():
    """Print the version, the instruction sets in use and available, the threads, and the compiler.

    The environment variable HALFWAVE_ISA forces one: portable, avx2, avx512 or neon.
    """
    for key, value in config().items():
        print(f"{key + ':':17}{value}")

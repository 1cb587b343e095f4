# SPDX-License-Identifier: MIT
"""Builds halfwave._halfwave: the C kernels and the ufuncs, bound by cffi in API mode.

setuptools runs this from the folder of setup.py.  It knows no instruction set: each unit of csrc/isa
opens its own target region, and compiles to nothing on a machine of another kind.
"""

from glob import glob
from pathlib import Path

import numpy
from cffi import FFI

HEADERS = ["csrc/halfwave.h", "csrc/numpy_ufuncs.h"]


def declarations(header):
    """The header as cffi reads it: without the lines of the preprocessor."""
    lines = Path(header).read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


ffibuilder = FFI()
for header in HEADERS:
    ffibuilder.cdef(declarations(header))
ffibuilder.set_source(
    "halfwave._halfwave",
    "".join(f'#include "{Path(header).name}"\n' for header in HEADERS),
    sources=sorted(glob("csrc/*.c") + glob("csrc/isa/*.c")),
    depends=sorted(glob("csrc/**/*.[hid]*", recursive=True)),
    include_dirs=["csrc", numpy.get_include()],
    define_macros=[("Py_LIMITED_API", "0x030B0000")],
    py_limited_api=True,
    # Only v_fma fuses; integers wrap.
    extra_compile_args=[
        "-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fwrapv", "-fvisibility=hidden",
        "-Wall", "-Wextra", "-Werror=implicit-function-declaration",
    ],
)

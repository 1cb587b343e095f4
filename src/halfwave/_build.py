# SPDX-License-Identifier: MIT
"""Builds halfwave._halfwave: the C kernels and the ufuncs, bound by cffi in API mode.

setuptools runs this from the folder of setup.py.  It knows no instruction set: each unit of
csrc/isa opens its own target region, and compiles to nothing on a machine of another kind.
"""

from glob import glob
from pathlib import Path
from sysconfig import get_config_var
from tempfile import TemporaryDirectory

import numpy
from cffi import FFI
from setuptools._distutils.ccompiler import new_compiler
from setuptools._distutils.sysconfig import customize_compiler
from setuptools.errors import CompileError, LinkError

HEADERS = ["csrc/halfwave.h", "csrc/numpy_ufuncs.h"]


def declarations(header):
    """The header as cffi reads it: without the lines of the preprocessor."""
    lines = Path(header).read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def openmp():
    """The flag for OpenMP, where the compiler has it."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "openmp.c")
        source.write_text("#include <omp.h>\nint main(void) { return !omp_get_max_threads(); }\n")
        compiler = new_compiler()
        customize_compiler(compiler)
        try:
            objects = compiler.compile([str(source)], folder, extra_postargs=["-fopenmp"])
            compiler.link_executable(objects, "openmp", folder, extra_postargs=["-fopenmp"])
        except (CompileError, LinkError):
            return []
    return ["-fopenmp"]


OPENMP = openmp()
LIMITED = not get_config_var("Py_GIL_DISABLED")  # a free-threaded CPython has no limited API
ffibuilder = FFI()
for header in HEADERS:
    ffibuilder.cdef(declarations(header))
ffibuilder.set_source(
    "halfwave._halfwave",
    "".join(f'#include "{Path(header).name}"\n' for header in HEADERS),
    sources=sorted(glob("csrc/*.c") + glob("csrc/isa/*.c")),
    depends=sorted(glob("csrc/**/*.[hid]*", recursive=True)),
    include_dirs=["csrc", numpy.get_include()],
    define_macros=[("Py_LIMITED_API", "0x030B0000")] * LIMITED,
    py_limited_api=LIMITED,
    # Only v_fma fuses; integers wrap.
    extra_compile_args=[
        *("-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fwrapv"),
        *("-fvisibility=hidden", "-g0", "-Wall", "-Wextra"),
        "-Werror=implicit-function-declaration",
        "-pthread",
        *OPENMP,
    ],
    extra_link_args=["-pthread", *OPENMP],
    libraries=["m"],
)

# SPDX-License-Identifier: MIT
"""What pyproject.toml cannot say: the cffi module, and a wheel for CPython 3.11 and later."""

from sysconfig import get_config_var

from setuptools import setup

LIMITED = not get_config_var("Py_GIL_DISABLED")  # a free-threaded CPython has no limited API

setup(
    cffi_modules=["src/halfwave/_build.py:ffibuilder"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if LIMITED else {},
)

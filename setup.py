# SPDX-License-Identifier: MIT
"""What pyproject.toml cannot say: the cffi module, and a wheel for CPython 3.11 and later."""

from setuptools import setup

setup(
    cffi_modules=["src/halfwave/_build.py:ffibuilder"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)

# SPDX-License-Identifier: MIT
"""The docstrings: every public function has an example, and its output is right."""

import doctest

import oracles
import pytest

import halfwave as hw
from halfwave._docs import CROSSING

MODULES = {"": hw, "grad.": hw.grad, "vjp.": hw.vjp}
MACHINE = {"show_config"}  # its output differs from machine to machine
FUNCTIONS = [
    (prefix + name, getattr(module, name))
    for prefix, module in MODULES.items()
    for name in module.__all__
    if callable(getattr(module, name)) and name not in MACHINE
]


def run(text, name):
    """The number of examples in a text, after running them; what goes wrong is printed."""
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    with hw.num_threads(hw.get_num_threads()):  # an example may set it
        return runner.run(parser.get_doctest(text, {}, name, None, 0))


@pytest.mark.parametrize("name, function", FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_example(name, function):
    failed, attempted = run(function.__doc__, name)
    assert f"hw.{name}(" in function.__doc__
    assert attempted >= 2
    assert not failed


def test_module():
    failed, attempted = run(hw.__doc__, "halfwave")
    assert attempted
    assert not failed


@pytest.mark.parametrize("name, function", FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_summary_is_one_line(name, function):
    doc = function.__doc__
    summary = doc.split("\n\n")[1] if hasattr(function, "nin") else doc.split("\n\n")[0]
    assert "\n" not in summary.strip(), summary


def test_docstrings_tell_where_a_derivative_crosses_zero():
    assert oracles.CROSSINGS.keys() | {"swish"} == CROSSING  # where its parameter has it

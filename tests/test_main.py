# SPDX-License-Identifier: MIT
"""python -m halfwave: every row has a reference, the results are right, a wrong one is told."""

import re

import numpy as np
import pytest
from support import python

import halfwave as hw
from halfwave import __main__ as main
from halfwave._reference import REFERENCES, erfc
from halfwave._table import ROWS


def test_every_row_has_a_reference():
    assert [name for name in ROWS if name not in REFERENCES] == []


def test_every_function_is_run():
    called = {re.match(r"\w+", reference.call)[0] for reference in REFERENCES.values()}
    settings = {"show_config", "set_num_threads", "get_num_threads", "num_threads"}
    functions = {name for name in hw.__all__ if callable(getattr(hw, name))}
    assert functions - settings <= called


def test_erfc():
    from math import erfc as libm

    z = np.linspace(-6, 26, 5001)
    expected = np.array([libm(v) for v in z])
    np.testing.assert_allclose(erfc(z), expected, rtol=2e-13)


@pytest.mark.parametrize("dtype", main.DTYPES)
def test_all_are_right(dtype, capsys):
    assert main.main(["--size", "8192", "--dtype", dtype]) == 0
    printed = capsys.readouterr().out
    assert "WRONG" not in printed
    assert "no reference" not in printed


def test_a_wrong_result_fails(capsys, monkeypatch):
    wrong = REFERENCES["relu"]._replace(exact="np.maximum(x, 1e-3)")
    monkeypatch.setitem(REFERENCES, "relu", wrong)
    assert main.main(["--size", "8192", "--filter", "relu"]) == 1
    assert "WRONG: relu\n" in capsys.readouterr().out


def test_a_missing_reference_shows(capsys, monkeypatch):
    monkeypatch.delitem(REFERENCES, "relu6")
    assert main.main(["--size", "1024", "--filter", "relu6"]) == 0
    assert "no reference" in capsys.readouterr().out


def test_a_filter_that_finds_nothing(capsys):
    assert main.main(["--filter", "nonesuch"]) == 1
    assert "nonesuch" in capsys.readouterr().out


def test_the_error_is_counted_in_ulps():
    exact = np.array([1.0, 0.0, 3e-40])
    got = np.array([1 + 2**-22, 0, 3e-40], np.float32)
    assert main.largest_error(got, exact) == 2
    assert main.largest_error(np.float32([np.nan]), exact[:1]) == np.inf


def test_without_docstrings_and_without_an_error_stream():
    code = """if True:
        import sys
        sys.stderr = None
        from halfwave.__main__ import main
        sys.exit(main(["--size", "1024", "--filter", "relu6"]))
    """
    done = python(code, "-OO")
    assert done.returncode == 0 and "1 of 1 functions are right" in done.stdout

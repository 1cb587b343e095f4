# SPDX-License-Identifier: MIT
"""What python -m halfwave._generate writes is up to date, and a strict type checker takes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from halfwave import _generate

FILES = _generate.files(Path(__file__).parents[1])

PROGRAM = """
import numpy as np
import halfwave as hw

x = np.linspace(-2, 2, 5, dtype=np.float32)
y = hw.relu(x)
hw.relu(x, out=x)
y = hw.leaky_relu(x, 0.2)
y = hw.leaky_relu(x, negative_slope=0.2, out=x, dtype=np.float64)
y = hw.prelu(np.ones((2, 3)), np.ones(2), axis=0)
dx, dweight = hw.vjp.prelu(x, x, 0.25)
slope = hw.grad.relu(x, at_zero=1)
loop: np.ufunc = hw.leaky_relu.ufunc
name: str = hw.leaky_relu.__name__
both = hw.crelu(x).shape
hw.show_config()
"""

MISTAKES = """
import halfwave as hw

hw.leaky_relu()
hw.leaky_relu(1.0, slope=0.2)
hw.threshold(1.0)
hw.crelu([1.0], axis="last")
hw.nonesuch(1.0)
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_up_to_date(path):
    """If this fails: python -m halfwave._generate"""
    assert path.read_text() == FILES[path]


def test_mypy(tmp_path):
    """mypy --strict takes the program, and finds each of the mistakes."""
    pytest.importorskip("mypy")
    texts = {"program.py": PROGRAM, "mistakes.py": MISTAKES}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", *texts]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    places = [line.split(": error")[0] for line in done.stdout.splitlines() if ": error" in line]
    assert places == [f"mistakes.py:{line}" for line in range(4, 9)], done.stdout

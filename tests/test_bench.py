# SPDX-License-Identifier: MIT
"""The comparison's tables, where what they need is installed."""

import importlib.util
from pathlib import Path

import pytest

REPORT = Path(__file__).resolve().parents[1] / "bench" / "report.py"


@pytest.mark.parametrize(
    "best, groups",
    [(3.0, ("over", "…")), (1.6, ("over",)), (1.2, ("at most",))],
)
def test_a_run_without_a_group_crashed_its_summary(best, groups):
    """A vjp moves 1.5 times memmove's bytes: a peer at 1.6 leaves a group empty."""
    pytest.importorskip("rich")
    spec = importlib.util.spec_from_file_location("report", REPORT)
    report = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(report)
    cell = {"function": "relu", "dtype": "f32", "size": 1 << 20, "layout": "contiguous"}
    cell |= {"vjp": True, "threads": 1, "moved": 1.5}
    cell["ns"] = {"halfwave": [1.0], "memmove": [1.0], "NumPy": [best]}
    found = report.groups({"cells": [cell]})
    for part in found.values():
        assert report.summary(part)[:2] == ("1", f"{best:.2f}")
    names = [name for name in found if "memmove" in name]
    assert len(names) == len(groups)
    assert all(text in name for text, name in zip(groups, names, strict=True))

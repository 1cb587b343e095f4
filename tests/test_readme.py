# SPDX-License-Identifier: MIT
"""README.md: its snippets run, and the commands that set a machine up are there once each."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import halfwave as hw

README = (Path(__file__).parents[1] / "README.md").read_text()
SNIPPETS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
COMMANDS = [line for kind, text in SNIPPETS if kind == "sh" for line in text.splitlines()]
SETUP = [command for command in COMMANDS if command.startswith("python3 -m venv")]


def test_python():
    sessions = [text for kind, text in SNIPPETS if kind == "python"]
    test = doctest.DocTestParser().get_doctest("\n".join(sessions), {}, "README.md", None, 0)
    with hw.num_threads(hw.get_num_threads()):  # an example sets it
        failed, attempted = doctest.DocTestRunner().run(test)
    assert attempted >= 10
    assert not failed


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in SETUP])
def test_command(command):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(command, shell=True, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_setup():
    """They need the network, and so are not run here; .ci/run runs the one that tests."""
    main, tests = SETUP
    assert main.endswith("bin/python -m halfwave")
    assert "'.[test]'" in tests
    assert tests.endswith("bin/python -m pytest -q")


def test_every_kind_of_snippet_is_run():
    assert {kind for kind, _ in SNIPPETS} == {"python", "sh"}

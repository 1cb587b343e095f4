# SPDX-License-Identifier: MIT
"""The table of activations and the instruction sets, as the C library holds them."""

import os
import re
from typing import NamedTuple

from ._halfwave import ffi, lib

FORWARD, GRAD, VJP = range(3)
PREFIXES = ("", "grad.", "vjp.")


class Row(NamedTuple):
    """One row of csrc/activations.def; its fields are described there."""

    name: str
    kind: str
    params: str
    dparams: str
    formula: str
    derivative: str
    about: str
    source: str
    integers: bool
    nparams: int
    ndparams: int
    ulp: float
    ulp64: float
    dulp: float
    dulp64: float

    @property
    def index(self):
        return list(ROWS).index(self.name)

    def signature(self, direction):
        """The parameters with their defaults, as written in a def."""
        return self.params if direction == FORWARD else self.dparams

    def param_names(self, direction):
        return re.findall(r"(\w+)(?:=[^,]+)?(?:,|$)", self.signature(direction))

    def streams(self, direction):
        """The operands that are activations or gradients, not parameters."""
        x = ("gate", "up") if self.kind == "GATED" else ("x",)
        return ("g", *x) if direction == VJP else x


def _text(value):
    return ffi.string(value).decode() if isinstance(value, ffi.CData) else value


def _rows():
    table = lib.hw_activations()
    for i in range(lib.hw_count()):
        yield Row(*(_text(getattr(table[i], field)) for field in Row._fields))


ROWS = {row.name: row for row in _rows()}


def isas():
    """The instruction sets of this build that this machine has, best first."""
    return [_text(lib.hw_isa_name(i)) for i in range(lib.hw_isa_count()) if lib.hw_isa_available(i)]


def choose_isa():
    """Take the instruction set that HALFWAVE_ISA names, or the best."""
    name = os.environ.get("HALFWAVE_ISA")
    problem = lib.hw_choose_isa(os.fsencode(name) if name else ffi.NULL)
    if problem:
        raise ImportError(
            f"halfwave: HALFWAVE_ISA={name}: {_text(problem)}; available: {', '.join(isas())}"
        )

# SPDX-License-Identifier: MIT
"""python -m halfwave._generate: writes what follows from the table but cannot be made at import.

These are the type stubs, which checkers read and never run, the results in the examples of
docstrings, and the README's list of functions.  Run it in a checkout (pip install -e .) after a
change of the table; a test compares its output with the files.
"""

import inspect
import json
import re
from pathlib import Path

import numpy as np

import halfwave as hw

from ._functions import names
from ._reference import REFERENCES
from ._table import FORWARD, PREFIXES, ROWS, VJP

MODULES = (hw, hw.grad, hw.vjp)

_HEAD = """\
# SPDX-License-Identifier: MIT
# Written by python -m halfwave._generate.
"""

# ---- type stubs ----

_TYPES = """\
from . import grad as grad
from . import vjp as vjp

_P = ParamSpec("_P")
_R = TypeVar("_R")

_Out = NDArray[Any] | tuple[NDArray[Any] | None, ...] | None

class _Thin(Generic[_P, _R]):
    @property
    def ufunc(self) -> ufunc: ...
    @property
    def __name__(self) -> str: ...
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...

class _Options(TypedDict, total=False):
    where: ArrayLike
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"]
    order: Literal["K", "A", "C", "F"]
    dtype: DTypeLike
    subok: bool

def _thin(function: Callable[_P, _R], /) -> _Thin[_P, _R]: ...

__version__: str

"""
# By groups; each stub imports what it names.
_IMPORTS = (
    {
        "collections.abc": ("Callable",),
        "contextlib": ("AbstractContextManager",),
        "typing": (
            "Any",
            "Generic",
            "Literal",
            "ParamSpec",
            "TypedDict",
            "TypeVar",
            "Unpack",
        ),
    },
    {
        "numpy": ("ufunc",),
        "numpy.random": ("Generator",),
        "numpy.typing": ("ArrayLike", "DTypeLike", "NDArray"),
    },
)

# By the name of a parameter, and, for what is no ufunc, by the name of a function; else an array.
_PARAMETERS = {
    "approximate": 'Literal["none", "tanh"]',
    "axis": "int",
    "keepdims": "bool",
    "n": "int",
    "out": "_Out",
    "rng": "Generator | None",
}
_AXES = {
    "prelu": "int | None",
    "sparsity": "int | tuple[int, ...] | None",
    "dead_units": "int | tuple[int, ...]",
}
_RETURNS = {
    "crelu": "NDArray[Any]",
    "get_num_threads": "int",
    "num_threads": "AbstractContextManager[None]",
    "set_num_threads": "None",
    "show_config": "None",
    "vjp.geglu": "tuple[Any, Any]",
    "vjp.prelu": "tuple[Any, Any]",
}
_NO_OUT = {"vjp.prelu"}


def _parameter(function, parameter):
    name = parameter.name
    annotation = _PARAMETERS.get(name, "ArrayLike")
    if name == "axis":
        annotation = _AXES.get(function, annotation)
    if parameter.default is None and "None" not in annotation and name != "out":
        annotation += " | None"
    default = parameter.default
    return f"{name}: {annotation}" + ("" if default is parameter.empty else f" = {default!r}")


def _stub(module, name):
    """One function, as a stub declares it."""
    function = getattr(module, name)
    if isinstance(function, np.ufunc):
        return f"{name}: ufunc\n"
    qualified = f"{module.__name__}.{name}".removeprefix("halfwave.")
    parameters, star = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind == parameter.VAR_POSITIONAL:  # taken only to be refused
            continue
        if parameter.kind == parameter.VAR_KEYWORD:
            if "out: _Out = None" not in parameters and qualified not in _NO_OUT:
                parameters.append("out: _Out = None")
            parameters.append("**options: Unpack[_Options]")
            continue
        if parameter.kind == parameter.KEYWORD_ONLY and not star:
            parameters.append("*")
            star = True
        parameters.append(_parameter(name, parameter))
    returns = _RETURNS.get(qualified, "Any")
    thin = "@_thin\n" if hasattr(function, "ufunc") else ""
    inside = "".join(f"    {p},\n" for p in parameters)
    return (
        f"{thin}def {name}(\n{inside}) -> {returns}: ...\n"
        if inside
        else (f"def {name}() -> {returns}: ...\n")
    )


def stubs(module):
    """The text of a module's stub file."""
    public = [name for name in module.__all__ if callable(getattr(module, name))]
    body = _TYPES if module is hw else "from . import _Options, _Out, _thin\n\n"
    body += "\n".join(_stub(module, name) for name in public)
    text = _HEAD
    for group in _IMPORTS:
        text += "\n"
        for source, known in group.items():
            used = [name for name in known if re.search(rf"\b{name}\b", body)]
            text += f"from {source} import {', '.join(used)}\n" if used else ""
    return f"{text}\n{body}"


# ---- examples ----

_BY_HAND = {"glu"}  # these have docstrings of their own
_OPERANDS = {"g": "10.0", "x": "[-2.0, 0.0, 3.0]", "up": "[5.0, 6.0, 7.0]"}


def example(call, direction):
    """The lines of a session that makes this call, in a direction."""
    if direction == VJP:
        call = call.replace("(", "(g, ", 1)
    name, _, operands = call.partition("(")
    operands = re.sub(r"\b(g|x|up)\b", lambda match: _OPERANDS[match[0]], operands)
    text = f"hw.{PREFIXES[direction]}{name}({operands}"
    return f">>> {text}\n{eval(text, {'hw': hw})!r}"


def examples():
    """The text of _examples.py."""
    lines = [_HEAD, '"""Examples for the docstrings, by row and direction."""\n\nEXAMPLES = {\n']
    for name in ROWS:
        if name in REFERENCES and name in names(FORWARD) - _BY_HAND:
            lines.append(f'    "{name}": (\n')
            for direction in range(len(MODULES)):
                known = name in names(direction)
                text = example(REFERENCES[name].call, direction) if known else ""
                quoted = [json.dumps(line) for line in text.splitlines(keepends=True) or [""]]
                lines.append("        " + "\n        ".join(quoted) + ",\n")
            lines.append("    ),\n")
    return "".join([*lines, "}\n"])


# ---- README ----


def _call(name):
    """How a row is called: with parameters, and by the name that users know."""
    row = ROWS[name]
    operands = ", ".join(row.streams(FORWARD))
    if name.endswith("_tanh"):
        return f'{name.removesuffix("_tanh")}({operands}, "tanh")'
    name = name.removesuffix("_linear")
    return f"{name}({operands}, {row.params})" if row.params else f"{name}({operands})"


def table():
    """The rows as a table in Markdown."""
    lines = ["| function | value | derivative |", "|---|---|---|"]
    for name in [name for name in ROWS if name not in _BY_HAND]:
        cells = _call(name), ROWS[name].formula, ROWS[name].derivative
        lines.append("".join(f"| `{cell}` " for cell in cells) + "|")
    return "\n".join(lines)


def insert(text, section, content):
    """The text with new content between the two comments that mark a section."""
    begin, end = f"<!-- {section}:begin -->\n", f"<!-- {section}:end -->"
    before, rest = text.split(begin)
    return f"{before}{begin}{content}\n{end}{rest.split(end)[1]}"


def files(root):
    """Path -> text of every file that is generated."""
    package = root / "src/halfwave"
    readme = root / "README.md"
    return {
        package / "__init__.pyi": stubs(hw),
        package / "grad.pyi": stubs(hw.grad),
        package / "vjp.pyi": stubs(hw.vjp),
        package / "_examples.py": examples(),
        readme: insert(readme.read_text(), "functions", table()),
    }


if __name__ == "__main__":
    for path, text in files(Path(__file__).parents[2]).items():
        path.write_text(text)

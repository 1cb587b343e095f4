# SPDX-License-Identifier: MIT
"""Docstrings, composed from the table."""

from ._table import FORWARD, VJP

# Whose derivative crosses zero, where it is not exact relatively.
CROSSING = {"gelu", "gelu_tanh", "quick_gelu", "silu", "swish", "mish", "hardswish"}

_TEXT = """\
{summary}

Parameters
----------
{streams} : array_like, any shape{together}
{params}{out_where}casting, order, dtype, subok
    As in every NumPy ufunc; dtype fixes the type of x and of the result.

Returns
-------
{returns}ndarray, or a scalar if every operand is one
    float16, bfloat16 (of ml_dtypes), float32, float64, longdouble{integers}.
    The type of {streams}, promoted with arrays among the parameters as numpy.multiply would; but
    float32 parameters keep a half, and a Python scalar promotes no floating-point type.

Raises
------
TypeError
    For complex, object, string and time types, and the 4- and 8-bit types of ml_dtypes.

Notes
-----
NaN gives NaN. {special}
Largest error: {bound}; longdouble as the C library has it.

References
----------
{source}
{example}"""
_EXAMPLE = """
Examples
--------
>>> import halfwave as hw
{}
"""


def docstring(row, direction):
    """What help() shows for a row of the table in one direction."""
    from ._examples import EXAMPLES  # here, since importing halfwave should not take long

    gated, exact = row.kind == "GATED", ""
    if direction == FORWARD:
        summary, ulps = f"Element-wise {row.formula}.", (row.ulp, row.ulp64)
    else:
        ulps = (row.dulp, row.dulp64)
        summary = f"The derivative of {row.name}: {row.derivative}."
        if row.name in CROSSING:
            exact = "; within 1/4 of its zero, ULPs are those of 1/16 at least"
    bound = "{:g} ULP in float32, {:g} in float64, 0.501 in the halves".format(*ulps) + exact
    special, params, outs = [], [], ""
    elsewhere = {*row.param_names(FORWARD), *row.param_names(VJP), "rng"}
    elsewhere -= {*row.param_names(direction), "rng" if direction == FORWARD else ""}
    for line in row.about.split("\n"):
        names, colon, text = line.partition(": ")
        if not colon:
            special.append(line if direction == FORWARD else f"Of {row.name} itself: {line}")
        elif not elsewhere.intersection(names.split(", ")):
            params.append(f"{names}\n    {text}\n")
    if direction == VJP:
        outs = "(dgate, dup)" if gated else "(dx, dweight)" if row.kind == "WEIGHTED" else ""
        summary = (
            f"The backward pass of {row.name}: {outs or 'dx'} for the gradient g of its result."
        )
        if not gated:
            summary += f"\n\ndx = g * ({row.derivative})"
        bound = f"{4 if gated else 2.5} ULP of the exact product{exact}"
        special.append("Where the derivative is 0 the product is 0.0, for an infinite g too.")
    streams = row.streams(direction)
    together = "\n    Operands and parameters broadcast against each other."
    summed = outs == "(dx, dweight)"  # which neither out nor where fits
    keeps_integers = row.integers and direction == FORWARD
    return _TEXT.format(
        summary=summary,
        streams=", ".join(streams),
        together=together if len(streams) + len(params) > 1 else "",
        out_where="" if summed else "out, where, ",
        returns=f"{outs}, each an " if outs else "",
        params="".join(params),
        integers=(", and integers while every parameter is one" if params else ", and integers")
        if keeps_integers
        else "; integers become\n    floating-point numbers as in numpy.exp",
        special=" ".join(special),
        bound=bound,
        source=row.source,
        example=_EXAMPLE.format(EXAMPLES[row.name][direction]) if row.name in EXAMPLES else "",
    )

# SPDX-License-Identifier: MIT
"""Prints README's table of accuracy from bench/results/accuracy.csv, which the verifier writes.

    python bench/accuracy_table.py             the verifier's figures
    python bench/accuracy_table.py --peers     and those of torch, jax, scipy and plain NumPy,
                                               measured now
    python bench/accuracy_table.py --readme    the same as README's section
    python bench/accuracy_table.py --check     the reference used for the peers, against mpmath

Errors are |got - exact| in units in the last place of the exact value; 0.5 is correct rounding.
The peers are measured in float32, forward, on 4.2 million inputs spread over all bit patterns,
where they are installed.  Signs of zeros are not held against them.
"""

import argparse
import csv
import importlib
import math
import pathlib
import sys
import warnings

import numpy as np
import report

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE / "results" / "accuracy.csv"
MARKS = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
STRIDE = 1021  # 2**32 / 1021 = 4.2 million


# ---- the verifier's results


def read(path):
    """{(function, direction, type): the worst over the instruction sets} at default parameters."""
    table = {}
    with open(path, newline="") as lines:
        for row in csv.DictReader(lines):
            if row["inputs"] not in ("all", "random"):
                continue
            new = {
                "ulp": float(row["max_ulp"]),
                "over": int(row["over_half"]),
                "wrong": int(row["wrong"]),
                "points": int(row["points"]),
                "equal": row["bits_equal"] == "yes",
            }
            key = row["function"], row["direction"], row["type"]
            old = table.setdefault(key, new)
            for name in ("ulp", "over", "wrong", "points"):
                old[name] = max(old[name], new[name])
            old["equal"] &= new["equal"]
    return table


def ulp(value):
    if value is None:
        return ""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf"
    if value >= 100:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
    return f"{math.ceil(value * 1000 - 1e-9) / 1000:.3f}"  # never rounded down


def cell(result, count=False):
    if result is None:
        return ""
    text = ulp(result["ulp"])
    if count:
        text += f" ({result['over'] / result['points']:.2%})" if result["over"] else " (0)"
    return text + (" **wrong**" if result["wrong"] else "")


# ---- the peers


def wrap(f):
    """A function of one double as a function of arrays; for what NumPy lacks."""
    return lambda x: np.fromiter(map(f, x.tolist()), np.float64, x.size)


def sigmoid(v):
    w = np.exp(-np.abs(v))
    return np.where(v < 0, w, 1) / (1 + w)


def log1p_exp(v):
    return np.maximum(v, 0) + np.log1p(np.exp(-np.abs(v)))


def tanhshrink(x):
    a = np.minimum(np.abs(x), 1)
    series = sum(2 * k * a ** (2 * k + 1) / math.factorial(2 * k + 1) for k in range(12, 0, -1))
    far = np.abs(x) - np.tanh(np.abs(x))
    return np.copysign(np.where(np.abs(x) < 1, series / np.cosh(a), far), x)


def squareplus(x):
    s = np.sqrt(x * x + 4)
    return np.where(x > 0, (x + s) / 2, 2 / (s - x))


def mish(x):
    e = np.exp(np.minimum(x, 50))
    n = e * (e + 2)
    return x * (n / (n + 2))


LAMBDA, PRODUCT = 1.0507009873554805, 1.7580993408473769
TANH_SCALE = 2 * math.sqrt(2 / math.pi)
EXACT = {  # in double precision, for arguments that are floats
    "sigmoid": sigmoid,
    "logsigmoid": lambda x: -log1p_exp(-x),
    "tanh": np.tanh,
    "tanhshrink": tanhshrink,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softplus": log1p_exp,
    "squareplus": squareplus,
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: np.where(x > 0, LAMBDA * x, PRODUCT * np.expm1(np.minimum(x, 0))),
    "silu": lambda x: x * sigmoid(x),
    "quick_gelu": lambda x: x * sigmoid(1.702 * x),
    "gelu": lambda x: x * wrap(math.erfc)(-x * math.sqrt(0.5)) / 2,
    "gelu_tanh": lambda x: x * sigmoid(TANH_SCALE * (x + 0.044715 * x * x * x)),
    "mish": mish,
}

NUMPY = {  # as it is usually written
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "logsigmoid": lambda x: -np.log1p(np.exp(-x)),
    "tanh": np.tanh,
    "tanhshrink": lambda x: x - np.tanh(x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "squareplus": lambda x: (x + np.sqrt(x * x + 4)) / 2,
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: np.where(x > 0, np.float32(LAMBDA) * x, np.float32(PRODUCT) * np.expm1(x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "quick_gelu": lambda x: x / (1 + np.exp(np.float32(-1.702) * x)),
    "gelu_tanh": lambda x: (
        0.5 * x * (1 + np.tanh(np.float32(TANH_SCALE / 2) * (x + np.float32(0.044715) * x**3)))
    ),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
}


def torch_functions(torch):
    f = torch.nn.functional
    names = dict(
        sigmoid=torch.sigmoid,
        logsigmoid=f.logsigmoid,
        tanh=torch.tanh,
        tanhshrink=f.tanhshrink,
        softsign=f.softsign,
        softplus=f.softplus,
        elu=f.elu,
        selu=f.selu,
        silu=f.silu,
        gelu=f.gelu,
        gelu_tanh=lambda x: f.gelu(x, approximate="tanh"),
        mish=f.mish,
    )
    return {name: lambda x, g=g: g(torch.from_numpy(x)).numpy() for name, g in names.items()}


def jax_functions(jax):
    f = jax.nn
    names = dict(
        sigmoid=f.sigmoid,
        logsigmoid=f.log_sigmoid,
        tanh=jax.numpy.tanh,
        softsign=f.soft_sign,
        softplus=f.softplus,
        squareplus=f.squareplus,
        elu=f.elu,
        selu=f.selu,
        silu=f.silu,
        gelu=lambda x: f.gelu(x, approximate=False),
        gelu_tanh=f.gelu,
        mish=f.mish,
    )
    compiled = {name: jax.jit(g) for name, g in names.items()}
    return {name: lambda x, g=g: np.asarray(g(x)) for name, g in compiled.items()}


def scipy_functions(scipy):
    special = importlib.import_module("scipy.special")
    return dict(
        sigmoid=special.expit,
        logsigmoid=special.log_expit,
        silu=lambda x: x * special.expit(x),
        gelu=lambda x: x * special.ndtr(x),
        softplus=lambda x: -special.log_expit(-x),
    )


PEERS = {
    "torch": torch_functions,
    "jax": jax_functions,
    "scipy": scipy_functions,
    "numpy": lambda numpy: NUMPY,
}


def errors(got, exact):
    """|got - exact| in ULPs of float32; infinity counts as 2**128."""
    top = 2.0**128
    got, exact = np.clip(got.astype(np.float64), -top, top), np.clip(exact, -top, top)
    exponent = np.clip(np.frexp(np.abs(exact))[1] - 1, -126, 127)
    return np.ldexp(np.abs(got - exact), 23 - exponent)


def finite_floats():
    x = (np.arange(0, 2**32, STRIDE, np.uint64)).astype(np.uint32).view(np.float32)
    return x[np.isfinite(x)]


def measure(functions, exact, x):
    """{name: largest error}; NaN where a number was due."""
    result = {}
    for name, f in functions.items():
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            e = errors(f(x), exact(name))
        result[name] = math.nan if np.isnan(e).any() else float(e.max())
    return result


def peers():
    x, known = finite_floats(), {}

    def exact(name):
        if name not in known:
            with np.errstate(all="ignore"):
                known[name] = EXACT[name](x.astype(np.float64))
        return known[name]

    columns = {}
    for module, functions in PEERS.items():
        try:
            imported = importlib.import_module(module)
        except ImportError:
            continue
        columns[f"{module} {imported.__version__.split('+')[0]}"] = measure(
            functions(imported), exact, x
        )
    return columns


def check():
    """The largest relative error of EXACT against mpmath, on floats spread over all exponents."""
    import mpmath as mp

    mp.mp.dps = 120
    half = mp.mpf(1) / 2

    def sigma(v):
        return 1 / (1 + mp.exp(-v))

    def softplus(v):
        return mp.log1p(mp.exp(v))

    true = {
        "sigmoid": sigma,
        "logsigmoid": lambda x: -softplus(-x),
        "tanh": mp.tanh,
        "tanhshrink": lambda x: x - mp.tanh(x),
        "softsign": lambda x: x / (1 + abs(x)),
        "softplus": softplus,
        "squareplus": lambda x: (x + mp.sqrt(x * x + 4)) / 2,
        "elu": lambda x: x if x > 0 else mp.expm1(x),
        "selu": lambda x: (
            x * mp.mpf("1.0507009873554804934193349852946")
            if x > 0
            else mp.expm1(x) * mp.mpf("1.7580993408473768599402175208123")
        ),
        "silu": lambda x: x * sigma(x),
        "quick_gelu": lambda x: x * sigma(x * mp.mpf("1.702")),
        "gelu": lambda x: x * mp.erfc(-x * mp.sqrt(half)) / 2,
        "gelu_tanh": lambda x: x * sigma(2 * mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)),
        "mish": lambda x: x * mp.tanh(softplus(x)),
    }
    x = finite_floats()
    x = np.concatenate([x[np.abs(x) < 100][::9973], np.linspace(-20, 20, 301, dtype=np.float32)])
    for name, f in EXACT.items():
        worst = 0.0
        for a, got in zip(x.tolist(), f(x.astype(np.float64)).tolist(), strict=True):
            exact = f_true(true[name], a, mp)
            if abs(exact) > mp.mpf(2) ** -150:
                worst = max(worst, float(abs(got / exact - 1)))
        print(f"{name:12} 2^{math.log2(worst):.1f}" if worst else f"{name:12} exact")


def f_true(f, a, mp):
    digits = mp.mp.dps
    mp.mp.dps = 120 + (int(-2.5 * math.log10(abs(a))) if 0 < abs(a) < 1 else 0)
    try:
        return f(mp.mpf(a))
    finally:
        mp.mp.dps = digits


# ---- the table

INTRODUCTION = """\
The largest errors in units in the last place (0.5 is correct rounding), and the share of results
that are not correctly rounded: of all 2<sup>32</sup> float32 inputs, all 65,536 of the halves,
and 10<sup>8</sup> points in float64; of gated units 4 million pairs, which others may exceed a
little (the bound is 2.5). Parameters are the defaults, or one choice where there is none.
`make -C bench/verify run` measures them on every instruction set of the machine, against a
reference that shares nothing with the kernels and is checked against MPFR; the figures are in
[bench/results/accuracy.csv](bench/results/accuracy.csv), with the inputs where they occur. The
columns of other libraries are float32 forward, on 4.2 million inputs spread over all bit
patterns (`python bench/accuracy_table.py --peers`); there an infinity counts as 2<sup>128</sup>,
and 2e7 is a result without a right digit."""


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--results", type=pathlib.Path, default=RESULTS)
    arguments.add_argument("--peers", action="store_true", help="measure other libraries too")
    arguments.add_argument(
        "--check", action="store_true", help="check the peers' reference against mpmath"
    )
    arguments.add_argument("--readme", action="store_true", help="write README's section")
    options = arguments.parse_args()
    if options.check:
        return check()
    if not options.results.exists():
        sys.exit(f"{options.results} is not there: run the verifier first")
    table = read(options.results)
    columns = peers() if options.peers or options.readme else {}
    head = "function", "float32", "derivative", "float64", "derivative", "float16", "bfloat16"
    rows = []
    for name in dict.fromkeys(key[0] for key in table):
        counted = [table.get((name, d, "float32")) for d in ("forward", "grad")]
        others = [
            table.get((name, d, t))
            for d, t in (
                ("forward", "float64"),
                ("grad", "float64"),
                ("forward", "float16"),
                ("forward", "bfloat16"),
            )
        ]
        rows.append(
            [
                f"`{name}`",
                *(cell(result, count=True) for result in counted),
                *map(cell, others),
                *(ulp(column.get(name)) for column in columns.values()),
            ]
        )
    parts = [report.markdown((*head, *columns), rows)]
    if all(result["equal"] for result in table.values()):
        parts.append("Every instruction set gave the same bits.")
    if options.readme:
        report.write_readme(HERE.parent / "README.md", "\n\n".join([INTRODUCTION, *parts]), MARKS)
    else:
        print("\n\n".join(parts))


if __name__ == "__main__":
    main()

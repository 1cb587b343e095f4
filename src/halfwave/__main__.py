# SPDX-License-Identifier: MIT
"""python -m halfwave: the configuration, then every function checked and timed on a real array.

A function's error is its largest distance from a reference in a wider type, in units in the last
place of the exact value (0.5 is correct rounding).  Its time is compared with that of the NumPy
expression which it replaces; the two take turns, and the medians are shown.
"""

import argparse
import sys
from statistics import geometric_mean, median
from time import perf_counter

import numpy as np

import halfwave as hw
from halfwave import _reference
from halfwave._table import ROWS

FEATURES = 1024
REPEATS = 7
DTYPES = ("float16", "float32", "float64")
HEAD = """\
                           largest error  halfwave     NumPy
function                             ULP  ns/value  ns/value  speed-up  NumPy expression"""


def cases():
    """(name, reference or None, bounds in float32 and float64): the table's rows, and the rest."""
    rows = {row.name: (row.ulp, row.ulp64) for row in ROWS.values()}
    for name, bounds in rows.items():
        yield name, _reference.REFERENCES.get(name), bounds
    for name, reference in _reference.REFERENCES.items():
        if name not in rows and hasattr(hw, name):
            yield name, reference, (0.5, 0.5)


def bound(dtype, bounds):
    """The error that may show: the function's, and what the reference adds to it."""
    if dtype == np.float64:
        return bounds[1] + (0.05 if wider(dtype) != dtype else 4)
    return (0.501 if dtype == np.float16 else bounds[0]) + 1e-6


def wider(dtype):
    return np.dtype(np.longdouble if dtype == np.float64 else np.float64)


def largest_error(got, exact):
    """In ULPs of the exact value; infinite where only one is NaN, or the shapes differ."""
    got, exact = np.asarray(got), np.asarray(exact)
    if got.shape != exact.shape:
        return np.inf
    if got.dtype == bool:
        return 0.0 if np.array_equal(got, exact) else np.inf
    info = np.finfo(got.dtype)
    exponent = np.maximum(np.frexp(exact)[1] - 1, info.minexp) - info.nmant
    error = np.abs(np.ldexp(got - exact, -exponent))
    return float(np.max(error, initial=0)) if not np.isnan(error).any() else np.inf


def evaluator(text, names):
    """The text as a function of no arguments."""
    return eval(f"lambda: {text}", {"np": np, **vars(_reference), **names})


def alternate(ours, theirs, size):
    """Median times of both in ns per value."""
    times = [], []
    for _ in range(REPEATS):
        for run, taken in zip((ours, theirs), times, strict=True):
            start = perf_counter()
            run()
            taken.append((perf_counter() - start) / size * 1e9)
    return map(median, times)


def note(text):
    """What is being done now, on a terminal."""
    if sys.stderr and sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def run(size, dtype, wanted):
    """Print the table; the number of functions that failed."""
    dtype = np.dtype(dtype)
    shape = (max(1, size // FEATURES), FEATURES)
    rng = np.random.default_rng(0)
    x, up = ((3 * rng.standard_normal(shape)).astype(dtype) for _ in range(2))
    narrow = {"x": x, "up": up}
    wide = {name: array.astype(wider(dtype)) for name, array in narrow.items()}
    chosen = [case for case in cases() if wanted in case[0]]
    failed, missing, ratios = [], [], []
    print(f"x: {x.size:,} {dtype} values, normal with standard deviation 3\n\n{HEAD}")
    for i, (name, reference, bounds) in enumerate(chosen):
        if reference is None:
            missing.append(name)
            print(f"{name:26} {'no reference':>13}")
            continue
        note(f"{i + 1} of {len(chosen)}: {name}")
        ours = evaluator(f"hw.{reference.call}", {"hw": hw, **narrow})
        theirs = evaluator(reference.numpy, narrow)
        exact = evaluator(reference.exact or reference.numpy, wide)()
        try:
            error = largest_error(ours(), exact)
        except Exception as problem:  # the table goes on
            failed.append(name)
            note("")
            print(f"{reference.call:26} {'WRONG':>13} {problem!r}")
            continue
        with np.errstate(over="ignore"):  # NumPy's exp(-x) in float16
            theirs()  # warm, as ours is
            ns, numpy_ns = alternate(ours, theirs, x.size)
        ratios.append(numpy_ns / ns)
        wrong = not error <= bound(dtype, bounds)
        if wrong:
            failed.append(name)
        note("")
        print(
            f"{reference.call:26} {error:13.3f} {ns:9.2f} {numpy_ns:9.2f} {ratios[-1]:8.1f}x"
            f"  {'WRONG' if wrong else reference.numpy}"
        )
    if ratios:
        checked = len(chosen) - len(missing)
        print(f"\nThreads: halfwave uses up to {hw.get_num_threads()}, NumPy one.")
        print(
            f"{checked - len(failed)} of {checked} functions are right; "
            f"the geometric mean of the speed-ups is {geometric_mean(ratios):.1f}."
        )
    if missing:
        print(f"No reference for: {', '.join(missing)}")
    if failed:
        print(f"WRONG: {', '.join(failed)}")
    if not chosen:
        print(f"No function's name contains {wanted!r}")
    return len(failed) + (not chosen)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        "python -m halfwave", description=(__doc__ or "").partition("\n\n")[0]
    )
    parser.add_argument(
        "--size",
        type=int,
        default=1 << 20,
        help="values in the array, rounded down to rows of 1,024 (1 Mi)",
    )
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--filter", default="", metavar="TEXT", help="only names that contain TEXT")
    options = parser.parse_args(arguments)
    if options.size < 1:
        parser.error("--size must be at least 1")
    hw.show_config()
    print()
    return 1 if run(options.size, options.dtype, options.filter) else 0


if __name__ == "__main__":
    sys.exit(main())

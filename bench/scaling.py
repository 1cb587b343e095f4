# SPDX-License-Identifier: MIT
"""What threads gain and what memory costs on this machine.

    python bench/scaling.py             measure, to bench/results/scaling.json (one minute)
    python bench/scaling.py --readme    README's section on threads and memory, from that file

Threads: one and all, in calls one after the other, and in the first call after 20 ms of sleep, when
the pool sleeps too.  Rows: float32 matrices of which NumPy hands each row over by itself, because
they are columns of a wider one.  Memory: the same function into a warm `out`, in place, and into a
fresh array, with NumPy's huge pages (the default where the system has them) and without.  All
numbers are nanoseconds a value, medians of interleaved rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from statistics import median
from timeit import timeit

import compare
import numpy as np
import report

import halfwave as hw

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "scaling.json"
MARKS = "<!-- scaling:begin -->", "<!-- scaling:end -->"
ROUNDS, CALLS_FILL, SLEEP = 11, 1e-3, 0.02
KI, MI = 1 << 10, 1 << 20
THREAD_SIZES = [64 * KI, 128 * KI, 256 * KI, 512 * KI, MI, 4 * MI, 16 * MI]
THREAD_FUNCTIONS = ["relu", "silu", "gelu", "mish"]
ROW_LENGTHS = [64, 512, 4 * KI, 32 * KI]
MEMORY_SIZES = [4 * MI, 64 * MI, 256 * MI, 1024 * MI]  # bytes


def size_name(n):
    return f"{n // MI} Mi" if n >= MI else f"{n // KI} Ki" if n >= KI else str(n)


def calls_to_fill(call):
    return max(1, round(CALLS_FILL / timeit(call, number=1)))


def time_a_value(call, calls, n):
    return timeit(call, number=calls) / calls / n * 1e9


def interleaved(cases, n, rounds=ROUNDS):
    """{name: median ns a value} of {name: (prepare, call)}, which take turns."""
    calls, times = {}, {name: [] for name in cases}
    for name, (prepare, call) in cases.items():
        prepare()
        call()
        calls[name] = calls_to_fill(call)
    for _ in range(rounds):
        for name, (prepare, call) in cases.items():
            prepare()
            times[name].append(time_a_value(call, calls[name], n))
    return {name: median(values) for name, values in times.items()}


def normal(shape):
    return np.random.default_rng(1).standard_normal(shape, "f4")


def threads(most, advance):
    """One row for each function and size.  Each round goes through all of them, since the CPUs of a
    virtual machine may share one core for a second."""
    counts = {"one": 1, "all": most}
    data = {n: (normal(n), np.empty(n, "f4")) for n in THREAD_SIZES}
    times = {cell: defaultdict(list) for cell in product(THREAD_FUNCTIONS, THREAD_SIZES)}
    for slept, _ in product((False, True), range(ROUNDS)):
        for ((name, n), found), (label, k) in product(times.items(), counts.items()):
            x, out = data[n]
            call = partial(getattr(hw, name), x, out=out)
            hw.set_num_threads(k)
            call()
            if slept:
                time.sleep(SLEEP)
                found[f"{label} after sleep"].append(time_a_value(call, 1, n))
            else:
                found[label].append(time_a_value(call, calls_to_fill(call), n))
        advance("by threads")
    return [
        {"function": name, "size": n, **{label: median(v) for label, v in found.items()}}
        for (name, n), found in times.items()
    ]


def rows(most):
    """Columns of a wide matrix, to columns of another, and the same by a pool of Python threads."""
    total = 4 * MI
    for name in ("relu", "silu"):
        function = getattr(hw, name)
        for length in ROW_LENGTHS:
            height = total // length
            x, out = (
                normal((height, length + 16))[:, :length],
                np.empty((height, length + 16), "f4"),
            )
            out = out[:, :length]
            flat, flat_out = normal(total), np.empty(total, "f4")
            cuts = [height * i // most for i in range(most + 1)]
            parts = [slice(a, b) for a, b in pairwise(cuts)]
            with ThreadPoolExecutor(most) as pool:

                def split(function=function, x=x, out=out, parts=parts, pool=pool):
                    list(pool.map(lambda part: function(x[part], out=out[part]), parts))

                yield {
                    "function": name,
                    "row": length,
                    **interleaved(
                        {
                            "contiguous, one thread": (
                                lambda: hw.set_num_threads(1),
                                lambda f=function, a=flat, b=flat_out: f(a, out=b),
                            ),
                            "by rows": (
                                lambda: hw.set_num_threads(most),
                                lambda f=function, a=x, b=out: f(a, out=b),
                            ),
                            "by rows, in parts": (lambda: None, split),
                        },
                        total,
                    ),
                }


def memory():
    """One row for each size; in this process, with the environment as it is."""
    for nbytes in MEMORY_SIZES:
        n = nbytes // 4
        x, out = np.resize(normal(MI), n), np.ones(n, "f4")
        cases = {
            "memmove": lambda x=x, out=out: np.copyto(out, x),
            "out": lambda x=x, out=out: hw.relu(x, out=out),
            "in place": lambda x=x: hw.relu(x, out=x),
            "fresh": lambda x=x: hw.relu(x),
        }
        few = 5 if nbytes > 64 * MI else ROUNDS
        yield {
            "bytes": nbytes,
            **interleaved({k: (lambda: None, call) for k, call in cases.items()}, n, few),
        }


def memory_in_a_process(**environment):
    command = [sys.executable, __file__, "--memory"]
    done = subprocess.run(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def measure():
    most = hw.get_num_threads()
    steps = 2 * ROUNDS + 2 * len(ROW_LENGTHS) + 2
    result = {
        "machine": compare.machine(),
        "date": time.strftime("%Y-%m-%d"),
        "halfwave": hw.__version__,
        "numpy": np.__version__,
        "threads": most,
        "huge pages": Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text().strip()
        if sys.platform == "linux"
        else "",
    }
    with report.progress(steps, str) as advance:
        result["by threads"], result["by rows"] = threads(most, advance), []
        for row in rows(most):
            result["by rows"].append(row)
            advance("by rows")
        for part, pages in (("memory", "1"), ("memory, small pages", "0")):
            result[part] = memory_in_a_process(
                NUMPY_MADVISE_HUGEPAGE=pages, HALFWAVE_NUM_THREADS="1"
            )
            advance(part)
    return result


def tables(result):
    """(heading, columns, rows) of each table."""

    def texts(*values):
        return [report.nanoseconds(v) for v in values]

    most = result["threads"]
    yield (
        f"{most} threads (ns a value)",
        ("float32 values", "1 thread", f"{most} threads", "gain",
         "after 20 ms: 1 thread", f"{most} threads", "gain"),
        [
            [f"{r['function']} {size_name(r['size'])}", *texts(r["one"], r["all"]),
             f"{r['one'] / r['all']:.2f}", *texts(r["one after sleep"], r["all after sleep"]),
             f"{r['one after sleep'] / r['all after sleep']:.2f}"]
            for r in result["by threads"]
        ],
    )  # fmt: skip
    yield (
        "Rows of 4 Mi float32 values that are parts of longer rows (ns a value)",
        ("function, row", "contiguous, 1 thread", "by rows",
         f"by rows, in {most} parts from {most} Python threads"),
        [
            [f"{r['function']} {size_name(r['row'])}",
             *texts(r["contiguous, one thread"], r["by rows"], r["by rows, in parts"])]
            for r in result["by rows"]
        ],
    )  # fmt: skip
    yield (
        "relu of float32, 1 thread (ns a value)",
        ("bytes", "memmove", "warm out", "in place", "fresh", "fresh, small pages"),
        [
            [size_name(r["bytes"]), *texts(r["memmove"], r["out"], r["in place"], r["fresh"]),
             *texts(small["fresh"])]
            for r, small in zip(result["memory"], result["memory, small pages"], strict=True)
        ],
    )  # fmt: skip


def section(result):
    machine = result["machine"]
    parts = [
        f"Measured by `python bench/scaling.py` on {result['date']}: {machine['cpu']} "
        f"({machine['vectors']}), {machine['cores']} cores, {machine['system']}. "
        f"Before the run the load was {machine['load before']:.2f}. "
        "After 20 ms: calls that come so long after the one before that the other threads sleep. "
        "Small pages: NumPy is kept from asking for huge ones."
    ]
    for heading, columns, lines in tables(result):
        parts += [f"{heading}:", report.markdown(columns, lines)]
    return "\n\n".join(parts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readme", action="store_true", help="write README's section")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        json.dump(list(memory()), sys.stdout)
    elif options.readme:
        text = section(json.loads(RESULT.read_text()))
        report.write_readme(HERE.parent / "README.md", text, MARKS)
    else:
        result = measure()
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(result, indent=1) + "\n")
        for table in tables(result):
            report.table(*table)
        report.say(f"written: {RESULT}")


if __name__ == "__main__":
    main()

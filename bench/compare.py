# SPDX-License-Identifier: MIT
"""halfwave against the other libraries that compute activations, on the same data.

    pip install '.[bench,peers]'
    python bench/compare.py                     what 30 minutes allow, to bench/results
    python bench/compare.py --minutes 100       all cells
    python bench/compare.py --quick             a few, to bench/build
    python bench/compare.py --filter 'gelu|silu' --dtype f32 --size 65536 --threads 1
    python bench/compare.py --isa avx2          everybody that can be held to AVX2 is
    python bench/compare.py --show FILE         the tables of an earlier run; --plot its pictures
    python bench/compare.py --readme            README's section on speed, from bench/results

A cell is one function, type, size, layout, direction and number of threads.  In it every library
is called once unmeasured (which compiles, and checks the result against halfwave's), then until
0.2 ms have passed, to warm it up and see how many calls fill 0.2 ms.  Then follow 7 rounds or more,
in each of which every library, in a new random order, makes that many calls.  Where they are
several, one that is not measured goes before them, since the caches hold another library's results;
with several threads as many, once the others' workers, which spin for a while, are asleep: they
would hold its own up.  Medians of the rounds count.  A library that took over three
times as long as the best at one size, 65,536 or more, is left out of the next.  The limit is
memmove of as many values; "moved" is how many times its bytes a function has to read and write.

"strided" is every second value of a vector, to a contiguous result; "transposed" is the transpose
of a square matrix, to a result that lies in memory likewise.  "wide" is contiguous too, but 65,536
values spread evenly from -10 to 10: beyond some x functions have another formula.  Each number of
threads has a process of its own, since JAX cannot change it later.
"""

import argparse
import ctypes
import json
import os
import platform
import random
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from itertools import product
from pathlib import Path
from statistics import quantiles
from timeit import Timer

import numpy as np
import report
from peers import FUNCTIONS, GATED, PEERS, Case, avx2_environment, version

HERE = Path(__file__).resolve().parent
DTYPES = ("f16", "bf16", "f32", "f64")
SIZES = (100, 4096, 65536, 1 << 20, 1 << 24)  # squares, for the transposed layout
LAYOUTS = tuple(report.LAYOUTS)
WIDE_SIZE, WIDEST = 65536, 10
TOLERANCE = {"f16": 2e-2, "bf16": 1e-1, "f32": 1e-3, "f64": 1e-6}
VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}
ROUND, ROUNDS = 200e-6, (7, 21)
OUTCLASSED = 3
LONGEST_SPIN = 0.2


def dtype_of(name):
    if name == "bf16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype({"f16": "f2", "f32": "f4", "f64": "f8"}[name])


@lru_cache(1)
def arrays(dtype, size, layout):
    """Six operands, 2 N(0, 1) or wide, and four results; the last of each is twice as long."""
    rng = np.random.default_rng(1)
    side = round(size**0.5)
    if layout == "wide":
        noise = rng.uniform(-WIDEST, WIDEST, size)
    else:
        noise = 2 * rng.standard_normal(min(size, 1 << 20), "f4")

    def one(shape, fill, strided):
        a = np.empty(shape[::-1] if layout == "transposed" else shape, dtype_of(dtype))
        if strided:
            a = np.empty(2 * shape[0], dtype_of(dtype))[::2]
        a[...] = np.resize(rng.permutation(noise), a.shape) if fill else 0
        return a.T if layout == "transposed" else a

    shape, double = (size,), (2 * size,)
    if layout == "transposed":
        shape, double = (side, side), (side, 2 * side)
    args = [one(s, True, layout == "strided") for s in (shape, shape, shape, double)]
    outs = [one(s, False, False) for s in (shape, shape, double)]
    return args, outs


def make_case(name, dtype, size, layout, vjp):
    """The arrays of a cell."""
    order = "contiguous" if layout == "wide" else layout
    (g, x, up, double), (y, z, whole) = arrays(dtype, size, layout)
    if name == "glu":
        half = size if double.ndim == 1 else double.shape[-1] // 2
        parts = double[..., :half], double[..., half:]
        args, outs = (g, *parts) if vjp else parts, (y,)
        if vjp:
            outs = whole[..., :half], whole[..., half:]
        return Case(name, dtype, order, vjp, args, outs, (g, double) if vjp else (double,),
                    (whole,) if vjp else outs)  # fmt: skip
    args = (x, up) if name in GATED else (x,)
    args, outs = (g, *args) if vjp else args, (y, z)[: 1 + (vjp and name in GATED)]
    return Case(name, dtype, order, vjp, args, outs, args, outs)


def poison(case):
    """Mark the results, to see afterwards whether they were written to."""
    for out in case.outs:
        out[(0,) * out.ndim] = np.nan


def sample(case, result):
    """The first values of each result, as float64: from the arrays for them, or returned ones."""
    outs = case.outs
    if np.isnan(float(outs[0][(0,) * outs[0].ndim])):
        outs = result if isinstance(result, tuple | list) else [result]
        outs = [np.asarray(out.double() if hasattr(out, "double") else out) for out in outs]
        if case.name == "glu" and case.vjp:
            outs = np.split(outs[0], 2, axis=-1)
    rows = slice(0, 4096 if outs[0].ndim == 1 else 8)
    return [out[rows].astype("f8") for out in outs]


def memmove(case, threads):
    """Copies as many values; long ones in a part for each thread."""
    n = case.outs[0].nbytes
    arrays = np.ones(n, "u1"), np.ones(n, "u1")
    b, a = (array.ctypes.data for array in arrays)
    move = ctypes.CDLL(None).memmove
    move.argtypes, move.restype = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t), None
    if threads == 1 or n < 4 << 20:
        return lambda keep=arrays: move(b, a, n)
    pool, part = ThreadPoolExecutor(threads), n // threads
    starts = [i * part for i in range(threads)]
    return lambda keep=arrays: list(pool.map(lambda i: move(b + i, a + i, part), starts))


def moved(case):
    """The bytes of operands and results, with those between strided values, over memmove's."""
    steps = [(a, min(abs(s) for s in a.strides) // a.itemsize) for a in case.args + case.outs]
    return sum(a.nbytes * step for a, step in steps) / (2 * case.outs[0].nbytes)


class Measurer:
    """Measures cells in this process; reports by lines of JSON on standard output."""

    def __init__(self, spec):
        self.threads, self.rng = spec["threads"], random.Random(1)
        self.makers, self.notes = {}, set()
        # JAX comes first, since it changes the affinity while it starts.
        for peer in sorted(spec["peers"], key=lambda p: p != "JAX"):
            try:
                self.makers[peer] = PEERS[peer][0](self.threads)
            except Exception as error:
                self.say(skipped=peer, why=f"{type(error).__name__}: {str(error)[:200]}")
        self.makers = {p: self.makers[p] for p in spec["peers"] if p in self.makers}

    @staticmethod
    def say(**line):
        print(json.dumps(line, separators=(",", ":")), flush=True)

    def note(self, kind, peer, case, why):
        """Tell once that a library cannot, or differs."""
        what = f"{'vjp.' * case.vjp}{case.name} {case.dtype} {case.layout}"
        if (peer, what) not in self.notes:
            self.notes.add((peer, what))
            self.say(note=kind, peer=peer, what=what, why=why)

    def timers(self, case, slow):
        """{peer: (timer, calls in a round)} of those not slow that compute the right thing."""
        found, wanted = {}, None
        for peer, make in self.makers.items():
            if peer in slow:
                continue
            try:
                step = make(case)
                if not step:
                    continue
                poison(case)
                got = sample(case, step())
            except Exception as error:
                self.note("cannot", peer, case, f"{type(error).__name__}: {str(error)[:200]}")
                if peer == "halfwave":
                    return {}
                continue
            wanted = wanted or got  # halfwave's, the first
            # One value in a hundred may differ: conventions at kinks do, and half types hit kinks.
            error = max(
                np.quantile(np.abs(a - b) / (1 + np.abs(b)), 0.99)
                for a, b in zip(got, wanted, strict=True)
            )
            if not error < TOLERANCE[case.dtype]:
                self.note("differs", peer, case, f"by {error:.2g}")
                continue
            found[peer] = Timer(step)
        found["memmove"] = Timer(memmove(case, self.threads))
        return {peer: (timer, calls_to_fill(timer)) for peer, timer in found.items()}

    def cell(self, case, size, slow, budget):
        """Measure one cell within about budget seconds."""
        start = time.perf_counter()
        with np.errstate(all="ignore"):
            timers = self.timers(case, slow)
            if not timers:
                return {}, 0
            times, rounds = {peer: [] for peer in timers}, 0
            while rounds < ROUNDS[0] or (
                rounds < ROUNDS[1] and time.perf_counter() - start < budget
            ):
                order = list(timers.items())
                self.rng.shuffle(order)
                for peer, (timer, calls) in order:
                    if self.threads > 1:
                        wait_for_sleep()
                    timer.timeit(calls if self.threads > 1 else min(1, calls - 1))
                    times[peer].append(timer.timeit(calls) / calls / size * 1e9)
                rounds += 1
        return {peer: quantiles(t, n=4, method="inclusive") for peer, t in times.items()}, rounds

    def run(self, spec):
        deadline, outclassed = time.perf_counter() + spec["seconds"], defaultdict(set)
        for done, key in enumerate(spec["cells"]):
            left = deadline - time.perf_counter()
            if left < 0:
                break
            name, dtype, size, layout, vjp = key
            case = make_case(name, dtype, size, layout, vjp)
            slow = outclassed[name, dtype, layout, vjp]
            ns, rounds = self.cell(case, size, slow, left / (len(spec["cells"]) - done))
            if not ns:
                self.say(missing=name)
                continue
            from_x = {p for p in ns if p != "memmove" and not p.endswith(report.FROM_Y)}
            best = min((ns[p][1] for p in from_x), default=0)
            if size >= 65536:
                slow |= {p for p in ns if ns[p][1] > OUTCLASSED * best} - {"memmove", "halfwave"}
            out = {p: [float(f"{v:.4g}") for v in (q[1], q[0], q[2])] for p, q in ns.items()}
            self.say(
                function=name, dtype=dtype, size=size, layout=layout, vjp=vjp,
                threads=self.threads, rounds=rounds, moved=moved(case), ns=out,
            )  # fmt: skip


def others_at_work():
    """Does another thread of this process run?  Linux tells a thread's state at once, but the time
    that it has used only when the clock next ticks; other systems are not asked."""
    own = threading.get_native_id()
    for stat in Path("/proc/self/task").glob("*/stat"):
        with suppress(OSError):  # a thread that has ended
            state = stat.read_text().rpartition(")")[2].split()[0]
            if state == "R" and int(stat.parent.name) != own:
                return True
    return False


def wait_for_sleep():
    """Until no other thread of this process is at work, or LONGEST_SPIN has passed."""
    start = time.perf_counter()
    while others_at_work() and time.perf_counter() - start < LONGEST_SPIN:
        time.sleep(ROUND)


def calls_to_fill(timer):
    """How many calls take ROUND."""
    calls, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < ROUND:
        timer.timeit(1)
        calls += 1
    return max(1, round(calls * ROUND / passed))


def plan(options):
    """The cells, in the order in which they are measured: the dear ones last, but for float32."""
    cells = product(SIZES, LAYOUTS, ("f32", "f64", "f16", "bf16"), options.vjp, options.functions)

    def last(cell):
        size, layout, dtype, *_ = cell
        plain = layout == "contiguous"
        return (not plain) + 2 * (size == SIZES[-1] and not (plain and dtype == "f32"))

    return [
        (name, dtype, size, layout, vjp)
        for size, layout, dtype, vjp, name in sorted(cells, key=last)
        if size in options.size
        and layout in options.layout
        and dtype in options.dtype
        and (layout != "wide" or size == WIDE_SIZE)
    ]


def cpus():
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def machine():
    """What ran this: processor, caches, memory, system, versions."""

    def read(path):
        try:
            return Path(path).read_text()
        except OSError:
            return ""

    cpuinfo, caches = read("/proc/cpuinfo"), {}
    flags = set(re.findall(r"avx512\w+|avx2|amx\w*|fma|f16c|asimd|sve", cpuinfo))
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind = {"Data": "d", "Instruction": "i"}.get(read(index / "type").strip(), "")
        caches[f"L{read(index / 'level').strip()}{kind}"] = read(index / "size").strip()
    memory = re.search(r"MemTotal:\s*(\d+)", read("/proc/meminfo"))
    model = re.search(r"(?:model name|Model)\s*:\s*(.*)", cpuinfo)
    numbers = (re.search(rf"{n}\s*:\s*(\d+)", cpuinfo) for n in ("cpu family", "model", "stepping"))
    return {
        "cpu": model[1] if model else platform.processor(),
        "family, model, stepping": ", ".join(n[1] for n in numbers if n),
        "cores": cpus(),
        "vectors": next((name for flag, name in VECTORS.items() if flag in flags), "none known"),
        "flags": " ".join(sorted(flags)),
        "caches": caches,
        "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "load before": os.getloadavg()[0],
    }


def children(options, cells):
    """Run a child for each number of threads; yield what they say."""
    environment = dict(os.environ)
    if options.isa == "avx2":
        environment |= avx2_environment()
    elif options.isa:
        environment["HALFWAVE_ISA"] = options.isa
    end = time.perf_counter() + 60 * options.minutes
    for i, threads in enumerate(options.threads):
        seconds = (end - time.perf_counter()) / (len(options.threads) - i)
        spec = {"threads": threads, "seconds": seconds, "peers": options.peers, "cells": cells}
        command = [sys.executable, __file__, "--child"]
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=None if options.verbose else subprocess.DEVNULL, text=True,
        ) as child:  # fmt: skip
            child.stdin.write(json.dumps(spec))
            child.stdin.close()
            yield {"child": threads}
            for line in child.stdout:
                if line.startswith("{"):
                    yield json.loads(line)
        if child.returncode:
            sys.exit(
                f"the process of {threads} threads ended with {child.returncode}; try --verbose"
            )


def measure(options):
    cells = plan(options)
    if not cells:
        sys.exit("no cell is left by these options")
    if not version("halfwave"):
        sys.exit("halfwave is not installed: pip install .")
    result = {
        "machine": machine(),
        "isa": options.isa or "best",
        "minutes": options.minutes,
        "warm-up": "1 call, then 0.2 ms of calls",
        "rounds": f"{ROUNDS[0]} to {ROUNDS[1]} of 0.2 ms at least",
        "date": time.strftime("%Y-%m-%d"),
        "peers": {peer: version(peer) for peer in options.peers if version(peer)},
        "skipped": {peer: "not installed" for peer in options.peers if not version(peer)},
        "notes": [],
        "cells": [],
    }
    if options.isa == "avx2" and result["peers"].pop("ONNX Runtime", None):
        result["skipped"]["ONNX Runtime"] = "nothing holds it to AVX2"
    options.peers = list(result["peers"])
    start, missing = time.perf_counter(), 0
    with report.progress(len(cells) * len(options.threads), report.title) as step:
        for line in children(options, cells):
            if "skipped" in line:
                result["skipped"][line["skipped"]] = line["why"]
                result["peers"].pop(line["skipped"], None)
            elif "note" in line:
                if line not in result["notes"]:
                    result["notes"].append(line)
            elif "ns" in line:
                result["cells"].append(line)
                step(line)
            elif "missing" in line:
                missing += 1
    result["seconds"] = round(time.perf_counter() - start)
    result["left out"] = len(cells) * len(options.threads) - len(result["cells"]) - missing
    return result


def save(result, path):
    """JSON, a line for each cell and note."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {k: v for k, v in result.items() if k not in ("notes", "cells")}
    text = json.dumps(head, indent=1)[:-2]
    for key in ("notes", "cells"):
        lines = ",\n".join(json.dumps(line, separators=(",", ":")) for line in result[key])
        text += f',\n "{key}": [\n{lines}\n ]'
    path.write_text(text + "\n}\n")


def parse(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )

    def some(kinds, convert=str):
        def listed(text):
            values = [convert(v) for v in text.split(",")]
            if unknown := [v for v in values if kinds and v not in kinds]:
                known = ", ".join(map(str, kinds))
                raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {known}")
            return values

        return listed

    def threads_of(text):
        return cpus() if text == "all" else int(text)

    add = parser.add_argument
    add("--quick", action="store_true", help="65,536 contiguous float32 values, one thread")
    add("--minutes", type=float, default=30, help="stop after so long")
    add("--filter", default="", metavar="RE", help="the functions whose name has this")
    add("--dtype", type=some(DTYPES), default=list(DTYPES), help="of " + ",".join(DTYPES))
    add(
        "--size", type=some(SIZES, int), default=list(SIZES), help="of " + ",".join(map(str, SIZES))
    )
    add("--layout", type=some(LAYOUTS), default=list(LAYOUTS), help="of " + ",".join(LAYOUTS))
    add("--threads", type=some(None, threads_of), default=sorted({1, cpus()}), help="such as 1,all")
    add("--direction", type=some(("forward", "vjp")), default=["forward", "vjp"])
    add("--peers", type=some(PEERS), default=list(PEERS), help="of " + ",".join(PEERS))
    add(
        "--isa",
        choices=["avx2", "portable", "avx512", "neon"],
        help="avx2 holds the others to it too",
    )
    add("--output", type=Path, help="the JSON; the pictures lie beside it")
    add("--verbose", action="store_true", help="let the libraries' warnings through")
    add("--show", type=Path, metavar="FILE", help="show an earlier run")
    add("--plot", type=Path, metavar="FILE", help="draw an earlier run")
    add("--readme", action="store_true", help="write README's section on speed")
    add("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.quick:
        options.dtype, options.size, options.layout = ["f32"], [65536], ["contiguous"]
        options.threads = [1]
    options.threads = sorted(set(options.threads))
    options.vjp = [d == "vjp" for d in options.direction]
    options.functions = [name for name in FUNCTIONS if re.search(options.filter, name)]
    if "halfwave" not in options.peers:
        options.peers.insert(0, "halfwave")
    if not options.output:
        same = ("filter", "dtype", "size", "layout", "threads", "direction", "peers")
        whole = not options.quick and all(
            getattr(options, key) == parser.get_default(key) for key in same
        )
        name = f"speed-{options.isa}.json" if options.isa else "speed.json"
        options.output = HERE / ("results" if whole else "build") / name
    return options


def main():
    options = parse(None)
    if options.child:
        spec = json.load(sys.stdin)
        Measurer(spec).run(spec)
    elif options.readme:
        report.write_readme(HERE.parent / "README.md", report.section(HERE / "results"))
    elif options.show:
        report.show(json.loads(options.show.read_text()))
    elif options.plot:
        import plots

        plots.draw(json.loads(options.plot.read_text()), options.plot)
    else:
        import plots

        result = measure(options)
        save(result, options.output)
        plots.draw(result, options.output)
        report.show(result)
        report.say(f"written: {options.output} and the pictures beside it")


if __name__ == "__main__":
    main()

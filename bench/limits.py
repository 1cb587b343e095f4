# SPDX-License-Identifier: MIT
"""What kernels could take at least, for the operations that they have.

    python bench/limits.py             measure, to bench/results/limits.json (two minutes)
    python bench/limits.py --readme    the table in csrc/README.md, from that file

Operations are those of a vector that start where a processor does arithmetic.  They are counted in
the disassembly of the harness, on the shortest way around the kernel's loop, which is the one that
no rare value leaves.  The least number of cycles is measured: the same instructions, loads and
stores with them, run in the same order with other registers, so that none waits for another.  The
cycles of the kernel are the harness's in the first cache.  The ratios are the one that compare.py
measured, and what it would be at the least number of cycles.
"""

import argparse
import csv
import ctypes
import heapq
import json
import math
import re
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import compare
import report

from halfwave._table import ROWS

HERE = Path(__file__).resolve().parent
HARNESS = HERE / "build" / "harness"
RESULT = HERE / "results" / "limits.json"
MARKS = "<!-- limits:begin -->", "<!-- limits:end -->"
BYTES = {"f32": 4, "f64": 8}
SIZE, ROUNDS = 65536, 60
RARE = 1000  # a call
MEMORY = r"[-\w]*\(.*?\)"
# Instructions that are run over and over, how many in all, and what they read.
TICKS, MANY = 8, 300_000
VALUES = """
.section .note.GNU-stack
.data
.balign 64
values: .rept 32
.float 0.7
.endr
.text
"""
ROUTINE = """
.globl {0}
{0}: mov %rdi, %rcx
lea values(%rip), %rdi
{1}
.balign 64
1: {2}
dec %rcx
jnz 1b
vzeroupper
ret
"""
# From or to memory, or renamed.
FREE = re.compile(r"v(mov(?!msk)|broadcast|pbroadcast)\w*\s+[^{]*$")


class Set:
    """An instruction set: registers, their size, where compare.py's results are."""

    def __init__(self, register, size, results):
        self.register, self.size, self.results = register, size, results
        self.arithmetic = re.compile(f"%{register}|%k[0-7]")
        self.store = re.compile(rf"vmovup[sd]\s+%{register}\d+,[^%]*\(")

    def operations(self, text):
        if text.startswith("call"):
            return RARE
        return int(bool(self.arithmetic.search(text) and not FREE.match(text)))


SETS = {
    "avx512": Set("zmm", 64, "speed.json"),
    "avx2": Set("ymm", 32, "speed-avx2.json"),
}


def instructions(symbol):
    command = ["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}", HARNESS]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (re.match(r"\s*([0-9a-f]+):\t(.*)", line) for line in lines)
    return [(int(m[1], 16), m[2].split("#")[0].strip()) for m in found if m]


class Code:
    """A function's instructions, and the ways through them."""

    def __init__(self, symbol, isa):
        code = instructions(symbol)
        self.place = {address: i for i, (address, _) in enumerate(code)}
        self.texts = [text for _, text in code]
        self.isa = isa

    def following(self, i):
        text = self.texts[i]
        jump = re.match(r"j(\w+)\s+([0-9a-f]+)", text)
        if jump and int(jump[2], 16) in self.place:
            yield self.place[int(jump[2], 16)]
        leaves = text.startswith("ret") or (jump and jump[1] == "mp")
        if not leaves and i + 1 < len(self.texts):
            yield i + 1

    def way_around(self, head):
        """The places on the way back to head that has the fewest operations."""
        queue, seen = [(0, [head])], set()
        while queue:
            cost, way = heapq.heappop(queue)
            i = way[-1]
            if i in seen:
                continue
            seen.add(i)
            if head in self.following(i):
                return frozenset(way)
            cost += self.isa.operations(self.texts[i])
            for t in self.following(i):
                heapq.heappush(queue, (cost, [*way, t]))
        return frozenset()

    def kernel(self):
        """The instructions of its loop, and the vectors stored."""
        heads = {h for i in range(len(self.texts)) for h in self.following(i) if h <= i}
        around = {self.way_around(head) for head in heads} - {frozenset()}
        inner = [way for way in around if not any(other < way for other in around)]
        ways = []
        for way in inner:
            texts = [self.texts[i] for i in sorted(way)]
            stores = sum(bool(self.isa.store.match(text)) for text in texts)
            if stores:
                ways.append((sum(map(self.isa.operations, texts)) / stores, texts, stores))
        return min(ways)


def unchained(texts, isa):
    """The vector instructions in assembly, on other registers, so that none waits for another."""
    turns = cycle(range(11))  # so many operations later a result is there
    for text in texts:
        if not isa.arithmetic.search(text):
            continue
        name, operands = text.split(None, 1)
        *sources, target = re.findall(r"(?:\([^)]*\)|[^,(])+", operands)
        if re.match("kortest|vptest|vucomi", name):
            target = constant(target)
        else:
            reads = re.match("vf|vperm[it]2|vpternlog", name) or re.search(r"\{%k\d\}$", target)
            target = re.sub(r"(%[xyz]mm)\d+", rf"\g<1>{next(turns) if reads else 11}", target)
            target = re.sub(r"^%k\d", "%k1", re.sub(r"\{%k\d\}", "{%k7}", target))
            target = re.sub(r"^%[er]\w+", "%eax", re.sub(MEMORY, "64(%rdi)", target))
        yield f"{name} {','.join([*map(constant, sources), target])}"


def constant(operand):
    """The operand, in a place that nothing writes."""
    operand = re.sub(r"%k\d", "%k7", re.sub(r"(%[xyz]mm)\d+", r"\g<1>15", operand))
    return re.sub(MEMORY, "(%rdi)", operand)


def least(ways):
    """{case: cycles of a pass} at least, for the instructions in {case: texts}."""
    routines = {"tick": ("", "add $1, %rax\n" * TICKS)}
    for i, ((name, *_), texts) in enumerate(ways.items()):
        isa = SETS[name]
        setup = [f"vmovups (%rdi), %{isa.register}{r}" for r in range(16)]
        if name == "avx512":
            setup.append("kxnorw %k7, %k7, %k7")
        routines[f"pass{i}"] = "\n".join(setup), "\n".join(unchained(texts, isa))
    text = "".join(ROUTINE.format(n, *parts) for n, parts in routines.items())
    library = HARNESS.with_name("limits.so")
    command = ["gcc", "-shared", "-x", "assembler", "-o", library, "-"]
    subprocess.run(command, input=VALUES + text, text=True, check=True)
    library = ctypes.CDLL(library)

    def seconds(name, count):
        start = time.perf_counter()
        getattr(library, name)(ctypes.c_long(count))
        return (time.perf_counter() - start) / count

    best = dict.fromkeys(ways, math.inf)
    for _ in range(ROUNDS):
        for i, case in enumerate(ways):
            tick = min(seconds("tick", MANY // TICKS) for _ in range(3)) / TICKS
            best[case] = min(best[case], seconds(f"pass{i}", MANY // len(ways[case])) / tick)
    return best


def cycles_of(cases):
    """{(isa, function, type): cycles a vector}: of many rounds, each by its clock, the least."""
    best = dict.fromkeys(cases, math.inf)
    with report.progress(ROUNDS * len(cases), " ".join) as step:
        for case in ROUNDS * cases:
            isa, name, dtype = case
            options = f"--csv --quick --isa {isa} --level L1 --type {dtype} --filter {name}"
            command = [HARNESS, *options.split(), "--direction", "forward"]
            text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            for line in csv.DictReader(text.splitlines()):
                if line["name"] == name:
                    ns, lanes = float(line["ns_per_value"]), SETS[isa].size / BYTES[dtype]
                    best[case] = min(best[case], ns * lanes * float(line["ghz"]))
            step(case)
    return best


def measure():
    subprocess.run(["make", "-s", "-C", HERE, "build/harness"], check=True)
    wanted = {"size": SIZE, "layout": "contiguous", "threads": 1, "vjp": False}
    ratios = {
        (name, cell["function"], cell["dtype"]): report.ratio(cell)
        for name, isa in SETS.items()
        for cell in json.loads((HERE / "results" / isa.results).read_text())["cells"]
        if wanted.items() <= cell.items()
    }
    cases = [(i, name, t) for name in ROWS for t in BYTES for i in SETS if (i, name, t) in ratios]
    loops = {
        case: Code("hw_{1}_forward_{2}_{0}".format(*case), SETS[case[0]]).kernel() for case in cases
    }
    fewest = least({case: texts for case, (_, texts, _) in loops.items()})
    rows = []
    for case, cycles in cycles_of(cases).items():
        (isa, name, dtype), (operations, _, vectors) = case, loops[case]
        least_cycles = fewest[case] / vectors
        if cycles < 0.95 * least_cycles:
            sys.exit(
                f"{' '.join(case)} took {cycles:.1f} cycles, which cannot be: the clock is wrong"
            )
        rows.append(
            {
                "isa": isa,
                "function": name,
                "dtype": dtype,
                "operations": operations,
                "least": least_cycles,
                "cycles": cycles,
                "ratio": ratios[case],
            }
        )
    return {"machine": compare.machine(), "rows": rows}


def cells(row):
    """What the table says of a kernel on an instruction set."""
    if row is None:
        return ["", "", ""]
    best = row["ratio"] * row["cycles"] / row["least"]
    numbers = f"{row['operations']:.0f}", f"{row['least']:.1f} / {row['cycles']:.1f}"
    return [*numbers, f"{row['ratio']:.2f} / {best:.2f}"]


def section(result):
    rows = {(row["isa"], row["function"], row["dtype"]): row for row in result["rows"]}
    columns = ["kernel"]
    for title in ("AVX-512", "AVX2"):
        columns += [f"{title}: operations", "cycles: least / measured", "ratio / at most"]
    kernels = dict.fromkeys(key[1:] for key in rows)
    lines = [
        [" ".join(kernel), *(c for isa in SETS for c in cells(rows.get((isa, *kernel))))]
        for kernel in kernels
    ]
    return report.markdown(columns, lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readme", action="store_true", help="write the table in csrc/README.md")
    if parser.parse_args().readme:
        text = section(json.loads(RESULT.read_text()))
        report.write_readme(HERE.parent / "csrc" / "README.md", text, MARKS)
    else:
        RESULT.write_text(json.dumps(measure(), indent=1) + "\n")
        report.say(f"written: {RESULT}")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""What kernels could take at least, for the operations that they have.

    python bench/limits.py             measure, to bench/results/limits.json (a minute)
    python bench/limits.py --readme    the table in csrc/README.md, from that file

Operations are those of a vector that start where a processor does arithmetic.  They are counted in
the disassembly of the harness, on the shortest way around the kernel's loop, or around the loops of
its stages, which is the one that no rare value leaves.  PROCESSORS says how many of each kind can
start in a cycle; the least number of cycles is what that allows if nothing ever waits.  The cycles
measured are the harness's in the first cache.  The ratios are the one that compare.py measured, and
what it would be at the least number of cycles.
"""

import argparse
import csv
import heapq
import json
import math
import re
import subprocess
import sys
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
# From or to memory, or renamed.
FREE = re.compile(r"v(mov(?!msk)|broadcast|pbroadcast)\w*\s+[^{]*$")


class Set:
    """An instruction set: registers, their size, where compare.py's results are."""

    def __init__(self, register, size, results):
        self.arithmetic = re.compile(register)
        self.store = re.compile(rf"vmovup[sd]\s+%{register[1:4]}\d+,[^%]*\(")
        self.size, self.results = size, results


SETS = {
    "avx512": Set("%zmm|%k[0-7]", 64, "speed.json"),
    "avx2": Set("%ymm", 32, "speed-avx2.json"),
}


class Processor:
    """What starts in a cycle: how many operations of those that match; which count as several."""

    def __init__(self, starts, several=None):
        self.starts, self.several = starts, several or {}

    def operations(self, text, isa):
        if text.startswith("call"):
            return RARE
        if not isa.arithmetic.search(text) or FREE.match(text):
            return 0
        return next((n for start, n in self.several.items() if text.startswith(start)), 1)

    def cycles(self, texts, isa):
        counts = [(text, self.operations(text, isa)) for text in texts]
        return max(
            sum(n for text, n in counts if re.match(kind, text)) / many
            for kind, many in self.starts.items()
        )


ZEN_5 = Processor(
    {
        "": 4,
        "vf|vmul": 2,
        "vadd|vsub|vmin|vmax": 2,
        "vperm|vshuf|vps[lr]": 2,
        "vcmp|vblend": 2,
        "vscalef": 1,
        "vdiv": 1 / 4.1,
        "vsqrt": 1 / 4.5,
    }
)
PROCESSORS = {  # by family: ports 0 and 5 of Intel's for 512 bits, and 0, 1 and 5 for 256
    ("6", "avx512"): Processor({"": 2}, {"vdiv": 3, "vsqrt": 3, "vscalef": 2}),
    ("6", "avx2"): Processor({"": 3}, {"vblendv": 3}),
    ("26", "avx512"): ZEN_5,
    ("26", "avx2"): ZEN_5,
}


def instructions(symbol):
    command = ["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}", HARNESS]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (re.match(r"\s*([0-9a-f]+):\t(.*)", line) for line in lines)
    return [(int(m[1], 16), m[2].split("#")[0].strip()) for m in found if m]


class Code:
    """A function's instructions, and the ways through them."""

    def __init__(self, symbol, isa, processor):
        code = instructions(symbol)
        self.place = {address: i for i, (address, _) in enumerate(code)}
        self.texts = [text for _, text in code]
        self.isa, self.processor = isa, processor

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
            cost += self.processor.operations(self.texts[i], self.isa)
            for t in self.following(i):
                heapq.heappush(queue, (cost, [*way, t]))
        return frozenset()

    def kernel(self):
        """The instructions of its loop, or of the loops of its stages, and the vectors stored."""
        heads = {h for i in range(len(self.texts)) for h in self.following(i) if h <= i}
        around = {self.way_around(head) for head in heads} - {frozenset()}
        inner = [way for way in around if not any(other < way for other in around)]
        ways, way = [], []
        for loop in sorted(inner, key=min):  # the last of the stages stores
            way = way + [self.texts[i] for i in loop]
            stores = sum(bool(self.isa.store.match(text)) for text in way)
            if stores:
                ways.append((self.count(way) / stores, way, stores))
                way = []
        return min(ways)[1:]

    def count(self, way):
        return sum(self.processor.operations(text, self.isa) for text in way)


def least(symbol, isa, processor):
    """Operations and cycles of a vector, at least."""
    code = Code(symbol, isa, processor)
    way, stores = code.kernel()
    return code.count(way) / stores, processor.cycles(way, isa) / stores


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
    names = [row.name for row in ROWS.values() if row.kind in ("SMOOTH", "GATED")]
    cases = [(i, name, t) for name in names for t in BYTES for i in SETS if (i, name, t) in ratios]
    machine = compare.machine()
    family = machine["family, model, stepping"].split(",")[0]
    rows = []
    for (isa, name, dtype), cycles in cycles_of(cases).items():
        symbol = f"hw_{name}_forward_{dtype}_{isa}"
        operations, fewest = least(symbol, SETS[isa], PROCESSORS[family, isa])
        if cycles < 0.95 * fewest:
            sys.exit(f"{symbol} took {cycles:.1f} cycles, which cannot be: the clock is wrong")
        rows.append(
            {
                "isa": isa,
                "function": name,
                "dtype": dtype,
                "operations": operations,
                "least": fewest,
                "cycles": cycles,
                "ratio": ratios[isa, name, dtype],
            }
        )
    return {"machine": machine, "rows": rows}


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

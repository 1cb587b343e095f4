# SPDX-License-Identifier: MIT
"""What kernels could take at least, for the operations that they have.

    python bench/limits.py             measure, to bench/results/limits.json (a minute)
    python bench/limits.py --readme    the table in csrc/README.md, from that file

Operations are those of a vector that start on the ports of an Intel processor which do arithmetic:
ports 0 and 5 for 512 bits, ports 0, 1 and 5 for 256.  They are counted in the disassembly of the
harness, on the shortest way around the kernel's loop, which is the one that no rare value leaves.
All ports at work all the time would take as many cycles as operations divided by ports.  The cycles
measured are the harness's in the first cache.  The ratios are the one that compare.py measured, and
what it would be at the cycles of the ports.
"""

import argparse
import csv
import heapq
import json
import math
import re
import subprocess
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
    """An instruction set: registers, how many ports compute with them, what takes several."""

    def __init__(self, register, size, ports, several, results):
        self.arithmetic = re.compile(register)
        self.store = re.compile(rf"vmovup[sd]\s+%{register[1:4]}\d+,[^%]*\(")
        self.size, self.ports, self.several, self.results = size, ports, several, results

    def operations(self, text):
        if text.startswith("call"):
            return RARE
        if not self.arithmetic.search(text) or FREE.match(text):
            return 0
        return next((n for start, n in self.several.items() if text.startswith(start)), 1)


SETS = {
    "avx512": Set("%zmm|%k[0-7]", 64, 2, {"vdiv": 3, "vsqrt": 3, "vscalef": 2}, "speed.json"),
    "avx2": Set("%ymm", 32, 3, {"vblendv": 3}, "speed-avx2.json"),
}


def instructions(symbol):
    command = ["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}", HARNESS]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (re.match(r"\s*([0-9a-f]+):\t(.*)", line) for line in lines)
    return [(int(m[1], 16), m[2].split("#")[0].strip()) for m in found if m]


def shortest_loop(symbol, isa):
    """The fewest operations on a way around one of the kernel's loops, for each vector stored."""
    code = instructions(symbol)
    place = {address: i for i, (address, _) in enumerate(code)}
    texts = [text for _, text in code]

    def following(i):
        jump = re.match(r"j(\w+)\s+([0-9a-f]+)", texts[i])
        if jump and int(jump[2], 16) in place:
            yield place[int(jump[2], 16)]
        if not (jump and jump[1] == "mp") and not texts[i].startswith("ret") and i + 1 < len(code):
            yield i + 1

    heads = {t for i in range(len(code)) for t in following(i) if t <= i}
    ways = []
    for head in heads:
        queue, seen = [(0, 0, head)], set()
        while queue:
            cost, stores, i = heapq.heappop(queue)
            if i in seen:
                continue
            seen.add(i)
            cost += isa.operations(texts[i])
            stores += bool(isa.store.match(texts[i]))
            if head in following(i):
                if stores:
                    ways.append(cost / stores)
                break
            for t in following(i):
                heapq.heappush(queue, (cost, stores, t))
    return min(ways)


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
    rows = [
        {
            "isa": isa,
            "function": name,
            "dtype": dtype,
            "operations": shortest_loop(f"hw_{name}_forward_{dtype}_{isa}", SETS[isa]),
            "cycles": cycles,
            "ratio": ratios[isa, name, dtype],
        }
        for (isa, name, dtype), cycles in cycles_of(cases).items()
    ]
    return {"machine": compare.machine(), "rows": rows}


def cells(row):
    """What the table says of a kernel on an instruction set."""
    if row is None:
        return ["", "", ""]
    least = row["operations"] / SETS[row["isa"]].ports
    best = row["ratio"] * row["cycles"] / least
    numbers = f"{row['operations']:.0f}", f"{least:.1f} / {row['cycles']:.1f}"
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

# SPDX-License-Identifier: MIT
"""What AVX-512 kernels could take at least, for the operations that they have.

    python bench/limits.py             measure, to bench/results/limits.json (half a minute)
    python bench/limits.py --readme    the table in csrc/README.md, from that file

Operations are those of a vector that start on port 0 or port 5 of an Intel processor, on which all
512-bit arithmetic does: counted in the disassembly of the harness, on the shortest way around the
kernel's loop, which is the one that no rare value leaves.  Both ports at work all the time would
take half as many cycles.  The cycles measured are the harness's in the first cache.  The last two
columns are the ratio that compare.py measured, and what it would be at the cycles of the ports.
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
LANES = {"f32": 16, "f64": 8}
SIZE, ROUNDS = 65536, 60
# Operations on the ports, if not one: a division and a root are of three.
SEVERAL = {"vdiv": 3, "vsqrt": 3, "vscalef": 2}
FREE = re.compile(r"v(mov|broadcast|pbroadcast)\w*\s+[^{]*$")  # from or to memory, or renamed
RARE = 1000  # a call


def operations(text):
    if text.startswith("call"):
        return RARE
    if not re.search(r"%zmm|%k[0-7]", text) or FREE.match(text):
        return 0
    return next((n for start, n in SEVERAL.items() if text.startswith(start)), 1)


def instructions(symbol):
    command = ["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}", HARNESS]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (re.match(r"\s*([0-9a-f]+):\t(.*)", line) for line in lines)
    return [(int(m[1], 16), m[2].split("#")[0].strip()) for m in found if m]


def shortest_loop(symbol):
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
            cost += operations(texts[i])
            stores += bool(re.match(r"vmovup[sd]\s+%zmm\d+,[^%]*\(", texts[i]))
            if head in following(i):
                if stores:
                    ways.append(cost / stores)
                break
            for t in following(i):
                heapq.heappush(queue, (cost, stores, t))
    return min(ways)


def cycles_at_best(cases, clock):
    """{(function, type): cycles a vector}: of many rounds the least."""
    best = dict.fromkeys(cases, math.inf)
    with report.progress(ROUNDS * len(cases), " ".join) as step:
        for case in ROUNDS * cases:
            name, dtype = case
            options = f"--csv --quick --isa avx512 --level L1 --type {dtype} --filter {name}"
            command = [HARNESS, *options.split(), "--direction", "forward"]
            text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            for line in csv.DictReader(text.splitlines()):
                if line["name"] == name:
                    cycles = float(line["ns_per_value"]) * LANES[dtype] * clock
                    best[case] = min(best[case], cycles)
            step(case)
    return best


def measure():
    subprocess.run(["make", "-s", "-C", HERE, "build/harness"], check=True)
    clock = float(subprocess.check_output([HARNESS, "--clock"]))
    wanted = {"size": SIZE, "layout": "contiguous", "threads": 1, "vjp": False}
    cells = json.loads((HERE / "results" / "speed.json").read_text())["cells"]
    ratios = {
        (cell["function"], cell["dtype"]): report.ratio(cell)
        for cell in cells
        if wanted.items() <= cell.items()
    }
    names = [row.name for row in ROWS.values() if row.kind in ("SMOOTH", "GATED")]
    cases = [(name, dtype) for name in names for dtype in LANES if (name, dtype) in ratios]
    rows = [
        {
            "function": name,
            "dtype": dtype,
            "operations": shortest_loop(f"hw_{name}_forward_{dtype}_avx512"),
            "cycles": cycles,
            "ratio": ratios[name, dtype],
        }
        for (name, dtype), cycles in cycles_at_best(cases, clock).items()
    ]
    return {"machine": compare.machine(), "clock_ghz": clock, "rows": rows}


def section(result):
    columns = ["kernel", "operations", "cycles at least", "measured", "best / ours", "at least"]
    lines = []
    for row in result["rows"]:
        least = row["operations"] / 2
        best = row["ratio"] * row["cycles"] / least
        name = f"{row['function']} {row['dtype']}"
        numbers = row["operations"], least, row["cycles"], row["ratio"], best
        lines.append([name, *(f"{n:.{d}f}" for n, d in zip(numbers, (0, 1, 1, 2, 2), strict=True))])
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

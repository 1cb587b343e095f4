# SPDX-License-Identifier: MIT
"""What compare.py measured, on the terminal and in README."""

import json
import math
from collections import defaultdict
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

console = Console()
say = console.print
LOSS, WIN, NEAR = 0.95, 1.5, 1.5
# A peer's second name, for backward passes that are given the forward's result: less is left to do.
FROM_Y = " from y"
MARKS = "<!-- speed:begin -->", "<!-- speed:end -->"
SIZES = {100: "100", 4096: "4 Ki", 65536: "64 Ki", 1 << 20: "1 Mi", 1 << 24: "16 Mi"}
DTYPES = {"f16": "float16", "bf16": "bfloat16", "f32": "float32", "f64": "float64"}
LAYOUTS = {k: k for k in ("contiguous", "strided", "transposed")} | {"wide": "wide (-10 to 10)"}
NAMES = {"vjp": ("forward", "vjp"), "size": SIZES, "layout": LAYOUTS}


@contextmanager
def progress(total, describe):
    """A bar; gives the function to call after each cell, which `describe` puts in words."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    # Drawing takes time of the CPUs that are measured.
    with Progress(*columns, console=console, transient=True, refresh_per_second=1) as bar:
        task = bar.add_task("starting", total=total)
        yield lambda cell: bar.update(task, advance=1, description=describe(cell))


def title(cell):
    """What is not said is contiguous, and one thread."""
    text = f"{'vjp.' * cell['vjp']}{cell['function']} {cell['dtype']} {SIZES[cell['size']]}"
    if cell["layout"] != "contiguous":
        text += f" {cell['layout']}"
    return text + (f" {cell['threads']} threads" if cell["threads"] > 1 else "")


def best(cell):
    """(name, ns a value) of the fastest library but halfwave, or None."""
    apart = ("halfwave", "memmove")
    peers = {p: ns[0] for p, ns in cell["ns"].items() if p not in apart and not p.endswith(FROM_Y)}
    return min(peers.items(), key=lambda item: item[1]) if peers else None


def ratio(cell):
    """How many times as long the best of the others takes; NaN where there is none."""
    other = best(cell)
    return other[1] / cell["ns"]["halfwave"][0] if other else math.nan


def compared(result):
    return [cell for cell in result["cells"] if best(cell)]


def losing(result):
    """The cells where another library is faster, worst first."""
    return sorted((c for c in compared(result) if ratio(c) < LOSS), key=ratio)


def from_result(result):
    """The times from y and halfwave's from x, at 65,536 contiguous float32 values."""
    found = [
        f"{title(c)} {nanoseconds(ns[0])} in {peer.removesuffix(FROM_Y)} "
        f"({nanoseconds(c['ns']['halfwave'][0])})"
        for c in result["cells"]
        for peer, ns in c["ns"].items()
        if peer.endswith(FROM_Y)
        and (c["dtype"], c["size"], c["layout"], c["threads"]) == ("f32", 65536, "contiguous", 1)
    ]
    return "; ".join(found)


def near_memmove(cell):
    """Does the best other library come near memmove?  Then memory is the limit."""
    return best(cell)[1] <= NEAR * cell["ns"]["memmove"][0]


def at_the_limit(cells):
    """How many cells of those that memory limits reach memmove's speed, in words."""
    near = [
        (cell["ns"]["memmove"][0] / cell["ns"]["halfwave"][0], cell["moved"])
        for cell in cells
        if near_memmove(cell)
    ]
    values = sum(speed >= LOSS for speed, _ in near)
    moved = sum(speed * times >= LOSS for speed, times in near)
    return (
        f"Where the best other library takes at most {NEAR} times as long as memmove of as many "
        f"values, halfwave has {LOSS} of memmove's speed or more in {values:,} of {len(near):,} "
        f"cells; in {moved:,} if all bytes count that are read and written, such as a vjp's second "
        "operand."
    )


def groups(result):
    """{heading: cells}: all of them, then by each property that varies."""
    cells = compared(result)
    found = {"all": cells}
    near = [cell for cell in cells if near_memmove(cell)]
    far = [cell for cell in cells if not near_memmove(cell)]
    wins = [c for c in far if best(c)[1] > WIN * c["moved"] * c["ns"]["memmove"][0]]
    for part, name in (
        (far, f"the best other takes over {NEAR} times memmove"),
        (wins, f"… and over {WIN} times memmove of its bytes"),
        (near, f"the best other takes at most {NEAR} times memmove"),
    ):
        if part:
            found[name] = part
    for key, name in (
        ("dtype", "{}"),
        ("size", "{}"),
        ("layout", "{}"),
        ("threads", "{} threads"),
        ("vjp", "{}"),
    ):
        split = defaultdict(list)
        for cell in cells:
            split[cell[key]].append(cell)
        if len(split) > 1:
            for value, part in split.items():
                value = NAMES.get(key, {value: value})[value]
                found["1 thread" if (key, value) == ("threads", 1) else name.format(value)] = part
    return found


def summary(cells):
    """The geometric mean of the ratios, and the shares of wins and losses, as text."""
    ratios = [ratio(cell) for cell in cells]
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    won, lost = (sum(map(test, ratios)) / len(ratios) for test in (WIN.__le__, LOSS.__gt__))
    return f"{len(ratios):,}", f"{mean:.2f}", f"{won:.0%}", f"{lost:.1%}"


SUMMARY = ("cells", "geometric mean", f"at least {WIN}", f"below {LOSS}")


def table(heading, columns, rows):
    """A table: the first column to the left, the others to the right."""
    drawn = Table(title=heading, title_justify="left", title_style="bold")
    for i, column in enumerate(columns):
        drawn.add_column(column, justify="right" if i else "left", no_wrap=i == 0)
    for row in rows:
        drawn.add_row(*row)
    say(drawn)


def nanoseconds(value):
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def row_of(cell):
    name, ns = best(cell)
    own, limit = cell["ns"]["halfwave"][0], cell["ns"]["memmove"][0]
    return (f"{ratio(cell):.2f}", *map(nanoseconds, (own, ns)), name, nanoseconds(limit))


ROW = ("ratio", "halfwave", "best other", "which", "memmove")


def show(result):
    """The losing cells first, then all of a small run, the summary, and what was left out."""
    cells, lost = compared(result), losing(result)
    if lost:
        heading = f"halfwave is slower in {len(lost)} of {len(cells)} cells (ns a value)"
        table(heading, ("cell", *ROW), ([title(c), *row_of(c)] for c in lost))
    else:
        say(f"halfwave is slower in none of {len(cells)} cells (ratio < {LOSS})")
    if len(cells) <= 100:
        rest = [cell for cell in cells if cell not in lost]
        table("the others", ("cell", *ROW), ([title(c), *row_of(c)] for c in rest))
    if cells:
        rows = ((name, *summary(part)) for name, part in groups(result).items())
        table("time of the best other library / halfwave's", ("", *SUMMARY), rows)
        say(at_the_limit(cells))
    if others := from_result(result):
        say(f"given the forward's result, ns a value (halfwave, from x): {others}")
    machine = result["machine"]
    say(f"{machine['cpu']}, {machine['cores']} cores; instruction sets: {result['isa']}")
    say(", ".join(f"{peer} {number}" for peer, number in result["peers"].items()))
    for peer, why in result["skipped"].items():
        say(f"{peer}: skipped, {why}", markup=False)
    found = defaultdict(list)
    for note in result["notes"]:
        found[note["peer"], note["note"], note["why"]].append(note["what"])
    for (peer, kind, why), what in found.items():
        text = ", ".join(what[:3]) + (f" and {len(what) - 3} more" if len(what) > 3 else "")
        say(f"{peer} {kind}: {text}: {why}", markup=False, style="dim", highlight=False)
    if machine["load before"] > 0.3:
        # A barrier waits for a thread that has lost its core: a time slice, not microseconds.
        say("the machine was busy: times with several threads mean little", style="yellow")
    if result["left out"]:
        say(f"left out when the time was over: {result['left out']} cells", style="yellow")
    say(f"{len(result['cells'])} cells in {result['seconds']} s")


def markdown(columns, rows):
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def section(results):
    """README's text on speed, from the JSON files of a folder."""
    result = json.loads((results / "speed.json").read_text())
    machine, lost, cells = result["machine"], losing(result), compared(result)
    peers = ", ".join(
        f"{p} {v}"
        for p, v in result["peers"].items()
        if p != "NumPy in f32" and not p.endswith(FROM_Y)
    )
    folder = f"bench/{results.name}"
    parts = [
        f"Measured by `python bench/compare.py` on {result['date']}: {machine['cpu']} "
        f"({machine['vectors']}), {machine['cores']} cores, {machine['system']}; {peers}. "
        "Each library ran by its fastest convention, in one process and interleaved. "
        "The ratio is the time of the best other library over halfwave's; one that "
        "takes over three times as long at 64 Ki or more is left out of the next size, and a cell "
        "without another has no ratio. "
        f"{result['left out']} cells were left out when the time was over. "
        f"Before the run the machine's load was {machine['load before']:.2f}. "
        f"All of it: [{folder}/speed.json]({folder}/speed.json).",
    ]
    if lost:
        worst = ([title(c), *row_of(c)] for c in lost[:10])
        parts += [
            f"Another library is more than 5 % faster in {len(lost):,} of {len(cells):,} cells, "
            f"and faster at all in {sum(ratio(c) < 1 for c in cells):,}. "
            + ("The worst ten" if len(lost) > 10 else "They are these")
            + " (ns a value):",
            markdown(("cell", *ROW), worst),
        ]
    else:
        parts.append(f"No other library is faster in any of {len(cells):,} cells.")
    if others := from_result(result):
        parts.append(
            "A backward pass that is given the forward's result has less to do, and is not "
            f"counted. There are some, in ns a value (halfwave's, from x): {others}."
        )
    rows = [(name, *summary(part)) for name, part in groups(result).items()]
    if (other := results / "speed-avx2.json").exists():
        rows.append(("all, held to AVX2", *summary(compared(json.loads(other.read_text())))))
    parts += ["In sum:", markdown(("", *SUMMARY), rows), at_the_limit(cells)]
    parts += [
        f"![{text}]({folder}/speed-{name}.png)"
        for name, text in (
            ("forward", "Ratios to the best other library, forward"),
            ("vjp", "Ratios to the best other library, backward"),
            ("limit", "Time a value against memmove"),
        )
        if (results / f"speed-{name}.png").exists()
    ]
    shown = "".join(parts)
    parts.append(
        "A blank cell has no other library left, or was left out; an arrow is beyond the axis."
    )
    if more := [p.name for p in sorted(results.glob("speed-*.png")) if p.name not in shown]:
        parts[-1] += f" More: {', '.join(f'[{name}]({folder}/{name})' for name in more)}."
    return "\n\n".join(parts)


def write_readme(readme, section, marks=MARKS):
    """Put a section between its marks."""
    text, (begin, end) = readme.read_text(), marks
    if begin not in text or end not in text:
        raise SystemExit(f"{readme} lacks the marks {begin} and {end}")
    before, after = text.split(begin)[0], text.split(end)[1]
    readme.write_text(f"{before}{begin}\n{section}\n{end}{after}")
    say(f"written: {readme}")

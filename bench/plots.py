# SPDX-License-Identifier: MIT
"""Pictures of what compare.py measured: ratios to the best other library, times by memmove's."""

import math

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from peers import FUNCTIONS
from report import DTYPES, SIZES, best, compared, ratio

INK, OWN, OTHER, LIMIT = "#222222", "#2166ac", "#c9c9c9", "#b2182b"


def draw(result, path):
    """Write what the result has cells for, beside path."""
    machine = result["machine"]
    where = f"{machine['cpu']}, {result['date']}"
    if result["isa"] != "best":
        where += f", {result['isa']}"
    contiguous = [c for c in compared(result) if c["layout"] == "contiguous"]
    for vjp, name in enumerate(("forward", "vjp")):
        for threads in sorted({c["threads"] for c in contiguous}):
            cells = [c for c in contiguous if c["vjp"] == bool(vjp) and c["threads"] == threads]
            suffix = name if threads == 1 else f"{name}-{threads}"
            if cells:
                heat_map(cells, name, threads, where, path.with_name(f"{path.stem}-{suffix}.png"))
    bars(
        [c for c in contiguous if c["threads"] == 1 and c["dtype"] == "f32" and not c["vjp"]],
        where,
        path.with_name(f"{path.stem}-limit.png"),
    )


def save(figure, path):
    figure.savefig(path, dpi=110, facecolor="white")
    plt.close(figure)


def in_order(values, order):
    found = set(values)
    return [v for v in order if v in found]


def heat_map(cells, direction, threads, where, path):
    """Functions by (type, size); 1 is white, blue is where halfwave is faster."""
    names = in_order((c["function"] for c in cells), FUNCTIONS)
    dtypes = in_order((c["dtype"] for c in cells), DTYPES)
    sizes = in_order((c["size"] for c in cells), SIZES)
    grid = np.full((len(names), len(dtypes) * len(sizes)), np.nan)
    for c in cells:
        column = dtypes.index(c["dtype"]) * len(sizes) + sizes.index(c["size"])
        grid[names.index(c["function"]), column] = ratio(c)

    rows, columns = grid.shape
    # Margins in inches, so that a map of few cells keeps its labels apart.
    left, right, top, bottom = 1.25, 1.1, 1.25, 0.3
    width, height = max(0.52 * columns, 4.5), max(0.27 * rows, 0.8)
    size = left + width + right, top + height + bottom
    figure = plt.figure(figsize=size)
    axes = figure.add_axes((left / size[0], bottom / size[1], width / size[0], height / size[1]))
    image = axes.imshow(grid, cmap="RdBu", norm=LogNorm(1 / 8, 8), aspect="auto")
    for (row, column), value in np.ndenumerate(grid):
        if not math.isnan(value):
            color = "white" if abs(math.log(value)) > math.log(4) else INK
            text = f"{value:.2f}" if value < 9.95 else f"{value:.0f}"
            axes.text(column, row, text, ha="center", va="center", fontsize=7.5, color=color)
    axes.set_yticks(range(rows), names, fontsize=9)
    axes.set_xticks(range(columns), [SIZES[s] for s in sizes] * len(dtypes), fontsize=8)
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    for i, dtype in enumerate(dtypes):
        middle = (i + 0.5) * len(sizes) - 0.5
        axes.text(middle, -0.5 - 0.3 / 0.27 * (0.27 * rows / height), DTYPES[dtype],
                  ha="center", va="bottom", fontsize=10, weight="bold", color=INK)  # fmt: skip
        if i:
            axes.axvline(i * len(sizes) - 0.5, color="white", linewidth=4)
    axes.spines[:].set_visible(False)
    from_top = 1 - 0.12 / size[1]
    figure.text(
        0.15 / size[0], from_top, va="top", fontsize=12, weight="bold", color=INK,
        s=f"Time of the best other library / halfwave's: {direction}, "
        f"{threads} thread{'s' * (threads > 1)}",
    )  # fmt: skip
    figure.text(
        0.15 / size[0], from_top - 0.24 / size[1], va="top", fontsize=9, color="#555555",
        s=f"{where}; contiguous; blue: halfwave is faster",
    )  # fmt: skip
    bar_height = min(height, 3)
    bar = figure.colorbar(
        image, extend="both", ticks=[1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8],
        cax=figure.add_axes(
            ((left + width + 0.25) / size[0], (bottom + height - bar_height) / size[1],
             0.16 / size[0], bar_height / size[1])
        ),
    )  # fmt: skip
    bar.ax.set_yticklabels(["⅛", "¼", "½", "1", "2", "4", "8"], fontsize=9)
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    save(figure, path)


def bars(cells, where, path):
    """Nanoseconds a value of halfwave, the best other and memmove, in the cache and out of it."""
    sizes = [s for s in (65536, 1 << 24) if any(c["size"] == s for c in cells)]
    if not sizes:
        return
    names = in_order((c["function"] for c in cells), FUNCTIONS)
    height = 0.34 * len(names) + 1.5
    figure, panels = plt.subplots(
        1, len(sizes), figsize=(1.4 + 4.8 * len(sizes), height), sharey=True, squeeze=False
    )
    figure.subplots_adjust(
        left=1.15 / (1.4 + 4.8 * len(sizes)), right=0.98, wspace=0.06,
        top=1 - 0.95 / height, bottom=0.5 / height,
    )  # fmt: skip
    for axes, size in zip(panels[0], sizes, strict=True):
        found = {c["function"]: c for c in cells if c["size"] == size}
        own = {n: c["ns"]["halfwave"][0] for n, c in found.items()}
        limit = np.median([c["ns"]["memmove"][0] for c in found.values()])
        # Long bars are cut, so that the short ones can be told apart.
        end = 1.6 * max(max(own.values()), limit)
        for y, name in enumerate(names):
            if name not in found:
                continue
            other, ns = best(found[name])
            axes.barh(y - 0.19, own[name], 0.36, color=OWN, label="halfwave" if not y else None)
            axes.barh(y + 0.19, min(ns, end), 0.36, color=OTHER,
                      label="best other" if not y else None)  # fmt: skip
            text = f"{other} {ns:.2g}" + (" →" if ns > end else "")
            inside = min(ns, end) > 0.62 * end
            axes.text(
                min(ns, end) + (-0.01 if inside else 0.01) * end, y + 0.21, text, fontsize=7,
                va="center", ha="right" if inside else "left", color=INK,
                bbox=None if inside else {"facecolor": "white", "edgecolor": "none", "pad": 0.2},
            )  # fmt: skip
        axes.axvline(limit, color=LIMIT, linewidth=1.3, label=f"memmove {limit:.2g}")
        axes.set_xlim(0, end)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_yticks(range(len(names)), names, fontsize=9)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", labelsize=8)
        axes.set_title(f"{SIZES[size]} values", fontsize=10, loc="left")
        axes.set_xlabel("ns a value", fontsize=9)
        axes.grid(axis="x", color="#eeeeee")
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.legend(
            fontsize=8, frameon=False, loc="lower right", ncols=3, bbox_to_anchor=(1.0, 1.0),
            borderpad=0, handlelength=1.2, columnspacing=1.0,
        )  # fmt: skip
    width = 1.4 + 4.8 * len(sizes)
    figure.text(
        0.15 / width, 1 - 0.12 / height, va="top", fontsize=12, weight="bold", color=INK,
        s="Time a value against memmove: float32, forward, 1 thread",
    )  # fmt: skip
    figure.text(0.15 / width, 1 - 0.36 / height, f"{where}; contiguous", va="top", fontsize=9,
                color="#555555")  # fmt: skip
    save(figure, path)

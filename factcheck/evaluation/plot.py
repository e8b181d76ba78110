"""Pictures of a run: headline figures with their intervals, and risk against coverage."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from factcheck.errors import MissingExtraError, StorageError, UsageError

FORMATS = (".png", ".svg", ".pdf")
_COLOURS = (
    "#0550ae",
    "#bc4c00",
    "#1a7f37",
    "#8250df",
    "#57606a",
    "#bf3989",
)
_HATCHES = ("", "//", "..", "xx", "\\\\", "--")


def require_plot(path: Path) -> None:
    """Refuse before any work is done what could not be drawn at its end.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: the file's name does not say how it is to be drawn.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError("is no name for a picture", where=path, remedy=f"end it with {', '.join(FORMATS)}")
    if find_spec("matplotlib") is None:
        raise MissingExtraError("a picture", "plot")


def plot_pairs(record: Mapping[str, Any], path: Path) -> None:
    """Draw a run of `eval pairs`.

    Args:
        record: as `PairsRun.record` gives it.
        path: picture to write; its suffix says which kind.

    Raises:
        StorageError: it cannot be written.
    """
    from matplotlib.figure import Figure

    sets, systems = [s["name"] for s in record["sets"]], list(record["results"])
    columns = min(len(sets), 4)
    lines = -(-len(sets) // columns)
    figure = Figure(figsize=(max(7.0, 3.1 * columns), 3.6 + 2.6 * lines), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[3.4, 2.6 * lines], squeeze=False)[:, 0]
    axes = above.subplots()
    width = 0.8 / len(systems)
    for place, system in enumerate(systems):
        found = [record["results"][system][name] for name in sets]
        figures = [one[one["metric"]] for one in found]
        x = [at - 0.4 + width * (place + 0.5) for at in range(len(sets))]
        heights = [one["value"] or 0.0 for one in figures]
        reach = [
            [h - (one["low"] or h) for h, one in zip(heights, figures, strict=True)],
            [(one["high"] or h) - h for h, one in zip(heights, figures, strict=True)],
        ]
        axes.bar(
            x, heights, width, yerr=[[max(0.0, r) for r in side] for side in reach], label=system, capsize=2,
            color=_COLOURS[place % len(_COLOURS)], hatch=_HATCHES[place % len(_HATCHES)], edgecolor="white",
        )  # fmt: skip
    shown = {"macro_f1": "macro-F1", "accuracy": "accuracy", "balanced_accuracy": "balanced acc."}
    axes.set_xticks(range(len(sets)), [f"{s['name']}\n{shown[s['metric']]}" for s in record["sets"]], fontsize=8)
    axes.set_ylim(0, 1)
    axes.grid(axis="y", alpha=0.3)
    axes.set_title(f"Headline figures, 95 % intervals over claims ({record['half']} half)", fontsize=10)
    above.legend(fontsize=8, ncols=min(len(systems), 4), loc="outside lower center")
    grid = below.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)
    for place, name in enumerate(sets):
        panel = grid[place // columns][place % columns]
        for number, system in enumerate(systems):
            risk = record["results"][system][name]["risk_coverage"]
            if risk is not None:
                panel.plot(*zip(*risk["curve"], strict=True), color=_COLOURS[number % len(_COLOURS)], lw=1.2)
        panel.set_title(name, fontsize=8)
        panel.grid(alpha=0.3)
        panel.tick_params(labelsize=7)
    for place in range(len(sets), lines * columns):
        grid[place // columns][place % columns].set_axis_off()
    below.supxlabel("share of rows answered, surest first", fontsize=8)
    below.supylabel("share of wrong answers", fontsize=8)
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a picture without the time of day in it, so that equal figures give equal files."""
    when: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
    try:
        figure.savefig(path, dpi=150, metadata=when or None)
    except OSError as error:
        raise StorageError(f"cannot be written ({error.strerror})", where=path) from error

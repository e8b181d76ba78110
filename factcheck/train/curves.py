"""The curves of a run as a picture: loss and learning progress, and macro-F1 of every development set."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from factcheck.errors import StorageError

_NOT_SETS = frozenset({"step", "progress", "mean"})


def draw_curves(record: Mapping[str, Any], path: Path) -> bool:
    """Draw a run's record.

    Args:
        record: as `run.json` holds it.
        path: picture to write.

    Returns:
        Whether it was drawn; without matplotlib (extra `plot`) it is not, and a run is none the worse for it.

    Raises:
        StorageError: it cannot be written.
    """
    if find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    points = record["development_curve"]
    figure = Figure(figsize=(7, 6 if points else 3.4), layout="constrained")
    axes = figure.subplots(2 if points else 1, 1, squeeze=False, sharex=True)[:, 0]
    axes[0].plot([p[0] for p in record["loss_curve"]], [p[2] for p in record["loss_curve"]], marker=".", lw=1.2)
    axes[0].set_ylabel("mean loss")
    axes[0].set_title(
        f"{record['rows_seen']:,} rows in {record['seconds']:,.0f} s, {record['parameters'] / 1e6:.1f} M parameters",
        fontsize=9,
    )
    if points:
        for name in dict.fromkeys(key for point in points for key in point if key not in _NOT_SETS):
            axes[1].plot([p["step"] for p in points], [p[name] for p in points], marker=".", lw=1, label=name)
        axes[1].plot([p["step"] for p in points], [p["mean"] for p in points], color="black", lw=2, label="mean")
        axes[1].set_ylabel("development macro-F1")
        axes[1].legend(fontsize=7, ncols=3)
    axes[-1].set_xlabel("step")
    for one in axes:
        one.grid(alpha=0.3)
    try:
        figure.savefig(path, dpi=130)
    except OSError as error:
        raise StorageError(f"cannot be written ({error.strerror})", where=path) from error
    return True

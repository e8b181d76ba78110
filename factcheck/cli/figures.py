"""The figures of `factcheck eval` as Markdown tables, which read well in a terminal too."""

from __future__ import annotations

from typing import Any


def pairs_table(record: dict[str, Any]) -> str:
    """Return the figures as Markdown tables: the headlines of all files first, then each file by itself."""
    lines = ["| set | metric | " + " | ".join(record["results"]) + " |", "|---" * (2 + len(record["results"])) + "|"]
    for one in record["sets"]:
        found = [by_set[one["name"]][one["metric"]] for by_set in record["results"].values()]
        cells = [f"{_number(f['value'])} ({_number(f['low'])} to {_number(f['high'])})" for f in found]
        lines.append(f"| {one['name']} | {_METRIC[one['metric']]} | " + " | ".join(cells) + " |")
    for one in record["sets"]:
        name = one["name"]
        first = next(iter(record["results"].values()))[name]
        counts = ", ".join(f"{label} {sum(said.values())}" for label, said in first["confusion"].items())
        lines += ["", f"{name}: {first['rows']} rows, {first['claims']} claims ({record['half']} half): {counts}", ""]
        lines.append("| | " + " | ".join(_COLUMNS.values()) + " |")
        lines.append("|---" * (len(_COLUMNS) + 1) + "|")
        for system, by_set in record["results"].items():
            lines.append(f"| {system} | " + " | ".join(_cell(by_set[name], key) for key in _COLUMNS) + " |")
        lines += ["", "| | " + " | ".join(f"{c} precision, recall, F1" for c in first["classes"]) + " |"]
        lines.append("|---" * (len(first["classes"]) + 1) + "|")
        for system, by_set in record["results"].items():
            parts = [", ".join(_number(c[k]["value"]) for k in _CLASS) for c in by_set[name]["classes"].values()]
            lines.append(f"| {system} | " + " | ".join(parts) + " |")
    if record["differences"]:
        lines += ["", "| set | | difference | 95 % | p |", "|---|---|---|---|---|"]
        for one in record["differences"]:
            lines.append(
                f"| {one['set']} | {one['system']} − {one['against']} ({_METRIC[one['metric']]}) "
                f"| {_number(one['value'], sign=True)} | {_number(one['low'], sign=True)} to "
                f"{_number(one['high'], sign=True)} | {_number(one['p'])} |"
            )
    return "\n".join(lines).strip() + "\n"


_METRIC = {"accuracy": "accuracy", "balanced_accuracy": "balanced accuracy", "macro_f1": "macro-F1"}
_CLASS = ("precision", "recall", "f1")
_COLUMNS = {
    "headline": "headline (95 %)",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro-F1",
    "auc": "AUC",
    "ece": "ECE",
    "risk": "error at 50 % coverage",
    "failed": "failed",
    "speed": "rows/s",
}


def _cell(found: dict[str, Any], key: str) -> str:
    if key == "headline":
        one = found[found["metric"]]
        shown = (
            f"**{_number(one['value'])}** ({_number(one['low'])} to {_number(one['high'])}) {_METRIC[found['metric']]}"
        )
        return shown if found["threshold"] is None else f"{shown}, threshold of {found['threshold']['chosen_on']}"
    if key == "risk":
        return "–" if found["risk_coverage"] is None else _number(found["risk_coverage"]["risk_at"]["0.5"])
    if key == "failed":
        return str(found["failed"])
    if key == "speed":
        return f"{found['rows'] / max(found['seconds'], 1e-4):,.0f}"
    return "–" if found[key] is None else _number(found[key]["value"])


def _number(value: float | None, *, sign: bool = False) -> str:
    return "–" if value is None else f"{value:+.3f}" if sign else f"{value:.3f}"


def retrieval_table(record: dict[str, Any]) -> str:
    """Return the figures of `eval retrieval` as a Markdown table."""
    lines = []
    for name, found in record["sets"].items():
        columns = list(next(iter(found["modes"].values())))
        lines += [
            "",
            f"{name}: {found['queries']:,} queries ({record['half']} half), {found['passages']:,} passages",
            "",
        ]
        lines += ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
        for mode, measures in found["modes"].items():
            cells = [f"{m['value']:.4f} ({m['low']:.3f} to {m['high']:.3f})" for m in measures.values()]
            lines.append(f"| {mode} | " + " | ".join(cells) + " |")
        lines.append("")
        for one in found["differences"]:
            span = f"{one['low']:+.4f} to {one['high']:+.4f}"
            lines.append(f"fused − {one['against']}, {one['metric']}: {one['value']:+.4f} ({span}), p {one['p']:.3f}")
    return "\n".join(lines).strip() + "\n"


def graph_table(record: dict[str, Any], errors: int) -> str:
    """Return the figures of `eval graph`, with some of the wrong statements."""
    f1, right = record["macro_f1"], record["accuracy"]
    lines = [
        f"{record['set']}: {record['statements']:,} statements ({record['half']} half), "
        f"{record['milliseconds']:.2f} ms each",
        f"macro-F1 {f1['value']:.3f} ({f1['low']:.3f} to {f1['high']:.3f}), "
        f"accuracy {right['value']:.3f} ({right['low']:.3f} to {right['high']:.3f})",
        "",
        "| is | statements | precision | recall | F1 | said " + " | said ".join(_said(record)) + " |",
        "|---" * (5 + len(_said(record))) + "|",
    ]
    for label, found in record["classes"].items():
        counts = " | ".join(f"{record['confusion'][label][said]:,}" for said in _said(record))
        measures = " | ".join(_number(found[key]) for key in _CLASS)
        lines.append(f"| {label} | {found['statements']:,} | {measures} | {counts} |")
    lines += ["", "| rule | verdicts | right |", "|---|---|---|"]
    for rule, found in record["rules"].items():
        lines.append(f"| {rule} | {found['verdicts']:,} | {found['right'] / found['verdicts']:.3f} |")
    for one in record["errors"][:errors]:
        lines += ["", f"{one['is']}, said {one['said']} ({one['kind']}): {one['text']}", f"  {one['reason']}"]
    return "\n".join(lines) + "\n"


def _said(record: dict[str, Any]) -> list[str]:
    return list(next(iter(record["confusion"].values())))

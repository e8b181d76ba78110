"""The parts of a view for people at a terminal: signs and words carry the meaning, colour repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from factcheck.cli.changes import Change, changes
from factcheck.cli.excerpt import MORE, excerpt, source_line
from factcheck.cli.marks import stretches
from factcheck.cli.telling import Piece, pieces
from factcheck.cli.terminal import Terminal
from factcheck.cli.words import LOOKS, counts, draft_of, label_of, percent, plural, stopped, was_rewritten
from factcheck.report import ClaimLabel
from factcheck.types import CheckedClaim, Correction, FailedClaim, Report, Span, Stance

_ASCII = str.maketrans({"·": "-", "—": "-", "›": ">", "…": "...", "“": '"', "”": '"', "→": "->", "─": "-"})
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")
# Overrides and isolates could make a terminal show an order of words that nobody wrote.
_CONTROLS |= dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), "�")
_CONTROLS |= dict.fromkeys(range(55296, 57344), "�")

_STANCE_STYLES = {Stance.SUPPORTS: "green", Stance.REFUTES: "red", Stance.NEUTRAL: "dim"}
_QUOTED_LINES = {ClaimLabel.SUPPORTED: 2, ClaimLabel.NOT_ENOUGH_INFO: 1}

INDENT = 2
MOST_CLAIMS = 200


class Painter:
    """Draws the parts of a view in one terminal's means."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    # ------------------------------------------------------------------------------------------------- small things

    def safe(self, text: str) -> str:
        """Replace what would steer the terminal, one for one, so that spans stay true; ours goes through `own`."""
        return text.translate(_CONTROLS)

    def own(self, text: str) -> str:
        """Fit our own words to the terminal."""
        return text if self.terminal.unicode else text.translate(_ASCII)

    def sign(self, label: ClaimLabel) -> str:
        """Return what stands for a verdict where there is no room for its name."""
        look = LOOKS[label]
        return look.sign if self.terminal.unicode else look.ascii

    def indented(self, content: RenderableType, by: int = INDENT) -> Padding:
        """Set something in from the left by so many columns."""
        return Padding(content, (0, 1, 0, by), expand=False)

    def label(self, text: str) -> RenderableType:
        """Write a title without a rule."""
        return self.indented(Text(self.own(text), style="bold"))

    def heading(self, title: str, aside: str = "") -> RenderableType:
        """Write a title into a rule over the whole width; a long one is cut, since it is only a title."""
        line = self.own("─")
        room = self.terminal.width - len(aside) - 9
        shown = Text(self.safe(title), style="bold", overflow="ellipsis" if self.terminal.unicode else "crop")
        shown.truncate(room)
        rest = self.terminal.width - shown.cell_len - 4 - (len(aside) + 4 if aside else 0)
        parts = [Text(line * 2 + " ", style="cyan"), shown, Text(" " + line * max(rest, 1), style="cyan")]
        if aside:
            parts += [Text(f" {aside} ", style="dim"), Text(line * 2, style="cyan")]
        heading = Text(no_wrap=True)
        for part in parts:
            heading.append_text(part)
        return Group(heading, Text())

    # -------------------------------------------------------------------------------------------------- text and claims

    def marked(self, report: Report) -> RenderableType:
        """Return the text with every claim marked by number, sign and colour."""
        shown = Text().join(self._painted(report, Span(start=0, end=len(report.text))))
        shown.rstrip()  # a file ends with a line feed
        return self.indented(shown if report.text.strip() else Text(self.own("(no text)"), style="dim"))

    def _painted(self, report: Report, within: Span, skip: frozenset[ClaimLabel] = frozenset()) -> Iterator[Text]:
        """Yield a part of the text with its claims marked, those with a label in `skip` left plain."""
        labels = [label_of(claim) for claim in report.claims]
        numbers = [n for n, label in enumerate(labels) if label not in skip]
        spans = [report.claims[n].claim.span for n in numbers]
        for stretch in stretches(report.text, spans, within=within):
            covering = [numbers[n] for n in stretch.claims]
            opening = [numbers[n] for n in stretch.opens]
            worst = max((labels[n] for n in covering), key=lambda label: LOOKS[label].rank, default=None)
            style = "" if worst is None else LOOKS[worst].style
            if opening:
                signs = " ".join(f"{self.sign(labels[n])}{n + 1}" for n in opening)
                yield Text(signs + (" " if self.terminal.color else ""), style=f"bold {style}")
            words = self.safe(stretch.span.of(report.text))
            if not self.terminal.color:
                words = ("[" if opening else "") + words + ("]" if stretch.closes else "")
            yield Text(words, style=style)

    def legend(self, report: Report) -> RenderableType:
        """Return the counts by verdict."""
        summary = report.summary
        if not summary.claims:
            return self.indented(Text("no checkable claim was found", style="dim"))
        shown = Text(f"{plural(summary.claims, 'claim')}: ")
        for number, (label, count) in enumerate(counts(summary)):
            shown.append(", " if number else "")
            shown.append(f"{self.sign(label)} {count} {LOOKS[label].word}", style=LOOKS[label].style)
        return self.indented(shown)

    def claims(self, report: Report) -> list[RenderableType]:
        """Return a block for each claim; of very many, those that most want a reader, in the order of the text."""
        ranks = [LOOKS[label_of(claim)].rank for claim in report.claims]
        chosen = sorted(sorted(range(len(ranks)), key=lambda n: -ranks[n])[:MOST_CLAIMS])
        blocks = [block for n in chosen for block in (self._claim(n + 1, report.claims[n]), Text())]
        left_out = len(ranks) - len(chosen)
        if left_out:
            blocks.append(self.indented(Text(f"{plural(left_out, 'claim')} not shown here: --json or --html has all")))
            blocks.append(Text())
        return blocks

    def _claim(self, number: int, result: CheckedClaim | FailedClaim) -> RenderableType:
        label = label_of(result)
        look = LOOKS[label]
        table = Table.grid(padding=(0, 1))
        table.add_column(justify="right", no_wrap=True, min_width=4)
        table.add_column(overflow="fold")
        head = Text(look.word.upper(), style=f"bold {look.style}")
        if isinstance(result, CheckedClaim):
            head.append(f" {percent(result.verdict.confidence)}", style="dim")
        table.add_row(Text(f"{self.sign(label)} {number}", style=f"bold {look.style}"), head)
        if isinstance(result, FailedClaim):
            table.add_row("", Text(self.safe(result.claim.text)))
            table.add_row(
                Text("why", style="dim"), Text(self.safe(f"{result.message} ({result.stage}, {result.code})"))
            )
            return self.indented(table)
        verdict = result.verdict
        table.add_row("", self._corrected(result.claim.text, verdict.correction))
        shown, _ = pieces(result)
        if verdict.reason and not (label is ClaimLabel.SUPPORTED and _quotes(verdict.reason, shown)):
            table.add_row(Text("why", style="dim"), Text(self.safe(verdict.reason)))
        for piece in shown:
            table.add_row(Text("from", style="dim"), self._source(piece, label))
            table.add_row("", self._quoted(piece, label))
        return self.indented(table)

    def _corrected(self, text: str, correction: Correction | None) -> Text:
        if correction is None:
            return Text(self.safe(text))
        shown = Text(self.safe(text[: correction.span.start]))
        for part in self._replaced(correction.span.of(text), correction.replacement):
            shown.append_text(part)
        return shown.append(self.safe(text[correction.span.end :]))

    def _source(self, piece: Piece, label: ClaimLabel) -> Text:
        shown = Text(self.safe(self.own(source_line(piece.evidence))), style="italic")
        style = "dim" if label is ClaimLabel.NOT_ENOUGH_INFO else _STANCE_STYLES[piece.stance]
        return shown.append(self.own(" · ")).append(piece.part, style=style)

    def _quoted(self, piece: Piece, label: ClaimLabel) -> Text:
        """Quote the evidence around what decided, which is emphasised."""
        lines = _QUOTED_LINES.get(label, 3)
        span = None if label is ClaimLabel.NOT_ENOUGH_INFO else piece.span
        before, middle, after = excerpt(piece.evidence.text, span, limit=lines * (self.terminal.width - 12))
        if middle and not self.terminal.color:
            middle = f"*{middle}*"
        shown = Text(self.own("“") + self._cut(before), style="dim")
        shown.append(self.safe(middle), style="bold not dim")
        return shown.append(self._cut(after) + self.own("”"))

    def _cut(self, text: str) -> str:
        """Fit an ellipsis of ours to the terminal."""
        start, end = text[:1] == MORE, text[-1:] == MORE and len(text) > 1
        inner = self.safe(text[start : len(text) - end])
        return (self.own(MORE) if start else "") + inner + (self.own(MORE) if end else "")

    # ------------------------------------------------------------------------------------------------------- revision

    def rewritten(self, report: Report) -> list[RenderableType]:
        """Return the final text with what changed, and why rewriting ended; that alone where nothing changed."""
        from factcheck.reflect import preservation

        ended = Text("stopped: ", style="dim").append(self.own(stopped(report)))
        if not was_rewritten(report):
            return [self.indented(ended), Text()]
        before, after = draft_of(report).text, report.text
        shown = Text()
        for change in changes(before, after):
            for part in self._changed(report, before, change):
                shown.append_text(part)
        shown.rstrip()
        ended.append(f"; {percent(preservation(before, after))} of the words kept", style="dim")
        return [self.indented(shown), Text(), self.indented(ended), Text()]

    def _changed(self, report: Report, before: str, change: Change) -> Iterator[Text]:
        if change.equal:  # what was right needs no mark any more; what is still open does
            yield from self._painted(report, change.new, skip=frozenset({ClaimLabel.SUPPORTED}))
            return
        here = range(change.new.start, change.new.end)
        ends = False
        for number, claim in enumerate(report.claims, 1):
            label = label_of(claim)
            if label is not ClaimLabel.SUPPORTED:
                ends = ends or claim.claim.span.end - 1 in here
                if claim.claim.span.start in here:
                    bracket = " " if self.terminal.color else "["
                    yield Text(f"{self.sign(label)}{number}{bracket}", style=f"bold {LOOKS[label].style}")
        yield from self._replaced(change.old.of(before), change.new.of(report.text))
        if ends and not self.terminal.color:
            yield Text("]")

    def _replaced(self, removed: str, added: str) -> Iterator[Text]:
        removed, added, color = self.safe(removed), self.safe(added), self.terminal.color
        if removed:
            yield Text(removed, style="strike red") if color else Text(f"[-{removed}-]")
        if removed and added and color:
            yield Text(" ")
        if added:
            yield Text(added, style="bold green underline") if color else Text(f"{{+{added}+}}")

    # -------------------------------------------------------------------------------------------------------- the rest

    def warnings(self, warnings: Sequence[str]) -> list[RenderableType]:
        """Return what the reader should know."""
        view: list[RenderableType] = []
        for warning in warnings:
            table = Table.grid(padding=(0, 1))
            table.add_row(Text("note:", style="yellow"), Text(self.safe(warning)))
            view.append(self.indented(table))
        return [*view, Text()] if view else []

    def intro(self, drafts: int) -> RenderableType:
        """Say what the demonstration does with so many drafts."""
        return Text(
            self.own(
                f"factcheck reads {plural(drafts, 'draft')}, looks up each claim in a small built-in corpus and "
                "knowledge graph, puts right what they refute, and checks the result again. All of it happens on this "
                "machine."
            ),
            style="dim",
        )

    def totals(self, reports: Sequence[Report]) -> list[RenderableType]:
        """Return one sentence on all drafts."""
        before = [draft_of(report).summary for report in reports]
        after = [report.summary for report in reports]
        wrong = [sum(s.refuted + s.conflicting for s in part) for part in (before, after)]
        right = [sum(s.supported for s in part) for part in (before, after)]
        open_ = sum(s.not_enough_info for s in after)
        text = Text(
            f"{plural(sum(s.claims for s in before), 'claim')} in {plural(len(reports), 'draft')}. Before, {right[0]} "
            f"supported and {wrong[0]} refuted or conflicting; after, {right[1]} and {wrong[1]}."
        )
        mark = self.sign(ClaimLabel.NOT_ENOUGH_INFO)
        if open_:
            text.append(f" What the evidence does not settle stays as it was: {plural(open_, 'claim')} marked {mark}.")
        return [self.heading("In all"), self.indented(text), Text()]

    def next_steps(self) -> list[RenderableType]:
        """Return three commands for a text of one's own."""
        steps = (
            ("check and rewrite a text", 'factcheck check "The Danube flows into the Baltic Sea." --revise'),
            ("make an index of your own documents", "factcheck index build my-notes/ --out my-index"),
            ("check a file against it, as a page", "factcheck check draft.txt --index my-index --html report.html"),
        )
        view: list[RenderableType] = [self.heading("Now with a text of your own")]
        for what, command in steps:
            view.append(self.indented(Text(f"# {what}", style="dim")))
            view.append(self.indented(Text(command, style="bold cyan", no_wrap=True, overflow="ignore")))
        return view


def _quotes(reason: str, shown: Sequence[Piece]) -> bool:
    """Say whether a reason only repeats what the quotation below it shows."""
    return any(piece.span is not None and piece.span.of(piece.evidence.text)[:40] in reason for piece in shown)

"""What comes back when a passage goes that stood for others: their documents are written anew, without it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass

from factcheck.index.change import Change, segment_name
from factcheck.index.duplicates import SeenPassages, WrittenPassages, key_of
from factcheck.index.fill import SEEN_FILE
from factcheck.index.likeness import bands_of
from factcheck.index.segment import SegmentWriter
from factcheck.index.table import Collapsed, Kept, StoredDocument
from factcheck.index.vectors import Gather
from factcheck.provenance import Staging
from factcheck.types import Passage


@dataclass(frozen=True, slots=True)
class _Affected:
    """A document that lost what stood for one of its passages."""

    stored: StoredDocument
    passages: list[Passage]
    collapsed: list[Collapsed]


def restore(change: Change, staging: Staging, embed: Callable[[SegmentWriter], Gather]) -> None:
    """Write the documents anew that lost a passage which stood for one of theirs.

    Args:
        change: everything that goes is marked, and everything that is new is written.
        staging: where the documents are written.
        embed: gives the vectors of a finished segment; called only where there is something to write.
    """
    with ExitStack() as stack:
        there = change.left()
        for writer, _ in change.written:
            written = writer.written()
            stack.callback(written.table.close)
            there.append(written)
        lost = {key for key in change.lost if not any(passages.holds(key) for passages in there)}
        affected = _take_out(change, lost)
        if not affected:
            return
        writer = _write(change, staging, affected, lost, there)
    change.restored += len(affected)
    change.take_in(writer, embed(writer))


def _take_out(change: Change, lost: set[bytes]) -> list[_Affected]:
    affected = []
    for removals in change.removals if lost else ():
        table = removals.segment.table
        for row in table.collapsed_into(lost):
            if removals.documents[row]:
                stored = table.document(row)
                affected.append(_Affected(stored, table.passages(stored.rows), table.collapsed(stored)))
                removals.remove(stored.row, stored.rows)
    return affected


def _write(
    change: Change, staging: Staging, affected: list[_Affected], lost: set[bytes], there: list[WrittenPassages]
) -> SegmentWriter:
    near = change.body.passages.near_duplicates
    writer = SegmentWriter(staging.path / f"{segment_name(staging)}-restored", near)
    try:
        with closing(SeenPassages(staging.scratch / SEEN_FILE, near, there)) as seen:
            own = {key_of(passage) for one in affected for passage in one.passages}
            for one in affected:
                # What had a row keeps it: others count on it.
                kept = [Kept(passage=p, key=key_of(p), bands=bands_of(p, near)) for p in one.passages]
                back = [entry.passage for entry in one.collapsed if entry.key in lost]
                equal = [Collapsed(passage=p, key=key_of(p), near=False) for p in back if key_of(p) in own]
                new, collapsed = seen.split([p for p in back if key_of(p) not in own], writer.table, kept)
                others = [entry for entry in one.collapsed if entry.key not in lost]
                writer.add(one.stored.document, one.stored.sha256, new, [*others, *equal, *collapsed])
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return writer

"""What an earlier run has verified already, read from its ledger without writing to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from factcheck.batch.ledger_file import State, told_errors
from factcheck.batch.rows import InputRow


@contextmanager
def kept_rows(
    path: Path, bases: Callable[[], dict[bool, str]], *, retry_failed: bool
) -> Iterator[Callable[[InputRow], bool]]:
    """Open a ledger, and give out the question whether the next run keeps what it holds of a row.

    Args:
        path: of the ledger; where there is none, nothing is kept.
        bases: what a row's verdict has to rest on, by whether it brings contexts; asked where there is a ledger.
        retry_failed: rows with failed claims are verified again.

    Raises:
        IntegrityError: the file is no ledger, or is damaged.
        StorageError: it cannot be read.
    """
    if not path.exists():
        yield lambda _: False
        return
    wanted = bases()
    place = f"{path.absolute().as_uri()}?mode=ro"
    with told_errors(path), closing(sqlite3.connect(place, uri=True)) as connection:

        def keeps(row: InputRow) -> bool:
            query = "SELECT state, content, basis, failed FROM rows WHERE id = ? AND state <> 'rejected'"
            found = connection.execute(query, (str(row.id),)).fetchone()
            if found is None:
                return False
            state, content, basis, failed = found
            stands = state == State.DONE and content == row.content and basis == wanted[row.contexts is not None]
            return stands and not (retry_failed and failed)

        yield keeps

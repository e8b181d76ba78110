"""Answers that were given before, in one SQLite file.

The key is a hash of all that decides an answer: the model, the parameters, the prompt and the generation of the
evidence. Random marks inside a prompt (`ChatRequest.nonce`) are written as a fixed word, in the key and in the answer,
or no prompt with marked-off data would ever be found again.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import orjson

from factcheck.errors import StorageError
from factcheck.types import ChatRequest, Completion

_VERSION = 1
_MARK = "\x1dmark\x1d"  # a control character, which no prompt of ours holds
_TABLE = """
CREATE TABLE IF NOT EXISTS completions (
    key BLOB PRIMARY KEY, model TEXT NOT NULL, generation TEXT NOT NULL, completion BLOB NOT NULL
) WITHOUT ROWID
"""


class ResponseCache:
    """Looks answers up and keeps them; several processes may share the file."""

    def __init__(self, file: Path, *, generation: str) -> None:
        """Open or make the file.

        Args:
            file: of SQLite.
            generation: of index and graph; answers that rest on other evidence are other entries.

        Raises:
            StorageError: the file cannot be opened, or is no cache of ours.
        """
        self._file = file
        self._generation = generation
        self._lock = threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, timeout=30, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._refused(error) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise self._refused(error) from error

    def _prepare(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"version {version} is not {_VERSION}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_TABLE)
        self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    def get(self, identity: str, request: ChatRequest) -> Completion | None:
        """Return the answer that a model gave to a request before, marked as cached, or None."""
        with self._access() as connection:
            row = connection.execute(
                "SELECT completion FROM completions WHERE key = ?", (self._key(identity, request),)
            )
            found = row.fetchone()
        if found is None:
            return None
        try:
            kept = msgspec.convert(orjson.loads(found[0]), Completion, strict=True)
        except (orjson.JSONDecodeError, msgspec.ValidationError) as error:
            raise self._refused(error) from error
        text = kept.text.replace(_MARK, request.nonce) if request.nonce else kept.text
        return replace(kept, text=text, cached=True, seconds=0.0, cost=None)

    def put(self, identity: str, request: ChatRequest, completion: Completion) -> None:
        """Keep an answer; of two processes that answer at once the last one stays."""
        text = completion.text.replace(request.nonce, _MARK) if request.nonce else completion.text
        data = orjson.dumps({**msgspec.to_builtins(completion), "text": text, "cached": False})
        with self._access() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO completions VALUES (?, ?, ?, ?)",
                (self._key(identity, request), identity, self._generation, data),
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _key(self, identity: str, request: ChatRequest) -> bytes:
        given = msgspec.to_builtins(request)
        nonce = given.pop("nonce")
        if nonce:
            for message in given["messages"]:
                message["content"] = message["content"].replace(nonce, _MARK)
        what = [_VERSION, identity, self._generation, given]
        return hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).digest()

    @contextlib.contextmanager
    def _access(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise self._refused(error) from error

    def _refused(self, error: Exception) -> StorageError:
        return StorageError(
            f"cannot be used as a response cache ({error})", where=self._file, remedy="name another file with --cache"
        )

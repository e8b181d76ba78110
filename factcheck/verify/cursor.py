"""A place in the tokens of a statement about numbers, from which a grammar reads on without going back far."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from factcheck.verify.operands import Token, Unreadable


class Cursor:
    """Looks ahead, takes words, and says where it stands."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Begin at the first token."""
        self._tokens = list(tokens)
        self._at = 0
        self._judged = True  # False after "saying that", until it is said what is thought of it
        self._infinitive = False  # after "it is impossible for"

    @property
    def _done(self) -> bool:
        return self._at >= len(self._tokens)

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at].word if at < len(self._tokens) else ""

    def _take(self, *words: str) -> bool:
        """Take one word if it is one of these."""
        if self._peek() not in words:
            return False
        self._at += 1
        return True

    def _sequence(self, *words: str) -> bool:
        """Take several words if they follow in this order."""
        if any(self._peek(n) != word for n, word in enumerate(words)):
            return False
        self._at += len(words)
        return True

    def _one_of(self, phrases: Collection[tuple[str, ...]]) -> bool:
        """Take one of several phrases, the longest that is there."""
        return any(self._sequence(*phrase) for phrase in sorted(phrases, key=len, reverse=True))

    def _expect(self, *words: str) -> None:
        if not self._take(*words):
            raise Unreadable

    def _next_word(self) -> str:
        word = self._peek()
        self._at += 1
        return word

    def _number(self) -> Token:
        """Take a number."""
        token = self._tokens[self._at] if not self._done else None
        if token is None or token.operand is None:
            raise Unreadable
        self._at += 1
        return token

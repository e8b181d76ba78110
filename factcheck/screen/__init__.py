"""What should not be in a text, whatever the evidence says of it: listed terms, personal data, classified harm."""

from factcheck.screen.findings import Finding, ScreenAction, redact
from factcheck.screen.guard import Guard, ScreenedReviser, acted
from factcheck.screen.personal import PersonalKind, find_personal, personal_kinds
from factcheck.screen.screen import Screen
from factcheck.screen.sieve import Sieve, Sifted
from factcheck.screen.terms import TermList, read_terms

__all__ = [
    "Finding",
    "Guard",
    "PersonalKind",
    "Screen",
    "ScreenAction",
    "ScreenedReviser",
    "Sieve",
    "Sifted",
    "TermList",
    "acted",
    "find_personal",
    "personal_kinds",
    "read_terms",
    "redact",
]

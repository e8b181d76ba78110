"""The screen that the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.config import Settings

if TYPE_CHECKING:
    from factcheck.screen import Guard


def open_guard(settings: Settings) -> Guard | None:
    """Return the screen around checking; None where the settings name nothing to screen for."""
    chosen = settings.screen
    if not (chosen.terms or chosen.personal or chosen.classifier):
        return None
    from factcheck.models import load_classifier
    from factcheck.screen import Guard, Screen, ScreenAction, personal_kinds, read_terms

    screen = Screen(
        terms=[one for path in chosen.terms for one in read_terms(Path(path))],
        personal=personal_kinds(chosen.personal),
        classifier=load_classifier(chosen.classifier, settings.models.threads) if chosen.classifier else None,
        labels=chosen.labels,
        threshold=chosen.threshold,
    )
    return Guard(screen, ScreenAction(chosen.action))


def sha256_of_search(settings: Settings) -> str:
    """Return the SHA-256 of what the screen looks for, the lists' words included, and not of what it then does."""
    import orjson

    from factcheck.provenance import sha256_bytes

    chosen = settings.as_dict()["screen"]
    lists = [sha256_bytes(Path(path).read_bytes()) for path in settings.screen.terms]
    return sha256_bytes(orjson.dumps([{**chosen, "terms": lists, "action": ""}], option=orjson.OPT_SORT_KEYS))

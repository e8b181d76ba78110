"""One self-contained page: our style sheet, no script, nothing fetched, every text escaped.

The content security policy allows the page's own style sheet, by its hash, and nothing else; so even a hole in the
escaping would run nothing.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from factcheck import __version__
from factcheck.cli.markup import Content, Markup, element


def page(title: str, *body: Content) -> str:
    """Return the page.

    Args:
        title: as it stands in the browser's tab.
        body: what the page shows.
    """
    style = resources.files("factcheck.cli").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content=f"factcheck {__version__}"),
        element("title", title),
        element("style", Markup(style)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, chr(10), element('body', *body), lang='en')}\n"

"""What is wrong with a text that is not JSON, for a message that names the line already."""

from __future__ import annotations

import orjson


def json_fault(error: orjson.JSONDecodeError) -> str:
    """Return what the parser says, with the character of the line where it stopped.

    The parser's own message counts lines within what it was given: "line 1", whichever line of the file that was.
    Bytes that are no UTF-8 have no place in it, since it gives the first character for all of them.
    """
    if error.msg.startswith("str is not valid UTF-8"):
        return "not UTF-8"
    return f"{error.msg}, at character {error.pos + 1}"

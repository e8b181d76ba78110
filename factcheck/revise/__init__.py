"""A draft and its report to a better draft."""

from factcheck.revise.edit import EditReviser

__all__ = ["EditReviser"]

"""Documents to passages to one searchable, checksummed generation on disk."""

from factcheck.index.build import BuildReport
from factcheck.index.index import Hit, Index, SearchMode
from factcheck.index.passages import PassageSettings
from factcheck.index.update import UpdateReport

__all__ = ["BuildReport", "Hit", "Index", "PassageSettings", "SearchMode", "UpdateReport"]

"""Which filings have work that was reassigned to somebody; asked of few, each by its id."""

from sqlalchemy import ColumnElement, exists

from ..database.columns import among_given, text_at
from ..database.tables import filings, timeline

_entries = timeline.alias("reassigned")


def was_given(name: str) -> ColumnElement[bool]:
    """Return the condition that work of a filing was ever given to one of the list of this name.

    Also work that does not wait now, as that of a role which only sends. Whose it is today its view says.
    """
    whom = text_at(_entries.c.data, "contact")
    of_filing = (_entries.c.filing == filings.c.id, _entries.c.what == "reassigned")
    return exists().where(*of_filing, among_given(whom, name)).correlate(filings)

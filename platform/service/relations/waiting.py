"""What waits for a contact: links in the mails that told of it die with another e-mail address."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from ...office.overviews.worklist import WorkLine, work_of
from ...office.people import Contact
from ...period import Period, say_over

NAMED = 5
"""So many filings are named in a sentence; the others are counted."""


def find_waiting(connection: Connection, contact: Contact, today: date) -> tuple[WorkLine, ...]:
    """Return what waits for a contact with an address, at whichever relation."""
    return work_of(connection, contact, today) if contact.email else ()


def name_filings(waiting: Sequence[WorkLine]) -> str:
    """Return of which filings something waits, each once, the first ones by name (Dutch)."""
    named = [
        f"{one.filing_title} {say_over(Period.parse(one.period).words)} (relatie {one.relation})"
        for one in {line.filing: line for line in waiting}.values()
    ]
    more = len(named) - NAMED
    return ", ".join(named[:NAMED]) + (f" en {more} andere" if more > 0 else "")

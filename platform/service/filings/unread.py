"""What a client wrote about a filing and nobody has read, told to whoever goes on with it."""

from sqlalchemy import Connection

from ...office.filings.chat_lines import count_lines
from ...office.people import contacts_of
from ..results import Refusal
from .cases import find_by_name


def warn_of_unread(connection: Connection, name: str) -> tuple[str, ...]:
    """Return a sentence for each contact who wrote something about a filing that nobody has read."""
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return ()
    writers = {one.contact for one in count_lines(connection, filing.id) if one.unread}
    names = {one.id: one.name for one in contacts_of(connection, filing.relation)} if writers else {}
    return tuple(
        f"{names.get(one, one)} schreef iets dat nog niet is gelezen: kijk bij Gesprek met de klant."
        for one in sorted(writers)
    )

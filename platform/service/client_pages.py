"""What a client reads on the pages: only what is for them, by keys that tell nothing."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from ..office.office_clock import office_now
from ..office.overviews.worklist import WorkLine, work_of
from ..office.people import find_contact
from ..plan import Model
from .access import Visitor, keys_of
from .desk import Desk


class ClientTask(Model):
    """One thing that waits for a client; `key` stands for its filing, `due` is when it is wanted."""

    key: str
    kind: str
    title: str
    filing: str
    period: str
    relation: str
    due: date | None


class ClientHome(Model):
    """A client's first page."""

    waiting: tuple[ClientTask, ...]


def read_home(desk: Desk, visitor: Visitor) -> ClientHome:
    """Return what waits for a client, what is due first coming first. Raises DatabaseError."""

    def ask(connection: Connection) -> ClientHome:
        contact = find_contact(connection, visitor.id)
        lines = work_of(connection, contact, office_now(connection).date()) if contact else ()
        return ClientHome(waiting=tuple(_list_tasks(connection, lines)))

    return desk.read(ask)


def _list_tasks(connection: Connection, lines: Iterable[WorkLine]) -> Iterable[ClientTask]:
    found = list(lines)
    keys = keys_of(connection, {line.filing for line in found})
    for line in found:
        yield ClientTask(
            key=keys[line.filing],
            kind=line.kind,
            title=line.title,
            filing=line.filing_title,
            period=line.period,
            relation=line.relation_name,
            due=line.due,
        )

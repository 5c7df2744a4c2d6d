"""What a kind of edit gives: what is asked, completed, and for each relation the edit that it would be."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from ....filing.outcome import Refusal
from ....office.bulk import Foreseen
from ....office.exchange import Edit
from ....plan import Office
from ..asking import Asked


class Place(NamedTuple):
    """Where relations are edited: the office as a connection reads it, on a day of office time."""

    connection: Connection
    office: Office
    today: date


class Draft(NamedTuple):
    """The edit of a relation, with what is told behind its changes; or without one how it is, or why not."""

    edit: Edit | None
    text: str = ""
    foreseen: Foreseen = "not_ready"


def find_named(titles: Mapping[str, str], typed: str) -> str | None:
    """Return the id of what was typed: its id, or what it is called; None where there is no such thing."""
    wanted = typed.strip().casefold()
    return next((id for id, title in titles.items() if wanted in (id.casefold(), title.casefold())), None)


class Drafting(Protocol):
    """One kind of edit."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked with titles, or what of it lacks or cannot be read."""

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each of these relations, with as many statements for one as for thousands."""

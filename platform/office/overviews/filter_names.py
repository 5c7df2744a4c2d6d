"""Names in a filter that the office does not have, so that they can find nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ...context import LEGAL_FORMS
from ...filters import NOBODY, NOTHING, SOMEBODY, FilterError, Reading, Span
from ...suggest import say_what_is_meant
from ..database.columns import texts_of
from ..database.tables import OPEN, filings, relation_products, relation_roles, relations
from ..people import TeamMember, all_members
from ..plans import active_office, active_plans, plans_in_force

_NOT_NAMES = (NOBODY, SOMEBODY, NOTHING)


def find_unknown(connection: Connection, reading: Reading) -> FilterError | None:
    """Return the first name in a filter that nothing here has, with the one that is near.

    What relations and filings still have of older definitions may be asked for.
    """
    known = _Known(connection)
    for term, key, places in reading.written:
        if term.key and not known.has(term.field, term.key):
            return _say_unknown(_KEY_WORDS[term.field], term.field, term.key, key, known.names(term.field))
        about = "member" if term.field == "role" else term.field
        if about not in _WORDS:
            continue
        for value, place in zip(term.values, places, strict=True):
            if value not in _NOT_NAMES and not known.has(about, value):
                return _say_unknown(_WORDS[about], about, value, place, known.names(about))
    return None


def _say_unknown(word: str, about: str, value: str, place: Span, names: set[str]) -> FilterError:
    text = f"{word} '{value}' bestaat niet. {say_what_is_meant(value, names)}"
    return FilterError(code=f"unknown_{about}", text=text, at=place.at, length=place.length)


class _Known:
    """The names that the office has; what was used before, and is gone from its definitions, counts too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._defined: dict[str, frozenset[str]] = {}

    def has(self, about: str, value: str) -> bool:
        if about == "member":
            return any(_is_member(one, value) for one in all_members(self._connection))
        return value in self.list_defined(about) or value in self.list_used(about)

    def names(self, about: str) -> set[str]:
        return {*self.list_defined(about), *self.list_used(about)}

    def list_defined(self, about: str) -> frozenset[str]:
        if about not in self._defined:
            self._defined[about] = frozenset(_DEFINED[about](self._connection))
        return self._defined[about]

    def list_used(self, about: str) -> frozenset[str]:
        query = _USED.get(about)
        return frozenset() if query is None else frozenset(row[0] for row in self._connection.execute(query))


def _is_member(member: TeamMember, name: str) -> bool:
    """Say whether a team member is who is meant: their id, or a part of their name."""
    return member.id == name or name.casefold() in member.name.casefold()


def _list_phases(connection: Connection) -> Iterator[str]:
    for published in plans_in_force(connection).list_all():
        yield from (phase.id for phase in published.plan.phases)


def _list_of_office(name: str) -> Callable[[Connection], Iterator[str]]:
    def names(connection: Connection) -> Iterator[str]:
        office = active_office(connection)
        yield from (one.id for one in getattr(office, name)) if office else ()

    return names


_KEY_WORDS = {"role": "De rol", "own": "Het veld"}
_WORDS = {
    "product": "Het product",
    "member": "De medewerker",
    "template": "Het werkproces",
    "phase": "De fase",
    "legal_form": "De rechtsvorm",
}
_DEFINED: dict[str, Callable[[Connection], Iterator[str]]] = {
    "product": _list_of_office("products"),
    "role": _list_of_office("roles"),
    "own": _list_of_office("fields"),
    "member": lambda connection: (member.id for member in all_members(connection)),
    "template": lambda connection: (published.template for published in active_plans(connection)),
    "phase": _list_phases,
    "legal_form": lambda _: iter(LEGAL_FORMS),
}
_active = texts_of(filings.c.phases, "active")
_USED: dict[str, Select[Any]] = {
    "product": select(relation_products.c.product).distinct(),
    "role": select(relation_roles.c.role).distinct(),
    "template": select(filings.c.template).distinct(),
    "phase": select(_active.c.value).select_from(filings.join(_active, OPEN)).distinct(),
    "legal_form": select(func.lower(relations.c.legal_form))
    .where(relations.c.legal_form.is_not(None))
    .distinct(),
}

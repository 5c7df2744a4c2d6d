"""Names in a filter: what people see becomes ids, and what the office does not have can find nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ...context import LEGAL_FORMS
from ...data import replace
from ...filters import NOBODY, NOTHING, SOMEBODY, FilterError, Reading, Span, fold, write_value
from ...suggest import ask_in_dutch, nearest, say_what_is_meant
from ...words import LEGAL_FORM_WORDS
from ..database.columns import texts_of
from ..database.tables import OPEN, filings, relation_products, relation_roles, relations
from ..people import all_members
from ..plans import active_office, active_plans, plans_in_force

_NOT_NAMES = (NOBODY, SOMEBODY, NOTHING)


def find_names(connection: Connection, reading: Reading) -> tuple[Reading, tuple[FilterError, ...]]:
    """Return a filter with ids for the names that people see, and every name in it that nothing here has.

    What relations and filings still have of older definitions may be asked for.
    """
    known = _Known(connection)
    wrong: list[FilterError] = []

    def find(word: str, about: str, name: str, place: Span) -> tuple[str, ...]:
        found = known.find(about, name)
        if not found:
            text = f"{word} '{name}' bestaat niet. {known.say_meant(about, name)}"
            code, length = f"unknown_{about}", place.length
            wrong.append(FilterError(code=code, text=text, at=place.at, length=length))
        return found or (name,)

    written = []
    for one in reading.written:
        term, key, places = one
        if term.key:
            term = replace(term, key=find(_KEY_WORDS[term.field], term.field, term.key, key)[0])
        about = "member" if term.field == "role" else term.field
        if about in _WORDS:
            meant = [
                (value,) if value in _NOT_NAMES else find(_WORDS[about], about, value, place)
                for value, place in zip(term.values, places, strict=True)
            ]
            term = replace(term, values=tuple(dict.fromkeys(id for some in meant for id in some)))
        written.append(one._replace(term=term))
    return Reading(tuple(written)), tuple(wrong)


class _Known:
    """The names that the office has; what was used before, and is gone from its definitions, counts too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._defined: dict[str, tuple[tuple[str, str], ...]] = {}

    def find(self, about: str, name: str) -> tuple[str, ...]:
        """Return the ids that a name is of, or is itself; of a colleague the name as it is.

        Phases of several templates can have one title.
        """
        defined = self.list_defined(about)
        if about == "member":
            return (name,) if any(_is_member(id, title, name) for id, title in defined) else ()
        if any(id == name for id, _ in defined) or name in self.list_used(about):
            return (name,)
        return tuple(dict.fromkeys(id for id, title in defined if title and fold(title) == fold(name)))

    def say_meant(self, about: str, name: str) -> str:
        """Return the sentence about a name that there is not: which is meant, else all, as they are typed.

        Who types spaces means what people see, which is said before an id.
        """
        defined, used = self.list_defined(about), self.list_used(about)
        ids = {id for id, _ in defined}
        titles = {title for _, title in defined if title}
        near = (" " in name and nearest(name, titles)) or nearest(name, ids | used | titles)
        if near:
            typed = write_value(about, near)
            return ask_in_dutch(name, near, f"'{near}'" if typed == near else typed)
        return say_what_is_meant(
            name, {write_value(about, title or id) for id, title in defined} | (used - ids)
        )

    def list_defined(self, about: str) -> tuple[tuple[str, str], ...]:
        """Return ids with what people see for them, empty where that is the id itself."""
        if about not in self._defined:
            self._defined[about] = tuple(_DEFINED[about](self._connection))
        return self._defined[about]

    def list_used(self, about: str) -> frozenset[str]:
        query = _USED.get(about)
        return frozenset() if query is None else frozenset(row[0] for row in self._connection.execute(query))


def _is_member(id: str, name: str, typed: str) -> bool:
    """Say whether a team member is who is meant: their id, or a part of their name."""
    return id == typed or typed.casefold() in name.casefold()


def _list_phases(connection: Connection) -> Iterator[tuple[str, str]]:
    for published in plans_in_force(connection).list_all():
        yield from ((phase.id, phase.title) for phase in published.plan.phases)


def _list_of_office(name: str) -> Callable[[Connection], Iterator[tuple[str, str]]]:
    def names(connection: Connection) -> Iterator[tuple[str, str]]:
        office = active_office(connection)
        yield from ((one.id, one.title) for one in getattr(office, name)) if office else ()

    return names


_KEY_WORDS = {"role": "De rol", "own": "Het veld"}
_WORDS = {
    "product": "Het product",
    "member": "De medewerker",
    "template": "Het werkproces",
    "phase": "De fase",
    "legal_form": "De rechtsvorm",
}
_DEFINED: dict[str, Callable[[Connection], Iterator[tuple[str, str]]]] = {
    "product": _list_of_office("products"),
    "role": _list_of_office("roles"),
    "own": _list_of_office("fields"),
    "member": lambda connection: ((one.id, one.name) for one in all_members(connection)),
    "template": lambda connection: ((one.template, one.plan.title) for one in active_plans(connection)),
    "phase": _list_phases,
    "legal_form": lambda _: ((form, LEGAL_FORM_WORDS.get(form, "")) for form in LEGAL_FORMS),
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

"""What must hold of people: one id, one address, one primary contact, and details that agree."""

from collections.abc import Iterator

from ..database.tables import contacts, relation_contacts, team
from .cells import mask_typed
from .holdings import Holdings
from .problems import Problem
from .reading import Row

_DETAILS = ("name", "salutation", "email", "phone", "language")
_PEOPLE = {
    "team.csv": (team, "member", "medewerker"),
    "contacts.csv": (contacts, "contact", "contactpersoon"),
}
"""The team comes first: where a contact and a team member clash, the contact gets the problem."""
_Person = tuple[str, str | None]
"""A file and an id in it, None where that could not be read."""


def check_persons(rows: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """Yield what is wrong between people, each once, at the last row that is in another's way."""
    members = [row for row in rows if row.file == "team.csv"]
    serving = [row for row in rows if row.file == "contacts.csv"]
    yield from _one_id(members, serving, holdings)
    yield from _details_agree(serving)
    yield from _one_address([*members, *serving], holdings)
    yield from _one_primary(serving, holdings)


def _one_id(members: list[Row], serving: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """An id is a team member's or a contact's, never both."""
    known = holdings.before[contacts.name]
    places = {row.values.get("member"): row for row in members}
    for name, row in places.items():
        if (name,) in known:
            yield row.problem("member", f"dit id is al van een contactpersoon ({_place(None, row)})")
    for name, row in {row.values.get("contact"): row for row in reversed(serving)}.items():
        if (name,) in holdings.after[team.name] and (name,) not in known:
            yield row.problem("contact", f"dit id is al van een medewerker ({_place(places.get(name), row)})")


def _details_agree(serving: list[Row]) -> Iterator[Problem]:
    """The rows of one contact must say the same about them."""
    first: dict[tuple[str, str], Row] = {}
    for row in serving:
        for column in (name for name in _DETAILS if "contact" in row.values and name in row.values):
            one = first.setdefault((row.values["contact"], column), row)
            if row.values[column] != one.values[column]:
                yield row.problem(column, f"anders dan op regel {one.line} voor dezelfde contactpersoon")


def _one_address(people: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """An e-mail address is one person's, in the team or among the contacts."""
    owners = _stored_owners(people, holdings)
    told: set[_Person] = set()
    for row in people:
        email, person = row.values.get("email"), _person(row)
        if not email or person in told:
            continue
        owner, first = owners.setdefault(email, (person, row))
        # An id that could not be read may be anybody's of its file.
        if owner[0] == person[0] and (owner == person or None in owner + person):
            continue
        told |= {person} if person[1] else set()
        whose = "ook van een ander" if first else f"al van {_name(holdings, owner)}"
        plain = f"dit e-mailadres is al van {_name(holdings, owner, plain=True)}"
        yield row.problem("email", f"dit e-mailadres is {whose} ({_place(first, row)})", plain)


def _stored_owners(people: list[Row], holdings: Holdings) -> dict[str, tuple[_Person, Row | None]]:
    """Return whose the addresses are that the folder says nothing about."""
    said = {_person(row) for row in people if "email" in row.positions}
    return {
        record["email"]: ((file, name), None)
        for file, (table, _, _) in _PEOPLE.items()
        for (name,), record in holdings.before[table.name].items()
        if table.name not in holdings.unsure and record["email"] and (file, name) not in said
    }


def _person(row: Row) -> _Person:
    return row.file, row.values.get(_PEOPLE[row.file][1])


def _one_primary(serving: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """A relation has one primary contact."""
    served = [(row, row.values.get("relation"), row.values.get("contact")) for row in serving]
    said = {(relation, contact) for row, relation, contact in served if "primary" in row.positions}
    primaries: dict[str, tuple[str, Row | None]] = {
        relation: (contact, None)
        for (relation, contact), record in holdings.before[relation_contacts.name].items()
        if record["primary"] and (relation, contact) not in said
        if relation_contacts.name not in holdings.unsure
    }
    for row, relation, contact in served:
        if relation and contact and row.values.get("primary"):
            name, first = primaries.setdefault(relation, (contact, row))
            if name != contact:
                whose, who = mask_typed(relation), _name(holdings, ("contacts.csv", name))
                text = f"relatie '{whose}' heeft al een eerste contactpersoon: {who}"
                plain = _name(holdings, ("contacts.csv", name), plain=True)
                there = f"er is al een eerste contactpersoon: {plain}"
                yield row.problem("primary", f"{text} ({_place(first, row)})", there)


def _name(holdings: Holdings, person: _Person, *, plain: bool = False) -> str:
    """Return what somebody is, with their id and, where known, their name; the name alone if `plain`."""
    table, _, word = _PEOPLE[person[0]]
    record = holdings.after[table.name].get((person[1],))
    if plain:
        return f"{word} {record['name']}" if record and record["name"] else f"een andere {word}"
    name = f"{record['name']}, " if record and record["name"] else ""
    return f"{name}{word} '{mask_typed(person[1] or '')}'"


def _place(first: Row | None, row: Row) -> str:
    return first.place(row) if first else "in de database"

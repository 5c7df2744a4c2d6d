"""What must hold of people: one id, one address, one primary contact, and details that agree."""

from collections.abc import Iterator

from ..tables import contacts, relation_contacts, team
from .holdings import Holdings
from .problems import Problem
from .reading import Row

_DETAILS = ("name", "salutation", "email", "language")
_KEYS = {"team.csv": "member", "contacts.csv": "contact"}
"""The team comes first: where a contact and a team member clash, it is told at the contact."""
_STORED = "in de database"
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
    places = {row.values["member"]: row for row in members if "member" in row.values}
    for name, row in places.items():
        if (name,) in holdings.before[contacts.name]:
            yield row.problem("member", f"dit id heeft al een contactpersoon ({_STORED})")
    brought = {row.values["contact"]: row for row in reversed(serving) if "contact" in row.values}
    for name, row in brought.items():
        if (name,) in holdings.records(team) and (name,) not in holdings.before[contacts.name]:
            place = places[name].place(row) if name in places else _STORED
            yield row.problem("contact", f"dit id heeft al een teamlid ({place})")


def _details_agree(serving: list[Row]) -> Iterator[Problem]:
    """The rows of one contact must say the same about him."""
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
        if not email:
            continue
        owner, place = owners.setdefault(email, (person, row))
        if not _differ(owner, person) or person in told:
            continue
        if person[1] is not None:
            told.add(person)
        if isinstance(place, Row):
            yield row.problem("email", f"dit e-mailadres is ook van een ander ({place.place(row)})")
        else:
            yield row.problem("email", f"dit e-mailadres is al van {place} ({_STORED})")


def _stored_owners(people: list[Row], holdings: Holdings) -> dict[str, tuple[_Person, Row | str]]:
    """Return whose the addresses are that the folder says nothing about, and what to call them."""
    said = {_person(row) for row in people if "email" in row.positions}
    return {
        record["email"]: ((file, name), f"{word} '{name}'")
        for table, file, word in ((team, "team.csv", "teamlid"), (contacts, "contacts.csv", "contactpersoon"))
        for (name,), record in holdings.before[table.name].items()
        if table.name not in holdings.broken and record["email"] and (file, name) not in said
    }


def _person(row: Row) -> _Person:
    return row.file, row.values.get(_KEYS[row.file])


def _differ(one: _Person, other: _Person) -> bool:
    """Say whether these are surely two people; an id that could not be read may be anybody's of its file."""
    return one[0] != other[0] or (None not in (one[1], other[1]) and one != other)


def _one_primary(serving: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """A relation has one primary contact."""
    pairs = [(row, row.values.get("relation"), row.values.get("contact")) for row in serving]
    said = {(relation, contact) for row, relation, contact in pairs if "primary" in row.positions}
    primaries: dict[str, tuple[str, Row | None]] = {
        relation: (contact, None)
        for (relation, contact), record in holdings.before[relation_contacts.name].items()
        if record["primary"] and (relation, contact) not in said
    }
    for row, relation, contact in pairs:
        if relation is None or contact is None or not row.values.get("primary"):
            continue
        name, first = primaries.setdefault(relation, (contact, row))
        if name != contact:
            place = first.place(row) if first else _STORED
            yield row.problem(
                "primary", f"relatie '{relation}' heeft '{name}' al als eerste contactpersoon ({place})"
            )

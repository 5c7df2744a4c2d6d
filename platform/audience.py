"""Who an entry of the timeline, a note or a document is for (R45): one word, and who it lets read.

As it is kept: `client`, `office`, `compliance`, or `roles:` and their ids. Where nothing is kept it is the
office's, as all was before there were audiences. A word that nobody knows is for nobody.
"""

from collections.abc import Iterable
from typing import NamedTuple

OFFICE = "office"
CLIENT = "client"
COMPLIANCE = "compliance"
_ROLES = "roles:"

COMPLIANCE_ROLE = "compliance"
"""Whoever has the role with this id reads what is for compliance."""


class Viewer(NamedTuple):
    """Who reads: a client, or somebody of the office with their id and their roles at the relation."""

    client: bool = False
    id: str | None = None
    roles: frozenset[str] = frozenset()


ANYBODY_HERE = Viewer()
"""Somebody of the office, nobody knows who: reads what is for the whole office."""


def for_roles(roles: Iterable[str]) -> str:
    """Return the audience of those who have one of these roles."""
    return _ROLES + ",".join(sorted(set(roles)))


def roles_in(audience: str | None) -> tuple[str, ...]:
    """Return the roles that an audience names."""
    if audience is None or not audience.startswith(_ROLES):
        return ()
    return tuple(role for role in audience.removeprefix(_ROLES).split(",") if role)


def is_audience(word: str) -> bool:
    """Say whether this is the word of an audience."""
    return word in (OFFICE, CLIENT, COMPLIANCE) or bool(roles_in(word))


def is_for(audience: str | None, viewer: Viewer, by: str | None = None) -> bool:
    """Say whether somebody may read what is for an audience; a colleague reads what they wrote (`by`)."""
    if audience == CLIENT:
        return True
    if viewer.client:
        return False
    if audience in (None, OFFICE) or (by is not None and by == viewer.id):
        return True
    if audience == COMPLIANCE:
        return COMPLIANCE_ROLE in viewer.roles
    return not viewer.roles.isdisjoint(roles_in(audience))

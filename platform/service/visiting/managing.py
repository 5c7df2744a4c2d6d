"""Beheer of who gets in: authenticators and the right beheer of the team, and what was changed (R44)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...clock import ZONE
from ...office.people import TeamMember, all_members, find_person
from ...office.visits.changes import ChangeKind, VisitChange, list_changes, record_change
from ...office.visits.managers import is_manager, list_managers, make_manager, unmake_manager
from ...office.visits.second_factors import find_factor, list_enrolled
from ...plan import Model
from ..desk import Desk
from ..results import Refusal
from .second_factor import forget_factor

MOST_CHANGES = 50

UNKNOWN_MEMBER = Refusal(code="unknown_member", text="Deze medewerker is er niet.")
NO_FACTOR = Refusal(code="no_factor", text="Bij deze medewerker is geen app gekoppeld.")


class MemberDoor(Model):
    """How a team member gets in; `factor_since` is when their app was added, None where there is none."""

    id: str
    name: str
    email: str
    active: bool
    manager: bool
    factor_since: datetime | None


class DoorChange(Model):
    """A change, with names; `who` is empty for who runs the server."""

    what: ChangeKind
    member: str
    who: str
    at: datetime


class TeamDoors(Model):
    """How each team member gets in, and what was changed in it, the latest first; real time in Amsterdam."""

    members: tuple[MemberDoor, ...]
    changes: tuple[DoorChange, ...]


def read_doors(desk: Desk) -> TeamDoors:
    """Return how each team member gets in. Raises DatabaseError."""

    def ask(connection: Connection) -> TeamDoors:
        team, managers = all_members(connection), set(list_managers(connection))
        enrolled = list_enrolled(connection)
        names = {one.id: one.name for one in team}
        return TeamDoors(
            members=tuple(_describe(one, managers, enrolled) for one in team),
            changes=tuple(
                DoorChange(
                    what=one.what,
                    member=names.get(one.member, one.member),
                    who=names.get(one.who, one.who),
                    at=_local(one.at),
                )
                for one in list_changes(connection, MOST_CHANGES)
            ),
        )

    return desk.read(ask)


def release_factor(desk: Desk, member: str, *, by: str) -> Refusal | None:
    """Have a team member add an authenticator again; `by` is a manager, or empty for who runs the server.

    Raises DatabaseError.
    """

    def ask(connection: Connection) -> Refusal | None:
        if member not in {one.id for one in all_members(connection)}:
            return UNKNOWN_MEMBER
        return None if find_factor(connection, member) else NO_FACTOR

    refusal = desk.read(ask)
    if refusal is None:
        forget_factor(desk, member, by=by)
    return refusal


def give_management(desk: Desk, who: str, *, remove: bool = False) -> str | Refusal:
    """Give a team member (id or e-mail address) the right beheer, or take it away; return their name.

    Done on the server alone. Raises DatabaseError.
    """
    now = datetime.now(UTC)
    with desk.equipment.database.write() as connection:
        person = find_person(connection, who)
        if not isinstance(person, TeamMember):
            return Refusal(code="unknown_member", text=f"Er is geen medewerker '{who}'.")
        if is_manager(connection, person.id) == remove:
            what: ChangeKind = "manager_made"
            if remove:
                what = "manager_unmade"
                unmake_manager(connection, person.id)
            else:
                make_manager(connection, person.id, now)
            record_change(connection, VisitChange(member=person.id, what=what, who="", at=now))
        return person.name


def _describe(member: TeamMember, managers: Collection[str], enrolled: Mapping[str, datetime]) -> MemberDoor:
    since = enrolled.get(member.id)
    return MemberDoor(
        id=member.id,
        name=member.name,
        email=member.email,
        active=member.active,
        manager=member.id in managers,
        factor_since=_local(since) if since else None,
    )


def _local(real: datetime) -> datetime:
    return real.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)

"""The team: absence, stand-ins and titles with their dates, and what they leave undone (R2)."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from ...data import replace
from ...office.filings.open_offers import mark_all_offers
from ...office.office_clock import office_now
from ...office.people import TeamMember, all_members, find_person
from ...office.plans import active_office, plans_in_force
from ...office.presence import EVERY_ROLE, OnDay, Presence, StandsIn, Stretch, Title, list_away, read_presence
from ...office.presence_changes import (
    Author,
    Dates,
    end_absence,
    find_ended,
    list_changes,
    note_absence,
    note_stand_in,
    note_title,
)
from ...office.relations.gaps import find_gaps
from ...period import in_words
from ...plan import Model
from ...suggest import say_what_is_meant
from ..desk import Desk
from ..far_days import refuse_far_beginning, refuse_far_day
from ..results import Refusal
from ..unknown import NOT_DEPLOYED, refuse_other_than_member
from .falling import Falling, find_falling
from .noted import Noted, mark_shown
from .team_words import say_change, say_days

TITLES = ("AA", "RA", "RB")
FURTHEST_YEARS = 2
"""Somebody may be ill for as long."""

_CAN = "afwezig zijn, waarnemen of een titel hebben"


class Span(Model):
    """From one day to another, both counted; without the second until further notice."""

    since: date
    until: date | None


class StandInLine(Model):
    """Who does a member's work when, in one role or (None) in every one."""

    stand_in: str
    role: str | None
    days: Span


class MemberLine(Model):
    """Somebody who works here: the titles that hold today, and when they are absent from today on."""

    id: str
    name: str
    titles: tuple[str, ...]
    absent_today: bool
    absent: tuple[Span, ...]
    stand_ins: tuple[StandInLine, ...]


class TeamPage(Model):
    """The team, and the days to come on which nobody is left for some work (Dutch sentences)."""

    members: tuple[MemberLine, ...]
    gaps: tuple[str, ...]


class ChangeLine(Model):
    """One change of a member's absences, stand-ins or titles: when, by whom (None: an import), and what.

    `by_name` is how they are called, `text` says it in Dutch; `before` and `after` are how it was and
    is, None where it was not or is not.
    """

    at: datetime
    by: str | None
    by_name: str | None
    text: str
    before: Dates | None
    after: Dates | None


class MemberPage(Model):
    """Somebody who works here, with every change of what is known of their days, the first first."""

    member: MemberLine
    history: tuple[ChangeLine, ...]


class Choices(Model):
    """Names of members by id, also of who left; the ids of who is `here`; titles of roles by id."""

    names: dict[str, str]
    here: tuple[str, ...]
    roles: dict[str, str]


def show_team(desk: Desk) -> TeamPage:
    """Return who works here, and what is uncovered. Raises DatabaseError."""

    def ask(connection: Connection) -> TeamPage:
        today = office_now(connection).date()
        presence = read_presence(connection, today)
        day = presence.on(today)
        return TeamPage(
            members=tuple(_make_line(one, presence, day) for one in all_members(connection) if one.active),
            gaps=_list_gaps(connection, today),
        )

    return desk.read(ask)


def show_member(desk: Desk, who: str) -> MemberPage | Refusal:
    """Return what is known of a member's days, and who changed what of it when. Raises DatabaseError."""

    def ask(connection: Connection) -> MemberPage | Refusal:
        member = find_person(connection, who)
        if not isinstance(member, TeamMember):
            return refuse_other_than_member(connection, who, member, _CAN)
        today = office_now(connection).date()
        presence = read_presence(connection, today)
        names = {one.id: one.name for one in all_members(connection)}
        titles = _titles_of(connection)
        return MemberPage(
            member=_make_line(member, presence, presence.on(today)),
            history=tuple(
                ChangeLine(
                    at=one.at,
                    by=one.by,
                    by_name=names.get(one.by or ""),
                    text=say_change(one, names, titles),
                    before=one.before,
                    after=one.after,
                )
                for one in list_changes(connection, member.id)
            ),
        )

    return desk.read(ask)


def read_choices(desk: Desk) -> Choices:
    """Return who works here and which roles there are. Raises DatabaseError."""

    def ask(connection: Connection) -> Choices:
        members = all_members(connection)
        return Choices(
            names={one.id: one.name for one in members},
            here=tuple(one.id for one in members if one.active),
            roles=_titles_of(connection),
        )

    return desk.read(ask)


def _make_line(member: TeamMember, presence: Presence, day: OnDay) -> MemberLine:
    return MemberLine(
        id=member.id,
        name=member.name,
        titles=day.find_titles(member.id, member.qualifications),
        absent_today=member.id in day.absent,
        **_list_dates(presence, member.id),
    )


def absent(
    desk: Desk,
    by: str,
    who: str,
    since: date,
    until: date | None,
    stand_in: str | None,
    *,
    dry_run: bool = False,
    agreed: str | None = None,
    anyway: bool = False,
) -> Noted | Refusal:
    """Write that a member is absent, and who stands in for them if anybody does, as `by`.

    With `dry_run` it only says what falls in those days, and what is left undone; so it does where `agreed`
    is the mark of something else than that. Sent again it changes nothing. `anyway` says that days far from
    today are meant. Raises DatabaseError.
    """

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        days = Stretch(since, until)
        note_absence(connection, member.id, days, author)
        text = f"{member.name} is afwezig {say_days(days)}"
        if stand_in is None:
            return text
        colleague = _find_colleague(connection, member, stand_in)
        if isinstance(colleague, Refusal):
            return colleague
        note_stand_in(connection, StandsIn(member.id, EVERY_ROLE, colleague.id, days), author)
        return f"{text}; {colleague.name} neemt waar"

    days = Stretch(since, until)
    far = None if anyway else _refuse_far_days
    return _change(desk, by, who, days, write, far, falls=True, dry_run=dry_run, agreed=agreed)


def stand_in(
    desk: Desk,
    by: str,
    who: str,
    colleague: str,
    since: date,
    until: date | None,
    role: str | None,
    *,
    dry_run: bool = False,
    agreed: str | None = None,
    anyway: bool = False,
) -> Noted | Refusal:
    """Write, as `by`, that a colleague does a member's work, in one role (id or title) or in all.

    With `dry_run` it only says what falls in those days; so it does where `agreed` is the mark of something
    else than that. Sent again it changes nothing. `anyway` says that days far from today are meant. Raises
    DatabaseError.
    """

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        found = _find_colleague(connection, member, colleague)
        if isinstance(found, Refusal):
            return found
        named = _find_role(connection, role)
        if isinstance(named, Refusal):
            return named
        days = Stretch(since, until)
        note_stand_in(connection, StandsIn(member.id, named, found.id, days), author)
        which = "" if named == EVERY_ROLE else f" in de rol {_titles_of(connection).get(named, named)}"
        return f"{found.name} neemt waar voor {member.name}{which} {say_days(days)}"

    days = Stretch(since, until)
    far = None if anyway else _refuse_far_days
    return _change(desk, by, who, days, write, far, falls=True, dry_run=dry_run, agreed=agreed)


def back(
    desk: Desk, by: str, who: str, on: date | None, *, dry_run: bool = False, agreed: str | None = None
) -> Noted | Refusal:
    """Write, as `by`, that a member is back on a day (by default today): what was theirs is theirs again.

    Ends the absence that holds on that day, and the stand-ins for it; later leave and other stand-ins stay.
    With `dry_run` it only says which, and so it does where `agreed` is the mark of something else than that.
    A form that is sent again is answered alike. Raises DatabaseError.
    """
    day = on or desk.now().date()

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        ended = end_absence(connection, member.id, day, author)
        if ended is None and agreed:
            ended = find_ended(connection, member.id, day, author.id)
        if ended is None:
            return _refuse_back(connection, member, day)
        names = {one.id: one.name for one in all_members(connection)}
        told = [f"afwezigheid {say_days(ended.absence)}"]
        told += [f"waarneming door {names[o.stand_in]} {say_days(o.days)}" for o in ended.stand_ins]
        return f"{member.name} is er weer vanaf {in_words(day)}. Beëindigd: {'; '.join(told)}"

    return _change(desk, by, who, Stretch(day, None), write, dry_run=dry_run, agreed=agreed)


def _refuse_back(connection: Connection, member: TeamMember, day: date) -> Refusal:
    """Refuse to end an absence on a day that is in none, and say which ones are to come."""
    text = f"{member.name} is op {in_words(day)} niet afwezig; er valt niets te beëindigen."
    later, _ = list_away(read_presence(connection, day), member.id)
    if later:
        known = "; ".join(say_days(days) for days in later)
        text += f" Wel afwezig {known}: geef een dag daarvan op om die afwezigheid te beëindigen."
    return Refusal(code="not_absent", text=text)


def title(
    desk: Desk, by: str, who: str, name: str, since: date, until: date | None, *, anyway: bool = False
) -> Noted | Refusal:
    """Write, as `by`, from when to when a title of a member holds. Raises DatabaseError.

    `anyway` says that a first day far from today is meant.
    """

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        if name.upper() not in TITLES:
            return Refusal(code="unknown_title", text=f"Titel '{name}' bestaat niet. Kies uit: AA, RA, RB.")
        days = Stretch(since, until)
        note_title(connection, Title(member.id, name.upper(), days), author)
        return f"{member.name} is {name.upper()} {say_days(days)}"

    far = None if anyway else _refuse_far_title
    return _change(desk, by, who, Stretch(since, until), write, far)


def _refuse_far_days(days: Stretch, today: date) -> Refusal | None:
    for field, day in (("since", days.since), ("until", days.until)):
        if far := refuse_far_day(day, today, FURTHEST_YEARS):
            return replace(far, field=field)
    return None


def _refuse_far_title(days: Stretch, today: date) -> Refusal | None:
    return refuse_far_beginning(days.since, today)


def _change(
    desk: Desk,
    by: str,
    who: str,
    days: Stretch,
    write: Callable[[Connection, TeamMember, Author], str | Refusal],
    refuse_far: Callable[[Stretch, date], Refusal | None] | None = None,
    *,
    falls: bool = False,
    dry_run: bool = False,
    agreed: str | None = None,
) -> Noted | Refusal:
    """Write something of a member as a colleague, all of it or nothing, and have open offers follow.

    With `falls` it says what falls in the days; with `dry_run` nothing is kept, nor where something else was
    `agreed` to. What is so already was agreed to before.
    """
    if days.until is not None and days.until < days.since:
        return Refusal(code="wrong_days", text="De laatste dag ligt vóór de eerste.")
    with desk.equipment.database.write() as connection:
        doer, person = find_person(connection, by), find_person(connection, who)
        if not isinstance(doer, TeamMember):
            return refuse_other_than_member(connection, by, doer, "vastleggen wie afwezig is of waarneemt")
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, _CAN)
        now = office_now(connection)
        today = now.date()
        if refuse_far and (far := refuse_far(days, today)):
            return far
        before, dates = _list_gaps(connection, today), read_presence(connection, today)
        version = len(list_changes(connection, person.id))
        with connection.begin_nested() as attempt:
            said = write(connection, person, Author(doer.id, now))
            if isinstance(said, Refusal):
                attempt.rollback()
                return said
            gaps = tuple(gap for gap in _list_gaps(connection, today) if gap not in before)
            within = find_falling(connection, person, days, dates, today) if falls else None
            mark = mark_shown(version, said, gaps, within)
            is_new = len(list_changes(connection, person.id)) > version
            written = not dry_run and (agreed in (None, mark) or not is_new)
            if not written:
                attempt.rollback()
        if written:
            mark_all_offers(connection)
    return Noted(member=person.id, text=said, gaps=gaps, falls=within, written=written, mark=mark)


def _find_colleague(connection: Connection, member: TeamMember, who: str) -> TeamMember | Refusal:
    person = find_person(connection, who)
    if not isinstance(person, TeamMember):
        return refuse_other_than_member(connection, who, person, "waarnemen")
    if person.id == member.id:
        return Refusal(code="own_stand_in", text="Een medewerker kan niet voor zichzelf waarnemen.")
    return person


def _find_role(connection: Connection, role: str | None) -> str | Refusal:
    office = active_office(connection)
    if office is None:
        return NOT_DEPLOYED
    if role is None:
        return EVERY_ROLE
    found = next(
        (r.id for r in office.roles if role.casefold() in (r.id.casefold(), r.title.casefold())), None
    )
    known = [one.id for one in office.roles]
    text = f"Rol '{role}' bestaat niet. {say_what_is_meant(role, known)}"
    return found or Refusal(code="unknown_role", text=text)


def _list_gaps(connection: Connection, today: date) -> tuple[str, ...]:
    return tuple(gap.sentence for gap in find_gaps(connection, plans_in_force(connection), today))


def _list_dates(presence: Presence, member: str) -> dict[str, tuple[Span, ...] | tuple[StandInLine, ...]]:
    days, others = list_away(presence, member)
    return {
        "absent": tuple(Span(**one._asdict()) for one in days),
        "stand_ins": tuple(
            StandInLine(
                stand_in=one.stand_in,
                role=None if one.role == EVERY_ROLE else one.role,
                days=Span(**one.days._asdict()),
            )
            for one in others
        ),
    }


def _titles_of(connection: Connection) -> dict[str, str]:
    """Return how the roles of the office are called, by id."""
    office = active_office(connection)
    return {one.id: one.title for one in office.roles} if office else {}


__all__ = [
    "ChangeLine",
    "Choices",
    "Falling",
    "MemberLine",
    "MemberPage",
    "Noted",
    "TeamPage",
    "absent",
    "back",
    "read_choices",
    "show_member",
    "show_team",
    "stand_in",
    "title",
]

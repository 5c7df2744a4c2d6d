"""The team: absence, stand-ins and titles with their dates, and what they leave undone (R2)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from ..office.filings.open_offers import mark_all_offers
from ..office.office_clock import office_now
from ..office.overviews.worklist import work_of
from ..office.people import TeamMember, all_members, find_person
from ..office.plans import active_office, plans_in_force
from ..office.presence import EVERY_ROLE, OnDay, Presence, StandsIn, Stretch, Title, list_away, read_presence
from ..office.presence_changes import (
    Author,
    Change,
    Dates,
    end_absence,
    list_changes,
    note_absence,
    note_stand_in,
    note_title,
)
from ..office.relations.gaps import find_gaps
from ..period import in_words
from ..plan import Model
from ..suggest import say_what_is_meant
from .desk import Desk
from .results import Refusal
from .unknown import NOT_DEPLOYED, refuse_other_than_member

TITLES = ("AA", "RA", "RB")
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

    `text` says it in Dutch; `before` and `after` are how it was and is, None where it was not or is not.
    """

    at: datetime
    by: str | None
    text: str
    before: Dates | None
    after: Dates | None


class MemberPage(Model):
    """Somebody who works here, with every change of what is known of their days, the first first."""

    member: MemberLine
    history: tuple[ChangeLine, ...]


class Noted(Model):
    """What was written down of a member. `gaps` came about by it; `work` counts what waits for them now."""

    member: str
    text: str
    gaps: tuple[str, ...] = ()
    work: int = 0


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
        return MemberPage(
            member=_make_line(member, presence, presence.on(today)),
            history=tuple(
                ChangeLine(
                    at=one.at, by=one.by, text=_say_change(one, names), before=one.before, after=one.after
                )
                for one in list_changes(connection, member.id)
            ),
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
    desk: Desk, by: str, who: str, since: date, until: date | None, stand_in: str | None
) -> Noted | Refusal:
    """Write that a member is absent, and who stands in for them if anybody does, as `by`.

    Raises DatabaseError.
    """

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        days = Stretch(since, until)
        note_absence(connection, member.id, days, author)
        text = f"{member.name} is afwezig {_say_days(days)}"
        if stand_in is None:
            return text
        colleague = _find_colleague(connection, member, stand_in)
        if isinstance(colleague, Refusal):
            return colleague
        note_stand_in(connection, StandsIn(member.id, EVERY_ROLE, colleague.id, days), author)
        return f"{text}; {colleague.name} neemt waar"

    return _change(desk, by, who, since, until, write)


def stand_in(
    desk: Desk, by: str, who: str, colleague: str, since: date, until: date | None, role: str | None
) -> Noted | Refusal:
    """Write, as `by`, that a colleague does a member's work, in one role (id or title) or in all.

    Raises DatabaseError.
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
        which = "" if named == EVERY_ROLE else f" in de rol {named}"
        return f"{found.name} neemt waar voor {member.name}{which} {_say_days(days)}"

    return _change(desk, by, who, since, until, write)


def back(desk: Desk, by: str, who: str, on: date | None) -> Noted | Refusal:
    """Write, as `by`, that a member is back on a day (by default today): what was theirs is theirs again.

    Ends the absence that holds on that day, and the stand-ins for it; later leave and other stand-ins stay.
    Raises DatabaseError.
    """
    day = on or desk.now().date()

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        ended = end_absence(connection, member.id, day, author)
        if ended is None:
            return _refuse_back(connection, member, day)
        names = {one.id: one.name for one in all_members(connection)}
        told = [f"afwezigheid {_say_days(ended.absence)}"]
        told += [f"waarneming door {names[o.stand_in]} {_say_days(o.days)}" for o in ended.stand_ins]
        return f"{member.name} is er weer vanaf {in_words(day)}. Beëindigd: {'; '.join(told)}"

    return _change(desk, by, who, day, None, write)


def _refuse_back(connection: Connection, member: TeamMember, day: date) -> Refusal:
    """Refuse to end an absence on a day that is in none, and say which ones are to come."""
    text = f"{member.name} is op {in_words(day)} niet afwezig; er valt niets te beëindigen."
    later, _ = list_away(read_presence(connection, day), member.id)
    if later:
        known = "; ".join(_say_days(days) for days in later)
        text += f" Wel afwezig {known}: geef met --on een dag daarvan op om die afwezigheid te beëindigen."
    return Refusal(code="not_absent", text=text)


def title(desk: Desk, by: str, who: str, name: str, since: date, until: date | None) -> Noted | Refusal:
    """Write, as `by`, from when to when a title of a member holds. Raises DatabaseError."""

    def write(connection: Connection, member: TeamMember, author: Author) -> str | Refusal:
        if name.upper() not in TITLES:
            return Refusal(code="unknown_title", text=f"Titel '{name}' bestaat niet. Kies uit: AA, RA, RB.")
        days = Stretch(since, until)
        note_title(connection, Title(member.id, name.upper(), days), author)
        return f"{member.name} is {name.upper()} {_say_days(days)}"

    return _change(desk, by, who, since, until, write)


def _change(
    desk: Desk,
    by: str,
    who: str,
    since: date,
    until: date | None,
    write: Callable[[Connection, TeamMember, Author], str | Refusal],
) -> Noted | Refusal:
    """Write something of a member as a colleague, all of it or nothing, and have open offers follow."""
    if until is not None and until < since:
        return Refusal(code="wrong_days", text="De laatste dag ligt vóór de eerste.")
    with desk.equipment.database.write() as connection:
        doer, person = find_person(connection, by), find_person(connection, who)
        if not isinstance(doer, TeamMember):
            return refuse_other_than_member(connection, by, doer, "vastleggen wie afwezig is of waarneemt")
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, _CAN)
        now = office_now(connection)
        today = now.date()
        before = _list_gaps(connection, today)
        with connection.begin_nested() as attempt:
            said = write(connection, person, Author(doer.id, now))
            if isinstance(said, Refusal):
                attempt.rollback()
                return said
        mark_all_offers(connection)
        gaps = tuple(gap for gap in _list_gaps(connection, today) if gap not in before)
    waiting = desk.read(lambda c: _count_work(c, person, since, until)) if since > today else 0
    return Noted(member=person.id, text=said, gaps=gaps, work=waiting)


def _count_work(connection: Connection, member: TeamMember, since: date, until: date | None) -> int:
    """Count what waits for a member now and should be done by a day in a stretch."""
    days = Stretch(since, until)
    lines = work_of(connection, member, office_now(connection).date())
    return sum(any(day and days.holds(day) for day in (line.due, line.deadline)) for line in lines)


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
    in_force = plans_in_force(connection)
    gaps = find_gaps(connection, in_force.plans, today, pilots=in_force.pilot_plans)
    return tuple(gap.sentence for gap in gaps)


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


def _say_change(change: Change, names: Mapping[str, str]) -> str:
    before, after = (_say_dates(one, names) if one else None for one in (change.before, change.after))
    if after is None:
        return f"verwijderd: {before}"
    return f"{after} (was: {before})" if before else after


def _say_dates(dates: Dates, names: Mapping[str, str]) -> str:
    days = Stretch(dates.since, dates.until)
    empty = dates.until is not None and dates.until < dates.since
    when = f"vervallen (zou ingaan op {in_words(dates.since)})" if empty else _say_days(days)
    if dates.qualification:
        return f"titel {dates.qualification} {when}"
    if dates.stand_in is None:
        return f"afwezigheid {when}"
    which = "" if dates.role == EVERY_ROLE else f" in de rol {dates.role}"
    return f"waarneming door {names.get(dates.stand_in, dates.stand_in)}{which} {when}"


def _say_days(days: Stretch) -> str:
    until = f" tot en met {in_words(days.until)}" if days.until else ""
    return f"vanaf {in_words(days.since)}{until}"


__all__ = [
    "ChangeLine",
    "MemberLine",
    "MemberPage",
    "Noted",
    "TeamPage",
    "absent",
    "back",
    "show_member",
    "show_team",
    "stand_in",
    "title",
]

"""A case: one filing as somebody meets it, with who they are there. Looked up before every act."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import Connection

from ...filing.events import Actor, StandIn
from ...filing.outcome import Refusal
from ...filing.view import PhaseView, View, read_view
from ...office.database.tables import ONE_SUB_NUMBER
from ...office.filings.filing import Filing, find_filing, list_filings
from ...office.filings.recurrences import Recurrence, list_recurrences
from ...office.office_clock import office_now
from ...office.people import (
    Contact,
    TeamMember,
    authority_of,
    find_person,
    judge_place,
    named_roles,
    relations_of,
)
from ...office.plans import plan_by_digest
from ...office.presence import OnDay, read_day
from ...office.relations.relation import all_numbers, find_relation
from ...period import Period, in_words
from ...plan import Model, Plan
from ...suggest import ask_in_dutch, nearest, say_what_is_meant
from ...typed import TypedError, read_period
from ..names import short_name
from ..unknown import refuse_person


class Case(Model):
    """A filing that runs, its plan, its view as last recorded, and who acts; `now` is office time."""

    filing: Filing
    plan: Plan
    view: View
    actor: Actor
    now: datetime


def look_up(connection: Connection, who: str, name: str) -> Case | Refusal:
    """Return the case of a filing for a person (id or e-mail address), or why there is none."""
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    published = plan_by_digest(connection, filing.plan)
    if published is None:
        raise LookupError(f"the plan of {filing.id} is not published")
    if filing.view is None:
        text = "Deze opdracht is gepland en nog niet gestart."
        return Refusal(code="not_started", text=text)
    now = office_now(connection)
    actor = actor_for(connection, who, filing, published.plan, now)
    if isinstance(actor, Refusal):
        return actor
    return Case(
        filing=filing,
        plan=published.plan,
        view=read_view(filing.view),
        actor=actor,
        now=now,
    )


def find_by_name(connection: Connection, name: str) -> Filing | Refusal:
    """Return a filing by template/relation/period, where need be with sub-number and sequence.

    A name without them means the first filing for the relation's one product. When it does not exist and
    exactly one other filing fits, that filing is returned.
    """
    parts = name.removeprefix("filing/").split("/")
    if len(parts) > 2:
        with suppress(TypedError):
            parts[2] = read_period(parts[2]).code
    if not 3 <= len(parts) <= 5:
        text = (
            f"'{name}' is geen geldige opdracht; schrijf werkproces/relatie/periode, "
            "zoals btw-aangifte/1001/2026-01."
        )
        return Refusal(code="no_filing", text=text)
    found = find_filing(connection, "/".join([*parts, *(ONE_SUB_NUMBER, "1")[len(parts) - 3 :]]))
    if found:
        return found
    several = list_filings(connection, template=parts[0], relation=parts[1], period=parts[2])
    several = tuple(f for f in several if f.id.startswith("/".join(["filing", *parts, ""])))
    if len(several) == 1:
        return several[0]
    if not several:
        planned = _find_planned(connection, parts)
        if planned:
            return _say_planned(parts, planned)
        meant = _say_meant(connection, parts)
        text = f"Opdracht '{name}' bestaat niet. {meant}".rstrip()
        return Refusal(code="no_filing", text=text, see=None if meant else "filings")
    names = ", ".join(short_name(f.id) for f in several)
    return Refusal(code="several_filings", text=f"Er zijn meerdere opdrachten; kies er één: {names}.")


def _find_planned(connection: Connection, parts: list[str]) -> Recurrence | None:
    """Return what will start the filing of a name by itself: the next one of a relation, or a later one."""
    template, relation, period, *rest = parts
    if rest[1:] and rest[1] != "1":
        return None
    for one in list_recurrences(connection, template=template, relation=relation):
        own = one.sub_number == (rest[0] if rest else one.sub_number)
        if own and one.status != "stopped" and _is_next_or_later(period, one):
            return one
    return None


def _is_next_or_later(period: str, recurrence: Recurrence) -> bool:
    try:
        asked, following = Period.parse(period), Period.parse(recurrence.next_period)
    except ValueError:
        return False
    return asked == following or (
        not recurrence.once and asked.kind == following.kind and asked.start > following.start
    )


def _say_planned(parts: list[str], planned: Recurrence) -> Refusal:
    """Say when a filing starts that is planned."""
    following = f"{Period.parse(planned.next_period).words} start op {in_words(planned.next_start)}"
    begins = following if parts[2] == planned.next_period else f"komt nog: {following}, de volgende daarna"
    stands = ", maar de herhaling is gepauzeerd" if planned.status == "paused" else ""
    stuck = f" Dat lukt nu niet: {planned.problem}" if planned.problem else ""
    text = f"Deze opdracht is gepland en nog niet gestart: {begins}{stands}.{stuck}"
    return Refusal(code="filing_planned", text=text)


def _say_meant(connection: Connection, parts: list[str]) -> str:
    """Return what may be meant by the name of a filing that does not exist, or nothing."""
    template, relation = parts[:2]
    near = relation if find_relation(connection, relation) else nearest(relation, all_numbers(connection))
    theirs = list_filings(connection, relation=near) if near else ()
    if near == relation and any(filing.template == template for filing in theirs):  # another period
        return ""
    meant = nearest("/".join(parts), [short_name(filing.id) for filing in theirs])
    return ask_in_dutch("/".join(parts), meant) if meant else ""


def actor_for(connection: Connection, who: str, filing: Filing, plan: Plan, now: datetime) -> Actor | Refusal:
    """Return who somebody is for a filing today: their roles and titles, or what they may do as a contact."""
    person = find_person(connection, who)
    if person is None:
        return refuse_person(connection, who)
    if isinstance(person, TeamMember):
        return _member_actor(connection, person, filing.relation, plan, now)
    return contact_actor(connection, person, filing, now)


def _member_actor(
    connection: Connection, member: TeamMember, relation: str, plan: Plan, now: datetime
) -> Actor | Refusal:
    """Return a team member as an actor of today."""
    day = read_day(connection, now.date())
    return make_actor(named_roles(connection, relation), day, member, plan)


def make_actor(named: Mapping[str, str], day: OnDay, member: TeamMember, plan: Plan) -> Actor | Refusal:
    """Return a team member as an actor where these have these roles on a day.

    Who is absent does nothing, since others do their work.
    """
    if member.id in day.absent:
        text = f"{member.name} is volgens de administratie vandaag afwezig en doet dan geen werk."
        return Refusal(code="absent", text=text)
    place = judge_place(named, day, member, plan.roles)
    return Actor(
        kind="team",
        id=member.id,
        roles=place.roles,
        qualifications=place.titles,
        instead_of=tuple(StandIn(role=role, person=person) for role, person in place.instead_of),
        stands_in=tuple(StandIn(role=role, person=person) for role, person in place.stands_in),
    )


def contact_actor(connection: Connection, contact: Contact, filing: Filing, now: datetime) -> Actor | Refusal:
    """Return a contact as an actor; one of another relation is a stranger here."""
    if filing.relation not in relations_of(connection, contact.id):
        text = f"{contact.name} is geen contactpersoon van deze relatie."
        return Refusal(code="not_their_relation", text=text)
    may = authority_of(connection, contact.id, filing.relation, filing.product, now.date())
    return Actor(kind="contact", id=contact.id, may=may.may, jointly=may.jointly)


def say_begin(view: View, today: date) -> str:
    """Return in Dutch which phase begins first on a day to come; empty where none does."""
    coming = [
        (phase.begins, phase.title)
        for phase in view.phases
        if phase.begins and phase.begins > today and phase.comes == "yes"
    ]
    day, title = min(coming, default=(None, ""), key=lambda one: one[0])
    return f"De fase '{title}' begint op {in_words(day)}." if day else ""


def phase_named(case: Case, given: str | None, fits: Callable[[PhaseView], bool]) -> str | Refusal:
    """Return the phase that an act is about: the one named, else the only active one that fits.

    Where none fits it is the only active one: the machine says best why the act is refused there.
    """
    if given is not None:
        known = [phase.id for phase in case.plan.phases]
        if given in known:
            return given
        text = f"Fase '{given}' bestaat niet. {say_what_is_meant(given, known)}"
        return Refusal(code="unknown_phase", text=text)
    active = [phase for phase in case.view.phases if phase.status == "active"]
    fitting = [phase for phase in active if fits(phase)] or active
    if len(fitting) == 1:
        return fitting[0].id
    if not fitting:
        text = f"Er is nu geen fase aan de beurt. {say_begin(case.view, case.now.date())}".rstrip()
        return Refusal(code="phase_not_active", text=text)
    names = ", ".join(phase.id for phase in fitting)
    return Refusal(code="several_phases", text=f"Er zijn meerdere fasen aan de beurt; kies er één: {names}.")

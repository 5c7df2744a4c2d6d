"""What waits for somebody: open work of all filings, by the roles or the authority that they have (R44).

With it what does not go by itself, for who sends on behalf of the office there (`halted.py`).
The database finds what is a person's own by the roles that they fill; where a role is unfilled its fallbacks,
which the filing's plan knows, decide here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from ...data import ListLine, replace
from ...plan import Plan, Proof
from ..database.questions import ask_at_once
from ..people import (
    MEMBERS,
    Contact,
    TeamMember,
    chain_of,
    find_given,
    functions_of,
    gives_authority,
    judge_authority,
    list_doers,
    named_by_relation,
    rights_given_to,
)
from ..plans import Plans, active_office, find_plans, plans_in_force
from ..presence import PRESENCE, OnDay, Presence
from ..relations.demands import needed_roles
from . import halted, work_rows
from .halted import NOT_COVERED, RECURRENCE, REJECTED, Halted, Lack
from .uncovered import plans_by_product
from .work_rows import AT_CONTACT, THEIR_OWN

__all__ = [
    "NOT_COVERED",
    "RECURRENCE",
    "REJECTED",
    "GivenWork",
    "WorkLine",
    "in_order",
    "work_given_to",
    "work_of",
    "work_of_both",
    "work_of_nobody",
]

Line = TypeVar("Line", bound="WorkLine")


class WorkLine(ListLine):
    """One thing that waits; `item` is what an act names (the phase or the task), `filing` the workflow id.

    `due` is the target date of its phase, else the day that filing/due_days.py finds, `deadline` the
    filing's earliest open deadline; `missing` says in Dutch what stands in the way, `late` that one of both
    has passed; to a contact that `due` has. A line of kind `recurrence` has the workflow's id, the day on
    which it should have started, and no phase or item; one of kind `uncovered` the id of the filing that
    there is not; those of kind `not_running`, `delivery_waits`, `status_waits`, `judgement_waits`,
    `judged_later`, `filed_twice` and `rejected` are for today. `rejected` says how often the
    client rejected what this phase works on, as long as it is not offered again.
    """

    filing: str
    template: str
    filing_title: str
    relation: str
    relation_name: str
    period: str
    kind: str
    item: str
    phase: str
    title: str
    roles: tuple[str, ...]
    due: date | None
    late: bool
    missing: tuple[str, ...]
    proof: Proof | None
    deadline: date | None = None
    in_place_of: str | None = None
    """The name of the colleague in whose place it is done."""
    rejected: int = 0
    escalated: date | None = None
    """The day on which others were brought in, because it was left undone."""
    start: date | None = None
    """The day on which what was never started should have been."""

    @property
    def day(self) -> date | None:
        """Return the day by which it is judged: target date or last day, what comes first."""
        return min((one for one in (self.due, self.deadline) if one), default=None)

    @property
    def place(self) -> date | None:
        """Return the day by which it is put in order; of what never started, that on which it should have."""
        return min((one for one in (self.day, self.start) if one), default=None)


def in_order(lines: Iterable[Line], on: date) -> tuple[Line, ...]:
    """Return work in the order in which every list has it on a day.

    What is late, then what should have started before, then the rest, each by the day on which it is due.
    """

    def find_place(line: Line) -> tuple[bool, bool, date, str, str, str]:
        passed = line.start is not None and line.start < on
        day = line.day if passed or line.late else line.place
        return (not line.late, not passed, day or date.max, line.relation, line.filing, line.item)

    return tuple(sorted(lines, key=find_place))


def work_of(connection: Connection, who: TeamMember | Contact, on: date) -> tuple[WorkLine, ...]:
    """Return what waits for a team member or a contact today: what is due first comes first."""
    if isinstance(who, Contact):
        return in_order(_of_contact(connection, who.id, on), on)
    work = _read(connection, on, who.id, everybody=False)
    return in_order(_of_member(work, who.id, on), on)


def work_of_nobody(connection: Connection, on: date) -> tuple[WorkLine, ...]:
    """Return work for roles that nobody does today, fallback included: it is on no one's list."""
    return in_order(_of_nobody(_read(connection, on, None, everybody=True), on), on)


def work_of_both(
    connection: Connection, member: TeamMember, on: date
) -> tuple[tuple[WorkLine, ...], tuple[WorkLine, ...]]:
    """Return what waits for a team member today, and what waits for nobody: read at once."""
    work = _read(connection, on, member.id, everybody=True)
    return in_order(_of_member(work, member.id, on), on), in_order(_of_nobody(work, on), on)


class GivenWork(NamedTuple):
    """Work that waits, and who may do it when it is as on a day."""

    line: WorkLine
    doers: Callable[[OnDay], tuple[str, ...]]


def work_given_to(
    connection: Connection, member: TeamMember, presence: Presence, on: date, since: date
) -> tuple[GivenWork, ...]:
    """Return what waits and is a member's, whoever does it today.

    By their roles, because it was given to them, or because by `presence` they stand in for a colleague on
    the day by which it is judged: of what is late by then, on the day `since`.
    """
    others = {one.member for one in presence.stand_ins if one.stand_in == member.id}
    work = _read(connection, on, member.id, everybody=False, of_all=(member.id, *sorted(others)))
    found = [GivenWork(_line(row, on), partial(work.list_doers_on, row)) for row in work.own]
    _, lacks = _list_lacks(work, on, [one.line for one in found])
    for one in lacks:
        role, _ = work.find_senders(one)
        found.append(GivenWork(_line_of(one, role, on), partial(work.list_senders_on, one)))
    be_on, usual = cache(presence.on), presence.usual
    return tuple(
        one
        for one in found
        if member.id in one.doers(usual)
        or (one.line.day and member.id in one.doers(be_on(max(one.line.day, since))))
    )


class _OpenWork(NamedTuple):
    """What lists of work are made of on one day, and by what is judged whose it is.

    `own` are rows that may be the member's, `unfilled` those that may be nobody's; the team and who has which
    role at a relation go with them.
    """

    day: OnDay
    own: list[Any]
    unfilled: list[Any]
    halted: Halted
    plans: Plans
    named: dict[str, dict[str, str]]
    team: tuple[TeamMember, ...]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the team, by id."""
        return {one.id: one.name for one in self.team}

    def holders(self, row: Any) -> set[str | None]:
        """Return who does the work of each of a row's roles, or of whom it was given to; None for nobody."""
        return {doer for whose in self._list_doers(row) for doer, _ in whose or ((None, None),)}

    def find_replaced(self, row: Any, member: str) -> str | None:
        """Return in whose place a member does the work of a row; None where one of its roles is their own."""
        whose = [given for doers in self._list_doers(row) for doer, given in doers if doer == member]
        return None if member in whose or not whose else whose[0]

    def list_doers_on(self, row: Any, day: OnDay) -> tuple[str, ...]:
        """Return who may do the work of a row when it is as on another day."""
        found = self._replace(day=day)._list_doers(row)
        return tuple(dict.fromkeys(doer for doers in found for doer, _ in doers))

    def find_senders(self, lack: Lack) -> tuple[str, dict[str, str]]:
        """Return the role that is told what lacks, and who is told it in that filing, with whose work it is.

        That is who delivers, else who sends; where nobody does that, the first that somebody does.
        """
        named, roles = self.named.get(lack.relation, {}), lack.plan.roles
        given = find_given(lack.view, {one.id for one in self.team if one.active})

        def list_of(role: str) -> dict[str, str]:
            return dict(list_doers(self.day, named, role, roles, given))

        if lack.deliverer:
            told = [one for role in (*lack.also, lack.deliverer) for one in list_of(role).items()]
            return lack.deliverer, dict(told)
        # An unfilled role is often the very thing that is missing, and somebody must see that.
        sender = _find_sender(lack.plan)
        for role in (sender, *needed_roles(lack.plan)):
            if doers := list_of(role):
                return role, doers
        return sender, {}

    def list_senders_on(self, lack: Lack, day: OnDay) -> tuple[str, ...]:
        """Return who is told what lacks when it is as on another day."""
        return tuple(self._replace(day=day).find_senders(lack)[1])

    def _list_doers(self, row: Any) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield who may do a row's work, with whose it is: by its roles, and by whom it was given to."""
        named, plan = self.named.get(row.relation, {}), self.plans.by_digest[row.plan]
        for role in row.roles:
            yield list_doers(self.day, named, role, plan.roles)
        if row.person is not None:
            role = plan.phase(row.phase).role
            here = any(one.id == row.person and one.active for one in self.team)
            doers = self.day.list_doers(row.person, role) if here else ()
            yield tuple((one, row.person) for one in doers)


def _read(
    connection: Connection,
    on: date,
    member: str | None,
    *,
    everybody: bool,
    of_all: tuple[str, ...] = (),
) -> _OpenWork:
    """Read what is a member's, and what is nobody's where `everybody` counts.

    With `of_all` it is what is the work of any of these while everybody is here.

    As long as somebody stands in for somebody, who does what is judged here, by the same rules as a person
    who acts; else the database knows it of nearly every row.
    """
    presence, team, *in_use = ask_at_once(
        connection, PRESENCE, MEMBERS, *([work_rows.PLANS_IN_USE] if everybody else []), day=on
    )
    day, by_product = presence.usual if of_all else presence.on(on), plans_by_product(connection)
    away = sorted(day.away)
    some = of_all or day.away
    own = [work_rows.OF_SOME if some else work_rows.OF_MEMBER] if member else []
    nobodys = [work_rows.NOBODYS] if everybody else []
    found = ask_at_once(
        connection,
        *(*own, *nobodys, *(halted.OF_ALL if everybody else halted.OF_MEMBERS)),
        member=member,
        members=[*of_all] or (day.list_covered(member) if member else []),
        away=away,
        products=sorted(by_product),
        on=on,
        numbers=_find_unheld(connection, {row.digest for row in in_use[0]}, away) if everybody else [],
    )
    mine, unfilled = found[0] if own else [], found[len(own)] if nobodys else []
    lacking = halted.read_halted(connection, on, by_product, found[len(own) + len(nobodys) :])
    judged = [row for row in mine if row.whose != THEIR_OWN or some] + unfilled
    relations = {row.relation for row in judged} | lacking.relations
    plans = find_plans(connection, {row.plan for row in judged} | lacking.digests, lacking.templates)
    named = named_by_relation(connection, relations) if relations else {}
    return _OpenWork(day, mine, unfilled, lacking, plans, named, team)


def _find_unheld(connection: Connection, in_use: Collection[str], away: list[str]) -> list[str]:
    """Return the relations at which a role may have nobody, fallbacks included, that work may be for.

    That are the roles of open filings, and those on whose behalf is sent by plans on which filings start.
    """
    chains = {
        chain_of(role.id, plan.roles)
        for plan in find_plans(connection, in_use, ()).by_digest.values()
        for role in plan.roles
    }
    starting = (one.plan for one in plans_in_force(connection).list_all())
    chains |= {chain_of(_find_sender(plan), plan.roles) for plan in starting}
    return work_rows.make_unheld(frozenset(chains)).ask(connection, away=away) if chains else []


def _of_member(work: _OpenWork, member: str, on: date) -> Iterator[WorkLine]:
    """Yield the work for roles that a member fills, and for unfilled ones that fall back to them."""
    lines = []
    for row in work.own:
        if row.whose == THEIR_OWN and not work.day.away:
            lines.append(_line(row, on))
        elif member in work.holders(row):
            whose = work.find_replaced(row, member)
            line = _line(row, on)
            lines.append(replace(line, in_place_of=work.names.get(whose, whose)) if whose else line)
    return _add_lacking(work, member, on, lines)


def _of_nobody(work: _OpenWork, on: date) -> Iterator[WorkLine]:
    lines = [
        _line(row, on) for row in work.unfilled if (row.roles or row.person) and work.holders(row) <= {None}
    ]
    return _add_lacking(work, None, on, lines)


def _add_lacking(
    work: _OpenWork, member: str | None, on: date, lines: Collection[WorkLine]
) -> Iterator[WorkLine]:
    """Yield lines, of a member or of nobody, with what does not go by itself for who sends there."""
    told, lacks = _list_lacks(work, on, lines)
    yield from told
    for one in lacks:
        role, doers = work.find_senders(one)
        if member is None and not doers:
            yield _line_of(one, role, on)
        elif member in doers:
            line, whose = _line_of(one, role, on), doers[member]
            yield line if whose == member else replace(line, in_place_of=work.names.get(whose, whose))


def _list_lacks(work: _OpenWork, on: date, lines: Iterable[WorkLine]) -> tuple[list[WorkLine], list[Lack]]:
    """Return lines with how often the client rejected their work, and what lacks beside them."""
    counts = halted.count_rejections(work.halted, work.plans)

    def count(line: WorkLine) -> int:
        return counts.get((line.filing, line.phase), 0) if line.kind == "phase" else 0

    told = [replace(line, rejected=many) if (many := count(line)) else line for line in lines]
    filings = {line.filing for line in told if line.rejected}
    lacks = halted.list_rejected(work.halted, work.plans, counts, filings, on)
    return told, lacks + halted.list_lacks(work.halted, work.plans, on)


def _of_contact(connection: Connection, contact: str, on: date) -> Iterator[WorkLine]:
    """Yield what waits for a contact by name, and for the client where they may answer."""
    rows = connection.execute(AT_CONTACT, {"contact": contact}).all()
    given, functions = rights_given_to(connection, contact), functions_of(connection, contact)
    office = active_office(connection)
    for row in rows:
        by_function = gives_authority(office, functions.get(row.relation, ()))
        rights = given.get(row.relation, ())
        if contact in row.contacts or (
            row.client and "answer" in judge_authority(rights, row.product, on, by_function=by_function).may
        ):
            yield replace(_line(row, on), late=row.due is not None and row.due < on)


def _line(row: Any, on: date) -> WorkLine:
    filing, template, filing_title, relation, name, period, kind, item, phase, *rest = row
    title, roles, due, missing, proof, escalated, deadline, *_ = rest
    return WorkLine(
        filing=filing,
        template=template,
        filing_title=filing_title,
        relation=relation,
        relation_name=name,
        period=period,
        kind=kind,
        item=item,
        phase=phase,
        title=title,
        roles=tuple(roles),
        due=due,
        late=any(day is not None and day < on for day in (due, deadline)),
        missing=tuple(missing),
        proof=proof,
        deadline=deadline,
        escalated=escalated,
    )


def _line_of(lack: Lack, role: str, on: date) -> WorkLine:
    """Return the line that tells what lacks to who does the work of a role."""
    return WorkLine(
        filing=lack.id,
        template=lack.plan.template,
        filing_title=lack.plan.title,
        relation=lack.relation,
        relation_name=lack.relation_name,
        period=lack.period,
        kind=lack.kind,
        item="",
        phase=lack.phase,
        title=lack.title or lack.plan.title,
        roles=(role,),
        due=lack.due,
        late=any(day is not None and day < on for day in (lack.due, lack.deadline)),
        missing=(lack.why,),
        proof=None,
        deadline=lack.deadline,
    )


def _find_sender(plan: Plan) -> str:
    """Return the role on whose behalf a plan sends first; of one that sends nothing, who begins it."""
    blocks = [block for phase in plan.phases for block in (phase.offer, phase.deliver) if block]
    return blocks[0].on_behalf_of if blocks else plan.phases[0].role

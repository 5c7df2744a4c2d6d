"""What waits for somebody: open work of all filings, by the roles or the authority that they have (R44).

With it what should have started by itself and could not (R28), every agreed period that nothing covers
(R64), and what is open and does not run (R65), for who sends on behalf of the office there.
The database finds what is a person's own by the roles that they fill; where a role is unfilled its fallbacks,
which the filing's plan knows, decide here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Row,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)

from ...data import ListLine, replace
from ...plan import Plan, Proof
from ..alarms import NOT_RUNNING
from ..database.columns import among_given, texts_of
from ..database.tables import (
    OPEN,
    STUCK,
    alarms,
    filings,
    recurrences,
    relation_contacts,
    relation_roles,
    relations,
    team,
    work,
)
from ..people import (
    Contact,
    TeamMember,
    all_members,
    functions_of,
    gives_authority,
    holder_of,
    ids_of_members,
    judge_authority,
    list_doers,
    named_by_relation,
    rights_given_to,
)
from ..plans import active_office, find_plan, latest_plans, plans_by_digest, plans_in_force
from ..presence import OnDay, read_day
from ..relations.demands import needed_roles
from .rejections import find_rejections, until_offered
from .uncovered import find_uncovered

RECURRENCE = "recurrence"
"""Kind of the line of a recurrence that could not start its filing."""

NOT_COVERED = "uncovered"
"""Kind of the line of a period that has no filing and no planned start."""

REJECTED = "rejected"
"""Kind of the line that tells whoever sends in the office's name that the client rejected an offer."""

_DOES_NOT_RUN = (
    "Dit loopt niet meer: termijnen worden niet bewaakt en er gaat niets uit. Vraag wie de server beheert "
    "om het weer op gang te brengen."
)

_NOT_AGREED = "De klant is niet akkoord"
_Row = Row[*tuple[Any, ...]]


Line = TypeVar("Line", bound="WorkLine")


class WorkLine(ListLine):
    """One thing that waits; `item` is what an act names (the phase or the task), `filing` the workflow id.

    `due` is the target date of its phase, `deadline` the filing's earliest open deadline; `missing` says in
    Dutch what stands in the way, `late` that one of both has passed; to a contact that `due` has. A line of
    kind `recurrence` has the workflow's id, the day on which it should have started, and no phase or item;
    one of kind `uncovered` the id of the filing that there is not; those of kind `not_running` and `rejected`
    are for today. `rejected` says how often the client rejected what this phase works on, as long as it is
    not offered again.
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

    @property
    def day(self) -> date | None:
        """Return the day by which it is judged: target date or last day, what comes first."""
        return min((one for one in (self.due, self.deadline) if one), default=None)


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return work with what is due first coming first."""
    return tuple(
        sorted(lines, key=lambda line: (line.day or date.max, line.relation, line.filing, line.item))
    )


def work_of(connection: Connection, who: TeamMember | Contact, on: date) -> tuple[WorkLine, ...]:
    """Return what waits for a team member or a contact today: what is due first comes first."""
    if isinstance(who, TeamMember):
        day = read_day(connection, on)
        lines = _add_lacking(connection, who.id, day, on, [*_of_member(connection, who.id, day, on)])
    else:
        lines = list(_of_contact(connection, who.id, on))
    return in_order(lines)


def work_of_nobody(connection: Connection, on: date) -> tuple[WorkLine, ...]:
    """Return work for roles that nobody does today, fallback included: it is on no one's list."""
    day = read_day(connection, on)
    rows = connection.execute(_UNFILLED, {"away": sorted(day.away)}).all()
    roles = _Roles(connection, rows, day)
    lines = [_line(r, on) for r in rows if (r.roles or r.person) and roles.holders(r) <= {None}]
    return in_order(_add_lacking(connection, None, day, on, lines))


def _of_member(connection: Connection, member: str, day: OnDay, on: date) -> Iterator[WorkLine]:
    """Yield the work for roles that a member fills, and for unfilled ones that fall back to them.

    As long as somebody stands in for somebody, who does what is judged here, by the same rules as a person
    who acts; else the database knows it of nearly every row.
    """
    usual = not day.away
    given = {"member": member, "members": day.list_covered(member), "away": sorted(day.away)}
    judged: list[_Row] = []
    for row in connection.execute(_OF_MEMBER if usual else _OF_SOME, given).all():
        if usual and row.whose == _THEIR_OWN:
            yield _line(row, on)
        else:
            judged.append(row)
    roles = _Roles(connection, judged, day)
    names = {one.id: one.name for one in all_members(connection)} if not usual else {}
    for row in judged:
        if member in roles.holders(row):
            line = _line(row, on)
            whose = roles.find_replaced(row, member)
            yield replace(line, in_place_of=names.get(whose, whose)) if whose else line


class _Roles:
    """Who does the work of roles in some rows of work on a day, fallbacks and stand-ins included."""

    def __init__(self, connection: Connection, rows: Collection[_Row], day: OnDay) -> None:
        self._day = day
        self._named = named_by_relation(connection, {row.relation for row in rows}) if rows else {}
        self._plans = plans_by_digest(connection, {row.plan for row in rows}) if rows else {}
        given = any(row.person for row in rows)
        self._here = frozenset(ids_of_members(connection)) if given else frozenset[str]()

    def holders(self, row: _Row) -> set[str | None]:
        """Return who does the work of each of a row's roles, or of whom it was given to; None for nobody."""
        return {doer for whose in self._list_doers(row) for doer, _ in whose or ((None, None),)}

    def find_replaced(self, row: _Row, member: str) -> str | None:
        """Return in whose place a member does the work of a row; None where one of its roles is their own."""
        whose = [given for doers in self._list_doers(row) for doer, given in doers if doer == member]
        return None if member in whose or not whose else whose[0]

    def _list_doers(self, row: _Row) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield who may do a row's work, with whose it is: by its roles, and by whom it was given to."""
        named, plan = self._named.get(row.relation, {}), self._plans[row.plan]
        for role in row.roles:
            yield list_doers(self._day, named, role, plan.roles)
        if row.person is not None:
            role, here = plan.phase(row.phase).role, row.person in self._here
            doers = self._day.list_doers(row.person, role) if here else ()
            yield tuple((one, row.person) for one in doers)


def _of_contact(connection: Connection, contact: str, on: date) -> Iterator[WorkLine]:
    """Yield what waits for a contact by name, and for the client where they may answer."""
    rows = connection.execute(_AT_CONTACT, {"contact": contact}).all()
    given, functions = rights_given_to(connection, contact), functions_of(connection, contact)
    office = active_office(connection)
    for row in rows:
        by_function = gives_authority(office, functions.get(row.relation, ()))
        rights = given.get(row.relation, ())
        if contact in row.contacts or (
            row.client and "answer" in judge_authority(rights, row.product, on, by_function=by_function).may
        ):
            yield replace(_line(row, on), late=row.due is not None and row.due < on)


def _line(row: _Row, on: date) -> WorkLine:
    filing, template, filing_title, relation, name, period, kind, item, phase, *rest = row
    title, roles, due, missing, proof, deadline, *_ = rest
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
    )


class _Lack(NamedTuple):
    """Something of a relation that does not go by itself: its workflow's id, which template, and why."""

    id: str
    plan: Plan
    relation: str
    relation_name: str
    period: str
    kind: str
    due: date
    why: str
    deadline: date | None = None
    phase: str = ""
    title: str = ""


def _add_lacking(
    connection: Connection, member: str | None, day: OnDay, on: date, lines: list[WorkLine]
) -> list[WorkLine]:
    """Return the lines, of a member or of nobody, with what does not go by itself for who sends there."""
    lines, lacks = _tell_rejections(connection, member, day, on, lines)
    for find in (_not_started, _not_covered, _not_running):
        lacks += find(connection, member, day, on)
    return [*lines, *_of_who_sends(connection, member, day, on, lacks)]


def _tell_rejections(
    connection: Connection, member: str | None, day: OnDay, on: date, lines: list[WorkLine]
) -> tuple[list[WorkLine], list[_Lack]]:
    """Return the lines with what the client rejected, and what whoever sends is to be told besides.

    The client was told that they read it.
    """
    members = None if member is None else day.list_covered(member)
    ids = {line.filing for line in lines if line.kind == "phase"}
    found = find_rejections(connection, ids, members)
    plans = {name: plan for name in {one.plan for one in found} if (plan := find_plan(connection, name))}
    counts = {
        (one.filing, phase): one.times for one in found for phase in until_offered(plans[one.plan], one.phase)
    }
    lines = [
        replace(line, rejected=counts[line.filing, line.phase])
        if line.kind == "phase" and (line.filing, line.phase) in counts
        else line
        for line in lines
    ]
    told = {line.filing for line in lines if line.rejected}
    lacks = [
        _Lack(
            *(one.filing, plans[one.plan], one.relation, one.relation_name, one.period, REJECTED, on),
            *(f"Weer aan de beurt: {plans[one.plan].phase(active).title}.", one.due, active, _NOT_AGREED),
        )
        for one in found
        for active in one.active[:1]
        if one.filing not in told and (one.filing, active) in counts
    ]
    return lines, lacks


def _not_started(connection: Connection, member: str | None, day: OnDay, on: date) -> list[_Lack]:
    """Return what should have started by itself, with why it could not: of a member, or of nobody."""
    if member is None:
        stuck = connection.execute(_STUCK).all()
    else:
        stuck = connection.execute(_STUCK_OF_MEMBER, {"members": day.list_covered(member)}).all()
    plans = _find_plans(connection, stuck)
    return [
        _Lack(
            f"recurrence/{row.template}/{row.relation}/{row.sub_number}",
            plans[row.template, row.relation],
            *(row.relation, row.relation_name, row.next_period, RECURRENCE, row.next_start, row.problem),
        )
        for row in stuck
        if (row.template, row.relation) in plans
    ]


def _not_covered(connection: Connection, member: str | None, day: OnDay, on: date) -> list[_Lack]:
    """Return the agreed periods that have no filing and no planned start: of a member, or of nobody."""
    numbers = None
    if member is not None:
        covered = {"members": day.list_covered(member)}
        numbers = list(connection.execute(_THEIRS_OF_SOME.distinct(), covered).scalars())
    return [
        _Lack(
            f"filing/{one.plan.template}/{one.relation}/{one.period.code}/{one.sub_number}/1",
            *(one.plan, one.relation, one.relation_name, one.period.code, NOT_COVERED, one.start, one.why),
        )
        for one in find_uncovered(connection, on, numbers)
    ]


def _not_running(connection: Connection, member: str | None, day: OnDay, on: date) -> list[_Lack]:
    """Return what is open and does not run, as a worker saw: of a member, or of nobody."""
    if connection.execute(_ALARMED).first() is None:  # nearly always, and the rest reads every recurrence
        return []
    rows = connection.execute(_STILL).all()
    plans = _find_plans(connection, rows)
    return [
        _Lack(
            *(row.id, plans[row.template, row.relation], row.relation, row.relation_name, row.period),
            *(NOT_RUNNING, on, _DOES_NOT_RUN, row.due),
        )
        for row in rows
        if (row.template, row.relation) in plans
    ]


def _find_plans(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], Plan]:
    """Return the plan in force for the template and relation of each row, else its last one."""
    if not rows:
        return {}
    latest = latest_plans(connection, {row.template for row in rows})
    in_force = plans_in_force(connection)
    found = {(row.template, row.relation): in_force.find(row.template, row.relation) for row in rows}
    chosen = {at: one or latest.get(at[0]) for at, one in found.items()}
    return {at: one.plan for at, one in chosen.items() if one}


def _of_who_sends(
    connection: Connection, member: str | None, day: OnDay, on: date, lacks: Collection[_Lack]
) -> Iterator[WorkLine]:
    """Yield the lines for who sends on the office's behalf where something lacks: a member, or nobody."""
    if not lacks:
        return
    named = named_by_relation(connection, {one.relation for one in lacks})
    for one in lacks:
        given = named.get(one.relation, {})
        role = _responsible(one.plan, day.fill(given))
        doers = {doer for doer, _ in list_doers(day, given, role, one.plan.roles)}
        if member not in doers if member else doers:
            continue
        yield WorkLine(
            filing=one.id,
            template=one.plan.template,
            filing_title=one.plan.title,
            relation=one.relation,
            relation_name=one.relation_name,
            period=one.period,
            kind=one.kind,
            item="",
            phase=one.phase,
            title=one.title or one.plan.title,
            roles=(role,),
            due=one.due,
            late=one.due < on,
            missing=(one.why,),
            proof=None,
            deadline=one.deadline,
        )


def _responsible(plan: Plan, filled: dict[str, str]) -> str:
    """Return the role on whose behalf is sent; where nobody has it, the first of the plan that somebody has.

    An unfilled role is often the very thing that is missing, and somebody must see that.
    """
    blocks = [block for phase in plan.phases for block in (phase.offer, phase.deliver) if block]
    sender = blocks[0].on_behalf_of if blocks else plan.phases[0].role
    held = (r for r in (sender, *needed_roles(plan)) if holder_of(filled, r, plan.roles) is not None)
    return next(held, sender)


_WORK = (
    select(
        *(work.c.filing, filings.c.template, filings.c.title.label("filing_title"), filings.c.relation),
        *(relations.c.name.label("relation_name"), filings.c.period, work.c.kind, work.c.item, work.c.phase),
        *(work.c.title, work.c.roles, work.c.due, work.c.missing, work.c.proof),
        *(filings.c.due.label("deadline"), filings.c.plan),
    )
    .join(filings, filings.c.id == work.c.filing)
    .join(relations, relations.c.number == filings.c.relation)
)

_MEMBER: BindParameter[str] = bindparam("member")
_THEIRS = select(relation_roles.c.relation).where(relation_roles.c.member == _MEMBER)
_THEIRS_OF_SOME = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
_away = among_given(team.c.id, "away")

_asked = texts_of(work.c.roles, "asked")
_filled = (relation_roles.c.relation == filings.c.relation) & (relation_roles.c.role == _asked.c.value)
_here = (team.c.id == relation_roles.c.member) & team.c.active
_THEIR_OWN = 2


def _say_whose(*known: tuple[ColumnElement[bool], int]) -> ColumnElement[int]:
    """Return whether one of a row's roles is the member's, or nobody's, so that it may fall back to them."""
    return (
        select(func.max(case(*known, (team.c.id.is_(None), 1), else_=0)))
        .select_from(_asked.outerjoin(relation_roles, _filled).outerjoin(team, _here))
        .correlate(work, filings)
        .scalar_subquery()
    )


_whose = _say_whose((team.c.id == _MEMBER, _THEIR_OWN))
_perhaps = _say_whose((among_given(team.c.id, "members"), 1), (_away, 1))
_somebodys = (
    exists()
    .select_from(_asked.join(relation_roles, _filled).join(team, _here & ~_away))
    .correlate(work, filings)
)

# Nothing waits in a filing that has ended: saying so lets an index pass them by.
_not_given = ~func.coalesce(among_given(work.c.person, "members"), false())
_MAYBE_OF_MEMBER = _WORK.add_columns(_whose.label("whose"), work.c.person).where(
    OPEN, filings.c.relation.in_(_THEIRS), _whose > 0, work.c.person.is_distinct_from(_MEMBER)
)
_MAYBE_OF_SOME = _WORK.add_columns(literal(0).label("whose"), work.c.person).where(
    OPEN, filings.c.relation.in_(_THEIRS_OF_SOME), _perhaps > 0, _not_given
)
_REASSIGNED = _WORK.add_columns(literal(_THEIR_OWN).label("whose"), work.c.person).where(
    OPEN, among_given(work.c.person, "members")
)
_OF_MEMBER = union_all(_REASSIGNED, _MAYBE_OF_MEMBER)
_OF_SOME = union_all(_REASSIGNED, _MAYBE_OF_SOME)
_gone = ~exists().where(team.c.id == work.c.person, team.c.active, ~_away).correlate(work)
_UNFILLED = _WORK.add_columns(work.c.person).where(~_somebodys, work.c.person.is_(None) | _gone)
_AT_CONTACT = _WORK.add_columns(work.c.contacts, work.c.client, filings.c.product).where(
    filings.c.relation.in_(
        select(relation_contacts.c.relation).where(relation_contacts.c.contact == bindparam("contact"))
    )
)
_alarmed = alarms.c.kind == NOT_RUNNING
_recurrence_id = (
    literal("recurrence/")
    + recurrences.c.template
    + "/"
    + recurrences.c.relation
    + "/"
    + recurrences.c.sub_number
)
_ALARMED = select(alarms.c.id).where(_alarmed).limit(1)
_STILL = union_all(
    select(
        *(filings.c.id, filings.c.template, filings.c.relation, filings.c.period, filings.c.due),
        relations.c.name.label("relation_name"),
    )
    .join(alarms, (alarms.c.filing == filings.c.id) & _alarmed)
    .join(relations, relations.c.number == filings.c.relation)
    .where(filings.c.status != "afgesloten"),
    select(
        *(alarms.c.filing, recurrences.c.template, recurrences.c.relation, recurrences.c.next_period),
        *(cast(None, Date), relations.c.name),
    )
    .join(alarms, (alarms.c.filing == _recurrence_id) & _alarmed)
    .join(relations, relations.c.number == recurrences.c.relation)
    .where(recurrences.c.status != "stopped"),
)
_STUCK = (
    select(recurrences, relations.c.name.label("relation_name"))
    .join(relations, relations.c.number == recurrences.c.relation)
    .where(STUCK)
)
# Those that are stuck are few, and a member's relations many: the few are looked up among the many.
_STUCK_OF_MEMBER = _STUCK.where(
    exists().where(
        relation_roles.c.relation == recurrences.c.relation,
        among_given(relation_roles.c.member, "members"),
    )
)

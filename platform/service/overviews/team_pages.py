"""What a colleague works with: their work, and a filing with names instead of ids and what can be done."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection

from ...audience import Viewer
from ...data import replace
from ...filing.events import SYSTEM, Actor
from ...filing.permissions import acted_in_checked, find_waiver, refuse_role
from ...filing.state import State
from ...filing.turn import Reader
from ...filing.view import DeadlineView, View, read_view, view
from ...office.database.questions import ask_at_once
from ...office.filings.chat_lines import CHAT_COUNTS, ChatCount, count_lines
from ...office.filings.deliveries import DELIVERIES_OF
from ...office.filings.dossier import DOSSIER, DossierLine, find_sent, pick_sent
from ...office.filings.dossier import list_sent as list_sent_documents
from ...office.filings.filing import Filing, find_filing
from ...office.filings.links import LINKS_OF, links_of
from ...office.filings.notes import NOTES_IN
from ...office.filings.records import RECORDED, UnreadableStateError
from ...office.filings.sent_acts import find_act
from ...office.filings.went_back import SentBackBy
from ...office.office_clock import office_now
from ...office.overviews.halted import WAITS_OF, list_waits
from ...office.overviews.timeline import ENTRIES, TimelineLine
from ...office.people import (
    CONTACTS_OF,
    MEMBERS,
    NAMED_MEMBERS,
    TeamMember,
    all_members,
    contacts_of,
    find_member,
    find_spoken_to,
    judge_place,
    named_roles,
)
from ...office.pilots import PILOT_OF, find_pilot_of
from ...office.plans import find_plan, plans_in_force
from ...office.presence import PRESENCE, OnDay, read_day
from ...office.relations.relation import (
    RELATION,
    WORKED_FOR,
    RelationStatus,
    find_relation,
    products_of,
)
from ...period import Period
from ...plan import FactDefinition, FormField, Model, Phase, Plan, Work
from ...runtime.preparing import agreed_products
from ...sbr.report import FiguresExample
from ...words import count_of, leave_ids_out, name_templates
from ..access import Visitor
from ..desk import Desk
from ..filings.audiences import list_documents, list_entries, list_notes
from ..filings.cases import Case, find_by_name, make_actor, say_begin
from ..filings.fact_input import find_fact_of_notice
from ..filings.figures import list_examples
from ..filings.giving import list_cannot
from ..filings.in_hand import list_in_hand
from ..filings.kept_proofs import list_answers
from ..filings.legal_day import find_legal_day
from ..filings.move_verdicts import say_waits
from ..filings.possible import NOTHING, Possible, judge_possible, list_awaited_notices
from ..filings.rejected import RejectedOffer, find_rejected, find_sent_back
from ..filings.requests import RequestPage, make_request_page
from ..filings.states import read_state_of
from ..filings.unjudged import find_unjudged, list_recorded
from ..filings.who_may import say_who_may
from ..names import short_name
from ..paging import Leaf, turn_to
from ..plan_standing import find_standing
from ..results import FilingPage, Refusal, filing_line, find_corrections
from .reading import Waiting, mark_sent_back, read_lists, work
from .under_way import say_deliveries

__all__ = [
    "PAGE_SIZE",
    "TeamFiling",
    "WorkList",
    "WorkPage",
    "WorkQuery",
    "find_changes",
    "find_next",
    "list_shown",
    "read_filing",
    "read_received",
    "read_work",
    "say_when",
]

PAGE_SIZE = 100
"""Lines of a page of work."""
WorkList = Literal["mijn", "afwezig", "niemand"]
"""One's own work, that of absent colleagues, and what nobody has."""
_COUNTED = (
    ("controlepunt ", "", "point"),
    ("uitvraag ", "is nog niet ontvangen)", "awaited"),
    ("uitvraag ", "is nog niet geaccepteerd)", "received"),
)
"""How what is missing begins and ends where it is counted."""
_COUNTS: Mapping[str, Callable[[int], str]] = {
    "point": lambda count: count_of(count, "controlepunt", "controlepunten"),
    "awaited": lambda count: f"{count_of(count, 'antwoord', 'antwoorden')} van de klant nog niet ontvangen",
    "received": lambda count: f"{count_of(count, 'antwoord', 'antwoorden')} van de klant nog te bekijken",
}


class WorkQuery(Model):
    """What somebody wants to see of the work: which list, which sort of work, and from which day on."""

    list: WorkList = "mijn"
    kind: str = ""
    template: str = ""
    late: bool = False
    page: int = 1


class WorkPage(Model):
    """A page of work, what is due first coming first; `kinds` and `templates` are what can be filtered by.

    `own` and `absent` count the lines of those two lists, `leaf` those of this one after filtering.
    """

    lines: tuple[Waiting, ...]
    kinds: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    own: int
    absent: int
    leaf: Leaf
    late: int
    today: date


class TeamFiling(Model):
    """A filing's page with names instead of ids, and what the visitor can do.

    `holders` are those who do the work of each role today; `people` the names of all ids that the page
    shows; `back_to` the titles of the phases that work is sent back to, by phase; `may_end` the titles of the
    ends to which an offer of what is not itself delivered may come, by phase; `missing` what a phase
    still lacks; `fields` the questions of a request's form; `notices` the kinds that a phase waits for,
    `happened` the phases in which each of those tells of what has happened;
    `under_way` says how far deliveries that run are, by phase;
    `by_hand` and `work` the phases that deliver by hand and of work; `received` what clients sent,
    by request and item; `rejected` by phase what the client did not agree to, `sent_back` what another sent
    back, with who; `absent` why the visitor can do nothing today;
    `gone` what its relation is that the office does not work for any more;
    `examples` of a file of figures by document; `chats` are those with its contacts; `legal_day`
    is the first deadline by law that is still ahead, `in_hand` the phases in which the client has an offer;
    `corrected_with` has the titles of the templates with which a closed one is corrected, by template,
    and `not_taken` those of which the relation does not take the product; `cannot` says in Dutch to whom work
    of which role cannot be given; `who_may` has by act what `say_who_may` says;
    `begins` which phase begins first on a day to come, and `unjudged` the phases whose return somebody can
    record the judgement of.
    """

    page: FilingPage
    relation_name: str
    period: str
    holders: dict[str, tuple[str, ...]]
    roles: dict[str, str]
    people: dict[str, str]
    contacts: dict[str, str]
    colleagues: dict[str, str]
    back_to: dict[str, str]
    may_end: dict[str, str]
    reports: frozenset[str]
    examples: dict[str, FiguresExample]
    missing: dict[str, tuple[str, ...]]
    facts: dict[str, FactDefinition]
    fields: dict[str, tuple[FormField, ...]]
    notices: dict[str, tuple[str, ...]]
    happened: frozenset[str]
    under_way: dict[str, str]
    by_hand: frozenset[str]
    work: frozenset[str]
    received: dict[tuple[str, str], tuple[DossierLine, ...]]
    requests: tuple[RequestPage, ...]
    possible: Possible
    who_may: dict[str, str]
    today: date
    rejected: dict[str, RejectedOffer]
    sent_back: dict[str, tuple[tuple[TimelineLine, SentBackBy], ...]]
    chats: tuple[ChatCount, ...]
    legal_day: DeadlineView | None
    in_hand: tuple[str, ...]
    cannot: tuple[str, ...] = ()
    unjudged: frozenset[str] = frozenset()
    absent: str = ""
    begins: str = ""
    gone: RelationStatus | None = None
    corrected_with: dict[str, str]
    not_taken: frozenset[str]


def read_work(desk: Desk, visitor: Visitor, query: WorkQuery) -> WorkPage:
    """Return a page of a team member's work. Raises DatabaseError and UnreadableStateError."""
    mine, nobodys = read_lists(desk, visitor.id, nobody=query.list == "niemand")
    own = tuple(line for line in mine if not line.in_place_of)
    absent = tuple(line for line in mine if line.in_place_of)
    today = desk.now().date()
    lists = {"mijn": own, "afwezig": absent, "niemand": nobodys}
    lines = lists[query.list]
    chosen = [line for line in lines if _is_asked(line, query)]
    leaf = turn_to(query.page, len(chosen), PAGE_SIZE)
    shown = mark_sent_back(desk, chosen[leaf.skip : leaf.skip + PAGE_SIZE])
    return WorkPage(
        lines=tuple(map(_say, shown)),
        kinds=tuple(sorted({line.kind for line in lines})),
        templates=tuple(sorted({(line.template, line.filing_title) for line in lines})),
        own=len(own),
        absent=len(absent),
        leaf=leaf,
        late=sum(1 for line in lines if line.late),
        today=today,
    )


def _is_asked(line: Waiting, query: WorkQuery) -> bool:
    return (
        query.kind in ("", line.kind)
        and query.template in ("", line.template)
        and (line.late or not query.late)
    )


def _say(line: Waiting) -> Waiting:
    return replace(line, missing=say_missing(line.missing))


def find_next(desk: Desk, visitor: Visitor, name: str) -> Waiting | None:
    """Return what is next of somebody's work once a filing waits for nothing of theirs; else None.

    A wait is nobody's work, and what four eyes keep from them is that of another. Raises DatabaseError.
    """
    found = work(desk, visitor.id)
    lines = () if isinstance(found, Refusal) else found
    theirs = [line for line in lines if line.kind != "wait"]
    here = [line for line in theirs if short_name(line.filing) == name]
    elsewhere = (line for line in theirs if line.phase and short_name(line.filing) != name)

    def ask(connection: Connection) -> Waiting | None:
        if any(not _is_barred(connection, desk, line, visitor.id) for line in here):
            return None
        return next((line for line in elsewhere if not _is_barred(connection, desk, line, visitor.id)), None)

    return desk.read(ask)


def _is_barred(connection: Connection, desk: Desk, line: Waiting, person: str) -> bool:
    """Say whether four eyes keep somebody from a phase that is on their list: they did what it checks."""
    filing = find_filing(connection, line.filing) if line.kind == "phase" else None
    try:
        found = read_state_of(connection, desk, filing) if filing else None
    except UnreadableStateError:
        return False  # its own page says so
    if found is None or not line.phase:
        return False
    reader, phase = Reader(*found), found[0].phase(line.phase)
    return bool(acted_in_checked(reader, phase, person)) and find_waiver(reader, phase, person) is None


def list_shown(desk: Desk, name: str, phase: str, contact: str | None) -> frozenset[str]:
    """Return the documents that an offer shows a contact: their own, where each decides for their own."""

    def ask(connection: Connection) -> frozenset[str]:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal) or filing.view is None:
            return frozenset()
        offers = (offer for offer in read_view(filing.view).offers if offer.phase == phase)
        return frozenset(shown.document for offer in offers for shown in offer.shown_to(contact))

    return desk.read(ask)


def read_filing(desk: Desk, visitor: Visitor, name: str) -> TeamFiling | Refusal:
    """Return a filing as a colleague works on it, and of it what is for them.

    Raises DatabaseError, UnreadableStateError, KeyFileError and BrokenSealError.
    """
    return desk.read(lambda connection: _read(connection, desk, visitor, name))


def _read(connection: Connection, desk: Desk, visitor: Visitor, name: str) -> TeamFiling | Refusal:
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    plan, now = find_plan(connection, filing.plan), office_now(connection)
    ask_at_once(
        connection, *_OF_PAGE, filing=filing.id, relation=filing.relation, day=now.date(), plan=filing.plan
    )
    relation = find_relation(connection, filing.relation)
    team = {one.id: one for one in all_members(connection)}
    day, named = read_day(connection, now.date()), named_roles(connection, filing.relation)
    contacts = {one.id: one.name for one in contacts_of(connection, filing.relation)}
    member = team.get(visitor.id)
    if member is None or visitor.kind != "team":
        return Refusal(code="for_office", text="Deze pagina is van het kantoor.")
    assert plan is not None, f"the plan of {filing.id} is not published"
    viewer = Viewer(id=member.id, roles=frozenset(judge_place(named, day, member, plan.roles).roles))
    state = _read_state(connection, desk, filing)
    # Where the state cannot be opened, its row still says most.
    seen = view(plan, state) if state else read_view(filing.view) if filing.view else None
    actor = make_actor(named, day, member, plan)
    possible, who_may = NOTHING, dict[str, str]()
    if seen and state and not seen.ended and not isinstance(actor, Refusal):
        case = Case(filing=filing, plan=plan, view=seen, actor=actor, now=now)
        possible = judge_possible(case, state)
        there = ((one.name, make_actor(named, day, one, plan)) for one in team.values() if one.active)
        who_may = say_who_may(case, state, {name: one for name, one in there if isinstance(one, Actor)})
    corrections = _find_corrections(connection, plan, seen, filing.relation)
    titles = {plan.template: plan.title, **{one: corrections[one].title for one in corrections}}
    lines = list_entries(connection, desk, filing, viewer)
    documents = list_documents(seen, viewer) if seen else ()
    return TeamFiling(
        page=FilingPage(
            filing=filing_line(filing, now.date()),
            view=replace(seen, documents=documents) if seen else None,
            timeline=lines,
            today=now.date(),
            links=links_of(connection, filing.id),
            notes=list_notes(connection, desk, filing, viewer),
            answers=list_answers(connection, filing.id),
            pilot=find_pilot_of(connection, filing.plan, filing.relation) is not None,
            move_waits=say_waits(connection, plan, state) if state else (),
            plans=find_standing(connection, filing) if visitor.manager else None,
            corrections=tuple(name_templates(one, titles) for one in find_corrections(plan, seen)),
            waits=(
                *(list_recorded(connection, filing.id, state).values() if state else ()),
                *list_waits(connection, filing.id, now.date()),
            ),
        ),
        corrected_with={one: corrections[one].title for one in corrections},
        not_taken=_list_not_taken(connection, corrections, filing.relation),
        relation_name=relation.name if relation else filing.relation,
        period=Period.parse(filing.period).words,
        holders={role: _find_holders(role, plan, named, day, team, seen) for role in _list_roles(plan)},
        roles={role.id: role.title for role in plan.roles},
        people={**contacts, **{one.id: one.name for one in team.values()}},
        contacts=contacts,
        colleagues={one.id: one.name for one in team.values() if one.active and one.id not in day.absent},
        back_to={p.id: plan.phase(p.back_to).title for p in plan.phases if p.back_to},
        may_end=_list_ends(plan),
        reports=frozenset(one.id for one in plan.documents if one.report),
        examples=list_examples(desk.equipment.reports, plan),
        missing=_list_missing(seen),
        facts={one.id: one for one in plan.facts},
        fields=_list_fields(plan, seen),
        notices={p.id: list_awaited_notices(p) for p in plan.phases},
        happened=frozenset(p.id for p in plan.phases if _tells_of_past(plan, p)),
        under_way=say_deliveries(plan, seen, lines, now.date()) if seen else {},
        by_hand=frozenset(p.id for p in plan.phases if p.deliver and p.deliver.by_hand),
        work=frozenset(p.id for p in plan.phases if isinstance(p.block, Work)),
        received=_list_received(connection, desk, filing, seen),
        requests=tuple(make_request_page(plan, state, one) for one in seen.requests)
        if seen and state
        else (),
        possible=possible,
        who_may=who_may,
        today=now.date(),
        in_hand=list_in_hand(plan, seen) if seen else (),
        legal_day=find_legal_day(seen, now.date(), None) if seen else None,
        rejected=find_rejected(desk, plan, seen, documents, lines),
        sent_back=find_sent_back(plan, seen, lines),
        chats=count_lines(connection, filing.id),
        cannot=list_cannot(Reader(plan, state), named, day, team.values())
        if state and any(possible.can("reassign", role.id) for role in plan.roles)
        else (),
        unjudged=_list_unjudged(connection, filing.id, plan, state, actor),
        absent=actor.text if isinstance(actor, Refusal) else "",
        begins=say_begin(seen, now.date()) if seen else "",
        gone=relation.status if relation and relation.status not in ("prospect", *WORKED_FOR) else None,
    )


_OF_PAGE = (
    *(RELATION, CONTACTS_OF, NAMED_MEMBERS, MEMBERS, PRESENCE),
    *(RECORDED, ENTRIES, LINKS_OF, NOTES_IN, DELIVERIES_OF, DOSSIER, CHAT_COUNTS, PILOT_OF, WAITS_OF),
)
"""What a colleague's page of a filing is made of: asked at once, so that each part has its answer already."""


def _list_unjudged(
    connection: Connection, filing: str, plan: Plan, state: State | None, actor: Actor | Refusal
) -> frozenset[str]:
    if state is None or isinstance(actor, Refusal):
        return frozenset()
    reader = Reader(plan, state)
    found = find_unjudged(connection, filing, state)
    return frozenset(one for one in found if refuse_role(reader, plan.phase(one), actor) is None)


def _read_state(connection: Connection, desk: Desk, filing: Filing) -> State | None:
    try:
        found = read_state_of(connection, desk, filing)
    except UnreadableStateError:
        return None
    return found[1] if found else None


def _list_roles(plan: Plan) -> tuple[str, ...]:
    """Return the roles whose work the phases of a plan are."""
    return tuple(dict.fromkeys(phase.role for phase in plan.phases))


def _find_holders(
    role: str,
    plan: Plan,
    named: Mapping[str, str],
    day: OnDay,
    team: Mapping[str, TeamMember],
    seen: View | None,
) -> tuple[str, ...]:
    """Return the names of who does the work of a role here: to whom it was reassigned, else who holds it.

    Whose work nobody does while they are absent is said to be.
    """
    doer = find_spoken_to(day, named, role, plan.roles, seen.given if seen else {}) or ""
    away = ", vandaag afwezig" if doer in day.absent else ""
    return (f"{team[doer].name}{away}",) if doer in team else ()


def _tells_of_past(plan: Plan, phase: Phase) -> bool:
    """Say whether each notice that a phase waits for gives the day of something that has happened."""
    facts = [find_fact_of_notice(plan, phase.id, kind) for kind in list_awaited_notices(phase)]
    return bool(facts) and all(fact is not None and fact.past for fact in facts)


def _list_ends(plan: Plan) -> dict[str, str]:
    """Return the title of the end of each offer of what is not itself delivered, by phase."""
    titles = {one.id: one.title for one in plan.ends}
    delivered = {one.deliver.document for one in plan.phases if one.deliver}
    return {
        one.id: titles[one.offer.may_end]
        for one in plan.phases
        if one.offer and one.offer.may_end and not delivered & set(one.offer.documents)
    }


def _list_missing(seen: View | None) -> dict[str, tuple[str, ...]]:
    """Return what each phase lacks, by phase: checkpoints counted, since each is shown with its box."""
    return {
        item.phase: say_missing(item.missing)
        for item in (seen.work if seen else ())
        if item.kind in ("phase", "deliver", "wait", "stalled")
    }


def say_missing(missing: Sequence[str]) -> tuple[str, ...]:
    """Return what is missing as people read it: what is shown one by one is counted."""
    counted: dict[str, int] = {}
    others = []
    for one in missing:
        sort = next((sort for sort in _COUNTED if one.startswith(sort[0]) and one.endswith(sort[1])), None)
        if sort:
            counted[sort[2]] = counted.get(sort[2], 0) + 1
        else:
            others.append(leave_ids_out(one))
    return (*(_COUNTS[name](count) for name, count in counted.items()), *others)


def _list_fields(plan: Plan, seen: View | None) -> dict[str, tuple[FormField, ...]]:
    asked = seen.requests if seen else ()
    return {one.id: plan.form(one.form).fields for one in asked if one.kind == "form"}


def _list_received(
    connection: Connection, desk: Desk, filing: Filing, seen: View | None
) -> dict[tuple[str, str], tuple[DossierLine, ...]]:
    asked = [(one, item) for one in (seen.requests if seen else ()) for item in one.items if item.documents]
    if not asked:
        return {}
    lines = list_sent_documents(connection, filing.relation, desk.equipment.document_ring.open_sealed)
    ours = [one for one in lines if one.filing == filing.id]
    return {
        (one.id, item.id): pick_sent(ours, one.id, item.title if one.kind == "list" else "", item.documents)
        for one, item in asked
    }


def read_received(
    desk: Desk, visitor: Visitor, name: str, hash: str, place: str = ""
) -> tuple[str, bytes] | Refusal:
    """Return a document that a client sent when it was asked for: its name and bytes.

    Raises DatabaseError and DocumentError.
    """

    def ask(connection: Connection) -> DossierLine | Refusal:
        absent = Refusal(code="unknown_document", text="Dit document bestaat niet (meer).")
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal) or find_member(connection, visitor.id) is None:
            return absent
        lines = list_sent_documents(connection, filing.relation, desk.equipment.document_ring.open_sealed)
        return find_sent([one for one in lines if one.filing == filing.id], hash, place) or absent

    line = desk.read(ask)
    return line if isinstance(line, Refusal) else (line.name, desk.equipment.documents.get(line.hash))


def find_changes(desk: Desk, visitor: Visitor, name: str, step: int, act: str) -> tuple[TimelineLine, ...]:
    """Return what other people did to a filing after a step; nothing where the act was sent before: a repeat.

    What kantoor does by itself meanwhile (a mail that left, a receipt) takes nobody's work away: the machine
    refuses what no longer fits.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """
    found = read_filing(desk, visitor, name)
    if isinstance(found, Refusal) or found.page.filing.recorded <= step:
        return ()
    if desk.read(lambda connection: find_act(connection, found.page.filing.id, act)):
        return ()
    mine_or_own = (visitor.id, SYSTEM.id)
    return tuple(one for one in found.page.timeline if one.sequence > step and one.by not in mine_or_own)


def say_when(due: date | None, today: date) -> str:
    """Return how a day lies to today in words: 3 dagen te laat, vandaag, morgen; empty further on."""
    if due is None:
        return ""
    days = (due - today) // timedelta(days=1)
    if days < 0:
        return f"{count_of(-days, 'dag', 'dagen')} te laat"
    return {0: "vandaag", 1: "morgen"}.get(days, "")


def _find_corrections(
    connection: Connection, plan: Plan, seen: View | None, relation: str
) -> dict[str, Plan]:
    """Return the plans in force with which a closed filing is corrected, by template."""
    if not find_corrections(plan, seen):
        return {}
    plans = {one.template: one.plan for one in plans_in_force(connection).list_for(relation)}
    ways = dict.fromkeys(filter(None, (plan.corrected_by, *plan.corrected_with)))
    return {one: plans[one] for one in ways if one in plans}


def _list_not_taken(connection: Connection, plans: dict[str, Plan], relation: str) -> frozenset[str]:
    """Return of which of these a relation does not take the product."""
    taken = products_of(connection, relation) if plans else ()
    return frozenset(one for one, plan in plans.items() if not agreed_products(taken, plan.products))

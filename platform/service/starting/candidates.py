"""Who can start, and why the others cannot: worked out before anything is started (R27, R28, R30)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection

from ...data import ListLine, replace
from ...filing.events import Actor
from ...filing.outcome import Refusal
from ...filing.state import Origin
from ...office.database.questions import Question, ask_at_once
from ...office.database.tables import ONE_SUB_NUMBER
from ...office.filings.filing import OVER, FilingFacts
from ...office.filings.recurrences import Recurrence as Row
from ...office.filings.recurrences import list_recurrences
from ...office.plans import InForce, PublishedPlan
from ...office.relations.demands import Demands, Needs
from ...office.relations.readiness import find_advice
from ...office.relations.relation import RELATIONS, Relation, RelationProduct, pick_product, stretches_of
from ...office.relations.snapshot import Snapshot, load_snapshot
from ...period import Period, in_words
from ...recurrence import Recurrence, Terms
from ...runtime.preparing import (
    NotReady,
    StartRequest,
    agreed_products,
    judge_start,
)
from ...runtime.recurrence_client import make_terms, recurrence_of
from ...runtime.repeating import Seen, ask_reason, find_repeated, see_filed
from ..origins import make_origin
from ..unknown import say_no_relations
from .later_starts import refuse_holding_up
from .passed import Passed, may_have_passed
from .plausible import Late, find_late, may_be_late
from .wishes import Taking, Wish, read_wish, refuse_by_plan

Result = Literal["starts", "planned", "runs_already", "not_ready"]


class Line(ListLine):
    """What happens, or would happen, for one relation."""

    relation: str
    name: str
    sub_number: str
    result: Result
    text: str
    filing: str | None = None
    advice: tuple[str, ...] = ()
    """What the template advises and the relation does not have (Dutch): it starts all the same."""


class Candidate(ListLine):
    """One relation with what is to be done: a filing started now, a recurrence set up, both or neither.

    `standing` is the recurrence that has a row: begun again when its workflow never was, with the filing of
    `request` where that has only a row as well. `product` is what
    the relation takes; None where it takes none. `since` is how the line's text ends where days have passed:
    the start date, from which dates may count, and those of the plan. `stands` says how
    `standing` is once it has begun (Dutch).
    """

    line: Line
    product: str | None = None
    since: str = ""
    request: StartRequest | None = None
    recurrence: Recurrence | None = None
    standing: Recurrence | None = None
    stands: str = ""

    @property
    def to_do(self) -> bool:
        """Say whether anything is to be done."""
        return any((self.request, self.recurrence, self.standing))


def candidates(connection: Connection, who: str, wish: Wish, needs: Needs) -> list[Candidate] | Refusal:
    """Return every selected relation with what is to be done, or why nothing can be started at all.

    `needs` says what reports need to know of a relation. The office is read at once: with as many statements
    for one relation as for thousands. Whether something unusual is meant is asked only where that is the
    answer: else what is in the way all the same is told.
    """
    meant, asked = read_wish(connection, who, wish), None
    if isinstance(meant, Refusal) and meant.code == "unusual":
        asked, wish = meant, wish.model_copy(update={"anyway": True})
        meant = read_wish(connection, who, wish)
    if isinstance(meant, Refusal):
        return meant
    plans, starter, now, numbers = meant
    by = Actor(kind="team", id=starter.id, qualifications=starter.qualifications)
    facts = _read_facts(connection, wish, plans, needs, numbers, by, now)
    if wish.selection.exactly:
        chosen = [_product_of(facts, one) for one in wish.selection.exactly]
    else:
        chosen = [one for number in numbers for one in _products_meant(facts, number)]
    starts = [_Start(facts, *one) for one in chosen]
    held_up = [*takewhile(bool, (one.held_up for one in starts))]
    if held_up and held_up[0] and len(held_up) == len(starts):
        return held_up[0]
    if asked:
        return asked
    late = [one.late for one in starts if facts.judges_late and one.judged_by]
    if late and all(late):
        return max((one for one in late if one), key=lambda one: one.last).refusal
    found = [_candidate(one) for one in starts]
    return _name_unknown(connection, found, facts.snapshot)


def _name_unknown(connection: Connection, found: list[Candidate], snapshot: Snapshot) -> list[Candidate]:
    """Return candidates, those of relations that do not exist with the number that may be meant."""
    unknown = [one.line.relation for one in found if one.line.relation not in snapshot.held]
    texts = say_no_relations(connection, unknown) if unknown else {}
    return [
        replace(one, line=replace(one.line, text=texts[one.line.relation]))
        if one.line.relation in texts
        else one
        for one in found
    ]


class _Facts(NamedTuple):
    """What the command wants, and what the office knows of every selected relation.

    `demands` is what the template's plans demand and `refused` why they start nothing as it is wished, by
    digest. `relations` are those of which days of the plan may have passed; whether their own deadlines can
    make the start an unlikely one, `judges_late` says.
    """

    wish: Wish
    by: Actor
    now: datetime
    plans: InForce
    demands: dict[str, Demands]
    refused: dict[str, Refusal | None]
    snapshot: Snapshot
    filings: dict[tuple[str, str], list[FilingFacts]]
    seen: Seen
    recurrences: dict[tuple[str, str], Row]
    relations: dict[str, Relation]
    judges_late: bool
    passed: Passed

    def published_for(self, relation: str) -> PublishedPlan:
        """Return the plan that is in force for a relation."""
        found = self.plans.find(self.wish.template, relation)
        assert found is not None, "a wish for what is not published is refused"
        return found

    def demands_of(self, relation: str) -> Demands:
        """Return what that plan demands."""
        return self.demands[self.published_for(relation).digest]


def _read_facts(
    connection: Connection,
    wish: Wish,
    plans: InForce,
    needs: Needs,
    numbers: list[str],
    by: Actor,
    now: datetime,
) -> _Facts:
    snapshot = load_snapshot(connection, numbers, wish.begins(now.date()))
    published = [one for one in plans.list_all() if one.template == wish.template]
    today = now.date()
    passed = any(may_have_passed(one.plan, wish.period, wish.begins(today)) for one in published)
    asked: tuple[Question[Any], ...] = (OVER, RELATIONS) if passed or _judges_late(wish, today) else (OVER,)
    over, *held_against = ask_at_once(
        connection, *asked, template=wish.template, period=wish.period.code, numbers=list(numbers)
    )
    return _Facts(
        wish=wish,
        by=by,
        now=now,
        plans=plans,
        demands={one.digest: Demands(one.plan, needs) for one in published},
        refused={one.digest: refuse_by_plan(wish, one.plan, today) for one in published},
        snapshot=snapshot,
        seen=see_filed(connection, snapshot, numbers, [wish.period.code], needs),
        filings=over,
        recurrences=_read_recurrences(connection, wish, numbers, today),
        relations={one.number: one for some in held_against for one in some},
        judges_late=_judges_late(wish, today),
        passed=Passed(),
    )


def _read_recurrences(
    connection: Connection, wish: Wish, numbers: list[str], today: date
) -> dict[tuple[str, str], Row]:
    """Return by relation and sub-number the recurrences that a wish may meet: a start of today meets none."""
    if not (wish.recurring or wish.waits(today)):
        return {}
    found = list_recurrences(connection, template=wish.template, numbers=numbers)
    return {(row.relation, row.sub_number): row for row in found}


def _judges_late(wish: Wish, today: date) -> bool:
    return not wish.anyway and may_be_late(wish.period, wish.start_date, today)


def _products_meant(facts: _Facts, number: str) -> Iterator[tuple[str, RelationProduct | None]]:
    """Yield a relation once for each product it takes under a sub-number; None where it takes none.

    Named by number it is what it takes over the period, and when that is nothing, what it takes at all.
    """
    selection, period = facts.wish.selection, facts.wish.period
    held = facts.snapshot.held.get(number)
    agreed = held.products if held else []
    if not selection.relations:
        frequency = selection.frequency or period.kind
        wanted = _as_agreed([one for one in agreed if one.product == selection.product], period.start)
        yield from ((number, one) for one in wanted if one.frequency == frequency)
        return
    taken = _as_agreed(agreed_products(agreed, facts.published_for(number).plan.products), period.start)
    covering = [one for one in taken if one.covers(period)]
    for one in covering or taken:
        yield number, one
    if not taken:
        yield number, None


def _product_of(facts: _Facts, wanted: Taking) -> tuple[str, RelationProduct | None]:
    """Return a relation with the product that it took, as agreed now; None where it takes it no more."""
    held = facts.snapshot.held.get(wanted.relation)
    agreed = [one for one in (held.products if held else ()) if one.product == wanted.product]
    same = [one for one in agreed if one.sub_number == wanted.sub_number]
    return wanted.relation, next(iter(_as_agreed(same, facts.wish.period.start)), None)


def _as_agreed(products: Sequence[RelationProduct], day: date) -> list[RelationProduct]:
    """Return each product and sub-number once, as it is agreed on a day."""
    keys = dict.fromkeys((one.product, one.sub_number) for one in products)
    picked = (
        pick_product([one for one in products if one.product == product], sub_number, day)
        for product, sub_number in keys
    )
    return [one for one in picked if one is not None]


class _Start(NamedTuple):
    """One selected relation, with the product that it takes."""

    facts: _Facts
    relation: str
    taken: RelationProduct | None

    @property
    def sub_number(self) -> str:
        return self.taken.sub_number if self.taken else ONE_SUB_NUMBER

    @property
    def request(self) -> StartRequest:
        wish = self.facts.wish
        return StartRequest(
            template=wish.template,
            relation=self.relation,
            period=wish.period.code,
            sub_number=self.sub_number,
            sequence=self._sequence() if wish.again else 1,
            start_date=wish.start_date or self.facts.now.date(),
            reason=wish.again,
            without_automations=wish.without_automations,
            by=self.facts.by,
        )

    @property
    def judged_by(self) -> Origin | None:
        """Return what the filing would start with, where its days say whether that is late."""
        facts, wish = self.facts, self.facts.wish
        relation, office = facts.relations.get(self.relation), facts.snapshot.office
        if relation is None or self.taken is None or office is None:
            return None
        day = wish.begins(facts.now.date())
        return make_origin(office, wish.template, relation, self.taken, wish.period, day)

    def say_passed(self, request: StartRequest) -> str:
        """Return which days have passed when the filing begins, behind '; ' (Dutch), or nothing."""
        facts, today, origin = self.facts, self.facts.now.date(), self.judged_by
        said = f"; de startdatum is {in_words(request.start_date)}" if request.start_date < today else ""
        if origin is None:
            return said
        published = facts.published_for(self.relation)
        begun = replace(origin, start_date=request.start_date)
        return said + facts.passed.say(published.digest, published.plan, begun, facts.wish.begins(today))

    @property
    def late(self) -> Late | None:
        """Return why the start is too late by the deadlines of this relation's product and period."""
        facts = self.facts
        origin = self.judged_by if facts.judges_late else None
        if origin is None:
            return None
        plan = facts.published_for(self.relation).plan
        return find_late(plan, origin, facts.wish.start_date, facts.now.date())

    @property
    def held_up(self) -> Refusal | None:
        """Return why a recurrence that is yet to begin cannot begin on the day that is wished."""
        facts, today, row = self.facts, self.facts.now.date(), self.row
        if not (facts.wish.recurring and facts.wish.waits(today)) or (row and row.status != "stopped"):
            return None
        recurrence = _new(self, self.request)
        if recurrence is None:
            return None
        return refuse_holding_up(recurrence, self.request.start_date, today, new=True)

    @property
    def row(self) -> Row | None:
        """Return the row of the recurrence, where the wish may meet one."""
        return self.facts.recurrences.get((self.relation, self.sub_number))

    @property
    def filings(self) -> list[FilingFacts]:
        """Return the existing filings over the period, by sequence."""
        return self.facts.filings.get((self.relation, self.sub_number), [])

    def _sequence(self) -> int:
        """Return the number of a further filing: the same reason again is the same filing."""
        same = [f.sequence for f in self.filings if f.again_reason == self.facts.wish.again]
        return same[-1] if same else max((f.sequence for f in self.filings), default=0) + 1


def _candidate(start: _Start) -> Candidate:
    request, wish, today = start.request, start.facts.wish, start.facts.now.date()
    line = _line(start, request)
    later, product = wish.waits(today), start.taken.product if start.taken else None
    row = start.row
    there = next((f for f in start.filings if f.sequence == request.sequence), None)
    begun = there is not None and (there.recorded > 0 or there.status != "gepland")
    if row and row.status != "stopped":
        result, text = ("runs_already", _standing(row)) if row.begun else ("planned", _not_begun(row))
        said = replace(line, result=result, text=text)
        standing = _as_in(start, row)
        if there is None or begun:
            return Candidate(line=said, product=product, standing=standing, stands=_standing(row))
        since = start.say_passed(request)
        said = replace(line, **_describe_start(request, today, since, begun=False, recurring=wish.recurring))
        return Candidate(line=said, product=product, since=since, standing=standing, request=request)
    if begun and there and not wish.recurring:
        said = replace(line, result="runs_already", text=_running(there, wish))
        return Candidate(line=said, product=product)
    held_up, late = start.held_up, start.late
    by_plan = start.facts.refused[start.facts.published_for(start.relation).digest]
    refused = held_up or by_plan or (late and late.refusal)
    if refused:
        return Candidate(line=replace(line, result="not_ready", text=refused.text), product=product)
    recurrence = _new(start, request) if wish.recurring or later else None
    judged = None if begun else _judge(start, request)
    if isinstance(judged, NotReady):
        return Candidate(line=replace(line, result="not_ready", text=judged.text), product=product)
    since = "" if begun else start.say_passed(request)
    return Candidate(
        product=product,
        since=since,
        line=replace(
            line,
            **_describe_start(request, today, since, begun=begun, recurring=wish.recurring),
            advice=() if judged is None else _advise(start, judged),
        ),
        request=None if begun or later else request,
        recurrence=recurrence,
    )


def _judge(start: _Start, request: StartRequest) -> RelationProduct | NotReady:
    facts, key = start.facts, (start.relation, start.sub_number)
    day = facts.wish.begins(facts.now.date())
    demands = facts.demands_of(start.relation)
    again = find_repeated(facts.snapshot, demands, request.key, facts.seen)
    judged = judge_start(facts.snapshot, demands, *key, facts.wish.period, day, again)
    if isinstance(judged, NotReady):
        return judged
    asked = ask_reason(again, request.key, request.reason)
    return NotReady(missing=(asked,)) if asked else judged


def _advise(start: _Start, taken: RelationProduct) -> tuple[str, ...]:
    facts = start.facts
    day = facts.wish.begins(facts.now.date())
    advice = find_advice(facts.snapshot, facts.demands_of(start.relation), start.relation, day, taken)
    return tuple(one.text for one in advice)


def _line(start: _Start, request: StartRequest) -> Line:
    held = start.facts.snapshot.held.get(start.relation)
    return Line(
        relation=start.relation,
        name=held.relation.name if held else "",
        sub_number=start.sub_number,
        result="starts",
        text="",
        filing=request.key.workflow_id,
    )


def _describe_start(
    request: StartRequest, today: date, since: str, *, begun: bool, recurring: bool
) -> dict[str, str]:
    day, later = in_words(request.start_date), request.start_date > today
    text = "loopt al" if begun else f"start op {day}" if later else "start nu"
    every = EVERY_NEXT if recurring else ""
    return {"result": "planned" if begun or later else "starts", "text": text + every + since}


EVERY_NEXT = ", daarna automatisch voor elke volgende periode"
ASKS_AGAIN = "geef een reden op om een extra opdracht te starten"
"""What is said where a filing already exists; a command adds how that is typed."""


def _running(there: FilingFacts, wish: Wish) -> str:
    how = "is al afgesloten" if there.status == "afgesloten" else "loopt al"
    if wish.again:
        return f"een opdracht met deze reden {how}"
    return f"{how}; {ASKS_AGAIN}"


def _standing(row: Row) -> str:
    following = _following(row)
    if row.once:
        return f"staat al gepland: {following}"
    there = "er is al een herhaling (gepauzeerd)" if row.status == "paused" else "de herhaling loopt al"
    return f"{there}: {following}"


def _not_begun(row: Row) -> str:
    return f"gepland en nog niet begonnen: {_following(row)}{'' if row.once else EVERY_NEXT}"


def _following(row: Row) -> str:
    return f"{Period.parse(row.next_period).words} op {in_words(row.next_start)}"


def _terms(start: _Start) -> Terms | None:
    """Return the terms that determine the starts of the relation's product, or None when it takes none."""
    facts = start.facts
    plan, held = facts.published_for(start.relation).plan, facts.snapshot.held.get(start.relation)
    agreed = agreed_products(held.products if held else (), plan.products)
    stretches = stretches_of(agreed, start.sub_number)
    if not stretches or facts.snapshot.office is None:
        return None
    return make_terms(plan, facts.snapshot.office, stretches, facts.now.date())


def _new(start: _Start, request: StartRequest) -> Recurrence | None:
    """Return the recurrence that is asked for, or the single start on a later day."""
    wish, terms = start.facts.wish, _terms(start)
    if terms is None or start.taken is None:
        return None
    return Recurrence(
        template=wish.template,
        relation=start.relation,
        sub_number=start.sub_number,
        product=start.taken.product,
        terms=terms,
        period=request.period,
        start=request.start_date,
        once=not wish.recurring,
        without_automations=wish.without_automations,
    )


def _as_in(start: _Start, row: Row) -> Recurrence | None:
    """Return a recurrence as its row has it: to be begun if its workflow was never started."""
    terms = _terms(start)
    return None if terms is None else recurrence_of(row, terms)

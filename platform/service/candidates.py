"""Who can start, and why the others cannot: worked out before anything is started (R27, R28, R30)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from ..filing.events import Actor
from ..filing.outcome import Refusal
from ..office.database.tables import ONE_SUB_NUMBER
from ..office.filings.filing import Filing, find_filing, list_filings, next_sequence
from ..office.filings.recurrences import Recurrence as Row
from ..office.filings.recurrences import find_recurrence
from ..office.office_clock import office_now
from ..office.people import TeamMember, find_person
from ..office.plans import active_plan
from ..office.relations.relation import RelationProduct, find_relation, products_of
from ..period import Period, PeriodKind, in_words
from ..plan import Model, Plan
from ..recurrence import Recurrence
from ..runtime.preparing import NotReady, StartRequest, prepare
from ..runtime.recurrence_client import terms_of
from ..words import FREQUENCY_WORDS


class Selection(Model):
    """For whom: relations by number, or all that take a product, by default in the period's frequency."""

    relations: tuple[str, ...] = ()
    product: str | None = None
    frequency: PeriodKind | None = None


class Wish(Model):
    """What is to be started. `again` is the reason for a further filing over the same period."""

    template: str
    period: Period
    selection: Selection
    start_date: date | None = None
    recurring: bool = False
    without_automations: bool = False
    again: str = ""


Result = Literal["starts", "planned", "runs_already", "not_ready"]


class Line(Model):
    """What happens, or would happen, for one relation."""

    relation: str
    name: str
    sub_number: str
    result: Result
    text: str
    filing: str | None = None


class Candidate(Model):
    """One relation with what is to be done: a filing started now, a recurrence set up, both or neither.

    `standing` is the recurrence that is there by its row: begun again when its workflow never was.
    """

    line: Line
    request: StartRequest | None = None
    recurrence: Recurrence | None = None
    standing: Recurrence | None = None

    @property
    def to_do(self) -> bool:
        """Say whether anything is to be done."""
        return any((self.request, self.recurrence, self.standing))


def candidates(connection: Connection, who: str, wish: Wish) -> list[Candidate] | Refusal:
    """Return everybody that is meant, each with what is to be done, or why nothing can be started at all."""
    published = active_plan(connection, wish.template)
    if published is None:
        text = f"Het werkproces '{wish.template}' is nog niet gepubliceerd; doe dat met `kantoor deploy`."
        return Refusal(code="not_deployed", text=text)
    starter = find_person(connection, who)
    if not isinstance(starter, TeamMember):
        text = f"Alleen een medewerker kan starten; '{who}' is geen medewerker."
        return Refusal(code="unknown_person", text=text)
    now = office_now(connection)
    refusal = _refuse_wish(wish, published.plan, now.date())
    if refusal:
        return refusal
    chosen = _chosen(connection, wish, published.plan.products)
    if isinstance(chosen, Refusal):
        return chosen
    by = Actor(kind="team", id=starter.id, qualifications=starter.qualifications)
    return [_candidate(_Start(connection, wish, by, now, *one)) for one in chosen]


def _refuse_wish(wish: Wish, plan: Plan, today: date) -> Refusal | None:
    later = wish.start_date is not None and wish.start_date > today
    if wish.again and (later or wish.recurring):
        text = "Een extra opdracht over dezelfde periode start direct en kan niet worden herhaald."
        return Refusal(code="again_now", text=text)
    if plan.start == "on_date" and wish.start_date is None:
        return Refusal(code="no_date", text=f"Geef de startdatum op van {plan.title} (--date).")
    if plan.start == "by_hand" and wish.recurring:
        text = f"{plan.title} start u zelf en kan dus niet vanzelf worden herhaald."
        return Refusal(code="by_hand", text=text)
    return None


def _chosen(
    connection: Connection, wish: Wish, products: tuple[str, ...]
) -> list[tuple[str, RelationProduct | None]] | Refusal:
    """Return relations with the product they take, once for each sub-number; None where they take none."""
    selection = wish.selection
    if selection.relations:
        numbers = dict.fromkeys(selection.relations)
        return [one for number in numbers for one in _of_relation(connection, wish, number, products)]
    if selection.product not in products:
        text = f"Dit werkproces hoort bij {', '.join(products)}, niet bij '{selection.product}'."
        return Refusal(code="other_product", text=text)
    frequency = selection.frequency or wish.period.kind
    if frequency != wish.period.kind:
        text = f"{wish.period.words.capitalize()} is geen {FREQUENCY_WORDS[frequency]}."
        return Refusal(code="other_frequency", text=text)
    takers = products_of(connection, product=selection.product)
    wanted = [(taken.relation, taken) for taken in takers if taken.frequency == frequency]
    nobody = Refusal(
        code="nobody", text=f"Geen relatie neemt dit product per {FREQUENCY_WORDS[frequency]} af."
    )
    return list(wanted) or nobody


def _of_relation(
    connection: Connection, wish: Wish, number: str, products: tuple[str, ...]
) -> Iterator[tuple[str, RelationProduct | None]]:
    """Yield what a relation takes over the period; when that is nothing, what it takes at all."""
    taken = [one for one in products_of(connection, number) if one.product in products]
    covering = [one for one in taken if one.covers(wish.period)]
    for one in covering or taken:
        yield number, one
    if not taken:
        yield number, None


class _Start(NamedTuple):
    """One relation that is meant, with what is known of the command."""

    connection: Connection
    wish: Wish
    by: Actor
    now: datetime
    relation: str
    taken: RelationProduct | None

    @property
    def sub_number(self) -> str:
        return self.taken.sub_number if self.taken else ONE_SUB_NUMBER

    @property
    def request(self) -> StartRequest:
        wish = self.wish
        return StartRequest(
            template=wish.template,
            relation=self.relation,
            period=wish.period.code,
            sub_number=self.sub_number,
            sequence=self._sequence() if wish.again else 1,
            start_date=wish.start_date or self.now.date(),
            reason=wish.again,
            without_automations=wish.without_automations,
            by=self.by,
        )

    def _sequence(self) -> int:
        """Return the number of a further filing: the same reason again is the same filing."""
        key = (self.wish.template, self.relation, self.wish.period.code)
        found = list_filings(self.connection, template=key[0], relation=key[1], period=key[2])
        same = [f for f in found if f.sub_number == self.sub_number and f.again_reason == self.wish.again]
        return same[-1].sequence if same else next_sequence(self.connection, *key, self.sub_number)


def _candidate(start: _Start) -> Candidate:
    request, wish, today = start.request, start.wish, start.now.date()
    line = _line(start, request)
    later = request.start_date > today
    row = find_recurrence(start.connection, start.relation, wish.template, start.sub_number)
    if (wish.recurring or later) and row and row.status != "stopped":
        said = line.model_copy(update={"result": "runs_already", "text": _standing(row)})
        return Candidate(line=said, standing=_as_in(start, row))
    there = find_filing(start.connection, request.key.workflow_id)
    begun = there is not None and (there.recorded > 0 or there.status != "gepland")
    if begun and there and not wish.recurring:
        said = line.model_copy(update={"result": "runs_already", "text": _running(there, wish)})
        return Candidate(line=said)
    prepared = None if begun else prepare(start.connection, request, start.now)
    if isinstance(prepared, NotReady):
        return Candidate(line=line.model_copy(update={"result": "not_ready", "text": prepared.text}))
    return Candidate(
        line=line.model_copy(update=_foreseen(request, begun=begun, later=later, recurring=wish.recurring)),
        request=None if begun or later else request,
        recurrence=_new(start, request) if wish.recurring or later else None,
    )


def _line(start: _Start, request: StartRequest) -> Line:
    relation = find_relation(start.connection, start.relation)
    return Line(
        relation=start.relation,
        name=relation.name if relation else "",
        sub_number=start.sub_number,
        result="starts",
        text="",
        filing=request.key.workflow_id,
    )


def _foreseen(request: StartRequest, *, begun: bool, later: bool, recurring: bool) -> dict[str, str]:
    day = in_words(request.start_date)
    text = "loopt al" if begun else f"start op {day}" if later else "start nu"
    every = ", en daarna elke volgende periode vanzelf" if recurring else ""
    return {"result": "planned" if begun or later else "starts", "text": text + every}


def _running(there: Filing, wish: Wish) -> str:
    how = "is al afgesloten" if there.status == "afgesloten" else "loopt al"
    if wish.again:
        return f"{how} met deze reden"
    return f"{how}; geef een reden op om een extra opdracht te starten (--again)"


def _standing(row: Row) -> str:
    following = f"{Period.parse(row.next_period).words} op {in_words(row.next_start)}"
    if row.once:
        return f"staat al gepland: {following}"
    paused = " en is gepauzeerd" if row.status == "paused" else ""
    return f"de herhaling loopt al{paused}: {following}"


def _new(start: _Start, request: StartRequest) -> Recurrence | None:
    """Return the recurrence that is asked for, or the single start on a later day."""
    wish = start.wish
    terms = terms_of(start.connection, wish.template, start.relation, start.sub_number, start.now.date())
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
    terms = terms_of(start.connection, row.template, row.relation, row.sub_number, start.now.date())
    if terms is None:
        return None
    return Recurrence(
        template=row.template,
        relation=row.relation,
        sub_number=row.sub_number,
        product=row.product,
        terms=terms,
        period=row.next_period,
        start=row.next_start,
        once=row.once,
        without_automations=row.without_automations,
        paused=row.status == "paused",
    )

"""Starting filings for one relation or many by the same call (R27, R28, R30): who starts, and who cannot."""

import asyncio
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ..clock import PracticeClock
from ..filing.events import Actor
from ..filing.outcome import Refusal
from ..office.filings import find_filing, next_sequence
from ..office.people import TeamMember, find_person
from ..office.plans import active_plan
from ..office.recurrences import find_recurrence, save_recurrence
from ..office.relations import RelationProduct, find_relation, products_of
from ..period import Period, PeriodKind, in_words
from ..plan import Model
from ..runtime.office_clock import clock_of, office_now
from ..runtime.recurrence import Recurrence
from ..runtime.recurring import row_of, start_recurrence, terms_of
from ..runtime.starter import Starter, timing_of
from ..runtime.starting import NotReady, StartRequest, prepare
from .desk import Desk

AT_ONCE = 8


class Selection(Model):
    """For whom: relations by number, or all that take a product in a frequency."""

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


class Line(Model):
    """What happens, or would happen, for one relation."""

    relation: str
    name: str
    sub_number: str
    result: Literal["starts", "planned", "runs_already", "not_ready"]
    text: str
    filing: str | None = None


async def start(desk: Desk, who: str, wish: Wish, *, dry_run: bool) -> tuple[Line, ...] | Refusal:
    """Start filings, or say for each relation what would happen. Repeating it starts nothing twice.

    A start date in the future, and recurrence, are durable: they survive restarts. Raises ServerAwayError,
    DatabaseError and RPCError; what was started until then stays started.
    """
    planned = desk.read(lambda connection: _plan(connection, who, wish))
    if isinstance(planned, Refusal):
        return planned
    if dry_run:
        return tuple(candidate.line for candidate in planned)
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(candidate: "_Candidate") -> Line:
        async with slots:
            return await _carry_out(desk, wish, candidate)

    return tuple(await asyncio.gather(*(one(candidate) for candidate in planned)))


class _Candidate(Model):
    """One relation with what was found of it; `request` is None where nothing can start."""

    line: Line
    request: StartRequest | None
    product: str
    today: date


def _plan(connection: Connection, who: str, wish: Wish) -> list[_Candidate] | Refusal:
    published = active_plan(connection, wish.template)
    if published is None:
        text = f"Het werkproces '{wish.template}' is niet in gebruik genomen; zie `kantoor deploy`."
        return Refusal(code="not_deployed", text=text)
    starter = _starter(connection, who)
    if isinstance(starter, Refusal):
        return starter
    chosen = _chosen(connection, wish, published.plan.products)
    if isinstance(chosen, Refusal):
        return chosen
    return [_candidate(connection, wish, starter, number, taken) for number, taken in chosen]


def _starter(connection: Connection, who: str) -> Actor | Refusal:
    person = find_person(connection, who)
    if isinstance(person, TeamMember):
        return Actor(kind="team", id=person.id, qualifications=person.qualifications)
    return Refusal(code="unknown_person", text=f"Starten doet een medewerker; '{who}' is dat niet.")


def _chosen(
    connection: Connection, wish: Wish, products: tuple[str, ...]
) -> list[tuple[str, RelationProduct | None]] | Refusal:
    """Return relations with the product they take, once for each sub-number; None where they take none."""
    selection = wish.selection
    if selection.relations:
        found: list[tuple[str, RelationProduct | None]] = []
        for number in dict.fromkeys(selection.relations):
            taken = [t for t in products_of(connection, number) if t.product in products]
            found.extend([(number, one) for one in taken] or [(number, None)])
        return found
    if selection.product not in products:
        text = f"Dit werkproces hoort bij {', '.join(products)}, niet bij '{selection.product}'."
        return Refusal(code="other_product", text=text)
    takers = products_of(connection, product=selection.product)
    wanted = [t for t in takers if selection.frequency in (None, t.frequency)]
    if not wanted:
        return Refusal(code="nobody", text="Geen relatie neemt dit product in deze frequentie af.")
    return [(t.relation, t) for t in wanted]


def _candidate(
    connection: Connection, wish: Wish, starter: Actor, number: str, taken: RelationProduct | None
) -> _Candidate:
    relation = find_relation(connection, number)
    now = office_now(connection)
    sub_number = taken.sub_number if taken else "-"
    again = (wish.template, number, wish.period.code, sub_number)
    request = StartRequest(
        template=wish.template,
        relation=number,
        period=wish.period.code,
        sub_number=sub_number,
        sequence=next_sequence(connection, *again) if wish.again else 1,
        start_date=wish.start_date or now.date(),
        reason=wish.again,
        without_automations=wish.without_automations,
        by=starter,
    )
    there = find_filing(connection, request.key.workflow_id)
    prepared = prepare(connection, request, now)
    result, text = _foreseen(connection, wish, request, now.date())
    startable = True
    if there and (there.recorded or there.status != "gepland"):
        startable = wish.recurring
        if not wish.recurring:
            result, text = "runs_already", "loopt al; een tweede vraagt een reden (--again)"
    elif isinstance(prepared, NotReady):
        result, text, startable = "not_ready", prepared.text, False
    return _Candidate(
        line=Line(
            relation=number,
            name=relation.name if relation else "",
            sub_number=sub_number,
            result=result,
            text=text,
            filing=request.key.workflow_id,
        ),
        request=request if startable else None,
        product=taken.product if taken else "",
        today=now.date(),
    )


Foreseen = Literal["starts", "planned", "runs_already", "not_ready"]


def _foreseen(connection: Connection, wish: Wish, request: StartRequest, today: date) -> tuple[Foreseen, str]:
    if wish.recurring:
        running = find_recurrence(connection, request.relation, request.template, request.sub_number)
        if running and running.status != "stopped":
            return "runs_already", "de herhaling loopt al"
    every = ", en daarna elke volgende periode vanzelf" if wish.recurring else ""
    if request.start_date > today:
        return "planned", f"start op {in_words(request.start_date)}{every}"
    return "starts", f"start nu{every}"


async def _carry_out(desk: Desk, wish: Wish, candidate: _Candidate) -> Line:
    request = candidate.request
    if request is None:
        return candidate.line
    if wish.recurring or request.start_date > candidate.today:
        return await _recur(desk, wish, candidate, request)
    started = await Starter(desk.equipment.database, await desk.client(), desk.settings).start(request)
    if isinstance(started, NotReady):
        return candidate.line.model_copy(update={"result": "not_ready", "text": started.text})
    if started.again:
        return candidate.line.model_copy(update={"result": "runs_already", "text": "loopt al"})
    return candidate.line.model_copy(update={"text": "gestart"})


async def _recur(desk: Desk, wish: Wish, candidate: _Candidate, request: StartRequest) -> Line:
    """Write the recurrence's row, then start its workflow: one for each relation and template."""
    terms = desk.read(
        lambda c: terms_of(c, request.template, request.relation, request.sub_number, candidate.today)
    )
    if terms is None:
        return candidate.line.model_copy(update={"result": "not_ready", "text": "Het product is vervallen."})
    recurrence = Recurrence(
        template=request.template,
        relation=request.relation,
        sub_number=request.sub_number,
        product=candidate.product,
        terms=terms,
        period=request.period,
        start=request.start_date,
        once=not wish.recurring,
        without_automations=request.without_automations,
    )
    with desk.equipment.database.write() as connection:
        there = find_recurrence(connection, request.relation, request.template, request.sub_number)
        if there is None or there.status == "stopped":
            save_recurrence(connection, row_of(recurrence))
    clock = desk.read(clock_of)
    timing = timing_of(desk.settings.timing(isinstance(clock, PracticeClock)))
    began = await start_recurrence(
        await desk.client(), desk.settings.temporal.task_queue, recurrence, clock, timing
    )
    text = "gepland" if began else "de herhaling loopt al"
    update = {"text": candidate.line.text if began else text}
    return candidate.line.model_copy(update=update if began else update | {"result": "runs_already"})

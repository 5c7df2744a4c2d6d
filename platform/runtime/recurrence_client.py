"""Setting up recurrences and changing them: what they start with, their row, their workflow (R28)."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from ..clock import Clock
from ..filing.outcome import ACT_ID_USED, Refusal
from ..office.calendars import calendars
from ..office.filings.recurrences import Recurrence as Row
from ..office.plans import active_office, plan_in_force
from ..office.relations.relation import RelationProduct, products_of, stretches_of
from ..plan import Model, Office, Plan
from ..recurrence import Recurrence, Stretch, Terms, digest_change
from .client import LIMIT, ONE_CALL, NotRunning, Unknown, explain_silence, find_earlier_answer, start_within
from .inputs import PASSED, ChangeAnswer, ChangeInput, RecurrenceInput, Timing
from .preparing import agreed_products
from .recurrence_workflow import RECURRENCE
from .transient import within

HORIZON = timedelta(days=800)
"""How far ahead a recurrence knows the office's working days: longer than a year's period and its start."""

Change = Literal["pause", "resume", "skip", "unskip", "set_start", "stop"]

_PASSED = Refusal(
    code="period_passed",
    text="Er is intussen een andere periode aan de beurt. Kijk wat er nu staat, en kies opnieuw.",
)


class Changed(Model):
    """The change was taken, now or before (`repeated`, and then `recurrence` may be as it was then)."""

    recurrence: Recurrence
    repeated: bool


Answer = Changed | Refusal | NotRunning | Unknown
"""What a change is answered with."""


def terms_of(
    connection: Connection, template: str, relation: str, sub_number: str, today: date
) -> Terms | None:
    """Return a recurrence's present terms; None when nothing is published or the product is gone."""
    published, office = plan_in_force(connection, template, relation), active_office(connection)
    if published is None or office is None:
        return None
    agreed = agreed_products(products_of(connection, relation), published.plan.products)
    stretches = stretches_of(agreed, sub_number)
    return make_terms(published.plan, office, stretches, today) if stretches else None


def make_terms(plan: Plan, office: Office, agreed: Sequence[RelationProduct], today: date) -> Terms:
    """Return the terms that determine when the filings of a relation's product start.

    `agreed` are all its stretches, in order.
    """
    return Terms(
        created=plan.created,
        closed=calendars(office.closing_days, today, today + HORIZON).office,
        opening_hour=office.opening_hour,
        stretches=tuple(Stretch(kind=one.frequency, first=one.since, last=one.until) for one in agreed),
    )


def row_of(recurrence: Recurrence) -> Row:
    """Return the row of a recurrence as the office keeps it."""
    return Row(
        relation=recurrence.relation,
        template=recurrence.template,
        sub_number=recurrence.sub_number,
        product=recurrence.product,
        next_period=recurrence.period,
        next_start=recurrence.start,
        once=recurrence.once,
        without_automations=recurrence.without_automations,
        status="stopped" if recurrence.stopped else "paused" if recurrence.paused else "running",
        problem=recurrence.problem,
    )


def recurrence_of(row: Row, terms: Terms) -> Recurrence:
    """Return a recurrence as its row has it, on these terms: to be begun where its workflow does not run."""
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


async def start_recurrence(
    client: Client, task_queue: str, recurrence: Recurrence, clock: Clock, timing: Timing
) -> bool:
    """Start a recurrence; False when one of this relation and template runs already.

    One that was stopped can be started again. Its row must exist, so that it is listed and its clock
    moves with the office's. Raises what `start_within` raises.
    """
    return await start_within(
        LIMIT,
        recurrence.workflow_id,
        lambda: client.start_workflow(
            RECURRENCE,
            RecurrenceInput(recurrence=recurrence, clock=clock, timing=timing),
            id=recurrence.workflow_id,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            rpc_timeout=LIMIT,
        ),
    )


async def wait_until_ended(client: Client, workflow_id: str) -> None:
    """Wait until a recurrence that was stopped has ended, as long as a call may take."""
    with suppress(TimeoutError, WorkflowFailureError, RPCError):
        async with asyncio.timeout(LIMIT.total_seconds()):
            await client.get_workflow_handle(workflow_id).result()


async def change_recurrence(
    client: Client,
    workflow_id: str,
    change: Change,
    act: str,
    by: str,
    *,
    start: date | None = None,
    seen: str | None = None,
    limit: timedelta = LIMIT,
) -> Answer:
    """Change a recurrence; `act` makes it repeatable, `by` is a team member's id, `start` set_start's day.

    `seen` is the period that was next when it was looked at: where another is by now, that is refused.
    Another change, or another person's, under an id that was used is refused. Raises RPCError for what
    repeating does not mend.
    """
    asked = ChangeInput(by=by, call=uuid4().hex, start=start, seen=seen)

    async def update() -> ChangeAnswer:
        handle = client.get_workflow_handle(workflow_id)
        answer: ChangeAnswer = await handle.execute_update(
            change, asked, id=act, result_type=ChangeAnswer, rpc_timeout=min(limit, ONE_CALL)
        )
        return answer

    try:
        taken = await within(limit, update)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        earlier = await find_earlier_answer(client, workflow_id, act, ChangeAnswer, limit)
        if earlier is None:
            return NotRunning(workflow_id=workflow_id)
        taken = earlier
    if taken is None:
        return await explain_silence(client, workflow_id, act)
    if taken.said == PASSED:
        return _PASSED
    if taken.said != digest_change(change, by, start):
        return ACT_ID_USED
    return Changed(recurrence=taken.recurrence, repeated=taken.call != asked.call)

"""Scenarios: a story that a template is tried with, and what has to come of it."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from ..nodes import Grouped
from .base import (
    LINE_PATTERN,
    Count,
    Day,
    Definition,
    Line,
    Maybe,
    Ref,
    Some,
    Words,
    Yes,
)


def _keep_written(value: Any) -> Any:
    """Return a number such as 1.000 as it is written: a thousand, to who wrote it."""
    return value.written if isinstance(value, Grouped) else value


def _to_line(written: Any) -> str:
    """Return a text of one line that YAML reads as a whole number where it has digits alone: 2027, 510."""
    written = _keep_written(written)
    if isinstance(written, float) and written.is_integer():
        written = int(written)
    if isinstance(written, int) and not isinstance(written, bool):
        return str(written)
    if isinstance(written, str) and written.strip() and not any(sign in written for sign in "\r\n"):
        return written
    raise PydanticCustomError("must", "a single non-empty line or a whole number")


Written = Annotated[
    str,
    BeforeValidator(_to_line),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": LINE_PATTERN}, {"type": "integer"}]}),
]
"""A text that may look like a number, such as the period 2027 or the code 510."""

Value = Annotated[str | bool | int | float, BeforeValidator(_keep_written)]
Right = Literal["see", "answer", "approve", "sign"]
SimpleAct = Literal[
    "approve",
    "sign",
    "release",
    "complete",
    "resume",
    "retry",
    "attach",
    "delivered",
    "answer",
    "task",
    "notice",
]
PhaseIs = Literal["pending", "active", "completed", "skipped"]
REFUSALS = frozenset(
    (
        *("accepted", "act_id_used", "already_answered", "already_released", "already_started"),
        *("already_ticked", "already_waived", "assignment_unchanged", "before_approval", "contact_missing"),
        *("day_passed", "day_to_come", "delivery_runs", "document_missing", "document_not_made"),
        *("empty_note", "ended", "fact_closed", "fact_not_here", "fact_unchanged", "for_oneself"),
        *("four_eyes", "held", "inside_eyes", "invalid_answers", "item_required", "made_from_another"),
        *("move_cannot", "move_changed", "move_later", "move_stays", "no_authority", "no_delivery_by_hand"),
        *("no_exception", "no_longer_asked", "no_move_waits", "no_notice_awaited", "no_offer"),
        *("no_outcomes", "no_such_end", "no_way_back", "not_a_colleague", "not_approved", "not_barred"),
        *("not_by_hand", "not_held", "not_in_flight", "not_offered", "not_ready", "not_started"),
        *("not_ticked", "nothing_received", "nothing_stalled", "offer_not_prepared", "offered_to_client"),
        *("other_notice", "other_plan", "outcome_missing", "phase_not_active", "preparer", "proof_missing"),
        *("reason_missing", "reassigned", "several_phases", "several_requests", "signed_first"),
        *("stale_document", "task_is_done", "too_early", "unknown_act", "unknown_audience"),
        *("unknown_checkpoint", "unknown_document", "unknown_fact", "unknown_field", "unknown_item"),
        *("unknown_outcome", "unknown_person", "unknown_phase", "unknown_request", "unknown_role"),
        *("unknown_task", "unqualified", "wrong_answer", "wrong_field", "wrong_person", "wrong_role"),
        "wrong_value",
    )
)
"""The codes with which the machine refuses an act of a filing."""
ItemIs = Literal["open", "received", "accepted", "sent_back", "not_applicable"]


class RelationGiven(Definition):
    """The relation that is invented for the scenario."""

    legal_form: Line = "bv"
    """The legal form, one of those of the office."""
    name: Maybe[Line] = None
    """The name; one is invented when left out."""
    fields: dict[str, str | bool | int] = {}
    """Values of the office's own fields, by id."""


class ProductGiven(Definition):
    """What was agreed with the relation."""

    foreign: bool = False
    """Whether it is a foreign taxpayer."""
    kor: bool = False
    """Whether the small business scheme applies."""
    fiscal_unit: bool = False
    """Whether it is the return of a fiscal unit."""


class ClientGiven(Definition):
    """A contact of the relation."""

    id: Line
    """What the scenario calls the contact."""
    name: Maybe[Line] = None
    """The name; the id when left out."""
    primary: bool = True
    """Whether this is the primary contact."""
    functions: Maybe[list[Line]] = None
    """The functions; every one when left out."""
    may: list[Right] = ["see", "answer", "approve", "sign"]
    """What the contact may do."""
    jointly: list[Right] = []
    """What the contact may only do with another."""
    language: Literal["nl", "en"] = "nl"
    """The language in which the contact reads."""


class Habits(Definition):
    """What the client does without being told, in working days; without it, only what the steps say."""

    decides: Literal["approve", "reject_once", "reject", "silent"] = "silent"
    """How offers are answered."""
    decides_after: Count = 2
    """Working days until an offer is answered."""
    gives: Literal["all", "nothing"] = "all"
    """What is given of what is asked."""
    gives_after: Count = 3
    """Working days until it is given."""
    answers: dict[str, dict[str, Value | list[str]]] = {}
    """Answers by form and field; what is required and not given is invented."""
    reason: Maybe[Line] = None
    """Why an offer is rejected."""


class OfficeHabits(Definition):
    """What the office does without being told: all that its phases ask, on the day after they begin."""

    workdays: Count = 1
    """Working days until a phase of work is done."""
    takes: dict[str, Count] = {}
    """The same by phase, where one takes longer."""
    thorough: bool = False
    """Whether checkpoints that are not required are ticked too."""
    facts: dict[str, Value] = {}
    """Facts by id as people write them; others are invented."""
    outcomes: dict[str, Line] = {}
    """The outcome of a phase, by phase; the first that is possible when left out."""
    leaves: list[Ref] = []
    """Phases in which nobody does anything."""
    rests: bool = False
    """Whether the office does only what the steps say."""


class Verdict(Definition):
    """What the authority says to an attempt."""

    refused: Maybe[Written] = None
    """The code with which it is refused, such as 510."""
    failed: Maybe[Written] = None
    """The code with which it fails on the way; a person tries again."""
    text: Maybe[Line] = None
    """What it says."""


class World(Definition):
    """What happens outside: mail, the authority, other filings. What is not said goes well."""

    verdicts: list[Verdict] = []
    """By attempt; every later attempt is accepted."""
    unreachable: list[Ref] = []
    """With whom no mail arrives."""
    reachable_from: Maybe[Day] = None
    """The day from which mail arrives with them."""
    notices: dict[str, Count] = {}
    """Working days until a notice comes, by kind."""
    no_notices: bool = False
    """Whether notices come only where a step says so."""
    others: dict[str, Count] = {}
    """Working days until another filing is so far, by template."""
    no_others: bool = False
    """Whether another filing never comes so far, except those of `others`."""
    no_filings: list[Ref] = []
    """Templates of which the relation has no filing and none is agreed."""
    linked: dict[str, Count] = {}
    """How many relations are linked, by what they are: by default 1 where the template needs it, else 0."""
    standing_until: Maybe[Day] = None
    """The last day of the client's standing authority."""
    way: Maybe[Literal["approval", "signature", "information"]] = None
    """How the relation wants offers, where not as the template says."""


class After(Definition):
    """So much later."""

    workdays: Count = 0
    """Working days of the office."""
    days: Count = 0
    """Days, before the working days."""


class Do(Definition):
    """An act of somebody: one of the acts, who does it, and what belongs to it.

    Acts are called as on the command line. Who acts is whoever usually does, unless `by` names another.
    """

    by: Maybe[Ref] = None
    """Who acts: a role (its first holder), role-2 (another of that role), or a contact."""

    finish: Maybe[Ref] = None
    """Do all that this phase of work asks, and complete it."""
    complete: Maybe[Ref] = None
    """Complete this phase."""
    check: Maybe[Ref] = None
    """Tick this checkpoint."""
    uncheck: Maybe[Ref] = None
    """Untick this checkpoint."""
    back: Maybe[Line] = None
    """Send the phase back, for this reason."""
    attach: Maybe[Ref] = None
    """Attach a new version of this document."""
    release: Maybe[Ref] = None
    """Release the offer of this phase."""
    approve: Maybe[Ref] = None
    """Approve what was offered, as this contact."""
    sign: Maybe[Ref] = None
    """Sign what was offered, as this contact."""
    reject: Maybe[Line] = None
    """Reject what was offered, for this reason."""
    not_deliver: Maybe[Line] = None
    """Decide to end without delivering, for this reason."""
    delivered: Maybe[Ref] = None
    """Record that this phase's document was delivered elsewhere."""
    fact: Maybe[Ref] = None
    """Record this fact, with `value`."""
    task: Maybe[Ref] = None
    """Do this task: the id of its automation."""
    answer: Maybe[Ref] = None
    """Answer this request (the id of its automation or form), or give this item of a list."""
    accept: Maybe[Ref] = None
    """Accept what came in for this request or item."""
    send_back: Maybe[Ref] = None
    """Send back what came in for this request or item, with `reason`."""
    not_applicable: Maybe[Ref] = None
    """Say that this request or item does not apply."""
    notice: Maybe[Ref] = None
    """A notice of this kind comes from the authority."""
    note: Maybe[Words] = None
    """Write this note."""
    hold: Maybe[Line] = None
    """Hold the filing, for this reason."""
    resume: Maybe[Yes] = None
    """Let the filing go on."""
    reassign: Maybe[Ref] = None
    """Give the work of this role to `person`."""
    retry: Maybe[Ref] = None
    """Try again what stands still in this phase."""
    cancel: Maybe[Line] = None
    """Cancel the filing, for this reason."""

    phase: Maybe[Ref] = None
    """The phase, where several would do."""
    outcome: Maybe[Ref] = None
    """The outcome that is chosen."""
    reason: Maybe[Line] = None
    """Why."""
    value: Maybe[Value] = None
    """The value of the fact, as people write it; an amount in euros."""
    values: Maybe[dict[str, Value | list[str]]] = None
    """Answers to a form by field; what is required and not given is invented."""
    contact: Maybe[Ref] = None
    """On whose behalf a colleague records it."""
    person: Maybe[Ref] = None
    """To whom work is given."""
    day: Maybe[Day] = None
    """The day of what happened: of the delivery or the notice."""
    until: Maybe[Day] = None
    """Until when the filing is held."""


ACT_KEYS = tuple(
    name
    for name in Do.model_fields
    if name
    not in ("by", "phase", "outcome", "reason", "value", "values", "contact", "person", "day", "until")
)
"""The keys of which an act has exactly one."""


class Expect(Definition):
    """One thing that has to hold when a step is over. Exactly one of the first keys, and what belongs to it.

    Messages, timeline lines and refusals count since the step before; with `ever`, since the start.
    """

    phase: Maybe[Ref] = None
    """A phase, with `is` (active when left out) and `round`."""
    message: Maybe[Ref] = None
    """A message went out, with `to`, `contains` and `times`."""
    task: Maybe[Ref] = None
    """A task is open: the id of its automation."""
    item: Maybe[Ref] = None
    """An item of a request, with `is`."""
    fact: Maybe[Ref] = None
    """A fact has the value `is`."""
    deadline: Maybe[Ref] = None
    """A deadline is on the day `is`, or `unknown`."""
    target: Maybe[Ref] = None
    """The target date of a phase is on the day `is`."""
    begins: Maybe[Ref] = None
    """A phase does not begin before the day `is`."""
    refused: Maybe[Line] = None
    """An act of this step was refused with this code."""
    timeline: Maybe[Line] = None
    """The timeline has a line with this word, with `contains` and `times`."""
    started: Maybe[Ref] = None
    """A filing of this template was started."""
    work: Maybe[Ref] = None
    """This role has work."""
    ended: Maybe[Ref] = None
    """The filing has ended: completed, cancelled, or the id of an end; `no` when it has not."""
    planner: Maybe[Line] = None
    """How the planner shows the filing."""
    policy: Maybe[Ref] = None
    """This policy is kept by all that happened since the start. Acts of the step may be refused, and what it
    waits for need not come: nothing that does not happen breaks a policy."""

    value: Maybe[Value] = Field(default=None, alias="is")
    """How it is: a status, a day, a value."""
    round: Maybe[Count] = None
    """The round of the phase."""
    to: Maybe[Ref] = None
    """Who got the message: a role or a contact."""
    contains: Maybe[Words] = None
    """A part of the text."""
    times: Maybe[Count] = None
    """How often; at least once when left out, 0 for never."""
    ever: bool = False
    """Whether all that happened since the start counts."""


EXPECT_KEYS = tuple(
    name for name in Expect.model_fields if name not in ("value", "round", "to", "contains", "times", "ever")
)
"""The keys of which an expectation has exactly one."""


class Step(Definition):
    """A moment of the story: when, what people do then, and what has to hold afterwards."""

    on: Maybe[Day] = None
    """The day, at noon: what comes by itself that morning has come."""
    after: Maybe[After] = None
    """So much later than the step before."""
    reach: Maybe[Ref] = None
    """Time goes on until this phase is active; `end` for the end of the filing."""
    office: Maybe[OfficeHabits] = None
    """What the office does by itself from here on; what is left out stays as it was."""
    client: Maybe[Habits] = None
    """What the client does by itself from here on; what is left out stays as it was."""
    world: Maybe[World] = None
    """What happens outside from here on; what is left out stays as it was."""
    do: list[
        Annotated[
            Annotated[SimpleAct, Tag("~name")] | Annotated[Do, Tag("~act")],
            Discriminator(lambda value: "~name" if isinstance(value, str) else "~act"),
        ]
    ] = []
    """What people do, in order."""
    expect: list[Expect] = []
    """What has to hold then."""


class Scenario(Definition):
    """A scenario of a template: a file of the folder scenarios/TEMPLATE, run by `kantoor test`."""

    title: Line
    """What the story is about."""
    period: Written
    """The period of the filing, such as 2027-01, 2027-Q1 or 2027."""
    start: Maybe[Day] = None
    """The day of the start; that of the template, or on which what it corrects ended, when left out."""
    corrects: Maybe[Line] = None
    """Another scenario, as template/name: its filing is lived first, and this one corrects it."""
    relation: RelationGiven = RelationGiven()
    """The relation; that of the filing that is corrected when left out."""
    product: ProductGiven = ProductGiven()
    """What was agreed."""
    contacts: list[ClientGiven] = []
    """The contacts; one, called klant, who may do everything, when left out."""
    office: OfficeHabits = OfficeHabits()
    """What the office does by itself."""
    client: Maybe[Habits] = None
    """What the client does by itself; nothing when left out."""
    world: World = World()
    """What happens outside."""
    automations_off: list[Ref] = []
    """Automations that are switched off for the relation, as phase/id."""
    steps: Some[Step]
    """The story."""

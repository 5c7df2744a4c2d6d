"""The Plan: what the compiler makes of a template and everything else reads.

A plan is immutable plain data with every reference resolved. The digest of its bytes, as they were published,
names it.
"""

from datetime import date
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar, Union

import msgspec

from .data import Model as Model
from .data import Scalar as Scalar
from .data import Struct, Tagged, canonical, convert, digest_of, read
from .linked import Link
from .period import PeriodKind

FORMAT: Literal[2] = 2

Way = Literal["approval", "signature", "information"]
Decide = Literal["one", "all", "each"]
Planner = Literal["gepland", "loopt", "bij_klant", "ingediend", "klaar", "te_laat"]
Proof = Literal["tick", "code", "document"]
Moves = Literal["never", "next_workday", "previous_workday"]
SamePeriod = Literal["same", "previous", "next"]
"""Which period another filing has, seen from this one's."""
TemplatePeriod = Literal["by_product", PeriodKind]
FactType = Literal["date", "money", "number", "text", "choice", "yes_no"]

# --- conditions -------------------------------------------------------------------------------------------


class Part(Struct, tag_field="op"):
    """A part of a condition's tree; `op` in its bytes says which."""


class LiteralValue(Part, tag="literal"):
    """A value that is written in the condition itself."""

    value: Scalar


class Name(Part, tag="name"):
    """A value of the context by its path, such as ('period', 'kind')."""

    path: tuple[str, ...]


class ListOf(Part, tag="list"):
    """A list of values, for `in`."""

    items: tuple["Expression", ...]


class Compare(Part, tag="compare"):
    """A comparison of two values; an order needs two values of one type."""

    by: Literal["eq", "ne", "lt", "le", "gt", "ge", "in"]
    left: "Expression"
    right: "Expression"


class Logic(Part, tag="logic"):
    """All of, any of, or not (then of one)."""

    by: Literal["and", "or", "not"]
    of: tuple["Expression", ...]


class Absolute(Part, tag="abs"):
    """The absolute value of a number."""

    of: "Expression"


Expression = Union[LiteralValue, Name, ListOf, Compare, Logic, Absolute]  # noqa: UP007  it names itself


# --- facts ------------------------------------------------------------------------------------------------


class Option(Struct):
    """One of the values of a choice."""

    id: str
    title: str


class FactDefinition(Struct):
    """Something that is recorded of the case while it runs, by the role of a phase of `set_in`.

    A date is ISO text, money whole cents, a number whole, a choice the id of an option. Unless `optional`,
    the first of its phases that is part of the filing cannot be completed without it. One that
    `closes_with_phase` is corrected only while one of its phases is active. A date that is `past` is the day
    of something that has happened: today or before.
    """

    id: str
    title: str
    type: FactType
    set_in: tuple[str, ...]
    optional: bool = False
    options: tuple[Option, ...] = ()
    closes_with_phase: bool = False
    past: bool = False


# --- dates ------------------------------------------------------------------------------------------------


class DateRule(Struct):
    """A day counted from an anchor; negative counts lie before it.

    `anchor` is period.start, period.end, period.year_end, filing.start, deadlines.<id>, facts.<id> (the date
    recorded), phases.<id> (the day the phase ended) or targets.<id> (the target of the phase). Months are
    added first, then `day` moves within that month (a number or 'last'), then weeks, days and working days.
    """

    anchor: str
    months: int = 0
    day: int | Literal["last"] | None = None
    weeks: int = 0
    days: int = 0
    workdays: int = 0


class DueChoice(Struct):
    """One alternative of a deadline; `condition` None always holds."""

    condition: Expression | None = None
    rule: DateRule


class Deadline(Struct):
    """A deadline: statutory when `law` names the article, else the office's own."""

    id: str
    title: str
    law: str | None = None
    earliest: DateRule | None = None
    due: tuple[DueChoice, ...]
    latest: DateRule | None = None
    """The last day whatever `due` says, and while that is not known."""
    moves: Moves = "never"
    condition: Expression | None = None
    """When it applies at all; where it does not, it has no day."""
    latest_moves: Moves | None = None
    """How `latest` moves where it does so in another way than `due`."""


# --- people and texts -------------------------------------------------------------------------------------


class Role(Struct):
    """A role with where its work goes when nobody fills it, and what its holder must be (AA, RA, RB)."""

    id: str
    title: str
    fallback: str | None = None
    qualification: tuple[str, ...] = ()


class To(Struct):
    """Whom something is for: the primary contact, contacts with a function, or the holder of a role."""

    kind: Literal["primary_contact", "function", "role"] = "primary_contact"
    name: str | None = None
    decide: Decide = "one"


class Text(Struct):
    """Subject and body of a message in one language: Jinja2 templates, checked by the compiler."""

    subject: str
    body: str


class Message(Struct):
    """A message by content; `texts` by language, always with nl."""

    id: str
    title: str
    channels: tuple[Literal["email"], ...]
    texts: dict[str, Text]


# --- what a phase does ------------------------------------------------------------------------------------


class SendMessage(Struct):
    """Send a message."""

    message: str
    to: To


class CreateTask(Struct):
    """Create a task for a team member (to a role) or a client, done with the proof it asks for."""

    title: str
    to: To
    proof: Proof = "tick"


class StartFiling(Struct):
    """Start a filing of another template, linked both ways: of the same relation, or of those linked so.

    One that is `optional` starts nothing where nobody is linked; else that stands still until somebody is.
    """

    template: str
    period: SamePeriod = "same"
    of: Link | None = None
    optional: bool = False


class LeaveNote(Struct):
    """Leave a note for the next filing of a template for the same relation; its text is a message's."""

    template: str
    message: str


class Automation(Struct):
    """What happens by itself when a phase is entered or completed, or at a date while it is active.

    `chase` is how whoever has to answer a request, or do a task, is chased.
    """

    id: str
    at: Literal["entered", "completed"] | DateRule
    condition: Expression | None = None
    send: SendMessage | None = None
    task: CreateTask | None = None
    request: "Request | None" = None
    start: StartFiling | None = None
    note: LeaveNote | None = None
    chase: "Chase | None" = None


class Checkpoint(Struct):
    """What a team member must do; a required one must be ticked before the phase is completed."""

    id: str
    title: str
    required: bool = False
    condition: Expression | None = None


class Remind(Struct):
    """Remind every so many days after the wait began, at most so often, never on or after the escalation.

    Without a message an offer's reminder repeats the offer's own. `at_most` None goes on until the wait is
    given up.
    """

    every_days: int
    at_most: int | None
    message: str | None = None


class Escalate(Struct):
    """From this day the role shares the work, and is told by the message if one is named.

    Where the filing begins on that day or after it, its work gets time first (`filing/chases.py`).
    """

    on: DateRule
    role: str
    message: str | None = None


class GiveUp(Struct):
    """From this day the phase waits no more: a later phase comes next, or the filing ends at a named end."""

    on: DateRule
    then: str | None = None
    end: str | None = None


class Chase(Struct):
    """One shape for whatever waits for somebody."""

    remind: Remind | None = None
    escalate: Escalate | None = None
    give_up: GiveUp | None = None


# --- requests ---------------------------------------------------------------------------------------------


class FormField(Struct):
    """A field of a form, or one item of a list that is asked for; lowered from the form's schema.

    `kind` 'document' is an item that is answered with documents. Bounds are those of the value: whole numbers
    (money in cents), or the length of a text; dates are ISO text. `pattern` is of the subset that never
    backtracks (kantoor.patterns). `condition` says whether an item of a list applies.
    """

    id: str
    title: str
    kind: Literal["text", "number", "money", "date", "yes_no", "choice", "choices", "document"]
    required: bool = False
    help: str | None = None
    options: tuple[Option, ...] = ()
    least: int | str | None = None
    most: int | str | None = None
    pattern: str | None = None
    condition: Expression | None = None


class Form(Struct):
    """What is asked of a client, by content: a form that is answered at once, or a list of items."""

    id: str
    title: str
    kind: Literal["form", "list"]
    fields: tuple[FormField, ...]
    intro: str | None = None


class Request(Struct):
    """Ask for data (uitvraag). Where `required`, the phase is not completed before it is complete.

    `message` invites the client; without one, only what runs beside the request tells of it.
    """

    form: str
    to: To
    required: bool = True
    message: str | None = None


# --- waiting ----------------------------------------------------------------------------------------------


class NoticeAwaited(Tagged, tag="notice"):
    """A notice of an authority of this sort; `fact` is the date that takes the day of the notice."""

    notice: str
    fact: str | None = None


class FilingAwaited(Tagged, tag="filing"):
    """Another filing of the relation: until a phase of it is completed, or until it has ended.

    One that is `optional` is not waited for where there is none and none is agreed. With `of` it is that of
    every relation that is linked so when the wait begins.
    """

    template: str
    period: SamePeriod = "same"
    phase: str | None = None
    optional: bool = False
    of: Link | None = None


class DayAwaited(Tagged, tag="day"):
    """A day."""

    on: DateRule


Awaited = NoticeAwaited | FilingAwaited | DayAwaited


class Block(Tagged):
    """What a phase is for; `kind` in its bytes says which."""


class Work(Block, tag="work"):
    """Work of the office, completed by a team member. `chase` reminds and escalates to the office's own."""

    chase: Chase | None = None


class Offer(Block, tag="offer"):
    """Offer documents to the client; the template's SBR settings are filled in."""

    documents: tuple[str, ...]
    on_behalf_of: str
    forward: Literal["automatic", "by_hand"] = "automatic"
    offer_as: Way = "approval"
    to: To
    message: str
    pay: Literal["now", "after_assessment", "nothing"] = "nothing"
    chase: Chase | None = None
    may_end: str | None = None
    workdays_to_object: int = 0
    """Working days that who is only informed has to object, before the filing goes on."""


class Deliver(Block, tag="deliver"):
    """Deliver a document to the authority, not before the deadline's earliest day.

    `by_hand`: kantoor cannot deliver it (its document has no report); a person does and records it
    with proof.
    """

    document: str
    deadline: str | None
    on_behalf_of: str
    pay: Literal["now", "after_assessment", "nothing"] = "nothing"
    by_hand: bool = False
    chase: Chase | None = None
    """Of a delivery by hand: whoever has to make it is chased."""


class WaitFor(Block, tag="wait"):
    """Wait for whichever of these comes first."""

    awaited: tuple[Awaited, ...]
    chase: Chase | None = None


class Outcome(Struct):
    """One way in which a phase of work ends: on to the next phase, to a later one, or to a named end."""

    id: str
    title: str
    condition: Expression | None = None
    then: str | None = None
    end: str | None = None
    note: LeaveNote | None = None


class Phase(Struct):
    """A phase; its kind is its block. Phases run in order; neighbours of one `group` run side by side.

    With `outcomes` whoever completes it chooses one of those that apply. `signs` are documents that the team
    member signs who completes it. `was` are the phases of earlier plans whose work it does, whole or in part:
    a move to or from such a plan reads it, and nothing else does.
    """

    id: str
    title: str
    was: tuple[str, ...] = ()
    role: str
    group: str | None = None
    qualification: tuple[str, ...] = ()
    condition: Expression | None = None
    not_before: DateRule | None = None
    due: DateRule | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    automations: tuple[Automation, ...] = ()
    reviews: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    four_eyes: tuple[str, ...] = ()
    four_eyes_exception: str | None = None
    """The role that may make an exception, with a reason."""
    back_to: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    block: Work | Offer | Deliver | WaitFor

    def is_same_work(self, other: "Phase") -> bool:
        """Say whether one of these phases of two plans was the other, whole or in part, by `was`."""
        return self.id in other.was or other.id in self.was

    @property
    def offer(self) -> Offer | None:
        """Return the block of a phase that offers."""
        return self.block if isinstance(self.block, Offer) else None

    @property
    def deliver(self) -> Deliver | None:
        """Return the block of a phase that delivers."""
        return self.block if isinstance(self.block, Deliver) else None

    @property
    def chase(self) -> Chase | None:
        """Return how whoever the phase waits for is chased."""
        return self.block.chase


class Document(Struct):
    """A document that the filing makes; with a report it is an XBRL instance.

    `source` names the document from which it is made, whose approval carries over (`from` in the language).
    """

    id: str
    title: str
    made_in: str
    report: str | None = None
    source: str | None = None
    optional: bool = False
    condition: Expression | None = None
    of: To | None = None
    """Whose own document it is, where contacts decide each for their own."""


class End(Struct):
    """A named end other than completion, and what the planner shows for it."""

    id: str
    title: str
    planner: Planner


class WhenClosed(Struct):
    """What happens when the filing closes."""

    update_planner: bool = True
    close_chat: bool = True


class Product(Struct):
    """A product that relations take, with the frequencies in which it can be agreed."""

    id: str
    title: str
    frequencies: tuple[PeriodKind, ...]


class OfficeText(Struct):
    """What texts may say about the office."""

    name: str
    phone: str
    email: str


Level = Literal["must", "advice"]
"""What is missing stops a start, or is told and stops nothing."""


DossierKind = Literal[
    "identification",
    "trade_register",
    "deed",
    "engagement_letter",
    "authorisation",
    "agreement",
    "annual_accounts",
    "assessment",
    "correspondence",
    "other",
]
"""What a document of a relation's dossier is."""
Need = Literal["ideal", "standing_authority", "dossier", DossierKind]
"""What a template can ask of a relation besides what follows from its phases (R26): a switch, the client's
consent, any document in the dossier, or one of a kind."""


class Plan(Struct):
    """A template, compiled."""

    format: Literal[1, 2]
    """2; a plan that was published in format 1 keeps saying so, and its filings keep its hashes."""
    template: str
    title: str
    products: tuple[str, ...]
    period: TemplatePeriod
    created: DateRule
    start: Literal["at_creation", "on_date", "by_hand"]
    when_closed: WhenClosed
    office: OfficeText
    corrected_by: str | None = None
    """The template with which a closed filing of this one is corrected."""
    corrects: tuple[str, ...] = ()
    """The templates whose closed filings this one corrects, whether they name it or not."""
    corrections: tuple[str, ...] = ()
    """How a closed filing is corrected, and when: sentences for the office."""
    corrected_with: tuple[str, ...] = ()
    """The templates with which one of these is done, this one included where it is sent again."""
    facts: tuple[FactDefinition, ...] = ()
    documents: tuple[Document, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    phases: tuple[Phase, ...]
    ends: tuple[End, ...] = ()
    roles: tuple[Role, ...]
    messages: tuple[Message, ...] = ()
    forms: tuple[Form, ...] = ()
    for_prospects: bool = False
    """Whether it starts for a relation that was not accepted as a client yet."""
    needs: tuple[Need, ...] = ()
    """What stops a start where the relation lacks it."""
    advises: tuple[Need, ...] = ()
    """What is told where the relation lacks it, and stops nothing."""

    @property
    def delivered_reports(self) -> tuple[str, ...]:
        """Return the reports of the documents that the plan delivers, without duplicates."""
        delivered = {phase.deliver.document for phase in self.phases if phase.deliver}
        reports = (one.report for one in self.documents if one.id in delivered and one.report)
        return tuple(dict.fromkeys(reports))

    def phase(self, name: str) -> Phase:
        """Return a phase by id; raises LookupError when there is none."""
        return _find_named(self.phases, name)

    def document(self, name: str) -> Document:
        """Return a document by id; raises LookupError when there is none."""
        return _find_named(self.documents, name)

    def deadline(self, name: str) -> Deadline:
        """Return a deadline by id; raises LookupError when there is none."""
        return _find_named(self.deadlines, name)

    def message(self, name: str) -> Message:
        """Return a message by id; raises LookupError when there is none."""
        return _find_named(self.messages, name)

    def role(self, name: str) -> Role:
        """Return a role by id; raises LookupError when there is none."""
        return _find_named(self.roles, name)

    def form(self, name: str) -> Form:
        """Return a form by id; raises LookupError when there is none."""
        return _find_named(self.forms, name)


# --- what holds for the whole office ----------------------------------------------------------------------


class RelationField(Struct):
    """A field of the office's own on a relation, for conditions and texts."""

    id: str
    title: str
    type: Literal["text", "number", "yes_no", "date"]


class WrittenPart(Struct):
    """A part of a template as it is read, with the file and line in which it is changed.

    `kind` is what it is, `title` how people call it or the key that it is written under, `of` the phase, form
    or message that it belongs to. `file` is below the definitions folder, lines count from 1.
    """

    kind: str
    title: str
    of: str = ""
    file: str
    line: int


class Written(Struct):
    """Where the parts of a plan were written, at the revision at which it was deployed last."""

    revision: str
    parts: tuple[WrittenPart, ...] = ()


class ClosingDays(Struct):
    """When the office is closed besides weekends and generally recognised holidays (DOMAIN 2)."""

    good_friday: bool = False
    liberation_day: Literal["every_year", "every_five_years", "never"] = "every_five_years"
    extra: tuple[date, ...] = ()


class EntryPoint(Struct):
    """The XBRL entry point of a report and year (FACTS 2.1); one that is only inferred is not `confirmed`."""

    report: str
    year: int
    entry_point: str
    namespace: str
    confirmed: bool = True


class TaxAccount(Struct):
    """The account of the tax authority for payments from a day on (DOMAIN 3.9)."""

    since: date
    iban: str
    bic: str
    name: str


class VatRates(Struct):
    """The VAT rates in whole percents, from a day on (DOMAIN 4.3)."""

    since: date
    general: int
    reduced: int


class Chat(Struct):
    """Who reads what a client writes once a filing is closed, and the mails that say that something waits."""

    after_closing: str
    to_client: str
    to_colleague: str


class Office(Struct):
    """The office-wide definitions, compiled: what commands, imports and activities need besides plans."""

    format: Literal[1, 2]
    text: OfficeText
    opening_hour: int = 8
    closing_days: ClosingDays
    functions: tuple[str, ...] = ()
    fields: tuple[RelationField, ...] = ()
    products: tuple[Product, ...]
    roles: tuple[Role, ...]
    tax_consultant_number: str | None = None
    software_vendor_number: str | None = None
    function_gives_authority: tuple[str, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    tax_accounts: tuple[TaxAccount, ...] = ()
    vat_rates: tuple[VatRates, ...] = ()
    chat: Chat | None = None
    messages: tuple[Message, ...] = ()
    """Those of its chats."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _find_named(items: tuple[N, ...], name: str) -> N:
    for item in items:
        if item.id == name:
            return item
    raise LookupError(f"the plan has no '{name}'")


# --- bytes ------------------------------------------------------------------------------------------------


def plan_bytes(plan: Plan | Office) -> bytes:
    """Return the canonical bytes of a plan, as `kantoor compile` writes them."""
    return canonical(plan)


def digest(plan: Plan | Office) -> str:
    """Return the digest of a plan that was compiled just now.

    One that was published keeps the digest of its stored bytes, whatever a later version would write.
    """
    return digest_of(canonical(plan))


P = TypeVar("P", bound="Plan | Office")


def settle(compiled: P) -> P:
    """Return a plan as it is read back, so that what equals a default is that default in its bytes."""
    return read(canonical(compiled), type(compiled))


@lru_cache(maxsize=64)
def load_plan(text: str) -> Plan:
    """Read a plan from its JSON, of whichever format; the same text gives the same object.

    Raises msgspec.ValidationError when the text is not a plan.
    """
    data = msgspec.json.decode(text)
    if isinstance(data, dict) and data.get("format") == 1:
        return convert(_from_format_1(data), Plan)
    return convert(data, Plan)


def _from_format_1(data: dict[str, Any]) -> dict[str, Any]:
    """Return a plan of format 1 as format 2 has it: a block in each phase, and comparisons of one kind."""
    phases = []
    for phase in data["phases"]:
        blocks = {kind: phase.pop(kind) for kind in ("offer", "deliver", "chase")}
        kind = next((kind for kind in ("offer", "deliver") if blocks[kind]), "work")
        block = blocks[kind] if kind != "work" else {"chase": blocks["chase"]}
        phases.append(phase | {"block": {"kind": kind, **block}})
    upgraded: dict[str, Any] = _upgrade_conditions(data | {"phases": phases})
    return upgraded


def _upgrade_conditions(data: Any) -> Any:
    if isinstance(data, list):
        return [_upgrade_conditions(item) for item in data]
    if not isinstance(data, dict):
        return data
    inner = {key: _upgrade_conditions(value) for key, value in data.items()}
    op = inner.get("op")
    if op in ("eq", "ne", "lt", "le", "gt", "ge", "in"):
        return inner | {"op": "compare", "by": op}
    if op in ("and", "or", "not"):
        return inner | {"op": "logic", "by": op}
    return inner

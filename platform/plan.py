"""The Plan: what the compiler makes of a template and everything else reads.

A plan is immutable plain data with every default filled in and every reference resolved; its digest names it.
"""

import hashlib
import json
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, Protocol, TypeVar, Union

from pydantic import BaseModel, ConfigDict, Field

from .period import PeriodKind

FORMAT = 1

Way = Literal["approval", "signature", "information"]
Decide = Literal["one", "all", "each"]
Planner = Literal["gepland", "loopt", "bij_klant", "ingediend", "klaar", "te_laat"]
Proof = Literal["tick", "code", "document"]
Scalar = str | int | bool | None


class Model(BaseModel):
    """Frozen plain data that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


# --- conditions -------------------------------------------------------------------------------------------


class LiteralValue(Model):
    """A value that is written in the condition itself."""

    op: Literal["literal"] = "literal"
    value: Scalar


class Name(Model):
    """A value of the context by its path, such as ('period', 'kind')."""

    op: Literal["name"] = "name"
    path: tuple[str, ...]


class ListOf(Model):
    """A list of values, for `in`."""

    op: Literal["list"] = "list"
    items: tuple["Expression", ...]


class Compare(Model):
    """A comparison of two values; an order needs two values of one type."""

    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in"]
    left: "Expression"
    right: "Expression"


class Logic(Model):
    """All of, any of, or not (then of one)."""

    op: Literal["and", "or", "not"]
    of: tuple["Expression", ...]


class Absolute(Model):
    """The absolute value of a number."""

    op: Literal["abs"] = "abs"
    of: "Expression"


Expression = Annotated[
    Union[LiteralValue, Name, ListOf, Compare, Logic, Absolute],  # noqa: UP007  pydantic resolves it late
    Field(discriminator="op"),
]


# --- dates ------------------------------------------------------------------------------------------------


class DateRule(Model):
    """A day counted from an anchor; negative counts lie before it.

    `anchor` is period.start, period.end, filing.start or deadlines.<id>. Months are added first, then `day`
    moves within that month (a number or 'last'), then weeks, days and working days are added.
    """

    anchor: str
    months: int = 0
    day: int | Literal["last"] | None = None
    weeks: int = 0
    days: int = 0
    workdays: int = 0


class DueChoice(Model):
    """One alternative of a deadline; `condition` None always holds."""

    condition: Expression | None = None
    rule: DateRule


class Deadline(Model):
    """A deadline: statutory when `law` names the article, else the office's own."""

    id: str
    title: str
    law: str | None = None
    earliest: DateRule | None = None
    due: tuple[DueChoice, ...]
    moves: Literal["never", "next_workday", "previous_workday"] = "never"


# --- people and texts -------------------------------------------------------------------------------------


class Role(Model):
    """A role with where its work goes when nobody fills it, and what its holder must be (AA, RA, RB)."""

    id: str
    title: str
    fallback: str | None = None
    qualification: tuple[str, ...] = ()


class To(Model):
    """Whom something is for: the primary contact, contacts with a function, or the holder of a role."""

    kind: Literal["primary_contact", "function", "role"] = "primary_contact"
    name: str | None = None
    decide: Decide = "one"


class Text(Model):
    """Subject and body of a message in one language: Jinja2 templates, checked by the compiler."""

    subject: str
    body: str


class Message(Model):
    """A message by content; `texts` by language, always with nl."""

    id: str
    title: str
    channels: tuple[Literal["email"], ...]
    texts: dict[str, Text]


# --- what a phase does ------------------------------------------------------------------------------------


class SendMessage(Model):
    """Send a message."""

    message: str
    to: To = To()


class CreateTask(Model):
    """Create a task for a team member (to a role) or a client, done with the proof it asks for."""

    title: str
    to: To
    proof: Proof = "tick"


class Automation(Model):
    """What happens by itself when a phase is entered or completed, or at a date while it is active."""

    id: str
    at: Literal["entered", "completed"] | DateRule
    condition: Expression | None = None
    send: SendMessage | None = None
    task: CreateTask | None = None


class Checkpoint(Model):
    """What a team member must do; a required one must be ticked before the phase is completed."""

    id: str
    title: str
    required: bool = False
    condition: Expression | None = None


class Remind(Model):
    """Remind every so many days after the wait began, at most so often, never on or after the escalation.

    Without a message an offer's reminder repeats the offer's own.
    """

    every_days: int
    at_most: int
    message: str | None = None


class Escalate(Model):
    """From this day the role shares the work, and is told by the message if one is named."""

    on: DateRule
    role: str
    message: str | None = None


class Chase(Model):
    """One shape for whatever waits for somebody."""

    remind: Remind | None = None
    escalate: Escalate | None = None


class Offer(Model):
    """Offer documents to the client; the template's SBR settings are filled in."""

    documents: tuple[str, ...]
    on_behalf_of: str
    forward: Literal["automatic", "by_hand"] = "automatic"
    offer_as: Way = "approval"
    to: To = To()
    message: str
    pay: Literal["now", "after_assessment", "nothing"] = "nothing"
    chase: Chase | None = None
    may_end: str | None = None


class Deliver(Model):
    """Deliver a document to the authority, not before the deadline's earliest day."""

    document: str
    deadline: str
    on_behalf_of: str
    pay: Literal["now", "after_assessment", "nothing"] = "nothing"


class Phase(Model):
    """A phase; its kind is its block: offer, deliver, or neither (work).

    Phases run in order; neighbours with the same `group` run side by side.
    """

    id: str
    title: str
    role: str
    group: str | None = None
    qualification: tuple[str, ...] = ()
    condition: Expression | None = None
    not_before: DateRule | None = None
    due: DateRule | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    automations: tuple[Automation, ...] = ()
    reviews: tuple[str, ...] = ()
    four_eyes: tuple[str, ...] = ()
    back_to: str | None = None
    chase: Chase | None = None
    offer: Offer | None = None
    deliver: Deliver | None = None


class Document(Model):
    """A document that the filing makes; with a report it is an XBRL instance.

    `source` names the document from which it is made, whose approval carries over (`from` in the language).
    """

    id: str
    title: str
    made_in: str
    report: str | None = None
    source: str | None = None
    optional: bool = False


class End(Model):
    """A named end other than completion, and what the planner shows for it."""

    id: str
    title: str
    planner: Planner


class WhenClosed(Model):
    """What happens when the filing closes."""

    update_planner: bool = True
    close_chat: bool = True


class Product(Model):
    """A product that relations take, with the frequencies in which it can be agreed."""

    id: str
    title: str
    frequencies: tuple[PeriodKind, ...]


class OfficeText(Model):
    """What texts may say about the office."""

    name: str
    phone: str
    email: str


class Plan(Model):
    """A template, compiled."""

    format: Literal[1] = 1
    template: str
    title: str
    products: tuple[str, ...]
    period: Literal["by_product", "month", "quarter", "year"]
    created: DateRule
    start: Literal["at_creation", "on_date", "by_hand"]
    when_closed: WhenClosed = WhenClosed()
    office: OfficeText
    documents: tuple[Document, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    phases: tuple[Phase, ...]
    ends: tuple[End, ...] = ()
    roles: tuple[Role, ...]
    messages: tuple[Message, ...] = ()

    def phase(self, name: str) -> Phase:
        """Return a phase by id; raises LookupError when there is none."""
        return _named(self.phases, name)

    def document(self, name: str) -> Document:
        """Return a document by id; raises LookupError when there is none."""
        return _named(self.documents, name)

    def deadline(self, name: str) -> Deadline:
        """Return a deadline by id; raises LookupError when there is none."""
        return _named(self.deadlines, name)

    def message(self, name: str) -> Message:
        """Return a message by id; raises LookupError when there is none."""
        return _named(self.messages, name)

    def role(self, name: str) -> Role:
        """Return a role by id; raises LookupError when there is none."""
        return _named(self.roles, name)


# --- what holds for the whole office ----------------------------------------------------------------------


class RelationField(Model):
    """A field of the office's own on a relation, for conditions and texts."""

    id: str
    title: str
    type: Literal["text", "number", "yes_no", "date"]


class ClosingDays(Model):
    """When the office is closed besides weekends and generally recognised holidays (DOMAIN 2)."""

    good_friday: bool = False
    liberation_day: Literal["every_year", "every_five_years", "never"] = "every_five_years"
    extra: tuple[date, ...] = ()


class EntryPoint(Model):
    """The XBRL entry point of a report and year (FACTS 2.1); one that is only inferred is not `confirmed`."""

    report: str
    year: int
    entry_point: str
    namespace: str
    confirmed: bool = True


class TaxAccount(Model):
    """The account of the tax authority for payments from a day on (DOMAIN 3.9)."""

    since: date
    iban: str
    bic: str
    name: str


class VatRates(Model):
    """The VAT rates in whole percents, from a day on (DOMAIN 4.3)."""

    since: date
    general: int
    reduced: int


class Office(Model):
    """The office-wide definitions, compiled: what commands, imports and activities need besides plans."""

    format: Literal[1] = 1
    text: OfficeText
    opening_hour: int = 8
    closing_days: ClosingDays = ClosingDays()
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


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _named(items: tuple[N, ...], name: str) -> N:
    for item in items:
        if item.id == name:
            return item
    raise LookupError(f"the plan has no '{name}'")


# --- canonical bytes --------------------------------------------------------------------------------------


def canonical(data: Any) -> bytes:
    """Return JSON with sorted keys, no white space, UTF-8 and no floats: equal data gives equal bytes."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def plan_bytes(plan: Plan | Office) -> bytes:
    """Return the canonical bytes of a plan, as `kantoor compile` writes them."""
    return canonical(plan.model_dump(mode="json"))


def digest(plan: Plan | Office) -> str:
    """Return the SHA-256 of the plan's canonical bytes, in hex: the name of its content."""
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


@lru_cache(maxsize=64)
def load_plan(text: str) -> Plan:
    """Read a plan from its canonical JSON; the same text gives the same object.

    Raises pydantic.ValidationError when the text is no plan of this format.
    """
    return Plan.model_validate_json(text)

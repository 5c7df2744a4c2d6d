"""Workflow: a template; one filing per relation and period starts from it."""

from functools import cached_property
from itertools import accumulate
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from ...plan import Need, TemplatePeriod
from .base import Condition, Definition, Id, Line, Maybe, Ref, Some, Yes
from .dates import DateRule, Deadline
from .people import Recipients
from .phases import Phase, PhaseOrGroup, Sbr, Together, WorkChase


class Document(Definition):
    """A document that the filing makes, reviews, offers or delivers."""

    id: Id
    """Its id in this file."""
    title: Line
    """Its label."""
    made_in: Ref
    """The work phase that makes it."""
    report: Maybe[Ref] = None
    """The report of which it is an XBRL instance, such as omzetbelasting; left out for other documents."""
    source: Maybe[Ref] = Field(default=None, alias="from")
    """The document that it is made from; the approval of that document covers it."""
    optional: bool = False
    """Whether the filing can be completed without it."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it is made; always when left out. What is not made is not reviewed, signed or offered."""
    of: Maybe[Recipients] = None
    """Whose own it is: the offer goes to each of these contacts, who decide for their own documents."""


class Option(Definition):
    """One of the values of a choice."""

    id: Id
    """Its id; conditions compare with it."""
    title: Line
    """Its label; texts print it."""


SetIn = Annotated[
    Annotated[Ref, Tag("~phase")] | Annotated[Some[Ref], Tag("~phases")],
    Discriminator(lambda value: "~phases" if isinstance(value, list) else "~phase"),
]


class Fact(Definition):
    """Something that is recorded of the case while the filing runs, and corrected with a reason.

    Conditions, dates and texts refer to it as `facts.<id>`.
    """

    id: Id
    """Its id in this file."""
    title: Line
    """Its label."""
    type: Literal["date", "money", "number", "text", "choice", "yes_no"]
    """Its type. Money compares with whole euros: `facts.saldo|abs <= 1000`; a number is whole."""
    set_in: SetIn
    """The phases whose role records it; the first that is part of the filing is not completed without it."""
    optional: bool = False
    """Whether that phase can be completed without it."""
    closes_with_phase: bool = False
    """Whether it is corrected only while one of its phases is active: for what is decided there by it."""
    past: bool = False
    """Whether a date is the day of something that has happened: today or before."""
    options: list[Option] = []
    """The values of a choice."""

    @property
    def phases(self) -> list[str]:
        """Return the phases that record it."""
        return [self.set_in] if isinstance(self.set_in, str) else self.set_in


class End(Definition):
    """A named end other than completion."""

    id: Id
    """Its id; `may_end` refers to it as `ends.<id>`."""
    title: Line
    """Its label."""
    planner: Literal["gepland", "loopt", "bij_klant", "ingediend", "klaar", "te_laat"]
    """The planner state of a filing that ended this way."""


class Correction(Definition):
    """One way in which a closed filing is corrected: exactly one of the last four keys."""

    when: Line
    """When it is corrected in this way, in words."""
    resend: Maybe[Yes] = None
    """By the same work again: an extra filing of this template over the same period."""
    template: Maybe[Ref] = None
    """By a filing of another template, which starts for it."""
    note: Maybe[Ref] = None
    """In the next filing of this template, which has a note of it."""
    procedure: Maybe[Line] = None
    """By a procedure with the authority, in words."""


class WhenClosed(Definition):
    """What happens when the filing closes."""

    update_planner: bool = True
    """Whether the planner view is updated."""
    close_chat: bool = True
    """Whether its chats are closed: what a client writes there then reaches `chat.after_closing`."""


class Workflow(Definition):
    """A template. Its file name is its id."""

    title: Line
    """Its label."""
    products: Some[Ref]
    """Its products: it starts only for relations that take one of them."""
    period: TemplatePeriod
    """The period of a filing: as agreed for the relation's product, or a fixed kind."""
    created: DateRule
    """The date on which a filing is created, also when it recurs."""
    start: Literal["at_creation", "on_date", "by_hand"] = "at_creation"
    """When a filing starts: when it is created, on its start date, or by hand."""
    for_prospects: bool = False
    """Whether it starts for a prospect too, as the acceptance of a client does."""
    needs: list[Need] = []
    """What a relation must have before a filing starts, besides what follows from the phases."""
    advises: list[Need] = []
    """What is told where the relation does not have it; a filing starts all the same."""
    corrected_by: Maybe[Ref] = None
    """The template with which a closed filing of this one is corrected."""
    corrects: list[Ref] = []
    """The templates whose closed filings this one corrects, where those do not say so by `corrected_by`."""
    correction: list[Correction] = []
    """How a closed filing is corrected, and when."""
    when_closed: WhenClosed = WhenClosed()
    """What happens when the filing closes; by default all of it."""
    facts: list[Fact] = []
    """What is recorded of the case."""
    documents: list[Document] = []
    """The documents that the filing makes, reviews, offers or delivers."""
    deadlines: list[Deadline] = []
    """The deadlines: statutory and the office's own."""
    sbr: Maybe[Sbr] = None
    """The SBR settings: defaults for the offer and deliver phases."""
    chase: Maybe[WorkChase] = None
    """What happens when work stays undone; a `chase` of a phase stands for it there."""
    stages: Some[PhaseOrGroup] = Field(alias="phases")
    """The phases, in order. An item `together:` holds phases that run side by side."""
    ends: list[End] = []
    """Named ends other than completion."""

    @cached_property
    def walked(self) -> dict[Any, Any]:
        """What walks over it found, by the walk (`walks`)."""
        return {}

    @cached_property
    def chased(self) -> list[Phase]:
        """The phases for which its own `chase` counts: work with a target date and no chase of its own."""
        others = ("offer", "deliver", "wait")
        work = [phase for phase in self.phases if not any(getattr(phase, name) for name in others)]
        return [phase for phase in work if self.chase and phase.due and phase.chase is None]

    @cached_property
    def groups(self) -> list[list[Phase]]:
        """The phases of each stage: one, or those that run side by side."""
        return [stage.together if isinstance(stage, Together) else [stage] for stage in self.stages]

    @cached_property
    def phases(self) -> list[Phase]:
        """The phases in order, those that run side by side one after the other."""
        return [phase for stage in self.groups for phase in stage]

    @cached_property
    def stage_of(self) -> dict[str, int]:
        """The place of each phase: those that run side by side share one."""
        return {phase.id: place for place, stage in enumerate(self.groups) for phase in stage}

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The parts that a date can count from wherever a phase does."""
        facts = (f"facts.{fact.id}" for fact in self.facts if fact.type == "date")
        deadlines = (f"deadlines.{deadline.id}" for deadline in self.deadlines)
        return frozenset((*facts, *deadlines, *(f"phases.{phase.id}" for phase in self.phases)))

    @cached_property
    def makers(self) -> dict[str, str]:
        """The phase that makes each document."""
        return {document.id: document.made_in for document in self.documents}

    def counts_from_an_earlier(self, deadline: str, rule: DateRule) -> bool:
        """Say whether a rule of a deadline names one that is listed before its own."""
        places, owners = self._deadline_places
        return places.get(deadline, len(owners)) < owners[id(rule)]

    @cached_property
    def _deadline_places(self) -> tuple[dict[str, int], dict[int, int]]:
        """The place of each deadline by its id, and of that which each rule belongs to, by its identity."""
        places: dict[str, int] = {}
        owners: dict[int, int] = {}
        for place, one in enumerate(self.deadlines):
            places.setdefault(one.id, place)
            owners |= {id(rule): place for rule in (one.earliest, one.latest, *one.due) if rule}
        return places, owners

    def before(self, phase: Phase) -> list[Phase]:
        """Return the phases that are over when a phase begins: those of the stages before its own."""
        return self.phases[: self._begins[id(phase)]]

    @cached_property
    def _begins(self) -> dict[int, int]:
        """How many phases come before the stage of each phase, by its identity."""
        counts = accumulate((len(stage) for stage in self.groups), initial=0)
        return {id(one): count for stage, count in zip(self.groups, counts, strict=False) for one in stage}

    def next_deadline(self, phase: Phase) -> str | None:
        """Return the deadline of the first delivery in or after a phase; else that of its own target."""
        return self._map_next_deadlines[id(phase)]

    @cached_property
    def _map_next_deadlines(self) -> dict[int, str | None]:
        """What `next_deadline` says of each phase, by its identity."""
        found: dict[int, str | None] = {}
        name: str | None = None
        for phase in reversed(self.phases):
            name = phase.deliver.deadline if phase.deliver else name
            anchor = (phase.due.before if phase.due else None) or ""
            own = anchor.removeprefix("deadlines.") if anchor.startswith("deadlines.") else None
            found[id(phase)] = name or own
        return found

    def is_beside_others(self, phase: Phase) -> bool:
        """Say whether a phase runs side by side with others."""
        return id(phase) in self._beside_others

    @cached_property
    def _beside_others(self) -> set[int]:
        return {id(one) for stage in self.groups if len(stage) > 1 for one in stage}

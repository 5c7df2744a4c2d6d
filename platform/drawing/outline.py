"""What a picture of a template shows, before it has a shape: cards in stages, with rows and where they lead.

Mermaid text and SVG are made from the same outline, so that they say the same.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from string import ascii_lowercase
from types import MappingProxyType
from typing import Literal, NamedTuple

from ..linked import SAID, Link
from ..plan import (
    Deadline,
    Deliver,
    FilingAwaited,
    NoticeAwaited,
    Offer,
    Outcome,
    Phase,
    Plan,
    WaitFor,
)
from ..words import PLANNER_WORDS, WAY_WORDS, count_of
from .conditions import say_condition
from .dates import list_parts, say_due, say_rule
from .people import name_role, name_template, say_reader

Kind = Literal["work", "review", "request", "offer", "delivery", "wait"]

KIND_WORDS: dict[Kind, str] = {
    "work": "werk",
    "review": "controle",
    "request": "uitvraag",
    "offer": "aanbieding",
    "delivery": "indiening",
    "wait": "wachten",
}
"""What a phase is for, in Dutch."""

_PERIOD_WORDS = {
    "by_product": "per periode zoals bij de relatie afgesproken",
    "month": "per maand",
    "quarter": "per kwartaal",
    "half_year": "per halfjaar",
    "year": "per jaar",
    "four_weeks": "per vier weken",
    "book_year": "per boekjaar",
    "range": "per tijdvak",
    "none": "zonder periode",
}
_START_WORDS = {
    "at_creation": "Begint vanzelf",
    "on_date": "Begint op zijn startdatum",
    "by_hand": "Wordt met de hand gestart",
}
_OTHER_PERIOD = {"same": "", "previous": " van de vorige periode", "next": " van de volgende periode"}


class Arrow(NamedTuple):
    """Where a row leads: to a phase or to a named end, by id.

    `back` to a phase that was done before, `on` to what comes next anyhow, `forward` past what comes next.
    """

    to: str
    way: Literal["back", "on", "forward", "end"]


class Row(NamedTuple):
    """A line of a card: what it is about, what it says, where it leads, and what is to be said of that.

    One without a label goes on about what the line above it is about.
    """

    label: str
    text: str
    arrow: Arrow | None = None
    more: str = ""

    @property
    def sentence(self) -> str:
        """Return the line as plain text."""
        said = f"{self.text} {self.more}".rstrip()
        return f"{self.label}: {said}" if self.label else said


class Card(NamedTuple):
    """A phase: its number, what it is for, who does it, and what is to be known of it.

    `goes_on`: whether what follows it in the picture can follow it.
    """

    id: str
    number: str
    title: str
    kind: Kind
    role: str
    rows: tuple[Row, ...]
    conditional: bool
    goes_on: bool


class Ending(NamedTuple):
    """A named end, and what the planner shows for it; whether that is a day that was missed."""

    id: str
    title: str
    planner: str
    late: bool


class Outline(NamedTuple):
    """A template as it is drawn. The cards of one stage run side by side."""

    template: str
    title: str
    period: str
    start: str
    stages: tuple[tuple[Card, ...], ...]
    ends: tuple[Ending, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Return the cards of all stages, in order."""
        return tuple(card for stage in self.stages for card in stage)


NO_TITLES: Mapping[str, str] = MappingProxyType({})


def make_outline(plan: Plan, titles: Mapping[str, str] = NO_TITLES) -> Outline:
    """Return what a picture of a template shows.

    `titles` are those of the templates that it may name, by id; one that has none is called by its id.
    """
    numbers = number_phases(plan)
    stages = list_stages(plan)
    return Outline(
        template=plan.template,
        title=plan.title,
        period=_PERIOD_WORDS[plan.period],
        start=_say_start(plan),
        stages=tuple(
            tuple(_make_card(plan, phase, numbers, _first_of(stages, place + 1), titles) for phase in stage)
            for place, stage in enumerate(stages)
        ),
        ends=tuple(
            Ending(end.id, end.title, PLANNER_WORDS[end.planner], end.planner == "te_laat")
            for end in plan.ends
        ),
    )


def _say_start(plan: Plan) -> str:
    words = _START_WORDS[plan.start]
    return f"{words} {say_rule(plan, plan.created)}" if plan.start == "at_creation" else words


def list_stages(plan: Plan) -> tuple[tuple[Phase, ...], ...]:
    """Return the phases in the order in which they are entered, those side by side together."""
    grouped = groupby(plan.phases, key=lambda phase: phase.group or f"phase {phase.id}")
    return tuple(tuple(phases) for _, phases in grouped)


def number_phases(plan: Plan) -> dict[str, str]:
    """Return the number of each phase: 1, 2, and 3a and 3b side by side."""
    return {
        phase.id: f"{number}{_letter(place) if len(stage) > 1 else ''}"
        for number, stage in enumerate(list_stages(plan), 1)
        for place, phase in enumerate(stage)
    }


def _letter(place: int) -> str:
    return ascii_lowercase[place] if place < len(ascii_lowercase) else f".{place + 1}"


def find_kind(phase: Phase) -> Kind:
    """Return what a phase is for."""
    match phase.block:
        case Offer():
            return "offer"
        case Deliver():
            return "delivery"
        case WaitFor():
            return "wait"
    if phase.reviews:
        return "review"
    return "request" if any(one.request for one in phase.automations) else "work"


def _first_of(stages: tuple[tuple[Phase, ...], ...], place: int) -> tuple[str, ...]:
    return tuple(phase.id for phase in stages[place]) if place < len(stages) else ()


def _make_card(
    plan: Plan, phase: Phase, numbers: dict[str, str], following: tuple[str, ...], titles: Mapping[str, str]
) -> Card:
    return Card(
        id=phase.id,
        number=numbers[phase.id],
        title=phase.title,
        kind=find_kind(phase),
        role=name_role(plan, phase.role),
        rows=tuple(_list_rows(plan, phase, numbers, following, titles)),
        conditional=phase.condition is not None,
        goes_on=not phase.outcomes or any(_leads_on(one, following) for one in phase.outcomes),
    )


def _leads_on(outcome: Outcome, following: tuple[str, ...]) -> bool:
    return outcome.end is None and (outcome.then is None or outcome.then in following)


def _list_rows(
    plan: Plan, phase: Phase, numbers: dict[str, str], following: tuple[str, ...], titles: Mapping[str, str]
) -> Iterator[Row]:
    if phase.condition is not None:
        yield Row("Alleen als", say_condition(plan, phase.condition))
    if phase.not_before:
        yield Row("Niet eerder dan", say_rule(plan, phase.not_before, list_parts(phase.condition)))
    yield from _say_content(plan, phase, titles)
    if phase.due:
        yield Row("Streefdatum", say_rule(plan, phase.due, list_parts(phase.condition)))
    for deadline in deadlines_of(plan, phase):
        yield from _say_deadline(plan, deadline)
    if phase.qualification:
        yield Row("Titel", f"{' of '.join(phase.qualification)} is verplicht")
    if phase.four_eyes:
        names = " of ".join(f"fase {numbers[one]}" for one in phase.four_eyes)
        yield Row("Vier ogen", f"niet door wie aan {names} werkte")
    yield from _say_outcomes(plan, phase, numbers, following)
    if phase.back_to:
        yield Row(_say_why_back(phase), _name(plan, numbers, phase.back_to), Arrow(phase.back_to, "back"))


def _say_content(plan: Plan, phase: Phase, titles: Mapping[str, str]) -> Iterator[Row]:
    """Yield what a phase offers, delivers, waits for, reviews, signs, asks or starts."""
    match phase.block:
        case Offer() as offer:
            what = _name_documents(plan, offer.documents)
            yield Row(
                "Aan de klant", f"{what}, {WAY_WORDS[offer.offer_as]}, aan {say_reader(plan, offer.to)}"
            )
            if offer.workdays_to_object:
                days = count_of(offer.workdays_to_object, "werkdag", "werkdagen")
                yield Row("Ter informatie", f"wie dat heeft afgesproken, kan {days} lang bezwaar maken")
        case Deliver() as deliver:
            how = "door een medewerker, met bewijs" if deliver.by_hand else "vanzelf"
            yield Row("Indienen", f"{_name_documents(plan, (deliver.document,))}, {how}")
        case WaitFor() as wait:
            yield Row("Wacht op", " of ".join(_say_awaited(plan, one, titles) for one in wait.awaited))
    if phase.reviews:
        yield Row("Controleert", _name_documents(plan, phase.reviews))
    if phase.signs:
        yield Row("Ondertekent", _name_documents(plan, phase.signs))
    for automation in phase.automations:
        if automation.request:
            form = plan.form(automation.request.form)
            reader = say_reader(plan, automation.request.to)
            free = "" if automation.request.required else " (hoeft niet)"
            yield Row("Vraagt", f"‘{form.title}’ aan {reader}{free}")
        if automation.start:
            other = name_template(automation.start.template, titles) + _OTHER_PERIOD[automation.start.period]
            other += say_whose(automation.start.of)
            when = f", als {say_condition(plan, automation.condition)}" if automation.condition else ""
            yield Row("Start ook", other + when)


def _say_awaited(plan: Plan, awaited: object, titles: Mapping[str, str]) -> str:
    match awaited:
        case NoticeAwaited(notice=notice):
            return f"bericht ‘{notice.replace('_', ' ')}’"
        case FilingAwaited(template=template, period=period, phase=phase, of=of):
            far = f"fase ‘{phase.replace('_', ' ')}’ klaar is in" if phase else "het einde van"
            return f"{far} {name_template(template, titles)}{_OTHER_PERIOD[period]}{say_whose(of)}"
        case _:
            return say_rule(plan, awaited.on)  # type: ignore[attr-defined]


def say_whose(link: Link | None) -> str:
    """Return whose filing is meant, after what it is: nothing where it is the relation's own."""
    return f" van {SAID[link]}" if link else ""


def deadlines_of(plan: Plan, phase: Phase) -> tuple[Deadline, ...]:
    """Return the deadlines that bind at a phase: it delivers for them, or is the last that aims at them."""
    return tuple(deadline for deadline in plan.deadlines if _find_binding(plan, deadline.id) == phase.id)


def _find_binding(plan: Plan, deadline: str) -> str:
    delivering = [one.id for one in plan.phases if one.deliver and one.deliver.deadline == deadline]
    aiming = [one.id for one in plan.phases if one.due and one.due.anchor == f"deadlines.{deadline}"]
    before = [one.id for one in plan.phases if one.id in aiming and _counts_back(one)]
    return (delivering or before or aiming or [plan.phases[-1].id])[-1]


def _counts_back(phase: Phase) -> bool:
    due = phase.due
    return due is not None and all(count <= 0 for count in (due.months, due.weeks, due.days, due.workdays))


def _say_deadline(plan: Plan, deadline: Deadline) -> Iterator[Row]:
    law = f" ({deadline.law})" if deadline.law else ""
    lines = say_due(plan, deadline)
    if len(lines) == 1:
        yield Row("Uiterlijk", f"‘{deadline.title}’{law}: {lines[0]}")
    else:
        yield Row("Uiterlijk", f"‘{deadline.title}’{law}:")
        yield from (Row("", line) for line in lines)
    if deadline.earliest:
        yield Row("Eerste dag", say_rule(plan, deadline.earliest))


def _say_outcomes(
    plan: Plan, phase: Phase, numbers: dict[str, str], following: tuple[str, ...]
) -> Iterator[Row]:
    def lead(then: str | None, end: str | None) -> tuple[str, Arrow | None]:
        if end:
            return _name_end(plan, end), Arrow(end, "end")
        if then and then not in following:
            return _name(plan, numbers, then), Arrow(then, "forward")
        if len(following) == 1:
            return _name(plan, numbers, following[0]), Arrow(following[0], "on")
        return "verder", Arrow(following[0], "on") if following else None

    for outcome in phase.outcomes:
        name, arrow = lead(outcome.then, outcome.end)
        noted = [f"met een notitie voor {outcome.note.template}"] if outcome.note else []
        when = [f"als {say_condition(plan, outcome.condition)}"] if outcome.condition else []
        more = "; ".join((*when, *noted))
        yield Row(outcome.title, name, arrow, f"({more})" if more else "")
    if phase.offer and phase.offer.may_end:
        yield Row("Na een besluit", *lead(None, phase.offer.may_end))
    give_up = phase.chase.give_up if phase.chase else None
    if give_up:
        day = say_rule(plan, give_up.on, list_parts(phase.condition))
        yield Row(f"Niets gekomen, {day}", *lead(give_up.then, give_up.end))


def _say_why_back(phase: Phase) -> str:
    match phase.block:
        case Offer():
            return "Klant keurt af"
        case Deliver():
            return "Geweigerd"
    return "Niet goed" if phase.reviews else "Niet in orde"


def _name(plan: Plan, numbers: dict[str, str], phase: str) -> str:
    return f"{numbers[phase]} {plan.phase(phase).title}"


def _name_end(plan: Plan, end: str) -> str:
    return f"einde: {next(one.title for one in plan.ends if one.id == end)}"


def _name_documents(plan: Plan, documents: tuple[str, ...]) -> str:
    return ", ".join(plan.document(one).title for one in documents)

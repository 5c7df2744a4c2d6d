"""When something happens by itself in a phase, in Dutch words."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..plan import Automation, Chase, DateRule, Expression, Phase, Plan, To, WaitFor
from ..words import count_of
from .conditions import say_condition
from .dates import list_parts, say_rule
from .outline import say_whose
from .people import name_role, name_template, say_reader

_PROOF = {"tick": "", "code": ", met een code als bewijs", "document": ", met een document als bewijs"}


OFFERING = "bij de aanbieding"


class Use(NamedTuple):
    """Where a message is sent: in which phase, when, and to whom.

    `role` is the reader's, and empty of a client; `of_offer` is what an offer or its reminders send.
    """

    message: str
    phase: Phase
    when: str
    to: str
    role: str = ""
    of_offer: bool = False


def say_moment(plan: Plan, phase: Phase, automation: Automation) -> str:
    """Return when an automation of a phase runs, with its condition."""
    when = _say_at(plan, phase, automation.at)
    return when + _say_if(plan, automation.condition)


def _say_at(plan: Plan, phase: Phase, at: object) -> str:
    if isinstance(at, DateRule):
        return say_rule(plan, at, list_parts(phase.condition))
    return "als de fase begint" if at == "entered" else "als de fase klaar is"


def _say_if(plan: Plan, condition: Expression | None) -> str:
    return f", alleen als {say_condition(plan, condition)}" if condition is not None else ""


def list_happenings(plan: Plan, phase: Phase, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield what happens by itself in a phase, a sentence each; messages and templates by their titles."""
    for one in phase.automations:
        when = say_moment(plan, phase, one)
        if one.send:
            what = f"bericht ‘{plan.message(one.send.message).title}’"
            yield f"{_capitalise(when)}: {what} aan {say_reader(plan, one.send.to)}."
        if one.request:
            free = "" if one.request.required else "; de fase wacht er niet op"
            form = plan.form(one.request.form).title
            yield f"{_capitalise(when)}: uitvraag ‘{form}’ aan {say_reader(plan, one.request.to)}{free}."
        if one.task:
            reader = say_reader(plan, one.task.to)
            yield f"{_capitalise(when)}: taak voor {reader}: {one.task.title}{_PROOF[one.task.proof]}."
        if one.start:
            other = name_template(one.start.template, titles) + say_whose(one.start.of)
            yield f"{_capitalise(when)}: er begint een opdracht voor {other}."
        if one.note:
            title = plan.message(one.note.message).title
            other = name_template(one.note.template, titles)
            yield f"{_capitalise(when)}: notitie ‘{title}’ voor de volgende {other}."
        if one.chase:
            lead = "Zolang niet alles binnen is" if one.request else "Zolang de taak niet gedaan is"
            yield from _say_chase(plan, phase, one.chase, lead)
    if phase.chase:
        yield from _say_chase(plan, phase, phase.chase, _say_what_lasts(phase))


def _say_what_lasts(phase: Phase) -> str:
    """Return what lasts while whoever a phase waits for is chased."""
    if phase.offer:
        return "Zolang de klant niet heeft geantwoord"
    return (
        "Zolang er niets gekomen is" if isinstance(phase.block, WaitFor) else "Zolang de fase niet klaar is"
    )


def _say_chase(plan: Plan, phase: Phase, chase: Chase, lead: str) -> Iterator[str]:
    """Yield how whoever has to do something is chased."""
    if chase.remind:
        often = count_of(chase.remind.every_days, "dag", "dagen")
        most = f", hoogstens {chase.remind.at_most} keer" if chase.remind.at_most else ""
        every = "elke dag" if chase.remind.every_days == 1 else f"elke {often}"
        yield f"{lead}: {every} een herinnering{most}."
    if chase.escalate:
        when = say_rule(plan, chase.escalate.on, list_parts(phase.condition))
        yield f"{lead}, {when}: {name_role(plan, chase.escalate.role)} wordt erbij betrokken."


def list_uses(plan: Plan) -> Iterator[Use]:
    """Yield where every message is sent, in the order of the phases."""
    for phase in plan.phases:
        for one in phase.automations:
            when = say_moment(plan, phase, one)
            if one.send:
                yield Use(one.send.message, phase, when, *_find_reader(plan, one.send.to))
            if one.request and one.request.message:
                yield Use(one.request.message, phase, when, *_find_reader(plan, one.request.to))
            if one.note:
                reader = f"wie {one.note.template} doet"
                yield Use(one.note.message, phase, f"{when}, als notitie", reader, phase.role)
            asked = one.request or one.task
            if one.chase:
                yield from _list_chasing(plan, phase, one.chase, asked.to if asked else To())
        if phase.offer:
            reader, role = _find_reader(plan, phase.offer.to)
            yield Use(phase.offer.message, phase, OFFERING, reader, role, of_offer=True)
        for outcome in phase.outcomes:
            if outcome.note:
                reader = f"wie de volgende {outcome.note.template} doet"
                when = f"als notitie, bij ‘{outcome.title}’"
                yield Use(outcome.note.message, phase, when, reader, phase.role)
        if phase.chase:
            to = phase.offer.to if phase.offer else To(kind="role", name=phase.role)
            yield from _list_chasing(plan, phase, phase.chase, to)


def _list_chasing(plan: Plan, phase: Phase, chase: Chase, to: To) -> Iterator[Use]:
    of_offer = phase.offer is not None and chase is phase.chase
    if chase.remind:
        message = chase.remind.message or (phase.offer.message if phase.offer else None)
        if message:
            yield Use(message, phase, "als herinnering", *_find_reader(plan, to), of_offer=of_offer)
    if chase.escalate and chase.escalate.message:
        when = f"bij escalatie, {say_rule(plan, chase.escalate.on, list_parts(phase.condition))}"
        role = chase.escalate.role
        yield Use(chase.escalate.message, phase, when, name_role(plan, role), role, of_offer=of_offer)


def _find_reader(plan: Plan, to: To) -> tuple[str, str]:
    """Return who reads something in words, and the role of a colleague."""
    return say_reader(plan, to), (to.name or "") if to.kind == "role" else ""


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]

"""The way to a breach, for people: numbered steps of an invented filing, and the scenario that goes it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from ..exploring.people import CONTACTS, make_team
from ..filing.events import AnyEvent, Start, Tick
from ..filing.outcome import Refusal, Step
from ..filing.state import State
from ..filing.step import step
from ..office.overviews.sentences import sentence
from ..period import in_words
from ..plan import Office, Plan
from ..policy import Policy
from ..simulation.recording import Recorded, write_scenario
from ..simulation.replacing import Replacing
from .judging import Breach


class Line(NamedTuple):
    """One numbered step: the day, the move, and the sentences of the timeline that it gave."""

    number: int
    day: date
    move: str
    sentences: tuple[str, ...]


def list_steps(plan: Plan, breach: Breach) -> tuple[Line, ...]:
    """Return the steps of a breach, the start as number 0; the machine takes them again."""
    names = name_people(plan)
    lines = []
    for number, (event, taken) in enumerate(_replay(plan, breach.events)):
        said = tuple(
            sentence(entry.what, entry.data, names, entry.by)
            for entry in taken.entries
            if entry.what != "started" or number == 0
        )
        move = "start" if number == 0 else breach.names[number - 1]
        lines.append(Line(number, event.at.date(), move, said))
    return tuple(lines)


def describe_start(start: Start) -> str:
    """Return the invented relation and period of a filing, in Dutch."""
    form = str(start.relation["legal_form"]).replace("_", " ")
    own = [name for name, value in (*start.relation.items(), *start.product.items()) if value is True]
    more = "".join(f", {name}" for name in own if name != "natural_person")
    return f"{start.filing.template} {start.period.code} van een verzonnen {form}{more}"


def write_failing(plan: Plan, office: Office, policy: Policy, breach: Breach) -> Recorded:
    """Return a scenario that goes the way to a breach and expects what the policy promises.

    Raises UnrecordableError when the machine takes the events no more.
    """
    last = breach.events[-1].at.date()
    wanted = _expect(policy, breach)
    recorded = write_scenario(
        plan, office, breach.events, last, policy.title, Replacing.nothing(), wanted=wanted
    )
    doers = {event.by.id for event in breach.events if hasattr(event, "by") and event.by.kind == "team"}
    several = ("colleagues of one role are told as one",) if len(doers) > 1 else ()
    return Recorded(recorded.text, (*recorded.notes, *several))


def _replay(plan: Plan, events: tuple[AnyEvent, ...]) -> Iterator[tuple[AnyEvent, Step]]:
    state: State | None = None
    for event in events:
        taken = step(plan, state, event)
        if isinstance(taken, Refusal):
            raise ValueError(f"the machine refuses a step of the path: {taken.text}")
        yield event, taken
        state = taken.state


def name_people(plan: Plan) -> dict[str, str]:
    """Return the Dutch words for who acts in an invented filing, and the titles of phases, by id."""
    people = {one.id: one.id.replace("-", " ") for one in make_team(plan)}
    contacts = {id: "de klant" if id == "klant" else "een andere contactpersoon" for id in CONTACTS}
    return {"kantoor": "kantoor", **{p.id: p.title for p in plan.phases}, **people, **contacts}


_TOLD = {
    "delivered": "delivering",
    "offered": "offer_released",
    "reviewed": "document_reviewed",
    "attached": "document_attached",
    "signed": "document_signed",
    "entered": "phase_entered",
    "completed": "phase_completed",
    "skipped": "phase_skipped",
    "ticked": "checkpoint_ticked",
    "rejected": "decided",
    "reminded": "reminded",
    "client_reminded": "reminded",
    "escalated": "escalated",
    "missed": "deadline_missed",
    "waived": "four_eyes_waived",
    "recorded": "fact_recorded",
    "ended": "filing_ended",
    "cancelled": "filing_ended",
}
"""What the timeline calls an event, where it is another word."""


def _expect(policy: Policy, breach: Breach) -> list[dict[str, Any]]:
    """Return what the policy promises and the scenario does not give."""
    word = breach.how.said
    if policy.form == "order":
        phase, latest = breach.how.about, word.rpartition(" ")[2]
        return [{"target": phase, "is": latest}] if policy.first[0].word != "escalation" else []
    if policy.form == "followed":
        wanted = _TOLD.get(policy.second[0].word, policy.second[0].word)
        return [{"timeline": wanted, "ever": True}]
    told = _TOLD.get(word, word)
    if word == "delivered" and any(event.kind == "record_delivery" for event in breach.events):
        told = "delivered_by_hand"
    return [{"timeline": told, "times": policy.most, "ever": True}]


def say_move(plan: Plan, line: Line, event: AnyEvent) -> str:
    """Return a step as people read it, in Dutch."""
    if isinstance(event, Tick):
        first = f"{in_words(line.day)}; tot dan doet niemand iets."
    else:
        first = f"{in_words(line.day)}."
    return " ".join((first, *(_end(one) for one in line.sentences)))


def _end(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."

"""Variations of acts that were taken, by another person or with a part left out, and their refusals."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from ..data import replace
from ..filing.events import (
    Act,
    Actor,
    AnswerRequest,
    AnyAct,
    Complete,
    Decide,
    Delivered,
    RecordFact,
    StandIn,
    Tick,
    Waive,
)
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.step import step
from .exploring import ENCLOSED, SHOWN, Effect, Tried, start_of
from .plans import CLIENT, COLLEAGUE, MAKER, ROLE

STRANGER = Actor(kind="team", id="stranger")
UNTITLED = replace(COLLEAGUE, qualifications=())
POWERLESS = replace(CLIENT, may=("see",))


class Variation(NamedTuple):
    """A way to vary an act; `vary` returns None for an act that cannot be varied so."""

    name: str
    vary: Callable[[AnyAct], AnyAct | None]


class Varied(NamedTuple):
    """An act that was taken, how it was said otherwise, and why it was refused then."""

    act: str
    how: str
    refusal: Refusal


def vary_all(tried: Iterable[Tried]) -> Iterator[Varied]:
    """Yield the refusals of each kind of act, varied where an act of that kind was first taken."""
    seen: set[tuple[str, str, bool]] = set()
    later: set[tuple[str, str]] = set()
    for reader, move, answer in tried:
        act = move.event
        if not isinstance(act, AnyAct) or not isinstance(answer, Effect):
            continue
        about = getattr(act, "phase", "") or getattr(act, "request", "")
        refused_now = take_new(reader.plan, reader.state, act)
        if isinstance(refused_now, Refusal):
            if (move.name, refused_now.code) not in later:
                later.add((move.name, refused_now.code))
                yield Varied(move.name, "sent today; what was recorded before replays", refused_now)
            continue
        key = (move.name, about, getattr(act, "contact", None) is not None)
        if key in seen:
            continue
        seen.add(key)
        for how, vary in VARIATIONS:
            other = vary(act)
            refusal = take_new(reader.plan, reader.state, other) if other else None
            if isinstance(refusal, Refusal):
                yield Varied(move.name, how, refusal)


def find_step_refusals(tried: Tried) -> Iterator[tuple[str, Refusal]]:
    """Yield the refusals that `step` gives before any construct is asked, each with what was tried."""
    reader, move, _ = tried
    plan, state, at = reader.plan, reader.state, reader.now
    taken = step(plan, state, move.event)
    if not isinstance(taken, Step) or not isinstance(move.event, Act):
        raise ValueError("an act that is taken was expected")
    again = replace(move.event, by=STRANGER)
    unknown = Delivered(at=at, number=99, reference="")
    events = (
        ("anything before the start", step(plan, None, Tick(at=at))),
        ("a second start", step(plan, state, start_of(plan))),
        ("a result of a command that is not on its way", step(plan, state, unknown)),
        ("an act under the id of another", step(plan, taken.state, again)),
    )
    yield from ((name, answer) for name, answer in events if isinstance(answer, Refusal))


def _by(actor: Actor) -> Callable[[AnyAct], AnyAct | None]:
    """Vary who acts, where such a person acts at all; of an answer that is recorded, who gave it."""

    def vary(act: AnyAct) -> AnyAct | None:
        if isinstance(act, Decide | AnswerRequest) and act.contact and actor.kind == "contact":
            return replace(act, contact=actor)
        return replace(act, by=actor) if act.by.kind == actor.kind else None

    return vary


def _by_the_other_side(act: AnyAct) -> AnyAct:
    return replace(act, by=COLLEAGUE if act.by.kind == "contact" else CLIENT)


def _with_another_outcome(act: AnyAct) -> AnyAct | None:
    return replace(act, outcome="?") if isinstance(act, Complete) else None


def _changing(**changes: Any) -> Callable[[AnyAct], AnyAct | None]:
    """Vary what an act says, where it says anything of the kind."""

    def vary(act: AnyAct) -> AnyAct | None:
        said = {field: value for field, value in changes.items() if getattr(act, field, None)}
        return replace(act, **said) if said else None

    return vary


def _in_another_phase(act: AnyAct) -> AnyAct | None:
    return replace(act, phase="afronden") if isinstance(act, RecordFact) else None


def _in_place_of_the_maker(act: AnyAct) -> AnyAct | None:
    """Have an exception to four eyes given by somebody who stands in for who did the work."""
    inside = replace(COLLEAGUE, stands_in=(StandIn(role=ROLE, person=MAKER.id),))
    return replace(act, by=inside) if isinstance(act, Waive) else None


def _with_the_other_kind_of_answer(act: AnyAct) -> AnyAct | None:
    """Give documents to a form, and values to a list."""
    if not isinstance(act, AnswerRequest):
        return None
    return replace(act, documents=(ENCLOSED,), values={} if act.values else {"auto": True})


def _without_an_answer(act: AnyAct) -> AnyAct | None:
    """Answer with nothing; a document that proved itself has a proof then."""
    return replace(act, documents=(), values={}) if isinstance(act, AnswerRequest) else None


VARIATIONS: tuple[Variation, ...] = (
    Variation("by a team member without the role", _by(STRANGER)),
    Variation("by a team member without the title", _by(UNTITLED)),
    Variation("by who made the document", _by(MAKER)),
    Variation("by who stands in for who made the document", _in_place_of_the_maker),
    Variation("by a contact without the authority", _by(POWERLESS)),
    Variation("by a contact instead of a team member, or the other way round", _by_the_other_side),
    Variation("without a reason or text", _changing(reason="", text=" ")),
    Variation("without proof", _changing(proof=None, document=None)),
    Variation("without the contact", _changing(contact=None)),
    Variation("on a day to come", _changing(on=date(2030, 1, 1))),
    Variation("on a day too early", _changing(on=date(2020, 1, 1), until=date(2020, 1, 1))),
    Variation("on other bytes", _changing(documents=(replace(SHOWN, hash="2"),))),
    Variation(
        "about what is not there",
        _changing(phase="?", checkpoint="?", task="?", request="?", shown=replace(SHOWN, document="?")),
    ),
    Variation("about another item", _changing(item="?")),
    Variation("without an answer", _without_an_answer),
    Variation("with documents for a form, or values for a list", _with_the_other_kind_of_answer),
    Variation("with another notice", _changing(notice="?")),
    Variation("about another checkpoint", _changing(checkpoint="?")),
    Variation("with an outcome that the phase lacks", _with_another_outcome),
    Variation("about another role", _changing(role="?")),
    Variation("about another fact", _changing(fact="?")),
    Variation("with a value of another kind", _changing(value=True)),
    Variation("in a phase that does not record the fact", _in_another_phase),
)

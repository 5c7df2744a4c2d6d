"""What somebody still had to do by the older plan, and by the newer one nobody has to."""

from collections.abc import Iterator
from typing import NamedTuple

from ...plan import Automation, Phase
from ..automations import is_on
from ..coming import judge_coming, may_hold
from ..turn import Reader
from .verdicts import Reason

LEFT_OUT = frozenset({"left_out", "phase_left_out"})
"""The codes of what is told here; a move that waits since before it was told is judged without them."""

SAID = {
    "checkpoint": "The mandatory checkpoint '{}'",
    "fact": "The fact '{}'",
    "document": "The document '{}'",
    "delivery": "The delivery of '{}'",
    "request": "The request '{}'",
    "task": "The task '{}'",
}


_OF_A_PHASE = frozenset({"checkpoint", "request", "task"})
"""What has an id of its phase alone: another phase can have something else under it."""


class _Asked(NamedTuple):
    """Something that a phase asks somebody to do: its kind, id and title; the phase by its new id."""

    kind: str
    id: str
    title: str
    phase: str
    done: bool = False

    @property
    def place(self) -> tuple[str, str, str]:
        """Return where it is asked: kind, phase and id; no phase where ids are of the whole plan."""
        return (self.kind, self.phase if self.kind in _OF_A_PHASE else "", self.id)

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, as people read it."""
        return (self.kind, self.title)


def list_left_out(old: Reader, new: Reader, renamed: dict[str, str]) -> Iterator[Reason]:
    """Yield what was still to be done and is no longer. `new` is the moved filing under the newer plan.

    What goes with a safeguard is told by what the office does without, and what is open now as open work.
    """
    if _asks_no_less(old, new, renamed):
        return
    before = [*_list_asked(old, renamed)]
    after = [*_list_asked(new, {})]
    had, now = ({one.place for one in some} for some in (before, after))
    come = {one.words for one in after if one.place not in had}  # under another id, or in another phase
    for one in before:
        if one.done or one.place in now or one.words in come:
            continue
        if one.kind == "phase":
            text = f"'{one.title}' was still to be done; by the newer plan nobody has to."
            yield Reason(code="phase_left_out", text=text, phase=one.phase)
            continue
        said = SAID[one.kind].format(one.title)
        where = _title(old, new, one.phase)
        text = f"{said} in '{where}' was still to be done; by the newer plan nobody has to."
        yield Reason(code="left_out", text=text, phase=one.phase, item=f"{one.kind}:{one.id}")


def _asks_no_less(old: Reader, new: Reader, renamed: dict[str, str]) -> bool:
    """Say whether all is there still phase by phase, as after most changes: those are judged fast."""
    before, after = (
        [phase for phase in reader.plan.phases if reader.status(phase.id) in ("pending", "active")]
        for reader in (old, new)
    )
    return (
        [renamed.get(phase.id, phase.id) for phase in before] == [phase.id for phase in after]
        and (old.plan.facts, old.plan.documents) == (new.plan.facts, new.plan.documents)
        and all(one == other or _holds_all(other, one) for one, other in zip(before, after, strict=True))
    )


def _holds_all(phase: Phase, of: Phase) -> bool:
    """Say whether a phase asks all that another asks, under the same conditions, and goes on as it does."""
    return (
        (phase.condition, phase.outcomes, phase.chase, phase.deliver)
        == (of.condition, of.outcomes, of.chase, of.deliver)
        and all(one in phase.checkpoints for one in of.checkpoints if one.required)
        and all(one in phase.automations for one in of.automations)
    )


def _title(old: Reader, new: Reader, phase: str) -> str:
    found = new.rules.find_phase(phase) or old.rules.find_phase(phase)
    return found.title if found else phase


def _list_asked(reader: Reader, renamed: dict[str, str]) -> Iterator[_Asked]:
    """Yield what active phases and those that may come ask, in the order of the plan; done or not."""
    coming = judge_coming(reader)
    facts: set[str] = set()
    for phase in reader.plan.phases:
        if not (reader.is_active(phase.id) or coming.get(phase.id, "no") != "no"):
            continue
        name = renamed.get(phase.id, phase.id)
        yield _Asked("phase", name, phase.title, name)
        yield from _list_checkpoints(reader, phase, name)
        for fact in reader.plan.facts:
            if phase.id in fact.set_in and not fact.optional and fact.id not in facts:
                facts.add(fact.id)
                recorded = any(one.id == fact.id for one in reader.case.facts)
                yield _Asked("fact", fact.id, fact.title, name, recorded)
        for document in reader.plan.documents:
            if (
                document.made_in == phase.id
                and not document.optional
                and may_hold(reader, document.condition)
            ):
                made = reader.document_state(document.id) is not None
                yield _Asked("document", document.id, document.title, name, made)
        if phase.deliver:
            delivered = reader.rules.document(phase.deliver.document)
            yield _Asked("delivery", delivered.id, delivered.title, name)
        for automation in phase.automations:
            yield from _list_by_itself(reader, phase, automation, name)


def _list_checkpoints(reader: Reader, phase: Phase, name: str) -> Iterator[_Asked]:
    state = reader.phase_state(phase.id)
    ticked = {tick.checkpoint for tick in state.ticks} if state else set()
    for one in phase.checkpoints:
        if one.required and may_hold(reader, one.condition):
            yield _Asked("checkpoint", one.id, one.title, name, one.id in ticked)


def _list_by_itself(reader: Reader, phase: Phase, automation: Automation, name: str) -> Iterator[_Asked]:
    """Yield the task or request that an automation will make.

    In an active phase what was made on entering is open work or done, and what has a day is a date.
    """
    form = reader.rules.find_form(automation.request.form) if automation.request else None
    made = reader.is_active(phase.id) and automation.at != "completed"
    if not (is_on(reader, phase, automation) and may_hold(reader, automation.condition)):
        return
    if automation.task:
        yield _Asked("task", automation.id, automation.task.title, name, made)
    if form:
        yield _Asked("request", automation.id, form.title, name, made)

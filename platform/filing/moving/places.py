"""Where a filing is in the newer plan: which phases it has passed there, and what that would pass over."""

from collections.abc import Iterator
from typing import NamedTuple

from ...plan import Deliver, Phase
from ..state import PhaseState
from ..turn import Reader
from .safeguards import Guard, list_guards, list_lost, list_missed, list_required, name_guard, say
from .same_work import pair_phases
from .verdicts import Mapping, Reason


class Place(NamedTuple):
    """Phases of the newer plan: those that the filing has passed, those to go on in and ahead.

    `passed_over` are those it has passed without having met them; they are skipped. `again` are those that it
    is to do again, because the mapping goes back.
    """

    behind: tuple[Phase, ...]
    ahead: tuple[Phase, ...]
    passed_over: tuple[Phase, ...] = ()
    again: tuple[str, ...] = ()


def find_place(old: Reader, new: Reader, mapping: Mapping) -> Place | Reason:
    """Return where the filing is in the newer plan, or why it is nowhere. `new` has its phases renamed."""
    if mapping.back_to is not None:
        return _go_back(old, new, mapping.back_to, mapping)
    stages = new.rules.stages
    place = {phase.id: number for number, stage in enumerate(stages) for phase in stage}
    active = old.active_phases()
    names = {phase.id: mapping.phases.get(phase.id, phase.id) for phase in active}
    gone = next((phase for phase in active if names[phase.id] not in place), None)
    if gone:
        text = (
            f"'{gone.title}' is active and the newer plan has no such phase; map it to the one that it is "
            f"now, or say to which the work goes back.{_say_heir(old, new, gone.id)}"
        )
        return Reason(code="phase_gone", text=text, phase=gone.id)
    reached = {phase.id: phase for phase in new.case.phases if phase.id in place}
    left = [place[name] for name, state in reached.items() if state.ended]
    fronts = {place[name] for name in names.values()} or {max(left, default=-1)}
    front = max(fronts)
    early = next((p for p in stages[min(fronts)] if p.id in names.values()), None)
    if len(fronts) > 1 and early:
        text = f"'{early.title}' is active beside phases that come after it in the newer plan."
        return Reason(code="order_changed", text=text, phase=early.id)
    for name, state in reached.items():
        if place[name] > front and state.entered:
            title = new.rules.phase(name).title
            text = (
                f"'{title}' is completed and lies ahead in the newer plan; say to which the work goes back."
            )
            return Reason(code="order_changed", text=text, phase=name)
    before = tuple(phase for stage in stages[: max(front, 0)] for phase in stage)
    beside = stages[front] if front >= 0 else ()
    return Place(
        behind=(*before, *(p for p in beside if p.id in reached and reached[p.id].ended)),
        ahead=(
            *(p for p in beside if p.id not in reached or not reached[p.id].ended),
            *(p for stage in stages[front + 1 :] for p in stage),
        ),
        passed_over=tuple(p for p in before if p.id not in reached),
        again=tuple(name for name, state in reached.items() if place[name] > front and not state.entered),
    )


def _go_back(old: Reader, new: Reader, to: str, mapping: Mapping) -> Place | Reason:
    stages = new.rules.stages
    at = next((n for n, stage in enumerate(stages) if any(p.id == to for p in stage)), None)
    if at is None:
        return Reason(code="mapping_unknown", text=f"The newer plan has no phase '{to}'.", item=to)
    before = tuple(phase for stage in stages[:at] for phase in stage)
    kept = {state.id: state for state in new.case.phases}
    ahead = tuple(phase for stage in stages[at:] for phase in stage)
    first = next((p for p in before if p.id in kept and not kept[p.id].ended), None)
    reached = any(p.id in kept for p in ahead) or any(
        p.id not in {q.id for q in new.plan.phases} for p in kept.values()
    )
    if first or not reached:
        text = f"'{to}' lies ahead of where the work is; a move goes back, never on."
        return Reason(code="not_back", text=text, phase=to)
    known = {phase.id for phase in new.plan.phases}
    return Place(
        behind=before,
        ahead=ahead,
        passed_over=tuple(p for p in before if p.id not in kept),
        again=tuple(
            state.id
            for state in kept.values()
            if state.id in {p.id for p in ahead} or (state.id not in known and _is_open(state))
        ),
    )


def _is_open(state: PhaseState) -> bool:
    return state.entered is not None and state.ended is None


def list_obstructed(old: Reader, new: Reader, place: Place, mapping: Mapping) -> Iterator[Reason]:
    """Yield what the filing would miss at this place, and what it would lose without anybody saying so.

    Which phases did some of a phase's work the definitions say, unless the office names the phases itself.
    """
    renamed = mapping.phases
    defined = renamed == pair_phases(old.plan, new.plan)
    before: dict[str, list[Phase]] = {}
    for phase in old.plan.phases:
        before.setdefault(renamed.get(phase.id, phase.id), []).append(phase)
    for phase in place.behind:
        parts = [one for one in old.plan.phases if defined and one.is_same_work(phase)]
        for guard in list_missed(new, old, phase, before.get(phase.id, []), parts, renamed):
            text = (
                f"{say(guard)[0].upper()}{say(guard)[1:]} belongs to '{phase.title}', which lies behind this "
                "filing: it would pass it over. Say to which phase the work goes back."
            )
            yield Reason(code="safeguard_missed", text=text, phase=phase.id, item=name_guard(guard))
    for guard in list_lost(new, old, renamed, place.ahead):
        if name_guard(guard) not in mapping.without:
            said = say(_entitle(old, guard))
            text = (
                f"{said[0].upper()}{said[1:]} still lay ahead of this filing and is gone in the newer plan."
                f"{_say_heir(old, new, guard[1]) if guard[0] == 'four_eyes' else ''} Where the office does "
                f"without it, the mapping says so: {name_guard(guard)}."
            )
            yield Reason(code="safeguard_gone", text=text, item=name_guard(guard))
    behind = {phase.id for phase in place.behind}
    yield from _list_never_made(old, new, behind, renamed)
    yield from _list_homeless(old, new, renamed)
    yield from _list_half_merged(old, new, renamed)
    for phase in place.ahead:
        if new.is_active(phase.id) and phase.id not in place.again:
            yield from _list_not_begun(old, new, phase, before.get(phase.id, []))


def _entitle(old: Reader, guard: Guard) -> Guard:
    """Return a safeguard with the title of the phase that it is about, where it is about one."""
    phase = old.rules.find_phase(guard[1]) if guard[0] == "four_eyes" else None
    return (guard[0], phase.title) if phase else guard


def _say_heir(old: Reader, new: Reader, name: str) -> str:
    """Say by what definitions tell that a phase goes on under another id; nothing where it is still there."""
    phase = old.rules.find_phase(name)
    if phase is None or new.rules.find_phase(name) is not None:
        return ""
    known = {one.id for one in old.plan.phases}
    heir = next((p for p in new.plan.phases if p.title == phase.title and p.id not in known), None)
    which = f"If '{heir.id}' is that phase" if heir else "If another phase is that one"
    return f" {which}, `was: [{name}]` beside it says so."


def _list_never_made(old: Reader, new: Reader, behind: set[str], renamed: dict[str, str]) -> Iterator[Reason]:
    """Yield facts and documents that are new and would have had to be made in phases that lie behind."""
    known = {fact.id for fact in old.plan.facts if not fact.optional}
    recorded = {fact.id for fact in new.case.facts}
    for fact in new.plan.facts:
        if not fact.optional and fact.id not in known | recorded and set(fact.set_in) <= behind:
            text = f"'{fact.title}' is recorded in phases that lie behind this filing."
            yield Reason(code="fact_missed", text=text, item=fact.id)
    made = {
        d.id: renamed.get(d.made_in, d.made_in)
        for d in old.plan.documents
        if old.rules.is_made(d.id) and not d.optional
    }
    for document in new.plan.documents:
        wanted = not document.optional and new.rules.is_made(document.id)
        moved = made.get(document.id) not in behind
        if wanted and moved and document.made_in in behind and new.document_state(document.id) is None:
            text = f"'{document.title}' is made in a phase that lies behind this filing."
            yield Reason(code="document_missed", text=text, phase=document.made_in, item=document.id)


def _list_homeless(old: Reader, new: Reader, renamed: dict[str, str]) -> Iterator[Reason]:
    """Yield what was offered or delivered in phases that the newer plan does not have as such."""
    for offer in old.case.offers:
        now = new.rules.find_phase(renamed.get(offer.phase, offer.phase))
        if now is None or now.offer is None:
            yield _say_homeless(old, offer.phase, "offered", "offers")
    for delivery in old.case.deliveries:
        now = new.rules.find_phase(renamed.get(delivery.phase, delivery.phase))
        if now is None or now.deliver is None:
            yield _say_homeless(old, delivery.phase, "delivered", "delivers")


def _say_homeless(old: Reader, name: str, did: str, does: str) -> Reason:
    phase = old.rules.find_phase(name)
    title = phase.title if phase else name
    text = f"'{title}' {did} a document, and in the newer plan it no longer {does}; map it to one that does."
    return Reason(code="phase_gone", text=text, phase=name)


def _list_half_merged(old: Reader, new: Reader, renamed: dict[str, str]) -> Iterator[Reason]:
    """Yield phases that become one while one of them is over and another has yet to begin."""
    parts: dict[str, list[str]] = {}
    for phase in old.plan.phases:
        parts.setdefault(renamed.get(phase.id, phase.id), []).append(phase.id)
    for name, those in parts.items():
        states = [old.status(one) for one in those]
        begun = [*(o.phase for o in old.case.offers), *(d.phase for d in old.case.deliveries)]
        blocks = [one for one in begun if one in those]
        half = "pending" in states and set(states) & {"completed", "skipped"} and "active" not in states
        if len(those) > 1 and (half or len(blocks) > 1) and new.rules.find_phase(name):
            text = f"{' and '.join(those)} become '{name}', and this filing is between them."
            yield Reason(code="between_merged", text=text, phase=name)


def _list_not_begun(old: Reader, new: Reader, phase: Phase, before: list[Phase]) -> Iterator[Reason]:
    """Yield what an active phase would have had to begin with."""
    kinds = {one.block.kind for one in before if old.is_active(one.id)}
    if kinds and kinds != {phase.block.kind}:
        text = (
            f"'{phase.title}' is active and something else in the newer plan; it can begin again (back_to)."
        )
        yield Reason(code="block_changed", text=text, phase=phase.id, item=phase.block.kind)
    asked = {r.automation for r in new.case.requests if r.phase == phase.id}
    held = {name for one in before for name in list_required(old.rules, one)}
    for name in list_required(new.rules, phase):
        if name not in asked | held:
            text = (
                f"'{phase.title}' asks the client for data on entering, and this filing has entered it; it "
                "can begin again (back_to)."
            )
            yield Reason(code="request_missed", text=text, phase=phase.id, item=name)
    block = phase.block
    if not isinstance(block, Deliver) or block.by_hand or new.delivery_state(phase.id):
        return
    if block.deadline is None or new.rules.deadline(block.deadline).earliest is None:
        text = (
            f"'{phase.title}' waits for the first day of its delivery, and the newer plan has none; it can "
            "begin again (back_to)."
        )
        yield Reason(code="delivery_not_begun", text=text, phase=phase.id)


def list_open(old: Reader, new: Reader, place: Place) -> Iterator[Reason]:
    """Yield mandatory checkpoints of active and later phases that are new to this filing: they are open."""
    known = {guard for phase in old.plan.phases for guard in list_guards(old.rules, phase)}
    for phase in place.ahead:
        for guard in sorted(list_guards(new.rules, phase) - known):
            if guard[0] == "checkpoint":
                text = f"{say(guard)[0].upper()}{say(guard)[1:]} is new in '{phase.title}' and is open."
                yield Reason(code="checkpoint_open", text=text, phase=phase.id, item=guard[1])
    for phase in place.passed_over:
        text = f"'{phase.title}' is new and lies behind this filing; it asks for nothing that is missed."
        yield Reason(code="passed_over", text=text, phase=phase.id)

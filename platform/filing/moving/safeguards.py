"""Safeguards of phases: what a filing would miss that is past them, and what it would lose that is not."""

from collections.abc import Iterable, Iterator

from ...plan import Phase, Plan, Request
from ...rights import STRENGTH, TOGETHER
from ..rules import Rules
from ..turn import Reader

LOST = ("review", "signature", "four_eyes", "offer", "way", "decide")
"""The safeguards without which no filing goes on unless the office says so; a checkpoint's end is told."""

SAID = {
    "checkpoint": "the mandatory checkpoint '{}'",
    "review": "the review of '{}'",
    "signature": "the signature under '{}'",
    "four_eyes": "four eyes on '{}'",
    "request": "the request '{}'",
    "offer": "the offer of '{}' to the client",
    "way": "the offer of '{}'",
    "decide": "the decision of every contact on '{}'",
    "to": "the offer to '{}'",
    "delivery": "the delivery of '{}'",
    "qualification": "the title {}",
}

Guard = tuple[str, str]
"""What sort of safeguard, and of what."""


def say(guard: Guard) -> str:
    """Say in English what a safeguard is."""
    return SAID[guard[0]].format(guard[1])


def list_guards(rules: Rules, phase: Phase, renamed: dict[str, str] | None = None) -> set[Guard]:
    """Return the safeguards of a phase where it is part of the filing, phases under their new ids."""
    if not rules.holds(phase.condition):
        return set()
    return set(_list(rules, phase, renamed or {}))


def _list(rules: Rules, phase: Phase, renamed: dict[str, str]) -> Iterator[Guard]:
    yield from (("checkpoint", one.id) for one in rules.checkpoints(phase) if one.required)
    yield from (("review", name) for name in phase.reviews if _is_made(rules, name))
    yield from (("signature", name) for name in phase.signs if _is_made(rules, name))
    yield from (("four_eyes", renamed.get(name, name)) for name in phase.four_eyes)
    yield from (("request", name) for name in list_required(rules, phase))
    if phase.qualification:
        yield "qualification", " or ".join(phase.qualification)
    if phase.deliver:
        yield "delivery", phase.deliver.document
    if phase.offer:
        yield "to", f"{phase.offer.to.kind} {phase.offer.to.name or ''}".strip()
        for name in phase.offer.documents:
            if _is_made(rules, name):
                yield "offer", name
                yield from (
                    ("way", f"{name} for {way}")
                    for way, strength in STRENGTH.items()
                    if 0 < strength <= STRENGTH[phase.offer.offer_as]
                )
                if TOGETHER[phase.offer.to.decide]:
                    yield "decide", name


def list_required(rules: Rules, phase: Phase) -> tuple[str, ...]:
    """Return the automations that ask on entering for what a phase cannot be completed without."""
    return tuple(
        one.id
        for one in phase.automations
        if one.at == "entered" and _is_required(one.request) and rules.holds(one.condition)
    )


def _is_required(request: Request | None) -> bool:
    return request is not None and request.required


def _is_made(rules: Rules, document: str) -> bool:
    return rules.find_document(document) is not None and rules.is_made(document)


def list_missed(
    reader: Reader,
    old: Reader,
    phase: Phase,
    before: Iterable[Phase],
    parts: Iterable[Phase],
    renamed: dict[str, str],
) -> list[Guard]:
    """Return the safeguards of a phase that a filing has passed and would never meet.

    `before` are the phases of the older plan that it was, `parts` those that did some of its work. What the
    filing was held to then it is not held to again, and what was done all the same is not missed.
    """
    state = reader.phase_state(phase.id)
    kept: set[Guard] = set()
    for one in parts:
        did = old.phase_state(one.id)
        if did is not None and did.ended and (did.entered or one.condition == phase.condition):
            kept |= set(_list(old.rules, one, renamed))
    for one in before:
        if state is not None and (state.entered or one.condition == phase.condition):
            kept |= list_guards(old.rules, one, renamed)
            if state.entered is None:
                kept |= set(_list(old.rules, one, renamed))
    wanted = list_guards(reader.rules, phase) - kept
    return sorted(guard for guard in wanted if not _is_met(reader, phase, guard))


def _is_met(reader: Reader, phase: Phase, guard: Guard) -> bool:
    kind, name = guard
    state, document = reader.phase_state(phase.id), reader.document_state(name)
    if state is None or state.entered is None:
        return False
    if kind == "checkpoint":
        return any(tick.checkpoint == name for tick in state.ticks)
    if kind == "four_eyes":
        people = {c.person for c in reader.case.contributions if c.phase == phase.id}
        return not any(c.phase == name and c.person in people for c in reader.case.contributions)
    if kind == "request":
        return any((r.phase, r.automation) == (phase.id, name) for r in reader.case.requests)
    if document is None:
        return False
    content = document.shown.hash
    if kind == "review":
        return any(r.phase == phase.id and r.hash == content for r in document.reviews)
    if kind == "signature":
        return any(s.phase == phase.id and s.hash == content for s in document.signatures)
    return False


def list_lost(reader: Reader, old: Reader, renamed: dict[str, str], ahead: Iterable[Phase]) -> list[Guard]:
    """Return the safeguards that the filing would still have met and would no longer, wherever they were."""

    def of(plan: Plan, rules: Rules, phases: Iterable[Phase], ids: dict[str, str]) -> set[Guard]:
        found = {guard for phase in phases for guard in list_guards(rules, phase, ids)}
        return {guard for guard in found if guard[0] in LOST}

    still = (p for p in old.plan.phases if old.status(p.id) in ("pending", "active"))
    return sorted(of(old.plan, old.rules, still, renamed) - of(reader.plan, reader.rules, ahead, {}))


def name_guard(guard: Guard) -> str:
    """Return by what a mapping names a safeguard that the office does without."""
    return f"{guard[0]}:{guard[1]}"

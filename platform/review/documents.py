"""What is done with a document in a plan, and in which order: who looks at it, and who gets it."""

from collections.abc import Iterator

from ..plan import Phase, Plan


def is_check(phase: Phase) -> bool:
    """Say whether a phase checks what others did: who does it reviews, signs, or has to be another."""
    return bool(phase.reviews or phase.signs or phase.four_eyes)


def number_stages(plan: Plan) -> dict[str, int]:
    """Return the place of each phase; those that run side by side have one."""
    places: dict[str, int] = {}
    group, place = None, 0
    for phase in plan.phases:
        if phase.group is None or phase.group != group:
            place += 1
        group, places[phase.id] = phase.group, place
    return places


def list_apart(plan: Plan, document: str) -> list[str]:
    """Return the phases that review or sign a document and keep out by four eyes whoever made it."""
    made = next((one.made_in for one in plan.documents if one.id == document), None)
    return [one.id for one in plan.phases if document in (*one.reviews, *one.signs) and made in one.four_eyes]


def list_ordered(plan: Plan, document: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield each phase that guards a document, how, a later one that hands the document on, and how."""
    places = number_stages(plan)
    guards = [
        (phase.id, verb)
        for phase in plan.phases
        for verb, names in (
            ("reviewed", phase.reviews),
            ("signed", phase.signs),
            ("offered to the client", phase.offer.documents if phase.offer else ()),
        )
        if document in names
    ]
    for phase in plan.phases:
        shown = phase.offer is not None and document in phase.offer.documents
        sent = phase.deliver is not None and document in _list_covered(plan, phase.deliver.document)
        for guard, verb in guards:
            if places[guard] < places[phase.id] and (sent or (shown and not verb.startswith("offered"))):
                yield guard, verb, phase.id, "delivered" if sent else "offered to the client"


def list_done(plan: Plan, document: str) -> list[str]:
    """Return what is done with a document by which it is looked at or handed on."""
    offered = (name for phase in plan.phases if phase.offer for name in phase.offer.documents)
    delivered = (
        name for phase in plan.phases if phase.deliver for name in _list_covered(plan, phase.deliver.document)
    )
    words = {
        "reviewed": (name for phase in plan.phases for name in phase.reviews),
        "signed within the office": (name for phase in plan.phases for name in phase.signs),
        "offered to the client": offered,
        "delivered": delivered,
    }
    return [word for word, names in words.items() if document in names]


def is_handed_on(plan: Plan, document: str) -> bool:
    """Say whether clients or the authority get a document, or what is made from it."""
    return not {"offered to the client", "delivered"}.isdisjoint(list_done(plan, document))


def _list_covered(plan: Plan, document: str) -> tuple[str | None, ...]:
    """Return a document and what it is made from: who approves that approves it."""
    return document, next((one.source for one in plan.documents if one.id == document), None)

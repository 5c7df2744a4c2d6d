"""Going back: where work is sent when it is not good, rejected by the client, or refused."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Workflow


def _review(*back_to: str, made_in: str = "opstellen") -> Example:
    lines = [
        *("documents:", "  - id: aangifte", "    title: Aangifte", f"    made_in: {made_in}"),
        *("    report: omzetbelasting", "phases:", "  - id: controle", "    title: Controle"),
        *("    role: accountant", "    reviews: [aangifte]", *(f"    back_to: {name}" for name in back_to)),
    ]
    return Example("\n".join(lines) + "\n")


BACK_TO_MISSING = Code(
    "K301",
    "nowhere to go back to",
    "A review can find the work not good, a client can reject an offer, and the authority can refuse a "
    "delivery: each needs `back_to`, the earlier phase where the work is then done again.",
    wrong=_review(),
    right=_review("opstellen"),
)
BACK_TO_LATER = Code(
    "K302",
    "does not go back",
    "`back_to` names a phase that comes earlier. Going on to a later phase would pass over what lies "
    "between, and going to the phase itself has no end.",
    wrong=_review("aanbieden"),
    right=_review("opstellen"),
)
BACK_TO_SHORT = Code(
    "K303",
    "does not go back far enough",
    "The document that is reviewed, offered or delivered here is made in a phase before `back_to`. "
    "Going back would not reach the phase in which a better one can be made, so the work would go round "
    "without end.",
    wrong=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n"
        "  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n    back_to: controle\n"
        "    offer:\n      documents: [aangifte]\n      offer_as: information\n"
    ),
    right=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n"
        "  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n    back_to: opstellen\n"
        "    offer:\n      documents: [aangifte]\n      offer_as: information\n"
    ),
)


def _signed_after(back_to: str) -> Example:
    return Example(
        "documents:\n  - id: verklaring\n    title: Verklaring\n    made_in: toelichten\n"
        "phases:\n  - id: toelichten\n    title: Toelichten\n    role: administratie\n"
        "  - id: tekenen\n    title: Tekenen\n    role: relatiebeheerder\n"
        f"    back_to: {back_to}\n    offer:\n      documents: [verklaring]\n      offer_as: information\n"
    )


BACK_PAST_DELIVERY = Code(
    "K319",
    "goes back past a delivery",
    "A client who rejects, or an authority that refuses, sends the work back by itself, and every phase from "
    "`back_to` on is done again. What another phase delivered in between was accepted already and would be "
    "delivered twice; a correction is a filing of its own.",
    wrong=_signed_after("opstellen"),
    right=_signed_after("toelichten"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that need `back_to` and lack it, or whose `back_to` goes back too short or too far."""
    for _, template in definitions.templates():
        order = [phase.id for phase in template.phases]
        made_in = {document.id: document.made_in for document in template.documents}
        for number, phase in enumerate(template.phases):
            if phase.back_to is None:
                yield from _missing(phase)
            elif phase.back_to in order[number:] and phase.back_to not in order[:number]:
                message = f"'{phase.back_to}' does not come before '{phase.id}'"
                earlier = (
                    f"earlier phases: {', '.join(order[:number])}" if number else "no phase comes before it"
                )
                yield BACK_TO_LATER.at(phase.place("back_to"), message, help=earlier)
            elif phase.back_to in order:
                yield from _short(template, phase, order, made_in)
                yield from _past_delivery(template, phase, order)


def _missing(phase: Phase) -> Iterator[Diagnostic]:
    reason = (
        "a review" if phase.reviews else "an offer" if phase.offer else "a delivery" if phase.deliver else ""
    )
    if reason and phase.intact("back_to"):
        key = "reviews" if phase.reviews else "offer" if phase.offer else "deliver"
        help = "add back_to with the phase where the work is done again"
        yield BACK_TO_MISSING.at(phase.key_place(key), f"{reason} needs 'back_to'", help=help)


def _short(
    template: Workflow, phase: Phase, order: list[str], made_in: dict[str, str]
) -> Iterator[Diagnostic]:
    assert phase.back_to is not None
    for name in documents_used(phase):
        maker = made_in.get(name)
        if maker in order and order.index(maker) < order.index(phase.back_to):
            place = next(d.place("made_in") for d in template.documents if d.id == name)
            message = (
                f"'{name}' is made in '{maker}', and going back to '{phase.back_to}' does not reach that"
            )
            yield BACK_TO_SHORT.at(phase.place("back_to"), message, related=[Related("made in", place)])
            return


def _past_delivery(template: Workflow, phase: Phase, order: list[str]) -> Iterator[Diagnostic]:
    assert phase.back_to is not None
    if not (phase.offer or phase.deliver):
        return  # a person who goes back past an accepted delivery is refused when he tries
    between = template.phases[order.index(phase.back_to) : order.index(phase.id)]
    for other in between:
        if other.deliver and not other.offer:  # a phase of two kinds is a mistake of its own
            message = f"going back to '{phase.back_to}' does '{other.id}' again, which has delivered by then"
            related = [Related("delivered here", other.key_place("deliver"))]
            yield BACK_PAST_DELIVERY.at(phase.place("back_to"), message, related=related)
            return


def documents_used(phase: Phase) -> list[str]:
    """Return the documents that a phase reviews, offers or delivers."""
    offered = phase.offer.documents if phase.offer else []
    delivered = [phase.deliver.document] if phase.deliver else []
    return [*phase.reviews, *offered, *delivered]

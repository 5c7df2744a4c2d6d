"""Kinds of phases: a phase is an offer, a delivery, or work."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example

_OFFER = (
    "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n    back_to: opstellen\n"
    "    offer:\n      documents: [aangifte]\n      offer_as: information\n"
)

TWO_KINDS = Code(
    "K304",
    "phase of two kinds",
    "A phase's kind is its block. Offering waits for the client and delivering for the authority: they "
    "are phases of their own, one after the other.",
    wrong=Example(f"{_OFFER}    deliver: {{ document: aangifte, deadline: aangifte }}\n"),
    right=Example(_OFFER),
)
NO_WORK = Code(
    "K305",
    "review outside work",
    "A review is completed by a team member, which only a work phase is. An offer or a delivery "
    "completes by the answer of the client or the authority.",
    wrong=Example(f"{_OFFER}    reviews: [aangifte]\n"),
    right=Example(_OFFER),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that are of two kinds, and offers or deliveries that review."""
    for _, template in definitions.templates():
        for phase in template.phases:
            if phase.offer and phase.deliver:
                related = [Related("the other", phase.key_place("offer"))]
                message = f"the phase '{phase.id}' offers and delivers"
                yield TWO_KINDS.at(phase.key_place("deliver"), message, related=related)
            if phase.reviews and (phase.offer or phase.deliver):
                message = f"'{phase.id}' is no work phase, so nobody completes a review here"
                yield NO_WORK.at(phase.key_place("reviews"), message, help="review in a phase before it")

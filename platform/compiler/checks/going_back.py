"""Going back: where work goes after a failed review, a rejection by the client, or a refusal."""

from collections.abc import Iterator

from ...suggest import name_some
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Workflow


def _review_example(*back_to: str, made_in: str = "opstellen") -> Example:
    lines = [
        *("documents:", "  - id: aangifte", "    title: Aangifte", f"    made_in: {made_in}"),
        *("    report: omzetbelasting", "phases:", "  - id: controle", "    title: Controle"),
        *("    role: accountant", "    reviews: [aangifte]", *(f"    back_to: {name}" for name in back_to)),
    ]
    return Example("\n".join(lines) + "\n")


BACK_TO_MISSING = Code(
    "K301",
    "missing back_to",
    "A review can fail, a client can reject an offer, and an authority can refuse a delivery. Such a phase "
    "needs `back_to`: the earlier phase in which the work is then done again.",
    wrong=_review_example(),
    right=_review_example("opstellen"),
)
BACK_TO_LATER = Code(
    "K302",
    "back_to is not an earlier phase",
    "`back_to` names an earlier phase. A later phase would skip the phases between, and the phase itself "
    "would never end.",
    wrong=_review_example("aanbieden"),
    right=_review_example("opstellen"),
)
BACK_TO_SHORT = Code(
    "K303",
    "back_to is too late to redo the document",
    "The document that this phase reviews, offers or delivers is made in a phase before `back_to`. Going "
    "back would not reach the phase that can make a better one, so the work could never be put right.",
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
    remedy="go back to the phase that makes it, or an earlier one",
)


def _signed_after_example(back_to: str) -> Example:
    return Example(
        "documents:\n  - id: verklaring\n    title: Verklaring\n    made_in: toelichten\n"
        "phases:\n  - id: toelichten\n    title: Toelichten\n    role: administratie\n"
        "  - id: tekenen\n    title: Tekenen\n    role: relatiebeheerder\n"
        f"    back_to: {back_to}\n    offer:\n      documents: [verklaring]\n      offer_as: information\n"
    )


BACK_PAST_DELIVERY = Code(
    "K319",
    "back_to repeats a delivery",
    "A rejection by the client or a refusal by the authority sends the work back automatically, and every "
    "phase from `back_to` on is done again. A delivery in between has been accepted by then and would be "
    "made twice; a correction is a filing of its own.",
    wrong=_signed_after_example("opstellen"),
    right=_signed_after_example("toelichten"),
    remedy="go back to a phase after the delivery",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases without the `back_to` they need, or whose `back_to` is too late or too early."""
    for _, template in definitions.templates():
        order = [phase.id for phase in template.phases]
        first = {name: number for number, name in reversed([*enumerate(order)])}
        made_in = {document.id: document.made_in for document in template.documents}
        for number, phase in enumerate(template.phases):
            if phase.back_to is None:
                yield from _check_missing(phase)
            elif first.get(phase.back_to, -1) >= number:
                message = f"expected a phase before '{phase.id}', found '{phase.back_to}'"
                before = order[:number]
                earlier = f"earlier phases: {name_some(before)}" if before else "this is the first phase"
                yield BACK_TO_LATER.at(phase.place("back_to"), message, help=earlier)
            elif phase.back_to in first:
                yield from _check_makers(template, phase, order, made_in)
                yield from _check_deliveries(template, phase, order)


def _check_missing(phase: Phase) -> Iterator[Diagnostic]:
    reviews = phase.reviews and not phase.wait  # there it would restrict nobody, and is reported as such
    reason = "a review" if reviews else "an offer" if phase.offer else "a delivery" if phase.deliver else ""
    if reason and phase.intact("back_to"):
        key = "reviews" if reviews else "offer" if phase.offer else "deliver"
        help = "add back_to with the earlier phase that does the work again"
        yield BACK_TO_MISSING.at(phase.key_place(key), f"{reason} needs 'back_to'", help=help)


def _check_makers(
    template: Workflow, phase: Phase, order: list[str], made_in: dict[str, str]
) -> Iterator[Diagnostic]:
    assert phase.back_to is not None
    for name in documents_used(phase):
        maker = made_in.get(name)
        if maker in order and order.index(maker) < order.index(phase.back_to):
            place = next(d.place("made_in") for d in template.documents if d.id == name)
            message = f"'{name}' is made in '{maker}', which is before '{phase.back_to}'"
            yield BACK_TO_SHORT.at(phase.place("back_to"), message, related=[Related("made in", place)])
            return


def _check_deliveries(template: Workflow, phase: Phase, order: list[str]) -> Iterator[Diagnostic]:
    assert phase.back_to is not None
    if not (phase.offer or phase.deliver) or _is_by_hand(template, phase):
        return  # only people send back from there; the machine then refuses to repeat a delivery
    between = template.phases[order.index(phase.back_to) : order.index(phase.id)]
    for other in between:
        if other.deliver and not other.offer:  # a phase of two kinds is reported by its own check
            message = f"going back to '{phase.back_to}' repeats the delivery '{other.id}'"
            related = [Related("delivered here", other.key_place("deliver"))]
            yield BACK_PAST_DELIVERY.at(phase.place("back_to"), message, related=related)
            return


def _is_by_hand(template: Workflow, phase: Phase) -> bool:
    """Say whether a phase delivers what a person delivers elsewhere: no authority's answer sends it back.

    So does one whose document is not there, which is told by itself.
    """
    name = phase.deliver.document if phase.deliver else None
    if name and all(one.id != name for one in template.documents):
        return True
    return any(one.id == name and one.report is None and one.intact("report") for one in template.documents)


def documents_used(phase: Phase) -> list[str]:
    """Return the documents that a phase reviews, signs, offers or delivers."""
    offered = phase.offer.documents if phase.offer else []
    delivered = [phase.deliver.document] if phase.deliver else []
    return [*phase.reviews, *phase.signs, *offered, *delivered]

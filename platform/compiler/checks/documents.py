"""Documents: made in a work phase before they are used, and delivered only after they were offered."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Document, Workflow
from ..logic import Logic
from ..walks import ids


def _document(made_in: str) -> Example:
    return Example(
        "documents:\n  - id: aangifte\n    title: Aangifte\n"
        f"    made_in: {made_in}\n    report: omzetbelasting\n"
    )


def _bijlage(more: str, delivered: str = "aangifte") -> Example:
    return Example(
        "documents:\n  - id: bijlage\n    title: Bijlage\n    made_in: opstellen\n"
        f"    report: omzetbelasting\n{more}"
        "phases:\n  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        f"    deliver: {{ document: {delivered}, deadline: aangifte }}\n"
    )


def _offered_only(more: str) -> Example:
    return Example(
        "title: Aangifte klaarzetten\nproducts: [aangifte-btw]\nperiod: by_product\n"
        "created: { before: period.start, days: 1 }\n"
        f"documents:\n  - id: aangifte\n    title: Aangifte\n    made_in: opstellen\n{more}"
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n",
        how="whole",
    )


NOT_MADE_BY_WORK = Code(
    "K306",
    "not made by work",
    "A document is attached by a team member in a work phase. In an offer or a delivery nobody makes "
    "anything.",
    wrong=_document("aanbieden"),
    right=_document("opstellen"),
)
USED_TOO_EARLY = Code(
    "K307",
    "used before it is made",
    "A review, an offer or a delivery is of a document that an earlier phase has made, in every case in "
    "which the later phase is part of the filing.",
    wrong=Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    if: product.foreign\n"
    ),
    right=Example("phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"),
)
NOT_OFFERED = Code(
    "K308",
    "delivered but not offered",
    "What is delivered to an authority was offered to the client in an earlier phase, or was made "
    "`from` a document that was: silence is never approval, and neither is never asking.",
    wrong=_bijlage("", delivered="bijlage"),
    right=_bijlage("    from: aangifte\n", delivered="bijlage"),
)
NO_REPORT = Code(
    "K309",
    "delivered without a report",
    "An authority takes XBRL instances; the document names its `report`, which gives the entry point of "
    "the year.",
    wrong=Example("documents:\n  - id: aangifte\n    title: Aangifte\n    made_in: opstellen\n"),
    right=_document("opstellen"),
)
FROM_ITSELF = Code(
    "K310",
    "made from itself",
    "Following `from` comes to a document that was made from nothing else; a round has no beginning.",
    wrong=_bijlage("    from: bijlage\n"),
    right=_bijlage("    from: aangifte\n"),
)

NO_DELIVERY = Code(
    "K318",
    "report without a delivery",
    "A document with a `report` is made to be delivered to an authority, and the template delivers nothing: "
    "its filings would end as if that were done. A document that stays in the office has no report.",
    wrong=_offered_only("    report: omzetbelasting\n"),
    right=_offered_only(""),
    level="warning",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report documents made where nothing is made, used before that, or delivered without being offered."""
    for _, template in definitions.templates():
        documents = {document.id: document for document in template.documents if document.id}
        yield from _makers(template)
        yield from _rounds(documents)
        yield from _kept(template)
        if ids(template, "phases") is None or ids(template, "documents") is None:
            continue
        logic, reported = Logic(definitions, template), set[str]()
        work = work_phases(template)
        for number, phase in enumerate(template.phases):
            before = template.phases[:number]
            for name, place in _uses(phase):
                if name in documents and name not in reported:
                    found = list(_too_early(documents[name], place, phase, before, work, logic))
                    reported.update(name for _ in found)
                    yield from found
            if phase.deliver and phase.deliver.document in documents and not phase.offer:
                yield from _delivered(phase, documents, before, logic)


def work_phases(template: Workflow) -> set[str]:
    """Return the ids of the phases in which a team member works."""
    return {phase.id for phase in template.phases if not phase.offer and not phase.deliver}


def _makers(template: Workflow) -> Iterator[Diagnostic]:
    others = {phase.id for phase in template.phases} - work_phases(template)
    for document in template.documents:
        if document.made_in in others:
            message = f"nothing is made in '{document.made_in}', which is no work phase"
            yield NOT_MADE_BY_WORK.at(document.place("made_in"), message)


def _rounds(documents: dict[str, Document]) -> Iterator[Diagnostic]:
    for document in documents.values():
        path, here = [document.id], document.source
        while here in documents and here not in path:
            path.append(here)
            here = documents[here].source
        if here == document.id:
            message = f"'from' goes round: {' → '.join([*path, here])}"
            yield FROM_ITSELF.at(document.place("from"), message)


def _kept(template: Workflow) -> Iterator[Diagnostic]:
    hidden = not template.intact("phases") or any(not phase.intact("deliver") for phase in template.phases)
    if hidden or any(phase.deliver for phase in template.phases):
        return
    for document in template.documents:
        if document.report:
            message = f"'{document.id}' is the report '{document.report}', and no phase delivers anything"
            yield NO_DELIVERY.at(document.place("report"), message)


def _uses(phase: Phase) -> Iterator[tuple[str, Span]]:
    for number, name in enumerate(phase.reviews):
        yield name, phase.place("reviews", number)
    if phase.offer:
        for number, name in enumerate(phase.offer.documents):
            yield name, phase.offer.place("documents", number)
    if phase.deliver:
        yield phase.deliver.document, phase.deliver.place("document")


def _too_early(
    document: Document,
    place: Span,
    phase: Phase,
    before: list[Phase],
    work: set[str],
    logic: Logic,
) -> Iterator[Diagnostic]:
    if document.made_in not in work:
        return
    maker = next((other for other in before if other.id == document.made_in), None)
    related = [Related("made in", document.place("made_in"))]
    if maker is None:
        message = f"'{document.id}' is made in '{document.made_in}', which does not come before '{phase.id}'"
        yield USED_TOO_EARLY.at(place, message, related=related)
    elif not document.optional and not logic.implies(phase, maker):
        message = f"'{document.id}' may not be there: '{maker.id}' can be skipped where '{phase.id}' is not"
        yield USED_TOO_EARLY.at(place, message, related=related)


def _delivered(
    phase: Phase, documents: dict[str, Document], before: list[Phase], logic: Logic
) -> Iterator[Diagnostic]:
    assert phase.deliver is not None
    document = documents[phase.deliver.document]
    place = phase.deliver.place("document")
    if document.report is None and document.intact("report"):
        yield NO_REPORT.at(place, f"'{document.id}' names no report, so there is nothing to deliver")
    origins = {document.id}
    while document.source in documents and document.source not in origins:
        document = documents[document.source]
        origins.add(document.id)
    offers = [other for other in before if other.offer and origins & set(other.offer.documents)]
    if not offers and not any(_unclear(other, documents) for other in before):
        message = f"'{phase.deliver.document}' is delivered but no earlier phase offers it"
        yield NOT_OFFERED.at(
            place, message, help="offer it to the client first, or make it from what was offered"
        )
    elif offers and not logic.some(phase, offers):
        message = f"'{phase.deliver.document}' can be delivered where its offer is skipped"
        related = [Related("offered here", offers[0].key_place("if"))]
        yield NOT_OFFERED.at(place, message, related=related)


def _unclear(phase: Phase, documents: dict[str, Document]) -> bool:
    """Say whether a mistake hides what a phase offers; it is reported by itself."""
    offer = phase.offer
    return not phase.intact("offer") or (
        offer is not None and (not offer.intact("documents") or not documents.keys() >= set(offer.documents))
    )

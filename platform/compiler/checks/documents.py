"""Documents: made in a work phase before they are used, and delivered only after an offer."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span, of_each_template
from ..examples import Example
from ..language.people import FunctionTo
from ..language.phases import Phase
from ..language.workflow import Document, Workflow
from ..rings import describe_ring, find_rings
from ..walks import ids, sbr_of
from ..ways import Ways, find_ways


def _document_example(made_in: str) -> Example:
    return Example(
        "documents:\n  - id: aangifte\n    title: Aangifte\n"
        f"    made_in: {made_in}\n    report: omzetbelasting\n"
    )


def _attachment_example(more: str, delivered: str = "aangifte") -> Example:
    return Example(
        "documents:\n  - id: bijlage\n    title: Bijlage\n    made_in: opstellen\n"
        f"    report: omzetbelasting\n{more}"
        "phases:\n  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        f"    deliver: {{ document: {delivered}, deadline: aangifte }}\n"
    )


_BETWEEN = "  - id: tussen\n    title: Tussen\n    made_in: opstellen\n    from: aangifte\n"


def _offered_only_example(more: str) -> Example:
    return Example(
        "title: Aangifte klaarzetten\nproducts: [aangifte-btw]\nperiod: by_product\n"
        "created: { before: period.start, days: 1 }\n"
        f"documents:\n  - id: aangifte\n    title: Aangifte\n    made_in: opstellen\n{more}"
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n",
        how="whole",
    )


def _conditional_example(condition: str) -> Example:
    return _two_documents_example("    if: product.foreign\n", f"    if: {condition}\n")


def _owned_example(more: str) -> Example:
    return _two_documents_example("    of: { function: directeur }\n", more)


def _two_documents_example(first: str, second: str) -> Example:
    return Example(
        "documents:\n"
        f"  - id: bijlage\n    title: Bijlage\n    made_in: toelichten\n{first}"
        f"  - id: overzicht\n    title: Overzicht\n    made_in: toelichten\n{second}"
        "phases:\n  - id: toelichten\n    title: Toelichten\n    role: administratie\n"
        "  - id: voorleggen\n    title: Voorleggen\n    role: relatiebeheerder\n    back_to: toelichten\n"
        "    offer:\n      documents: [bijlage, overzicht]\n      offer_as: information\n"
    )


def _each_example(decide: str) -> Example:
    office = "name: Kantoor\nphone: 010-1234567\nemail: post@kantoor.example\nfunctions: [directeur]\n"
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n    offer:\n      documents: [aangifte]\n"
        f"      to: {{ function: directeur, decide: {decide} }}\n      chase:\n"
        "        remind: { every_days: 4, at_most: 2 }\n"
        "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n",
        others=(("office.yaml", office),),
    )


def _delivery_example(block: str) -> Example:
    return Example(
        "phases:\n  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        f"    {block}\n"
    )


NOT_MADE_BY_WORK = Code(
    "K306",
    "document not made in a work phase",
    "A team member attaches a document in a work phase. Nobody makes documents in an offer or a delivery.",
    wrong=_document_example("aanbieden"),
    right=_document_example("opstellen"),
    remedy="name the work phase in which a colleague makes it",
)
USED_TOO_EARLY = Code(
    "K307",
    "document used before it is made",
    "A phase can review, sign, offer or deliver a document only when an earlier phase makes it, in every "
    "case in which the later phase is part of the filing.",
    wrong=Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    if: product.foreign\n"
    ),
    right=Example("phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"),
    remedy="have it made in an earlier phase, or use it in a later one",
)
NOT_OFFERED = Code(
    "K308",
    "document delivered without an offer",
    "A document that is delivered to an authority must first be offered to the client, or be made `from` a "
    "document that was offered. Silence is not approval, and a client who was never asked has not approved.",
    wrong=_attachment_example("", delivered="bijlage"),
    right=_attachment_example("    from: aangifte\n", delivered="bijlage"),
    remedy="offer it whenever it is delivered, or skip the delivery where its offer is skipped",
)
FROM_NOT_OFFERED = Code(
    "K325",
    "delivery without the approval of its source",
    "A document that is made `from` another is delivered under the approval of the very version that it was "
    "made from. So an earlier phase must offer that other document. It is not enough to offer the delivered "
    "document alone, or an earlier document that the other was made from: nothing would ever be delivered.",
    wrong=_attachment_example("    from: tussen\n" + _BETWEEN, delivered="bijlage"),
    right=_attachment_example("    from: aangifte\n" + _BETWEEN, delivered="bijlage"),
)
NO_DEADLINE = Code(
    "K324",
    "delivery without a deadline",
    "A document with a `report` is delivered by kantoor, which needs the deadline: not before its first day, "
    "and a late one is seen. A document without a report is delivered by hand and needs none.",
    wrong=_delivery_example("deliver: { document: aangifte }"),
    right=_delivery_example("deliver: { document: aangifte, deadline: aangifte }"),
    remedy="add 'deadline' to the delivery: the one in 'deadlines' that it has to meet",
)
FROM_ITSELF = Code(
    "K310",
    "circular document source",
    "A chain of `from` must end at a document that has no `from`.",
    wrong=_attachment_example("    from: bijlage\n"),
    right=_attachment_example("    from: aangifte\n"),
    remedy="remove one of these 'from'",
)

NOTHING_OFFERED = Code(
    "K351",
    "offer that may have no document",
    "Each document of the offer has an `if`, and in some filing none of them holds: the offer would stand "
    "still there. Give the phase an `if` too, or offer a document that is always made.",
    wrong=_conditional_example("product.foreign"),
    right=_conditional_example("not product.foreign"),
    remedy="leave out the 'if' of one, or give the phase an 'if' that holds only with a document",
)
OWN_AND_SHARED = Code(
    "K352",
    "own and shared documents in one offer",
    "Documents with `of` are each decided on by the contacts whose own they are, and the offer goes to those "
    "instead of to its `to`. Nobody would decide on a document without `of` beside them.",
    wrong=_owned_example(""),
    right=_owned_example("    of: primary_contact\n"),
    remedy="offer it in a phase of its own, or give it 'of' too",
)

NOBODYS_OWN = Code(
    "K357",
    "each decides, and no document is anyone's own",
    "With `decide: each` everybody decides on their own documents, and a document says by `of` whose it is. "
    "Without `of` all of them decide on all of it, as with `decide: all`.",
    wrong=_each_example("each"),
    right=_each_example("all"),
    level="warning",
    remedy="write 'decide: all', or give each document its 'of'",
)

NO_DELIVERY = Code(
    "K318",
    "report without a delivery",
    "A document with a `report` is meant to be delivered to an authority, but the template delivers "
    "nothing: its filings would be completed without it. A document that stays in the office has no report.",
    wrong=_offered_only_example("    report: omzetbelasting\n"),
    right=_offered_only_example(""),
    level="warning",
    remedy="add a phase that delivers it, or remove 'report'",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report documents that no phase makes in time, that are circular, or are delivered without an offer."""
    for _, template in definitions.templates():
        documents = {document.id: document for document in template.documents if document.id}
        yield from _check_makers(template)
        yield from _check_cycles(documents)
        yield from _check_reports(template)
        if ids(template, "phases") is None or ids(template, "documents") is None:
            continue
        if not all(part.intact("id") for part in (*template.phases, *template.documents)):
            continue
        yield from _check_decided(template, documents)
        ways, reported = find_ways(definitions, template), set[str]()
        work = work_phases(template)
        for phase in template.phases:
            for name, place in _list_uses(phase):
                if name in documents and name not in reported:
                    diagnostics = list(_check_order(documents[name], place, phase, work, ways))
                    reported.update(name for _ in diagnostics)
                    yield from diagnostics
            if phase.offer and documents.keys() >= set(phase.offer.documents):
                yield from _check_offer(phase, [documents[n] for n in phase.offer.documents], ways)
            if phase.deliver and phase.deliver.document in documents and not phase.offer:
                yield from _check_delivery(phase, documents, ways)


def work_phases(template: Workflow) -> set[str]:
    """Return the ids of the phases in which a team member works."""
    return {phase.id for phase in template.phases if not (phase.offer or phase.deliver or phase.wait)}


def _check_makers(template: Workflow) -> Iterator[Diagnostic]:
    others = {phase.id for phase in template.phases} - work_phases(template)
    for document in template.documents:
        if document.made_in in others:
            message = f"expected a work phase, found '{document.made_in}'"
            yield NOT_MADE_BY_WORK.at(document.place("made_in"), message)


def _check_cycles(documents: dict[str, Document]) -> Iterator[Diagnostic]:
    for ring in find_rings({name: document.source for name, document in documents.items()}):
        message = f"circular 'from': {describe_ring(ring)}"
        yield FROM_ITSELF.at(documents[ring[0]].place("from"), message)


def _check_reports(template: Workflow) -> Iterator[Diagnostic]:
    hidden = not template.intact("phases") or any(not phase.intact("deliver") for phase in template.phases)
    if hidden or any(phase.deliver for phase in template.phases):
        return
    for document in template.documents:
        if document.report:
            message = f"'{document.id}' has the report '{document.report}', but no phase delivers anything"
            yield NO_DELIVERY.at(document.place("report"), message)


def _list_uses(phase: Phase) -> Iterator[tuple[str, Span]]:
    for number, name in enumerate(phase.reviews):
        yield name, phase.place("reviews", number)
    for number, name in enumerate(phase.signs):
        yield name, phase.place("signs", number)
    if phase.offer:
        for number, name in enumerate(phase.offer.documents):
            yield name, phase.offer.place("documents", number)
    if phase.deliver:
        yield phase.deliver.document, phase.deliver.place("document")


def _check_order(
    document: Document, place: Span, phase: Phase, work: set[str], ways: Ways
) -> Iterator[Diagnostic]:
    template = ways.template
    if document.made_in not in work:
        return
    maker = next((other for other in template.before(phase) if other.id == document.made_in), None)
    related = [Related("made in", document.place("made_in"))]
    if maker is None:
        beside = template.stage_of.get(document.made_in) == template.stage_of[phase.id]
        where = "runs beside" if beside and document.made_in != phase.id else "is not before"
        message = f"'{document.id}' is made in '{document.made_in}', which {where} '{phase.id}'"
        yield USED_TOO_EARLY.at(place, message, related=related)
    elif not ways.logic.is_clear(phase, document, maker):
        return
    elif phase.deliver and not ways.logic.implies(phase, document):
        message = f"'{document.id}' may be missing: its 'if' does not hold whenever '{phase.id}' runs"
        yield USED_TOO_EARLY.at(place, message, related=[Related("made if", document.place("if"))])
    elif not document.optional and (way := ways.find_without(phase, [maker])):
        message = f"'{document.id}' may be missing: '{maker.id}' can be skipped when '{phase.id}' is not"
        jump = way.over(template, [maker])
        if not jump and ways.logic.implies(document, maker):
            return
        if jump:
            message = f"'{document.id}' may be missing: {jump.name} passes over '{maker.id}'"
        yield USED_TOO_EARLY.at(place, message, related=way.explain(template, [maker]) if jump else related)


def _check_delivery(phase: Phase, documents: dict[str, Document], ways: Ways) -> Iterator[Diagnostic]:
    assert phase.deliver is not None
    template = ways.template
    document = documents[phase.deliver.document]
    place, before = phase.deliver.place("document"), template.before(phase)
    if document.report and phase.deliver.deadline is None and phase.deliver.intact("deadline"):
        message = f"missing key 'deadline': '{document.id}' has the report '{document.report}'"
        yield NO_DEADLINE.at(phase.key_place("deliver"), message)
    delivered, origins = document, {document.id}
    while document.source in documents and document.source not in origins:
        document = documents[document.source]
        origins.add(document.id)
    offers = [other for other in before if other.offer and origins & set(other.offer.documents)]
    basis = delivered.source or delivered.id
    counting = [other for other in offers if other.offer and basis in other.offer.documents]
    unclear = any(_is_unclear(other, documents) for other in before)
    unclear = unclear or not ways.logic.is_clear(phase, *(other for other in before if other.offer))
    unclear = unclear or (document.source is not None and document.source not in documents)
    if offers and not counting and not unclear:
        message = f"'{delivered.id}' is made from '{basis}', and no earlier phase offers '{basis}'"
        related = [Related("made from", delivered.place("from"))]
        help = f"offer '{basis}' too, or make '{delivered.id}' from a document that is offered"
        yield FROM_NOT_OFFERED.at(place, message, related=related, help=help)
        return
    offers = counting
    if not offers and not unclear:
        message = f"'{phase.deliver.document}' is delivered but no earlier phase offers it"
        help = "offer it to the client first, or make it from a document that is offered"
        yield NOT_OFFERED.at(place, message, help=help)
    elif offers and not unclear and (way := ways.find_without(phase, offers)):
        how = "passed over" if way.over(template, offers) else "skipped"
        message = f"'{phase.deliver.document}' can be delivered when its offer is {how}"
        yield NOT_OFFERED.at(place, message, related=way.explain(template, offers))


def _check_offer(phase: Phase, documents: list[Document], ways: Ways) -> Iterator[Diagnostic]:
    """Report an offer that may have nothing to show, and one in which nobody decides on a document."""
    assert phase.offer is not None
    place = phase.offer.place("documents")
    facts = {fact.id for fact in ways.template.facts}
    recorded = {f"facts.{name}" for name in ways.facts_before(phase, facts)}
    is_clear = ways.logic.is_clear(phase, *documents)
    if documents and is_clear and not ways.logic.some(phase, documents, recorded):
        message = f"none of the documents of '{phase.id}' may be made: each has an 'if'"
        yield NOTHING_OFFERED.at(place, message)
    if any(one.of for one in documents):
        for number, document in enumerate(documents):
            if document.of is None and document.intact("of"):
                message = f"'{document.id}' has no 'of', and other documents of this offer have one"
                yield OWN_AND_SHARED.at(phase.offer.place("documents", number), message)


def _check_decided(template: Workflow, documents: dict[str, Document]) -> Iterator[Diagnostic]:
    """Report who would each decide on their own, where no offer to them has a document of anybody's own."""
    sbr = sbr_of(template)
    offers: dict[int, list[Phase]] = {}
    for phase in template.phases:
        if phase.offer:
            offers.setdefault(id(phase.offer.to or sbr.to), []).append(phase)
    for phases in offers.values():
        blocks = [phase.offer for phase in phases if phase.offer]
        to = blocks[0].to or sbr.to
        if (
            not isinstance(to, FunctionTo)
            or to.decide != "each"
            or any(_is_unclear(one, documents) for one in phases)
        ):
            continue
        offered = [documents[name] for block in blocks for name in block.documents]
        if all(one.intact("of") and not one.of for one in offered) and all(
            one.intact("to") for one in blocks
        ):
            names = ", ".join(f"'{one.id}'" for one in phases)
            message = f"each decides on their own, and no document of {names} has an 'of'"
            yield NOBODYS_OWN.at(to.place("decide"), message)


def _is_unclear(phase: Phase, documents: dict[str, Document]) -> bool:
    """Say whether another error, reported separately, hides what a phase offers."""
    offer = phase.offer
    return not phase.intact("offer") or (
        offer is not None and (not offer.intact("documents") or not documents.keys() >= set(offer.documents))
    )

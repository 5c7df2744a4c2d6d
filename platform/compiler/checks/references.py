"""References: every name of another definition or part resolves."""

from collections.abc import Collection, Iterator, Sized
from typing import NamedTuple

from ...suggest import ask_if_meant, did_you_mean
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Span, of_each_template
from ..examples import Example
from ..instead import split_names
from ..language.base import Definition
from ..language.law import EntryPointRow
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..walks import (
    ESCALATIONS,
    automations,
    chase_steps,
    end_of,
    function_recipients,
    ids,
    may_mean_invalid,
    notes,
    role_recipients,
    sbr_of,
)

_OFFER = """phases:
  - id: aanbieden
    title: Aanbieden
    role: relatiebeheerder
    back_to: opstellen
    offer:
      documents: [{document}]
      message: {message}
      to: {{ function: {function} }}
      may_end: ends.{end}
      chase:
        remind: {{ every_days: 4, at_most: 2 }}
        escalate: {{ before: deadlines.aangifte, workdays: 4, role: {role} }}
ends:
  - id: gestopt
    title: Gestopt
    planner: klaar
"""
_RIGHT = {
    "document": "aangifte",
    "message": "ter-accordering",
    "function": "directeur",
    "end": "gestopt",
    "role": "accountant",
}


def _offer_example(**wrong: str) -> Example:
    return Example(_OFFER.format(**{**_RIGHT, **wrong}))


def _deliver_example(deadline: str) -> Example:
    return Example(
        "phases:\n  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        f"    deliver: {{ document: aangifte, deadline: {deadline} }}\n"
    )


def _document_example(report: str, made_in: str = "opstellen") -> Example:
    return Example(
        f"documents:\n  - id: aangifte\n    title: Aangifte\n    made_in: {made_in}\n    report: {report}\n"
    )


def _fact_example(anchor: str) -> Example:
    return Example(
        "facts:\n  - id: vastgesteld_op\n    title: Datum vaststelling\n    type: date\n"
        "    set_in: opstellen\n"
        "deadlines:\n  - id: deponeren\n    title: Deponeren\n"
        f"    due: [{{ after: facts.{anchor}, days: 8 }}]\n"
    )


def _request_example(form: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: stukken\n        at: entered\n        request: {{ form: {form} }}\n",
        others=(
            (
                "forms/stukken.yaml",
                "title: Stukken\nitems:\n  - id: jaaropgave\n    title: Jaaropgave\n    required: true\n",
            ),
        ),
    )


ROLE = Code(
    "K201",
    "unknown role",
    "No file in the folder roles has this name. The role of the sender is relatiebeheerder when a template "
    "names none.",
    wrong=_offer_example(role="acountant"),
    right=_offer_example(),
)
PRODUCT = Code(
    "K202",
    "unknown product",
    "No file in the folder products has this name.",
    wrong=Example("products: [aangifte-bwt]\n"),
    right=Example("products: [aangifte-btw]\n"),
)
MESSAGE = Code(
    "K203",
    "unknown message",
    "No file in the folder messages has this name.",
    wrong=_offer_example(message="ter-acordering"),
    right=_offer_example(),
)
PHASE = Code(
    "K204",
    "unknown phase",
    "The template has no phase with this id.",
    wrong=_document_example("omzetbelasting", made_in="opmaken"),
    right=_document_example("omzetbelasting"),
    remedy="add the phase, or name another",
)
DOCUMENT = Code(
    "K205",
    "unknown document",
    "The template has no document with this id under `documents`.",
    wrong=_offer_example(document="aangifte_btw"),
    right=_offer_example(),
    remedy="add it to 'documents', or remove it here",
)
DEADLINE = Code(
    "K206",
    "unknown deadline",
    "The template has no deadline with this id.",
    wrong=_deliver_example("betalen"),
    right=_deliver_example("aangifte"),
    remedy="add it to 'deadlines', or remove it here",
)
END = Code(
    "K207",
    "unknown end",
    "`may_end`, and `then` of an outcome or of a wait that is given up, name an end as ends.<id>.",
    wrong=_offer_example(end="gestaakt"),
    right=_offer_example(),
    remedy="add it to 'ends', or remove it here",
)
FUNCTION = Code(
    "K208",
    "unknown function",
    "office.yaml lists the functions that contacts can have, and this is not one of them.",
    wrong=_offer_example(function="bestuurder"),
    right=_offer_example(),
)
REPORT = Code(
    "K209",
    "unknown report",
    "A report is named after its table of entry points, law/<report>.yaml. Without that table no instance "
    "can be made.",
    wrong=_document_example("omzetbelastng"),
    right=_document_example("omzetbelasting"),
)


FACT = Code(
    "K220",
    "unknown fact",
    "A date counts from a fact of the template that is a date, as facts.<id>.",
    wrong=_fact_example("vastgesteld"),
    right=_fact_example("vastgesteld_op"),
)
FORM = Code(
    "K701",
    "unknown form",
    "No file in the folder forms has this name.",
    wrong=_request_example("stuken"),
    right=_request_example("stukken"),
)


TEMPLATE = Code(
    "K221",
    "unknown template",
    "No file in the folder workflows has this name: a filing of it cannot be started or waited for.",
    wrong=Example("corrected_by: aangifte-btw\n"),
    right=Example("corrected_by: btw-aangifte\n"),
)

FOLDERS = {
    ROLE: "roles",
    PRODUCT: "products",
    MESSAGE: "messages",
    FORM: "forms",
    REPORT: "law",
    TEMPLATE: "workflows",
}
"""The references to files, with the folder of those."""

OWN = {PHASE: "phases", DOCUMENT: "documents", DEADLINE: "deadlines", END: "ends"}
"""The references to parts of the template itself, with the block that declares those."""


class Reference(NamedTuple):
    """A name that has to resolve, with whose it is and the path to it there."""

    code: Code
    name: str | None
    owner: Definition
    path: tuple[str | int, ...]
    goes_on: bool = False
    """Whether it says where a filing goes on, which may be a phase or an end."""
    or_list: bool = False
    """Whether a list of names could be there too."""

    @property
    def place(self) -> Span:
        """Return its position."""
        return self.owner.place(*self.path)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report names that do not resolve."""
    shared = _collect_shared_names(definitions)
    for _, template in definitions.templates():
        known = {**shared, **_collect_own_names(template)}
        for reference in _list_references(template):
            code, name = reference.code, reference.name
            if not name:
                continue
            if reference.goes_on and known[code] != set():
                ways = [known[one] or set() for one in (PHASE, END)]
                yield from _resolve(definitions, template, reference, known[code], set[str]().union(*ways))
            elif known[code] != set() or code not in OWN or code is PHASE:
                yield from _resolve(definitions, template, reference, known[code])
            else:
                message = f"{code.title} '{name}': this template has no '{OWN[code]}'"
                yield code.at(reference.place, message, lacks=f"{reference.place.path}: {OWN[code]}")
    for reference in _list_references_outside_templates(definitions):
        yield from _resolve(definitions, None, reference, shared[reference.code])


def _resolve(
    definitions: Definitions,
    template: Workflow | None,
    reference: Reference,
    known: set[str] | None,
    meant: Collection[str] = (),
) -> Iterator[Diagnostic]:
    """Report a name that is not among the known ones; it may be meant for one of others too."""
    code, name = reference.code, reference.name
    if not name or known is None or name in known:
        return
    bare = name.removeprefix("ends.")
    if template is not None and code in OWN and may_mean_invalid(template, OWN[code], bare):
        return
    exact = next((one for one in (bare, f"ends.{bare}") if one in meant), None)
    titled = None if exact else _find_by_title(definitions, template, code, name)
    several = split_names(name, known)
    if titled:
        help: str | None = f"that is its title; write its name: {titled}"
    elif several:
        listed = reference.or_list or isinstance(reference.path[-1], int)
        help = f"write a list: [{', '.join(several)}]" if listed else f"name one: {' or '.join(several)}"
    else:
        help = ask_if_meant(name, exact) if exact else did_you_mean(name, meant or known)
    if code in FOLDERS:
        folder = FOLDERS[code]
        message = f"{code.title} '{name}'"
        if not getattr(definitions, folder):
            message = f"{message}: there is no file in the folder {folder}"
        help = help or f"name a file of the folder {folder}, without .yaml"
        yield code.at(reference.place, message, help=help, lacks=lacked_file(definitions, folder, name))
    else:
        lacks = lacked_part(reference.place.path, OWN[code], name) if code in OWN else None
        if code is FUNCTION:
            lacks = f"functions.{name}" if known else "functions"
        yield code.at(reference.place, f"{code.title} '{name}'", help=help, lacks=lacks)


def _find_by_title(definitions: Definitions, template: Workflow | None, code: Code, title: str) -> str | None:
    """Return the name of what has a title that was written instead of it, or None."""
    if code in FOLDERS:
        files = getattr(definitions, FOLDERS[code]).items()
        named = ((name, getattr(file.model, "title", None)) for name, file in files)
    else:
        parts = getattr(template, OWN[code]) if template is not None and code in OWN else ()
        prefix = "ends." if code is END else ""
        named = ((f"{prefix}{part.id}", part.title) for part in parts)
    return next((name for name, known in named if known == title and name != title), None)


def lacked_fact(path: str, facts: Sized, name: str) -> str:
    """Return what is not there where a template names a fact that it does not have: it, or all of them."""
    return lacked_part(path, "facts", name) if facts else f"{path}: facts"


def lacked_part(path: str, block: str, name: str) -> str:
    """Return what is not there where a part of a template is named that the block of a file does not have."""
    return f"{path}: {block}.{name.removeprefix(f'{block}.')}"


def lacked_file(definitions: Definitions, folder: str, name: str) -> str:
    """Return what is not there where a file is named that is not: the file, or the whole of its folder."""
    return f"{folder}/{name}.yaml" if getattr(definitions, folder) else f"{folder}/"


def _collect_shared_names(definitions: Definitions) -> dict[Code, set[str] | None]:
    reports = {
        name
        for name, file in definitions.law.items()
        if file.model is None
        or not file.model.intact("rows")
        or any(isinstance(row, EntryPointRow) for row in file.model.rows)
    }
    return {
        **{code: set(getattr(definitions, folder)) for code, folder in FOLDERS.items()},
        FUNCTION: definitions.functions,
        REPORT: reports,
    }


def _collect_own_names(template: Workflow) -> dict[Code, set[str] | None]:
    ends = ids(template, "ends")
    return {
        PHASE: ids(template, "phases"),
        DOCUMENT: ids(template, "documents"),
        DEADLINE: ids(template, "deadlines"),
        END: ends if ends is None else {f"ends.{end}" for end in ends},
    }


def _list_references_outside_templates(definitions: Definitions) -> Iterator[Reference]:
    for file in definitions.roles.values():
        if file.model:
            yield Reference(ROLE, file.model.fallback, file.model, ("fallback",))
    office = definitions.office.model if definitions.office else None
    if office:
        yield from _refer_to_each(FUNCTION, office, "function_gives_authority")
    if office and office.chat:
        yield Reference(ROLE, office.chat.after_closing, office.chat, ("after_closing",))
        for key in ("to_client", "to_colleague"):
            yield Reference(MESSAGE, getattr(office.chat, key), office.chat, (key,))


def _list_references(template: Workflow) -> Iterator[Reference]:
    yield from _refer_to_each(PRODUCT, template, "products")
    for fact in template.facts:
        for number, name in enumerate(fact.phases):
            path = ("set_in",) if isinstance(fact.set_in, str) else ("set_in", number)
            yield Reference(PHASE, name, fact, path, or_list=True)
    yield Reference(TEMPLATE, template.corrected_by, template, ("corrected_by",))
    yield from _refer_to_each(TEMPLATE, template, "corrects")
    for correction in template.correction:
        yield Reference(TEMPLATE, correction.template, correction, ("template",))
        yield Reference(TEMPLATE, correction.note, correction, ("note",))
    for document in template.documents:
        yield Reference(PHASE, document.made_in, document, ("made_in",))
        yield Reference(DOCUMENT, document.source, document, ("from",))
        yield Reference(REPORT, document.report, document, ("report",))
    if template.sbr:
        yield Reference(MESSAGE, template.sbr.message, template.sbr, ("message",))
        yield from _refer_to_sender(template, template.sbr)
    for phase in template.phases:
        yield from _list_references_in_phase(template, phase)
    for automation in automations(template):
        if automation.send:
            yield Reference(MESSAGE, automation.send.message, automation.send, ("message",))
        if automation.request:
            yield Reference(FORM, automation.request.form, automation.request, ("form",))
            yield Reference(MESSAGE, automation.request.message, automation.request, ("message",))
        if automation.start:
            yield Reference(TEMPLATE, automation.start.template, automation.start, ("template",))
    for note in notes(template):
        yield Reference(TEMPLATE, note.template, note, ("for",))
        yield Reference(MESSAGE, note.message, note, ("text",))
    for step in chase_steps(template):
        yield Reference(MESSAGE, step.message, step, ("message",))
        if isinstance(step, ESCALATIONS):
            yield Reference(ROLE, step.role, step, ("role",))
    for to in role_recipients(template):
        yield Reference(ROLE, to.role, to, ("role",))
    for recipient in function_recipients(template):
        yield Reference(FUNCTION, recipient.function, recipient, ("function",))


def _list_references_in_phase(template: Workflow, phase: Phase) -> Iterator[Reference]:
    yield Reference(ROLE, phase.role, phase, ("role",))
    yield Reference(PHASE, phase.back_to, phase, ("back_to",))
    yield from _refer_to_each(PHASE, phase, "four_eyes")
    yield Reference(ROLE, phase.four_eyes_exception, phase, ("four_eyes_exception",))
    yield from _refer_to_each(DOCUMENT, phase, "reviews")
    yield from _refer_to_each(DOCUMENT, phase, "signs")
    for outcome in phase.outcomes:
        yield Reference(
            END if end_of(outcome.then) else PHASE, outcome.then, outcome, ("then",), goes_on=True
        )
    if phase.offer:
        yield from _refer_to_each(DOCUMENT, phase.offer, "documents")
        yield Reference(MESSAGE, phase.offer.message, phase.offer, ("message",))
        yield Reference(END, phase.offer.may_end, phase.offer, ("may_end",))
        yield from _refer_to_sender(template, phase.offer)
    if phase.wait:
        for awaited in phase.wait.awaited:
            yield Reference(TEMPLATE, awaited.filing, awaited, ("filing",))
        give_up = phase.wait.chase.give_up if phase.wait.chase else None
        if give_up:
            code = END if give_up.then.startswith("ends.") else PHASE
            yield Reference(code, give_up.then, give_up, ("then",), goes_on=True)
    if phase.deliver:
        yield Reference(DOCUMENT, phase.deliver.document, phase.deliver, ("document",))
        yield Reference(DEADLINE, phase.deliver.deadline, phase.deliver, ("deadline",))
        yield from _refer_to_sender(template, phase.deliver)


def _refer_to_sender(template: Workflow, block: Definition) -> Iterator[Reference]:
    """Yield the role of the sender; when none is named, the block refers to the default one."""
    own = getattr(block, "on_behalf_of", None)
    if block is template.sbr or own or template.sbr is None:
        yield Reference(ROLE, own or sbr_of(template).on_behalf_of, block, ("on_behalf_of",))


def _refer_to_each(code: Code, owner: Definition, key: str) -> Iterator[Reference]:
    for number, name in enumerate(getattr(owner, key)):
        yield Reference(
            code,
            name,
            owner,
            (
                key,
                number,
            ),
        )

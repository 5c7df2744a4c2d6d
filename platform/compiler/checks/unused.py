"""Unused definitions: what no template uses is left over, or its use was forgotten."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..definitions import Definitions, File
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..lower import list_chat_messages, used_messages
from ..walks import automations, dated_rules, end_of, walk_once

UNUSED_FILE = Code(
    "K230",
    "unused definition",
    "No template uses this message, product or form. It is left over, or the template that should use it "
    "names another one.",
    wrong=Example(
        "title: Oud bericht\nchannels: [email]\ntexts:\n  nl:\n    subject: Oud\n"
        "    body: Kijk op {{ filing.link }}\n",
        "messages/oud-bericht.yaml",
        how="whole",
    ),
    right=Example(
        "title: Ter accordering\nchannels: [email]\ntexts:\n  nl:\n    subject: Uw aangifte\n"
        "    body: Kijk op {{ filing.link }}\n",
        "messages/ter-accordering.yaml",
        how="whole",
    ),
    level="warning",
    last="all",
    remedy="use it, or remove the file",
)
UNUSED_PART = Code(
    "K231",
    "unused part of a template",
    "Nothing leads to this end, no date or delivery counts from this deadline, or nothing reviews, signs, "
    "offers or delivers this optional document.",
    wrong=Example("ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"),
    right=Example("ends: []\n"),
    level="warning",
    last="file",
    remedy="use it, or remove it",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report files that no template uses, and parts of a template that nothing in it uses."""
    templates = [template for _, template in definitions.templates()]
    if len(templates) == len(definitions.workflows) and all(template.sound for template in templates):
        yield from _check_files(definitions, templates)
    for template in templates:
        if template.sound and all(phase.sound for phase in template.phases):
            yield from _check_parts(template)


def _check_files(definitions: Definitions, templates: list[Workflow]) -> Iterator[Diagnostic]:
    asked = [one.request for template in templates for one in automations(template) if one.request]
    office = definitions.office.model if definitions.office else None
    sent = {name for one in templates for name in used_messages(one)} | list_chat_messages(office)
    used: tuple[tuple[str, Mapping[str, File[Any]], set[str]], ...] = (
        ("message", definitions.messages, sent),
        ("product", definitions.products, {name for one in templates for name in one.products}),
        ("form", definitions.forms, {request.form for request in asked}),
    )
    for kind, files, names in used:
        for name, file in sorted(files.items()):
            if name not in names and file.model:
                message = f"unused {kind} '{name}': no template uses it"
                yield UNUSED_FILE.at(file.model.place(), message)


@walk_once
def _check_parts(template: Workflow) -> Iterator[Diagnostic]:
    targets = [outcome.then for phase in template.phases for outcome in phase.outcomes]
    targets += [phase.offer.may_end for phase in template.phases if phase.offer]
    targets += [
        phase.wait.chase.give_up.then
        for phase in template.phases
        if phase.wait and phase.wait.chase and phase.wait.chase.give_up
    ]
    ends = {end_of(target) for target in targets}
    for end in template.ends:
        if end.id not in ends:
            yield UNUSED_PART.at(end.place("id"), f"unused end '{end.id}': nothing leads to it")
    anchors = {
        dated.rule.after or dated.rule.before or dated.rule.month_of for dated in dated_rules(template)
    }
    met = {phase.deliver.deadline for phase in template.phases if phase.deliver}
    for deadline in template.deadlines:
        if deadline.id not in met and f"deadlines.{deadline.id}" not in anchors:
            message = f"unused deadline '{deadline.id}': no delivery or date counts from it"
            yield UNUSED_PART.at(deadline.place("id"), message)
    used = {name for phase in template.phases for name in _list_documents(phase)}
    used |= {document.source for document in template.documents if document.source}
    for document in template.documents:
        if document.optional and document.id not in used:
            message = f"unused document '{document.id}': nothing reviews, signs, offers or delivers it"
            yield UNUSED_PART.at(document.place("id"), message)


def _list_documents(phase: Phase) -> list[str]:
    offered = phase.offer.documents if phase.offer else []
    return [*phase.reviews, *phase.signs, *offered, *([phase.deliver.document] if phase.deliver else [])]

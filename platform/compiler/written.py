"""Where each part of a template is written: the file and line in which it is changed.

It is kept beside a plan and never in it: a line that moves changes no plan.
"""

from collections.abc import Iterator

from ..plan import WrittenPart
from .definitions import Definitions
from .forms import forms_of
from .language.base import Definition
from .language.phases import Automation, Phase
from .language.workflow import Workflow
from .lower import used_messages, used_roles

_SBR_KEYS = ("on_behalf_of", "forward", "offer_as", "to", "message", "pay")
_BLOCK_KEYS = ("documents", "document", "deadline", *_SBR_KEYS, "may_end")
_DATE_KEYS = ("not_before", "due")
_TEMPLATE_KEYS = ("period", "created", "start")
_OFFICE_KEYS = ("opening_hour", "closing_days")
_LANGUAGES = ("nl", "en")
KEYS = (*_BLOCK_KEYS, *_DATE_KEYS, *_TEMPLATE_KEYS, *_OFFICE_KEYS, *_LANGUAGES)
"""The keys that stand for a part of which nobody gave a name."""


def list_written(name: str, template: Workflow, definitions: Definitions) -> tuple[WrittenPart, ...]:
    """Return the parts of a template in the order in which people read them, each with its file and line."""
    return (
        *_list_template(template),
        *(part for phase in template.phases for part in _list_phase(phase)),
        *(_at_part("end", one.title, one) for one in template.ends),
        *_list_files(name, template, definitions),
    )


def _list_template(template: Workflow) -> Iterator[WrittenPart]:
    yield _at_key("template", template.title, template, "title")
    yield from (_at_key("date", key, template, key) for key in _TEMPLATE_KEYS)
    if template.sbr:
        yield from _list_keys("sbr", template.sbr, _SBR_KEYS)
    if template.chase:
        yield _at_key("chase", "", template, "chase")
    yield from (_at_part("document", one.title, one) for one in template.documents)
    yield from (_at_part("fact", one.title, one) for one in template.facts)
    for one in template.deadlines:
        yield _at_part("deadline", one.title, one)


def _list_phase(phase: Phase) -> Iterator[WrittenPart]:
    of = phase.title
    yield _at_part("phase", of, phase)
    yield _at_key("role", phase.role, phase, "role", of)
    yield from _list_keys("date", phase, _DATE_KEYS, of)
    yield from (_at_part("checkpoint", one.title, one, of) for one in phase.checkpoints)
    for automation in phase.automations:
        yield _at_part("automation", _name(automation), automation, of)
        if automation.chase:
            yield _at_key("chase", "", automation, "chase", of)
    for block in (phase.offer, phase.deliver):
        if block:
            yield from _list_keys("sbr", block, _BLOCK_KEYS, of)
    for owner in (phase, phase.offer, phase.wait):
        if owner and owner.chase:
            yield _at_key("chase", "", owner, "chase", of)
    yield from (_at_part("outcome", one.title, one, of) for one in phase.outcomes)


def _name(automation: Automation) -> str:
    """Return what an automation is called: the title of its task, else what it sends, asks or starts."""
    if automation.task:
        return automation.task.title
    for one, name in (
        (automation.send, "message"),
        (automation.request, "form"),
        (automation.start, "template"),
        (automation.note, "template"),
    ):
        if one:
            return str(getattr(one, name))
    return automation.id


def _list_files(name: str, template: Workflow, definitions: Definitions) -> Iterator[WrittenPart]:
    """Yield what lies in files of its own, and what of it is read by people."""
    for product in template.products:
        yield from _list_own("product", definitions.products.get(product))
    for role in used_roles(template, definitions):
        yield from _list_own("role", definitions.roles.get(role))
    for _, form in forms_of(definitions, template):
        yield _at_key("form", form.title, form, "title")
        for item in form.items or ():
            yield _at_part("question", item.title, item, form.title)
        for question in form.fields.properties.values() if form.fields else ():
            yield _at_part("question", question.title, question, form.title)
    for message in sorted(used_messages(template)):
        file = definitions.messages.get(message)
        if file and file.model:
            yield _at_key("message", file.model.title, file.model, "title")
            texts = file.model.texts
            yield from (
                _at_key("text", language, texts, language, file.model.title)
                for language in _LANGUAGES
                if getattr(texts, language)
            )
    if definitions.office and definitions.office.model:
        office = definitions.office.model
        yield _at_key("office", office.name, office, "name")
        yield from _list_keys("office", office, _OFFICE_KEYS)


def _list_own(kind: str, file: object) -> Iterator[WrittenPart]:
    model = getattr(file, "model", None)
    if model is not None:
        yield _at_key(kind, model.title, model, "title")


def _list_keys(kind: str, owner: Definition, keys: tuple[str, ...], of: str = "") -> Iterator[WrittenPart]:
    """Yield those of these keys that are written."""
    yield from (_at_key(kind, key, owner, key, of) for key in keys if owner.has_key(key))


def _at_part(kind: str, title: str, part: Definition, of: str = "") -> WrittenPart:
    return WrittenPart(kind=kind, title=title, of=of, file=part.path, line=part.node.span.line)


def _at_key(kind: str, title: str, owner: Definition, key: str, of: str = "") -> WrittenPart:
    return WrittenPart(kind=kind, title=title, of=of, file=owner.path, line=owner.key_place(key).line)

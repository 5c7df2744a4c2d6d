"""Texts as their reader gets them: never empty or cut, in their language, and leading to what is offered."""

from collections.abc import Iterator, Sequence

from jinja2 import nodes

from ...context import VARIABLES
from ..conditions import Finding
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.office import Message, Text
from ..language.workflow import Workflow
from ..nodes import Node
from ..places import inside
from ..sendings import list_to_clients
from ..source_text import Source
from ..texts import parse_text
from .readers import list_with_two_readers

_FIELDS = "fields: [{ id: bijzonderheid, title: Bijzonderheid, type: text }]\n"
_HEAD = "texts:\n  nl:\n    subject: Uw aangifte\n    body: |\n      Kijk op {{ filing.link }}.\n"


def _text_example(line: str, fields: bool = False) -> Example:
    office = "name: Kantoor\nphone: 010-1234567\nemail: post@kantoor.example\n" + _FIELDS
    others = (("office.yaml", office),) if fields else ()
    return Example(f"{_HEAD}      {line}\n", "messages/ter-accordering.yaml", others=others)


def _body_example(body: str) -> Example:
    return Example(
        f"texts:\n  nl:\n    subject: Uw aangifte\n    body: |\n      {body}\n",
        "messages/ter-accordering.yaml",
    )


def _language_example(second: str) -> Example:
    english = "  en:\n    subject: Sent\n    body: Sent\n"
    first = "title: Uitleg\nchannels: [email]\ntexts:\n  nl:\n    subject: Uitleg\n    body: Uitleg\n"
    return Example(
        f"title: Klaar\nchannels: [email]\ntexts:\n  nl:\n    subject: Klaar\n    body: Klaar\n{second}",
        "messages/klaar.yaml",
        "whole",
        others=(
            ("messages/uitleg.yaml", first + english),
            (
                "workflows/uitleggen.yaml",
                "title: Uitleggen\nproducts: [aangifte-btw]\nperiod: month\n"
                "created: { before: period.start, days: 1 }\nphases:\n  - id: a\n    title: A\n"
                "    role: accountant\n    automations:\n"
                "      - { id: uitleg, at: entered, send: { message: uitleg } }\n"
                "      - { id: klaar, at: completed, send: { message: klaar } }\n",
            ),
        ),
    )


NO_VALUE = Code(
    "K681",
    "text prints what may have no value",
    "A relation field of the office's own is empty until somebody fills it in, and the reader would see "
    "`None`. Print it inside {% if relation.… %}.",
    wrong=_text_example("Let op: {{ relation.bijzonderheid }}", fields=True),
    right=_text_example(
        "{% if relation.bijzonderheid != none %}Let op: {{ relation.bijzonderheid }}{% endif %}", fields=True
    ),
)
NO_LINK = Code(
    "K682",
    "message that asks without its link",
    "Whoever is offered something, or is asked for data or a task, answers by following {{ filing.link }}; "
    "so does who is reminded of it. Without it the message asks for an answer that its reader cannot give.",
    wrong=_body_example("Uw aangifte staat klaar."),
    right=_body_example("Uw aangifte staat klaar: {{ filing.link }}"),
    level="warning",
    last="file",
)
EMPTY = Code(
    "K683",
    "text that can come out empty",
    "Every part of this text is inside an {% if %}, and none of them holds in some filing in which the "
    "message is sent, by the conditions of what sends it: the reader would get a message without subject or "
    "body. Add an {% else %}, or a line that is always there.",
    wrong=_body_example("{% if period.last_of_year %}Kijk op {{ filing.link }}{% endif %}"),
    right=_body_example("Kijk op {{ filing.link }}{% if period.last_of_year %} vóór 1 april{% endif %}"),
    remedy="add {% else %}, or words outside the {% if %}",
)
LANGUAGE = Code(
    "K684",
    "message that lacks a language",
    "Other messages of the template to clients have a text in this language, and this one does not: a client "
    "who reads it gets this message alone in Dutch.",
    wrong=_language_example(""),
    right=_language_example("  en:\n    subject: Done\n    body: Done\n"),
    level="warning",
    remedy="add 'en' to its texts",
)


def _office_example(english: str) -> Example:
    """Return an office that writes in English in two templates, and in a third where it is given."""
    served: list[tuple[str, str]] = []
    for name in ("een", "twee"):
        text = f"title: {name}\nchannels: [email]\ntexts:\n  nl:\n    subject: S\n    body: S\n"
        template = (
            f"title: {name}\nproducts: [aangifte-btw]\nperiod: month\n"
            "created: { before: period.start, days: 1 }\nphases:\n  - id: a\n    title: A\n"
            "    role: accountant\n"
            f"    automations: [{{ id: a, at: entered, send: {{ message: {name} }} }}]\n"
        )
        english_too = "  en:\n    subject: S\n    body: S\n"
        served += [(f"messages/{name}.yaml", text + english_too), (f"workflows/{name}.yaml", template)]
    return Example(_HEAD + english, "messages/ter-accordering.yaml", others=tuple(served))


NO_LANGUAGE = Code(
    "K685",
    "template without a language that the office serves",
    "Two templates or more write to clients in this language, and no message of this one does: a client who "
    "reads it gets everything of this work in Dutch. An office with Dutch alone, or with one template in "
    "another language, hears nothing.",
    wrong=_office_example(""),
    right=_office_example("  en:\n    subject: Your return\n    body: See {{ filing.link }}\n"),
    level="warning",
    remedy="add 'en' to its messages to clients, or silence this where its clients read Dutch",
)
SERVED = 2
"""In how many templates an office writes in a language that it serves."""


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report texts that come out cut, offers without a link, and languages that are missing."""
    office = definitions.office.model if definitions.office else None
    own = {field.id for field in office.fields} - VARIABLES["relation"].keys() if office else set()
    for file in definitions.messages.values():
        for text in list_texts(file.model) if file.model else ():
            yield from _check_text(text, file.source, own)
    missing = {f"{name}:en" for name in definitions.answer(list_with_two_readers)}  # told as such
    having: list[tuple[str, Message]] = []
    lacking: list[tuple[str, Workflow]] = []
    for name, template in definitions.templates():
        yield from _check_links(definitions, template, missing)
        models = _find_sent(definitions, template)
        yield from _check_languages(models, missing)
        english = next((model for model in models.values() if model.texts.en), None)
        if english:
            having.append((name, english))
        elif models and len(models) == len({one.message for one in list_to_clients(template)}):
            lacking.append((name, template))
    for name, template in lacking if len(having) >= SERVED else ():
        related = [Related(f"'{other}' has it", one.texts.key_place("en")) for other, one in having[:1]]
        message = f"no message of '{name}' to clients is in English (en), as those of other templates are"
        yield NO_LANGUAGE.at(template.key_place("title"), message, related=related)


def _find_sent(definitions: Definitions, template: Workflow) -> dict[str, Message]:
    """Return the messages to clients of a template, those with broken texts aside."""
    files = ((sent.message, definitions.messages.get(sent.message)) for sent in list_to_clients(template))
    return {
        name: file.model
        for name, file in files
        if file and file.model and file.model.intact("texts") and file.model.texts.sound
    }


def list_texts(message: Message) -> list[Text]:
    """Return the texts of a message."""
    return [text for text in (message.texts.nl, message.texts.en) if text] if message.intact("texts") else []


def _check_text(text: Text, source: Source, own: set[str]) -> Iterator[Diagnostic]:
    for key in ("subject", "body"):
        written = getattr(text, key)
        printed = {name for name in own if name in written}
        tree = parse_text(written) if text.intact(key) and printed else None
        if tree is None or isinstance(tree, Finding):
            continue  # an invalid text is reported as such
        for line, name in _list_unguarded(tree.body, printed, frozenset()):
            message = f"'relation.{name}' may have no value here: the reader would see None"
            place = inside(source, _node(text, key), line, f"relation.{name}")
            yield NO_VALUE.at(place, message, help=f"print it inside {{% if relation.{name} != none %}}")


def _node(text: Text, key: str) -> Node:
    node = text.node.child(key)
    assert node is not None
    return node


def _list_unguarded(
    body: Sequence[nodes.Node], own: set[str], tested: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Yield the own relation fields that are printed where no condition around them names them."""
    for part in body:
        if isinstance(part, nodes.If):
            paths = [part.test] if isinstance(part.test, nodes.Getattr) else []
            paths += part.test.find_all(nodes.Getattr)
            named = tested | {one.attr for one in paths if _is_relation(one)}
            yield from _list_unguarded(part.body, own, named)
            yield from _list_unguarded(part.elif_, own, tested)
            yield from _list_unguarded(part.else_, own, named)
        elif isinstance(part, nodes.Output):
            for one in part.find_all(nodes.Getattr):
                if _is_relation(one) and one.attr in own - tested:
                    yield one.lineno, one.attr


def _is_relation(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "relation"
    )


def _check_links(definitions: Definitions, template: Workflow, reported: set[str]) -> Iterator[Diagnostic]:
    for sent in list_to_clients(template):
        file = definitions.messages.get(sent.message)
        if not sent.asks or sent.message in reported or file is None or file.model is None:
            continue
        for text in list_texts(file.model):
            if text.intact("body", "subject") and "filing.link" not in text.body:
                reported.add(sent.message)
                related = [Related("sent here", sent.place)]
                lacks = f"the text of '{sent.message}' lacks {{{{ filing.link }}}}"
                message = f"{lacks}, and {sent.asks} is sent with it"
                help = "write {{ filing.link }} where its reader is to click"
                yield NO_LINK.at(text.key_place("body"), message, related=related, help=help)


def _check_languages(models: dict[str, Message], reported: set[str]) -> Iterator[Diagnostic]:
    """Report client messages without English beside others of the template that have it."""
    having = [name for name, model in models.items() if model.texts.en]
    for name, model in models.items():
        if having and model.texts.nl and model.texts.en is None and f"{name}:en" not in reported:
            reported.add(f"{name}:en")
            other = models[having[0]]
            related = [Related(f"'{having[0]}' has it", other.texts.key_place("en"))]
            message = f"'{name}' has no text in English (en), as other messages of the template have"
            yield LANGUAGE.at(model.key_place("texts"), message, related=related)

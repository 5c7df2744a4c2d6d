"""Texts: every message has a Dutch text, and every text can be rendered."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.office import Message, Text
from ..places import inside
from ..source import Source
from ..texts import check_text
from ..variables import Known, variables


def _message_example(language: str) -> Example:
    return Example(
        f"texts:\n  {language}:\n    subject: Uw aangifte staat klaar\n"
        "    body: Kijk op {{ filing.link }}\n",
        "messages/ter-accordering.yaml",
    )


NO_DUTCH = Code(
    "K608",
    "missing Dutch text",
    "Every message has a text in Dutch. Other languages are for contacts with that language; everybody else "
    "gets the Dutch text.",
    wrong=_message_example("en"),
    right=_message_example("nl"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report messages without a Dutch text, and texts that cannot be rendered."""
    known = variables(definitions)
    for file in definitions.messages.values():
        if file.model:
            yield from _check_dutch(file.model)
            for text in (file.model.texts.nl, file.model.texts.en):
                if text:
                    yield from _check_text(text, known, file.source)


def _check_dutch(message: Message) -> Iterator[Diagnostic]:
    if message.intact("texts") and message.texts.nl is None and message.texts.intact("nl"):
        yield NO_DUTCH.at(message.key_place("texts"), "missing text in Dutch (nl)")


def _check_text(text: Text, known: Known, source: Source) -> Iterator[Diagnostic]:
    for key in ("subject", "body"):
        node = text.node.child(key)
        if node is None or not text.intact(key):
            continue
        for finding in check_text(getattr(text, key), known):
            place = inside(source, node, finding.line, finding.word)
            yield finding.code.at(place, finding.message, help=finding.help)

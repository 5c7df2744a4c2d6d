"""Texts: every message has a Dutch text, and every text can be rendered."""

import re
from collections.abc import Iterator

from stdnum import iban

from ...context import Variable
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.office import Message, Text
from ..lower import used_messages
from ..places import inside
from ..source import Source
from ..texts import check_text
from ..variables import Known, fact_variables, variables


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


def _payment_example(body: str) -> Example:
    return Example(
        f"texts:\n  nl:\n    subject: Betalen\n    body: {body}\n", "messages/ter-accordering.yaml"
    )


FIXED_ACCOUNT = Code(
    "K609",
    "account typed in a text",
    "To which account a client pays is made for each filing and is in the document offered: a text leads to "
    "it with {{ filing.link }}. An account that is typed would go to every client.",
    wrong=_payment_example("Maak het over op NL04 RABO 0200 1122 44"),
    right=_payment_example("Kijk op {{ filing.link }}"),
)

FIXED_AMOUNT = Code(
    "K610",
    "amount typed in a text",
    "What a client pays is made for each filing and is in the document offered: a text leads to it with "
    "{{ filing.link }}. An amount that is typed goes to every client, which is right only for one that is "
    "the same for all, such as a fine or a fee.",
    wrong=_payment_example("Maak EUR 4733 over"),
    right=_payment_example("Kijk op {{ filing.link }}"),
    level="warning",
)

_LEAD = "lead to the document with {{ filing.link }}: it has the amount and the account"
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBER = r"\d(?:[\d.,]*\d)?"
_AMOUNT = re.compile(rf"(?:€|\bEUR) ?{_NUMBER}|\b{_NUMBER} ?(?:€|EUR\b|euro\b)", re.IGNORECASE)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report messages without a Dutch text, and texts that cannot be rendered."""
    known, facts = variables(definitions), _collect_facts(definitions)
    for name, file in definitions.messages.items():
        if file.model:
            yield from _check_dutch(file.model)
            here = {**known, "facts": facts.get(name, facts[None])}
            for text in (file.model.texts.nl, file.model.texts.en):
                if text:
                    yield from _check_text(text, here, file.source)


def _collect_facts(definitions: Definitions) -> dict[str | None, dict[str, Variable]]:
    """Return by message the facts of the templates that send it; under None those of all, for the others.

    Whether each of them has the fact when it sends the message is asked of the template (checks/facts).
    """
    found: dict[str | None, dict[str, Variable]] = {None: {}}
    for _, template in definitions.templates():
        facts = fact_variables(template.facts)
        for message in (None, *used_messages(template)):
            found[message] = facts | found.get(message, {})
    return found


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
        for number, line in enumerate(getattr(text, key).splitlines(), 1):
            for code, what, found in _find_fixed(line):
                place = inside(source, node, number, found)
                yield code.at(place, f"{what} is typed in this text: '{found}'", help=_LEAD)


def _find_fixed(line: str) -> Iterator[tuple[Code, str, str]]:
    """Yield accounts and amounts that are typed in a line of a text."""
    for match in _IBAN.finditer(line):
        if iban.is_valid(match[0]):
            yield FIXED_ACCOUNT, "an account", match[0]
    for match in _AMOUNT.finditer(line):
        yield FIXED_AMOUNT, "an amount", match[0]

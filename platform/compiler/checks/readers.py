"""Readers: a message is for clients or for colleagues, and its text for whoever reads it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..sendings import list_to_clients, list_to_colleagues
from ..spans import Span


def _reader_example(to: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        "      - id: bericht\n        at: entered\n"
        f"        send: {{ message: ter-accordering, to: {to} }}\n",
    )


def _chat_example(to_client: str, to_colleague: str) -> Example:
    text = "title: T\nchannels: [email]\ntexts:\n  nl:\n    subject: S\n    body: {}\n"
    return Example(
        "name: Kantoor\nphone: 010-1234567\nemail: post@kantoor.example\n"
        "chat:\n  after_closing: relatiebeheerder\n"
        f"  to_client: {to_client}\n  to_colleague: {to_colleague}\n",
        "office.yaml",
        others=(
            ("messages/voor-klant.yaml", text.format("Groet, {{ sender.name }}")),
            ("messages/voor-collega.yaml", text.format("Een klant schreef iets.")),
        ),
    )


TWO_READERS = Code(
    "K686",
    "message to a client and to a colleague",
    "The message goes to clients at one place and to a role of the office at another. What is written for "
    "colleagues, such as that work is late, is not for clients, and the other way round. Write a message of "
    "its own for each, or name the one that was meant.",
    wrong=_reader_example("{ role: accountant }"),
    right=_reader_example("primary_contact"),
    level="warning",
    remedy="write a message of its own for each of them",
)
NO_SENDER = Code(
    "K687",
    "text to a colleague with a sender",
    "What a client writes in a chat is told to a colleague by kantoor itself: there is no sender, and "
    "`sender.name` would be empty. `to_client` and `to_colleague` may have been swapped.",
    wrong=_chat_example("voor-collega", "voor-klant"),
    right=_chat_example("voor-klant", "voor-collega"),
    remedy="exchange 'to_client' and 'to_colleague', or leave the sender out of the text",
)


class Readers(NamedTuple):
    """Where a message is sent to clients, and where to colleagues; a chase of many phases is one place."""

    clients: dict[Span, None]
    colleagues: dict[Span, None]


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report messages to both clients and colleagues, and chat mails that are written for the other side."""
    for name, readers in definitions.answer(list_with_two_readers).items():
        to_client = len(readers.clients) <= len(readers.colleagues)
        few, many = map(list, readers if to_client else reversed(readers))
        here, there = ("a client", "a colleague") if to_client else ("a colleague", "a client")
        message = f"'{name}' goes to {here} here, and to {there} elsewhere"
        yield TWO_READERS.at(few[0], message, related=[Related(f"to {there}", many[0])])
    office = definitions.office.model if definitions.office else None
    chat = office.chat if office and office.intact("chat") else None
    file = definitions.messages.get(chat.to_colleague) if chat and chat.intact("to_colleague") else None
    if chat and file and file.model and file.model.intact("texts"):
        texts = [text for text in (file.model.texts.nl, file.model.texts.en) if text]
        if any("sender." in text.subject + text.body for text in texts if text.intact("subject", "body")):
            message = f"'{chat.to_colleague}' names the sender, and a mail to a colleague has none"
            yield NO_SENDER.at(chat.place("to_colleague"), message)


def list_with_two_readers(definitions: Definitions) -> Mapping[str, Readers]:
    """Return the messages that are sent to clients and to colleagues, by name."""
    templates = [template for _, template in definitions.templates()]
    clients = {sent.message for template in templates for sent in list_to_clients(template)}
    colleagues = {sent.message for template in templates for sent in list_to_colleagues(template)}
    found = {name: Readers({}, {}) for name in sorted(clients & colleagues)}
    for template in templates if found else ():
        for sent in list_to_clients(template):
            if sent.message in found:
                found[sent.message].clients[sent.place] = None
        for sent in list_to_colleagues(template):
            if sent.message in found:
                found[sent.message].colleagues[sent.place] = None
    return found

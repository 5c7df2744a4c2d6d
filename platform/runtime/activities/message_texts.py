"""Texts, rendered when they are sent, from the plan's own text and the variables of `kantoor.context`."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ...filing.state import Origin
from ...period import in_english, in_words
from ...plan import FactDefinition, Message, Model, OfficeText, Scalar, Text
from ..inputs import NoteInput, SendInput
from .fact_texts import Unknown, fact_texts

FALLBACK = "nl"
"""The language that every message has."""

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class TextError(Exception):
    """A text cannot be rendered; the sentence is Dutch and names the message, without any value."""


class Person(Model):
    """A reader or sender as texts name them."""

    name: str
    salutation: str = ""
    phone: str = ""
    email: str = ""


class Written(Model):
    """A message in the reader's language."""

    language: str
    subject: str
    body: str


class Day(date):
    """A date that reads as people write it, in English: 31 January 2026."""

    def __str__(self) -> str:
        return in_english(self)


class DutchDay(Day):
    """A date that reads as people write it, in Dutch: 31 januari 2026."""

    def __str__(self) -> str:
        return in_words(self)


def render_message(message: Message, language: str, values: Mapping[str, Any]) -> Written:
    """Render a message in a language, or in Dutch when it has no text in that language. Raises TextError."""
    chosen = choose_language(message, language)
    text: Text = message.texts[chosen]
    try:
        subject = _compile(text.subject).render(values)
        body = _compile(text.body).render(values)
    except (TemplateError, ArithmeticError, TypeError, ValueError):
        raise TextError(f"De tekst van het bericht '{message.title}' kan niet worden ingevuld.") from None
    return Written(language=chosen, subject=" ".join(subject.split()), body=body)


def choose_language(message: Message, language: str) -> str:
    """Return the language in which a message is written for who reads this one."""
    return language if language in message.texts else FALLBACK


def greet(person: str, salutation: str, language: str) -> str:
    """Return how a letter to somebody begins: as the office has it, else by their name."""
    return salutation or f"{'Beste' if language == FALLBACK else 'Dear'} {person}"


@lru_cache(maxsize=256)
def _compile(text: str) -> Template:
    """Return a text ready to be rendered; a thousand filings of a template share their texts."""
    return _ENVIRONMENT.from_string(text)


def write_message(input: SendInput, reader: Person, sender: Person, language: str, link: str) -> Written:
    """Write a filing's message for one reader in their language. Raises TextError."""
    language = choose_language(input.message, language)
    said = values(
        input.origin,
        input.office,
        input.title,
        input.due,
        link,
        offered_as=input.offered_as or "",
        today=input.at.date(),
        reader=reader,
        sender=sender,
        language=language,
        facts=((fact.definition, fact.value) for fact in input.facts),
        object_until=input.object_until,
        sent_back=input.sent_back,
    )
    return render_message(input.message, language, said)


def write_note(input: NoteInput, sender: Person) -> Written:
    """Write the note that a filing leaves, in Dutch, as the office reads it. Raises TextError."""
    said = values(
        input.origin,
        input.office,
        input.title,
        input.due,
        "",
        offered_as="",
        today=input.at.date(),
        reader=sender,
        sender=sender,
        language=FALLBACK,
        facts=((fact.definition, fact.value) for fact in input.facts),
    )
    return render_message(input.message, FALLBACK, said)


def values(
    origin: Origin,
    office: OfficeText,
    title: str,
    due: date | None,
    link: str,
    *,
    offered_as: str,
    today: date,
    reader: Person,
    sender: Person,
    language: str,
    facts: Iterable[tuple[FactDefinition, Scalar]] = (),
    object_until: date | None = None,
    sent_back: bool = False,
) -> dict[str, Any]:
    """Return what a text may name, dates and period in the words of its language; see `kantoor.context`.

    `today` is the office's day on which the text is sent: after `due` the text is late. A fact or a deadline
    that is not known yet says so.
    """
    day = DutchDay if language == FALLBACK else Day

    def read(of: date) -> Day:
        return day(of.year, of.month, of.day)

    period = origin.period
    return {
        "relation": dict(origin.relation),
        "product": dict(origin.product),
        "period": {
            "kind": period.kind,
            "code": period.code,
            "words": period.words if language == FALLBACK else period.english_words,
            "start": read(period.start),
            "end": read(period.end),
            "year": period.start.year,
            "month": period.start.month,
            "number": period.number,
            "last_of_year": period.last_of_year,
        },
        "filing": {
            "title": title,
            "start": read(origin.start_date),
            "due": read(due) if due else Unknown(language),
            "late": due is not None and today > due,
            "offered_as": offered_as,
            "sent_back": sent_back,
            "object_until": read(object_until) if object_until else "",
            "link": link,
        },
        "facts": fact_texts(facts, language, day),
        "contact": {"name": reader.name, "salutation": greet(reader.name, reader.salutation, language)},
        "sender": {"name": sender.name, "phone": sender.phone, "email": sender.email},
        "office": {"name": office.name, "phone": office.phone, "email": office.email},
    }

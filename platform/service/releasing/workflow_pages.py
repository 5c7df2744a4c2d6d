"""The templates of the office as every colleague reads them, and the file in which each part is changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from ...drawing.moments import list_uses
from ...drawing.outline import make_outline
from ...drawing.page import say_beginning, say_uses, write_parts
from ...drawing.svg import draw_svg
from ...office.pilots import Pilot, list_pilots
from ...office.plans import PublishedPlan, active_office, active_plans, latest_plan, read_written
from ...plan import Model, Office, Plan, Written, WrittenPart
from ...runtime.activities.message_texts import FALLBACK
from ...simulation.example_texts import list_examples
from ...words import KEY_WORDS, LANGUAGE_WORDS, PART_WORDS
from ..desk import Desk
from ..results import Refusal
from ..unknown import NOT_DEPLOYED

__all__ = [
    "ExampleText",
    "MessageLine",
    "Source",
    "WorkflowLine",
    "WorkflowPage",
    "draw_workflow",
    "list_workflows",
    "read_workflow",
]

NO_WORKFLOW = Refusal(code="unknown_template", text="Dit werkproces is er niet.")
SBR_KINDS = ("offer", "delivery")
BY_KEY = ("date", "office", "sbr", "text")
"""Kinds of parts that are called by the key that they are written under."""


class Source(Model):
    """A part of a template, and the file of the definitions in which it is changed.

    `line` counts from 1; None where nobody kept it.
    """

    part: str
    file: str
    line: int | None = None


class WorkflowLine(Model):
    """A template in the list; `since` is real time, `by` whoever published it.

    `pilot` is the one that runs.
    """

    template: str
    title: str
    beginning: str
    phases: int
    since: datetime
    by: str
    pilot: Pilot | None = None


class ExampleText(Model):
    """A message as its reader gets it, for an invented relation; `when` says when, where there are more.

    `language` is the code of the language that it is in.
    """

    language: str
    when: str
    subject: str
    body: str


class MessageLine(Model):
    """A message of a template: where it is sent, where it is changed, and its variants by language.

    The first language is that which every message has.
    """

    title: str
    uses: tuple[str, ...]
    source: Source
    texts: dict[str, tuple[ExampleText, ...]]


class WorkflowPage(Model):
    """A template; `text` is what it comes to in Markdown, `sbr` how it is offered and filed, by phase.

    `sources` say where each part is changed, as of the revision `written_at`.
    """

    line: WorkflowLine
    digest: str
    revision: str
    active: bool
    text: str
    messages: tuple[MessageLine, ...]
    sbr: dict[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    written_at: str


def list_workflows(desk: Desk) -> tuple[WorkflowLine, ...]:
    """Return the templates on which filings start now, by title. Raises DatabaseError."""
    found, running = desk.read(
        lambda connection: (active_plans(connection), list_pilots(connection, running=True))
    )
    pilots = {one.template: one for one in running}
    lines = (_line(one, pilots.get(one.template)) for one in found)
    return tuple(sorted(lines, key=lambda line: line.title))


def read_workflow(desk: Desk, template: str, year: int) -> WorkflowPage | Refusal:
    """Return a template with the dates of a year. Raises DatabaseError."""

    def ask(connection: Connection) -> WorkflowPage | Refusal:
        office, published = active_office(connection), latest_plan(connection, template)
        if office is None:
            return NOT_DEPLOYED
        if published is None:
            return NO_WORKFLOW
        plan, written = published.plan, read_written(connection, published.digest)
        titles = _read_titles(connection)
        return WorkflowPage(
            line=_line(published, next(iter(list_pilots(connection, template, running=True)), None)),
            digest=published.digest,
            revision=published.revision,
            active=published.active,
            text="\n\n".join(write_parts(plan, office, year, titles, texts=False)),
            messages=tuple(_list_messages(plan, office, year, written)),
            sbr={
                card.title: tuple(row.sentence for row in card.rows)
                for card in make_outline(plan).cards
                if card.kind in SBR_KINDS
            },
            sources=_list_sources(plan, written, titles),
            written_at=written.revision if written else published.revision,
        )

    return desk.read(ask)


def draw_workflow(desk: Desk, template: str) -> str | Refusal:
    """Return the picture of a template as SVG. Raises DatabaseError."""

    def ask(connection: Connection) -> str | Refusal:
        published = latest_plan(connection, template)
        return draw_svg(published.plan, _read_titles(connection)) if published else NO_WORKFLOW

    return desk.read(ask)


def _list_messages(plan: Plan, office: Office, year: int, written: Written | None) -> Iterator[MessageLine]:
    """Yield the messages of a template as their readers get them, over periods of a year."""
    used = [*list_uses(plan)]
    lines = {one.file: one.line for one in reversed(written.parts if written else ())}
    for message in plan.messages:
        uses = [one for one in used if one.message == message.id]
        file = f"messages/{message.id}.yaml"
        examples = list_examples(plan, office, year, message, uses)
        yield MessageLine(
            title=message.title,
            uses=tuple(say_uses(plan, uses)),
            source=Source(part=message.title, file=file, line=lines.get(file)),
            texts={
                LANGUAGE_WORDS.get(language, language): tuple(
                    ExampleText(language=language, when=one.when, subject=text.subject, body=text.body)
                    for one in examples
                    for text in (one.texts[language],)
                )
                for language in sorted(message.texts, key=lambda one: one != FALLBACK)
            },
        )


def _read_titles(connection: Connection) -> dict[str, str]:
    return {one.template: one.plan.title for one in active_plans(connection)}


def _line(published: PublishedPlan, pilot: Pilot | None) -> WorkflowLine:
    plan = published.plan
    return WorkflowLine(
        template=plan.template,
        title=plan.title,
        beginning=say_beginning(plan),
        phases=len(plan.phases),
        since=published.published_at,
        by=published.author,
        pilot=pilot,
    )


def _list_sources(plan: Plan, written: Written | None, titles: Mapping[str, str]) -> tuple[Source, ...]:
    """Return where each part is written; where nobody kept it the files, as their folder is laid out."""
    if written is None:
        return _list_files(plan)
    names = {
        **titles,
        **{role.id: role.title for role in plan.roles},
        **{form.id: form.title for form in plan.forms},
        **{message.id: message.title for message in plan.messages},
    }
    return tuple(Source(part=_name_part(one, names), file=one.file, line=one.line) for one in written.parts)


def _name_part(one: WrittenPart, names: Mapping[str, str]) -> str:
    """Return what people call a part, as 'Controlepunt Saldo is nagegaan (Opstellen)'."""
    words = KEY_WORDS if one.kind in BY_KEY else names
    of = f" ({one.of})" if one.of else ""
    return f"{PART_WORDS[one.kind]} {words.get(one.title, one.title)}".rstrip() + of


def _list_files(plan: Plan) -> tuple[Source, ...]:
    """Return the files of the definitions, as the folder of them is laid out."""
    return (
        Source(
            part="Fasen, controlepunten, automatiseringen en termijnen",
            file=f"workflows/{plan.template}.yaml",
        ),
        *(Source(part=f"Product {one}", file=f"products/{one}.yaml") for one in plan.products),
        *(Source(part=f"Rol {one.title}", file=f"roles/{one.id}.yaml") for one in plan.roles),
        *(Source(part=f"Vragen: {one.title}", file=f"forms/{one.id}.yaml") for one in plan.forms),
        *(Source(part=f"Bericht: {one.title}", file=f"messages/{one.id}.yaml") for one in plan.messages),
        Source(part="Sluitingsdagen, beginuur en gegevens van het kantoor", file="office.yaml"),
    )

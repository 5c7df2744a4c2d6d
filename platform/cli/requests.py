"""`kantoor request …`: what was asked of clients, answering it, and looking at what came in."""

from collections.abc import Iterator, Sequence
from functools import partial

import click

from ..period import in_words
from ..service.requests import Part, RequestPage, list_requests
from ..words import ITEM_WORDS
from .desk import ask_desk, unwrap_result
from .filings import Acts
from .options import a_filing, as_format
from .printing import print_result


@click.group(cls=Acts)
def request() -> None:
    """Requests of data: show them, answer one, accept it or send it back.

    REQUEST is as `kantoor request show FILING` prints it, such as uitvraag.situatie.1.
    """


@request.command()
@a_filing
@click.argument("request_name", metavar="[REQUEST]", required=False)
@click.option("--most", type=click.IntRange(1), metavar="N", help="At most N requests; all by default.")
@click.option("--after", metavar="ID", help="With --most: those after the request with this id.")
@as_format
def show(filing_name: str, request_name: str | None, most: int | None, after: str | None, form: str) -> None:
    """Show what was asked in FILING, how each item stands, and what was answered."""
    part = Part(size=most, after=after) if most else None
    pages = unwrap_result(ask_desk(lambda desk: list_requests(desk, filing_name, request_name, part)))
    print_result(form, pages, partial(_lines, questions=request_name is not None))


def _lines(pages: Sequence[RequestPage], *, questions: bool) -> Iterator[str]:
    if not pages:
        yield "In deze opdracht is niets uitgevraagd."
    for page in pages:
        optional = "" if page.required else " (niet verplicht)"
        yield f"{page.id}: {page.title}{optional}, gevraagd op {in_words(page.made.date())}"
        if page.intro and questions:
            yield from (f"  {line}" for line in page.intro.splitlines())
        for item in page.items:
            late = ", nagekomen" if item.late else ""
            reason = f": {item.reason}" if item.reason else ""
            need = "" if item.required else " (niet verplicht)"
            label = f"{item.id}: {item.title}{need}: " if page.kind == "list" else ""
            yield f"  {label}{ITEM_WORDS[item.status]}{late}{reason}"
            yield from (f"    document {one}" for one in item.documents)
        for line in page.answers:
            need = "" if line.required else " (niet verplicht)"
            choices = f" [{', '.join(line.choices)}]" if line.choices and questions else ""
            yield f"  {line.id}: {line.title}{need}{choices}: {line.answer or '-'}"
            if line.help and questions:
                yield from (f"    {help}" for help in line.help.splitlines())


commands: list[click.Command] = [request]

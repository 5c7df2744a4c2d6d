"""`kantoor request …`: what was asked of clients, answering it, and looking at what came in."""

from functools import partial

import click

from ..service.filings.requests import Part, list_requests
from ..service.lists import say_requests
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
    print_result(form, pages, partial(say_requests, questions=request_name is not None))


commands: list[click.Command] = [request]

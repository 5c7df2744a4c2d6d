"""`kantoor request …`: what was asked of clients, answering it, and looking at what came in."""

from functools import partial

import click

from ..service.lists import say_requests
from ..service.requests import list_requests
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
@as_format
def show(filing_name: str, request_name: str | None, form: str) -> None:
    """Show what was asked in FILING, how each item stands, and what was answered."""
    pages = unwrap_result(ask_desk(lambda desk: list_requests(desk, filing_name, request_name)))
    print_result(form, pages, partial(say_requests, questions=request_name is not None))


commands: list[click.Command] = [request]

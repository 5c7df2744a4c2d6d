"""Opening the office for one command, which asks or acts, and closing it; a refusal ends the command."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from ..service.desk import Desk, open_desk
from ..service.results import Refusal
from ..service.uploads import MOST_BYTES, Upload, check_upload
from ..settings import load_settings
from .failures import NO, DutchFailure, Failure
from .hints import SEE, WHATEVER_COMMAND

T = TypeVar("T")


def at_desk(work: Callable[[Desk], Awaitable[T]], *, makes: bool = False) -> T:
    """Open the office, do the work and close it.

    A missing office is made only with `makes`. Raises what `open_desk` raises.
    """

    async def run() -> T:
        async with open_desk(load_settings(), makes=makes, say=partial(click.echo, err=True)) as desk:
            if desk.news:
                click.echo(desk.news, err=True)
            return await work(desk)

    return asyncio.run(run())


def ask_desk(ask: Callable[[Desk], T], *, makes: bool = False) -> T:
    """Open the office, ask something that needs no waiting, and close it; see `at_desk`."""

    async def work(desk: Desk) -> T:
        return ask(desk)

    return at_desk(work, makes=makes)


def unwrap_result(result: T | Refusal, hints: Mapping[str, str] | None = None, status: int = NO) -> T:
    """Return the result, or raise the Failure of a refusal; see `make_refusal_failure`."""
    if isinstance(result, Refusal):
        raise make_refusal_failure(result, hints, status)
    return result


def read_upload(file: Path) -> Upload:
    """Return a file that is a document, judged as what people send over the pages; raises DutchFailure."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    return unwrap_result(check_upload(file.name, content))


def make_refusal_failure(
    refusal: Refusal, hints: Mapping[str, str] | None = None, status: int = NO
) -> Failure:
    """Return the failure that ends a command whose answer is no.

    A refusal says nothing about the command line: `hints` has what to type instead, by its code; else it is
    told by the list that it sends people to.
    """
    known = WHATEVER_COMMAND | {**(hints or {})}
    hint = known.get(refusal.code, SEE.get(refusal.see or "", ""))
    told = "\n".join(f"{one.text} [{one.code}]" for one in refusal.all)
    return DutchFailure(told, status, hint)

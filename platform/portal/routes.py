"""Every page: its address, who it is for, and the function that answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from .call import Call

Who = Literal["anybody", "half", "signed_in", "client", "team", "manager"]
"""For whom a page is: `half` for who has signed in and not given the second factor yet."""
Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Page:
    """A page: GET looks and changes nothing, POST is a form of ours that was sent."""

    path: str
    who: Who
    answer: Callable[[Call], Response]
    method: Method = "GET"


def list_pages() -> tuple[Page, ...]:
    """Return all pages."""
    from .pages import (
        bulk,
        client,
        client_files,
        client_offers,
        client_requests,
        client_tasks,
        filing,
        filings,
        managing,
        planner,
        relations,
        searching,
        signing_in,
        system,
        work,
        workflows,
    )

    rooms = (
        *(signing_in, client, client_files, client_offers, client_requests, client_tasks),
        *(work, filings, filing, planner, relations, searching, bulk, workflows, system, managing),
    )
    return tuple(page for room in rooms for page in room.PAGES)

"""Every page that there is."""

from .page import Page
from .pages import (
    bulk,
    chats,
    client,
    client_files,
    client_offers,
    client_requests,
    client_tasks,
    dossier,
    filing,
    filings,
    insights,
    making,
    managing,
    mending,
    moving,
    planner,
    recurring,
    relations,
    remarks,
    searching,
    signing_in,
    starting,
    system,
    team,
    work,
    workflows,
)


def list_pages() -> tuple[Page, ...]:
    """Return all pages."""
    rooms = (
        *(signing_in, remarks, client, client_files, client_offers, client_requests, client_tasks),
        *(
            chats,
            work,
            filings,
            moving,
            filing,
            planner,
            insights,
            searching,
            bulk,
            workflows,
            system,
            team,
            managing,
        ),
        # The tabs of a relation come last: they take any word.
        *(starting, recurring, making, mending, dossier, relations),
    )
    return tuple(page for room in rooms for page in room.PAGES)

"""The one door by which entries, notes and documents of a filing are read: each by those they are for (R45).

Whoever shows any of them takes them from here, so that what is for compliance, or for some roles, is nowhere
else, and what is not for the client reaches none.
"""

from datetime import datetime

from sqlalchemy import Connection

from ...audience import ANYBODY_HERE, COMPLIANCE, COMPLIANCE_ROLE, Viewer, is_for
from ...filing.events import Shown
from ...filing.outcome import Refusal
from ...filing.view import DocumentView, View, read_view
from ...office.filings.filing import Filing
from ...office.filings.notes import Note, notes_in
from ...office.office_clock import office_now
from ...office.overviews.timeline import TimelineLine, timeline_of
from ...office.people import (
    TeamMember,
    all_members,
    find_person,
    find_place,
    judge_place,
    named_roles,
    relations_of,
)
from ...office.plans import find_plan
from ...office.presence import read_day
from ...plan import Model
from ..desk import Desk
from ..names import short_name
from ..unknown import refuse_person
from .cases import find_by_name

__all__ = [
    "ClientDocument",
    "ClientNote",
    "ClientPage",
    "client_page",
    "find_versions",
    "find_viewer",
    "list_documents",
    "list_entries",
    "list_notes",
    "warn_of_no_reader",
]


class ClientDocument(Model):
    """A document that is for the client: the version that they were shown, or that was attached for them."""

    id: str
    title: str
    shown: Shown


class ClientNote(Model):
    """A note that is for the client."""

    title: str
    text: str
    at: datetime


class ClientPage(Model):
    """A filing as its client reads it: nothing in it that is not for them."""

    filing: str
    title: str
    relation: str
    period: str
    timeline: tuple[TimelineLine, ...]
    documents: tuple[ClientDocument, ...]
    notes: tuple[ClientNote, ...]


def find_viewer(connection: Connection, filing: Filing, who: str | None) -> Viewer | Refusal:
    """Return who reads a filing: a contact of its relation, a colleague, or somebody of the office (None)."""
    if who is None:
        return ANYBODY_HERE
    person = find_person(connection, who)
    if person is None:
        return refuse_person(connection, who)
    if isinstance(person, TeamMember):
        plan = find_plan(connection, filing.plan)
        roles = plan.roles if plan else ()
        place = find_place(connection, person, filing.relation, roles, office_now(connection).date())
        return Viewer(id=person.id, roles=frozenset(place.roles))
    if filing.relation not in relations_of(connection, person.id):
        text = f"{person.name} is geen contactpersoon van deze relatie."
        return Refusal(code="not_their_relation", text=text)
    return Viewer(client=True, id=person.id)


def find_read_here(
    connection: Connection, name: str, who: str | None, text: str
) -> tuple[Filing, Viewer] | Refusal:
    """Return a filing and who reads it for the office; to a client `text` says why they do not read this."""
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    viewer = find_viewer(connection, filing, who)
    if isinstance(viewer, Refusal):
        return viewer
    return Refusal(code="for_office", text=text) if viewer.client else (filing, viewer)


def warn_of_no_reader(desk: Desk, name: str, audience: str | None) -> tuple[str, ...]:
    """Warn whoever wrote something for compliance where nobody has that role. Raises DatabaseError."""

    def ask(connection: Connection) -> bool:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return True
        plan = find_plan(connection, filing.plan)
        roles = plan.roles if plan else ()
        named = named_roles(connection, filing.relation)
        day = read_day(connection, office_now(connection).date())
        here = (one for one in all_members(connection) if one.active)
        return any(COMPLIANCE_ROLE in judge_place(named, day, one, roles).roles for one in here)

    if audience != COMPLIANCE or desk.read(ask):
        return ()
    return (
        "Niemand op kantoor heeft bij deze opdracht de rol 'compliance': dit is bewaard, maar alleen u kunt "
        "het lezen. Waarschuw de verantwoordelijke zelf.",
    )


def list_entries(
    connection: Connection, desk: Desk, filing: Filing, viewer: Viewer
) -> tuple[TimelineLine, ...]:
    """Return what of a filing's timeline is for a viewer."""
    return timeline_of(connection, filing.id, desk.equipment.document_ring.open_sealed, viewer)


def list_notes(connection: Connection, desk: Desk, filing: Filing, viewer: Viewer) -> tuple[Note, ...]:
    """Return the notes that a filing shows, those that are for a viewer."""
    found = notes_in(connection, filing.id, desk.equipment.document_ring.open_sealed)
    return tuple(note for note in found if is_for(note.audience, viewer))


def list_documents(view: View, viewer: Viewer) -> tuple[DocumentView, ...]:
    """Return the documents of a filing that a viewer may know of."""
    return tuple(one for one in view.documents if is_for(one.audience, viewer))


def client_page(desk: Desk, name: str, who: str) -> ClientPage | Refusal:
    """Return a filing as a contact of its relation may read it, and no more.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> ClientPage | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        viewer = find_viewer(connection, filing, who)
        if isinstance(viewer, Refusal):
            return viewer
        if not viewer.client:
            return Refusal(code="no_contact", text=f"'{who}' is geen contactpersoon.")
        view = read_view(filing.view) if filing.view else None
        return ClientPage(
            filing=short_name(filing.id),
            title=filing.title,
            relation=filing.relation,
            period=filing.period,
            timeline=list_entries(connection, desk, filing, viewer),
            documents=tuple(
                ClientDocument(id=name, title=one.title, shown=shown)
                for name, (one, shown) in sorted(find_versions(view, viewer).items())
            )
            if view
            else (),
            notes=tuple(
                ClientNote(title=note.title, text=note.text, at=note.at)
                for note in list_notes(connection, desk, filing, viewer)
            ),
        )

    return desk.read(ask)


def find_versions(view: View, viewer: Viewer) -> dict[str, tuple[DocumentView, Shown]]:
    """Return the documents that a viewer may read, by id, each with the version that is theirs.

    To a colleague the current one; to a contact what they were offered, as they were shown it, and what was
    attached for the client; of what is somebody's own, only what is theirs.
    """
    known = {one.id: one for one in view.documents}
    shares = [share for offer in view.offers for share in offer.shares]
    own = {name for share in shares if share.contact == viewer.id for name in share.documents}
    of_others = {name for share in shares for name in share.documents} - own if viewer.client else set()
    current = {
        one.id: one.shown for one in list_documents(view, viewer) if one.shown and one.id not in of_others
    }
    offered = {
        shown.document: shown
        for offer in view.offers
        if viewer.client and viewer.id in offer.recipients
        for shown in offer.shown_to(viewer.id)
    }
    return {name: (known[name], shown) for name, shown in (current | offered).items() if name in known}

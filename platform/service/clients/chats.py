"""Chats as people read them: what a contact and colleagues write each other about one filing (R18).

There is one for each contact of the filing's relation, and no other contact sees it. All moments are office
time.
"""

from datetime import datetime

from sqlalchemy import Connection

from ...office.filings.chat_lines import (
    ChatLine,
    Mail,
    list_lines,
)
from ...office.filings.chat_readers import find_closed_since, find_readers
from ...office.filings.filing import Filing
from ...office.office_clock import office_now
from ...office.overviews.unread_chats import (
    UnreadChat,
    find_unread,
    find_unread_of_both,
    find_unread_of_contact,
)
from ...office.people import (
    RelationContact,
    TeamMember,
    all_members,
    contacts_of,
    find_contact,
    find_person,
    named_roles,
)
from ...office.plans import active_office, find_plan
from ...office.presence import read_day
from ...office.relations.relation import Relation, find_relation
from ...plan import Model
from ..access import Kind, Visitor, find_by_key, may_for
from ..desk import Desk
from ..filings.cases import find_by_name
from ..names import short_name
from ..results import Refusal
from ..unknown import refuse_person
from .client_cases import ClientHead, find_client_case, make_head, say_period

__all__ = [
    "NO_CHAT",
    "NO_CONTACT",
    "Chat",
    "ChatEntry",
    "FilingChats",
    "OwnChat",
    "Place",
    "UnreadChat",
    "choose_contact",
    "find_own_filing",
    "find_place",
    "find_visitor",
    "list_unread",
    "list_unread_of_both",
    "list_unread_of_nobody",
    "read_chats",
    "read_own_chat",
]

LEFT = Refusal(
    code="relation_left",
    text="Deze relatie is vertrokken. Het gesprek is nog te lezen; er kan niets meer bij worden geschreven.",
)
NOT_STARTED = Refusal(
    code="not_started", text="Deze opdracht is nog niet gestart; de klant ziet die nog niet."
)
NO_CONTACT = Refusal(
    code="not_their_relation",
    text="Deze persoon is geen contactpersoon (meer) van de relatie en kan dit gesprek niet lezen.",
)
NO_CHAT = Refusal(code="no_chat", text="Dit gesprek is er niet.")


class ChatEntry(Model):
    """A line as somebody reads it: `ours` is what their own side wrote, `read_at` when the other read it."""

    number: int
    who: str
    ours: bool
    at: datetime
    text: str
    read_at: datetime | None
    mail: Mail


class Chat(Model):
    """The chat with one contact, as that contact or a colleague has it before them.

    `unread` counts what the other side wrote and this side has not read. `no_writing` is None where somebody
    may, else why not. `reachable`: the contact has an e-mail address.
    """

    contact: str
    contact_name: str
    entries: tuple[ChatEntry, ...]
    unread: int
    no_writing: Refusal | None
    reachable: bool

    @property
    def last(self) -> int:
        """Return the number of the last line, 0 where there is none."""
        return self.entries[-1].number if self.entries else 0


class OwnChat(Model):
    """A client's own chat about a filing; see `FilingChats`."""

    head: ClientHead
    chat: Chat
    closed_since: datetime | None
    reader: str


class FilingChats(Model):
    """The chats of a filing, as a colleague reads them; `others` are the contacts without one, by id.

    `closed_since` is office time; `reader` the name of who reads what a client writes now, empty where nobody
    does. `no_writing` is None where the visitor may write to a contact of the relation, else why not.
    """

    filing: str
    title: str
    period: str
    relation: str
    relation_name: str
    chats: tuple[Chat, ...]
    others: dict[str, str]
    closed_since: datetime | None
    reader: str
    no_writing: Refusal | None


class Place(Model):
    """A filing as somebody stands before its chats; `names` are those of people by id."""

    filing: Filing
    relation: Relation
    contacts: dict[str, RelationContact]
    names: dict[str, str]
    closed_since: datetime | None
    reader: str
    no_writing: Refusal | None


def find_visitor(desk: Desk, who: str) -> Visitor | Refusal:
    """Return who somebody is, by id or e-mail address. Raises DatabaseError."""

    def ask(connection: Connection) -> Visitor | Refusal:
        person = find_person(connection, who)
        if person is None:
            return refuse_person(connection, who)
        kind: Kind = "team" if isinstance(person, TeamMember) else "client"
        return Visitor(id=person.id, name=person.name, kind=kind)

    return desk.read(ask)


def read_chats(desk: Desk, visitor: Visitor, name: str) -> FilingChats | Refusal:
    """Return the chats of a filing: all of them for a colleague, their own for a contact.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> FilingChats | Refusal:
        place = find_place(connection, visitor, find_by_name(connection, name))
        if isinstance(place, Refusal):
            return place
        found = _read(connection, desk, visitor, place)
        there = {one.contact for one in found}
        client = visitor.kind == "client"
        return FilingChats(
            filing=short_name(place.filing.id),
            title=place.filing.title,
            period=say_period(place.filing.period),
            relation=place.relation.number,
            relation_name=place.relation.name,
            chats=found,
            others={one.id: one.name for one in place.contacts.values() if one.id not in there}
            if not client
            else {},
            closed_since=place.closed_since,
            reader=place.reader,
            no_writing=place.no_writing,
        )

    return desk.read(ask)


def read_own_chat(desk: Desk, visitor: Visitor, key: str) -> OwnChat | None:
    """Return a client's own chat about the filing with this key; None where that is not theirs.

    Raises DatabaseError, UnreadableStateError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> OwnChat | None:
        case = find_client_case(connection, desk, visitor, key)
        place = find_place(connection, visitor, case.filing) if case else NO_CHAT
        if case is None or isinstance(place, Refusal):
            return None
        (chat,) = _read(connection, desk, visitor, place) or (_begin(place, visitor.id),)
        head = make_head(connection, case)
        return OwnChat(head=head, chat=chat, closed_since=place.closed_since, reader=place.reader)

    return desk.read(ask)


def find_own_filing(desk: Desk, visitor: Visitor, key: str) -> str | None:
    """Return the name of a client's filing with this key, or None. Raises DatabaseError."""

    def ask(connection: Connection) -> str | None:
        filing = find_by_key(connection, visitor, key)
        return short_name(filing.id) if filing and visitor.kind == "client" else None

    return desk.read(ask)


def list_unread(desk: Desk, visitor: Visitor) -> tuple[UnreadChat, ...]:
    """Return the chats in which a colleague, or a client, has something to read. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[UnreadChat, ...]:
        if visitor.kind == "client":
            return find_unread_of_contact(connection, visitor.id)
        return find_unread(connection, visitor.id, office_now(connection).date())

    return desk.read(ask)


def list_unread_of_both(
    desk: Desk, visitor: Visitor
) -> tuple[tuple[UnreadChat, ...], tuple[UnreadChat, ...]]:
    """Return the chats that a colleague has to read, and those that are nobody's. Raises DatabaseError."""
    return desk.read(
        lambda connection: find_unread_of_both(connection, visitor.id, office_now(connection).date())
    )


def list_unread_of_nobody(desk: Desk) -> tuple[UnreadChat, ...]:
    """Return the chats in which a client wrote what is nobody's to read. Raises DatabaseError."""
    return desk.read(lambda connection: find_unread(connection, None, office_now(connection).date()))


def choose_contact(desk: Desk, visitor: Visitor, name: str, contact: str | None) -> Chat | Refusal:
    """Return the chat of a filing that somebody means: with this contact, else their own or the only one.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> Chat | Refusal:
        place = find_place(connection, visitor, find_by_name(connection, name))
        if isinstance(place, Refusal):
            return place
        chats = {one.contact: one for one in _read(connection, desk, visitor, place)}
        if visitor.kind == "client":
            return chats.get(visitor.id) or _begin(place, visitor.id)
        known = [contact] if contact else [*(chats or place.contacts)]
        if len(known) != 1 or known[0] not in {*chats, *place.contacts}:
            return _refuse_contact(place, contact)
        return chats.get(known[0]) or _begin(place, known[0])

    return desk.read(ask)


def _refuse_contact(place: Place, contact: str | None) -> Refusal:
    """Return that a contact has to be chosen, or that the one that was named is none of the relation."""
    there = sorted(place.contacts.values(), key=lambda one: one.id)
    known = ", ".join(f"{one.id} ({one.name})" for one in there)
    if contact is None:
        return Refusal(code="which_contact", text=f"Kies een contactpersoon: {known}.")
    text = f"'{contact}' is geen contactpersoon van relatie {place.relation.number}. Kies uit: {known}."
    return Refusal(code="unknown_contact", text=text)


def find_place(connection: Connection, visitor: Visitor, filing: Filing | Refusal) -> Place | Refusal:
    """Return a filing with what its chats hang on, where a visitor may read them."""
    if isinstance(filing, Refusal):
        return filing
    plan, relation = find_plan(connection, filing.plan), find_relation(connection, filing.relation)
    if plan is None or relation is None or not may_for(connection, visitor, "read", relation):
        return NO_CHAT
    if filing.view is None:
        return NO_CHAT if visitor.kind == "client" else NOT_STARTED
    today, office = office_now(connection).date(), active_office(connection)
    named, day = named_roles(connection, filing.relation), read_day(connection, today)
    team = all_members(connection)
    here = [one.id for one in team if one.active]
    readers = find_readers(plan, office, filing.view, filing.ended, named, here, day)
    contacts = {one.id: one for one in contacts_of(connection, filing.relation)}
    members = {one.id: one.name for one in team}
    return Place(
        filing=filing,
        relation=relation,
        contacts=contacts,
        names=members | {one.id: one.name for one in contacts.values()},
        closed_since=find_closed_since(plan, filing.ended, filing.ended_at),
        reader=members.get(next(iter(readers), ""), ""),
        no_writing=None if may_for(connection, visitor, "chat", relation) else LEFT,
    )


def _read(connection: Connection, desk: Desk, visitor: Visitor, place: Place) -> tuple[Chat, ...]:
    """Return the chats that there are, the one with the oldest line first; to a contact their own alone."""
    client = visitor.kind == "client"
    own = visitor.id if client else None
    lines = list_lines(connection, place.filing.id, desk.equipment.document_ring.open_sealed, own)
    chats = {}
    for contact in dict.fromkeys(one.contact for one in lines):
        theirs = [one for one in lines if one.contact == contact]
        chat = _begin(place, contact) if contact in place.contacts else _leave(connection, place, contact)
        chats[contact] = chat.model_copy(
            update={
                "entries": tuple(_make_entry(one, chat, place, client=client) for one in theirs),
                "unread": sum(1 for one in theirs if one.of_client != client and one.read_at is None),
            }
        )
    return tuple(chats.values())


def _begin(place: Place, contact: str) -> Chat:
    """Return the chat with a contact of the relation, empty."""
    known = place.contacts[contact]
    return Chat(
        contact=contact,
        contact_name=known.name,
        entries=(),
        unread=0,
        no_writing=place.no_writing,
        reachable=bool(known.email),
    )


def _leave(connection: Connection, place: Place, contact: str) -> Chat:
    """Return the chat with somebody who was a contact of the relation, empty."""
    known = find_contact(connection, contact)
    name = known.name if known else contact
    return Chat(
        contact=contact,
        contact_name=name,
        entries=(),
        unread=0,
        no_writing=place.no_writing or NO_CONTACT,
        reachable=False,
    )


def _make_entry(line: ChatLine, chat: Chat, place: Place, *, client: bool) -> ChatEntry:
    return ChatEntry(
        number=line.number,
        who=chat.contact_name if line.of_client else place.names.get(line.by, line.by),
        ours=line.of_client == client,
        at=line.at,
        text=line.text,
        read_at=line.read_at,
        mail=line.mail,
    )

"""Who a message is for and who sends it, looked up when it is sent."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from ...office.people import Contact, TeamMember, contacts_of, find_contact, find_member, holders
from ...plan import To
from ..inputs import SendInput
from ..texts import FALLBACK, Person


class NobodyError(Exception):
    """A message has no reader, or one without an address; the sentence is Dutch."""


@dataclass(frozen=True)
class Reader:
    """Somebody whom a message is for."""

    id: str
    address: str = field(repr=False)
    person: Person = field(repr=False)
    language: str = FALLBACK


def readers_of(connection: Connection, input: SendInput) -> tuple[Reader, ...]:
    """Return whom a message is for; the contacts that the offer was resolved to go before `to`.

    Raises NobodyError: who fills what is missing tries again.
    """
    command, relation = input.command, input.origin.filing.relation
    found: tuple[Contact | TeamMember, ...]
    if command.contacts:
        known = (find_contact(connection, contact) for contact in command.contacts)
        found = tuple(contact for contact in known if contact is not None)
    else:
        found = _meant(connection, relation, command.to or To(), input)
    if not found:
        raise NobodyError(f"Er is niemand om '{input.message.title}' aan te sturen.")
    return tuple(_reader(one, input) for one in found)


def sender_of(connection: Connection, input: SendInput) -> Person:
    """Return who sends: the one named, else the holder of the phase's role, else the office."""
    named = find_member(connection, input.command.sender) if input.command.sender else None
    held = holders(connection, input.origin.filing.relation, input.role, input.roles)
    member = named or next(iter(held), None)
    if member is None:
        return Person(name=input.office.name, phone=input.office.phone, email=input.office.email)
    return Person(name=member.name, phone=member.phone or input.office.phone, email=member.email)


def _meant(
    connection: Connection, relation: str, to: To, input: SendInput
) -> tuple[Contact | TeamMember, ...]:
    if to.kind == "role":
        return holders(connection, relation, to.name or "", input.roles)
    known = contacts_of(connection, relation)
    if to.kind == "function":
        return tuple(contact for contact in known if to.name in contact.functions)
    return tuple(contact for contact in known if contact.primary)


def _reader(one: Contact | TeamMember, input: SendInput) -> Reader:
    if not one.email:
        raise NobodyError(f"{one.id} heeft geen e-mailadres om '{input.message.title}' aan te sturen.")
    if isinstance(one, TeamMember):
        return Reader(one.id, one.email, Person(name=one.name))
    return Reader(one.id, one.email, Person(name=one.name, salutation=one.salutation), one.language)

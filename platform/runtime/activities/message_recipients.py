"""Who a message is for and who sends it, looked up when it is sent."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from ...office.office_clock import office_now
from ...office.people import Contact, TeamMember, contacts_of, find_contact, find_holder, find_member
from ...plan import To
from ..inputs import SendInput
from .message_texts import FALLBACK, Person


@dataclass(frozen=True)
class MessageRecipient:
    """Somebody whom a message is for: a client, or a colleague."""

    id: str
    client: bool
    address: str = field(repr=False)
    person: Person = field(repr=False)
    language: str = FALLBACK


@dataclass(frozen=True)
class MessageRecipients:
    """Whom a message can be sent to, and in Dutch why not to the others that it is for."""

    readers: tuple[MessageRecipient, ...]
    problems: tuple[str, ...]


def find_recipients(
    connection: Connection, input: SendInput, decides: tuple[str, ...] | None = None
) -> MessageRecipients:
    """Return whom a message is for and has not reached; an offer's resolved contacts go before `to`.

    `decides` are those of the contacts who are still to get it; None stands for all.
    """
    command, title = input.command, input.message.title
    found: list[tuple[str, Contact | TeamMember | None]]
    if command.contacts:
        contacts = command.contacts if decides is None else decides
        found = [(contact, find_contact(connection, contact)) for contact in contacts]
    else:
        meant = _resolve_recipients(connection, input.origin.filing.relation, command.to or To(), input)
        found = [(one.id, one) for one in meant]
    if not found and decides is None:
        return MessageRecipients((), (f"Er is niemand naar wie '{title}' kan worden gestuurd.",))
    readers, problems = [], []
    for id, one in found:
        if id in command.reached:
            continue
        if one is None:
            problems.append(f"{id} bestaat niet meer; '{title}' is niet verstuurd.")
        elif not one.email:
            problems.append(f"{id} heeft geen e-mailadres; '{title}' is niet verstuurd.")
        else:
            readers.append(_reader(one, one.email))
    return MessageRecipients(tuple(readers), tuple(problems))


def find_sender(connection: Connection, input: SendInput) -> Person:
    """Return who sends: the one named, else the holder of the phase's role, else the office.

    Who was named holds the role in whose name is offered at the relation; where its work was reassigned in
    this filing, it is that colleague.
    """
    sender, role = input.command.sender, input.on_behalf_of
    named = find_member(connection, sender) if sender else None
    if named and role and any(one.role == role for one in input.assigned):
        named = _find_holder(connection, input, role)
    member = named or _find_holder(connection, input, input.role)
    if member is None:
        return Person(name=input.office.name, phone=input.office.phone, email=input.office.email)
    return Person(name=member.name, phone=member.phone or input.office.phone, email=member.email)


def _resolve_recipients(
    connection: Connection, relation: str, to: To, input: SendInput
) -> tuple[Contact | TeamMember, ...]:
    if to.kind == "role":
        holder = _find_holder(connection, input, to.name or "")
        return (holder,) if holder else ()
    known = contacts_of(connection, relation)
    if to.kind == "function":
        return tuple(contact for contact in known if to.name in contact.functions)
    return tuple(contact for contact in known if contact.primary)


def _find_holder(connection: Connection, input: SendInput, role: str) -> TeamMember | None:
    """Return who is spoken to for a role here today: what is sent now is read today."""
    today, relation = office_now(connection).date(), input.origin.filing.relation
    assigned = {one.role: one.person for one in input.assigned}
    return find_holder(connection, relation, role, input.roles, today, assigned)


def _reader(one: Contact | TeamMember, address: str) -> MessageRecipient:
    if isinstance(one, TeamMember):
        return MessageRecipient(one.id, False, address, Person(name=one.name))
    person = Person(name=one.name, salutation=one.salutation)
    return MessageRecipient(one.id, True, address, person, one.language)

"""`kantoor chat`: what clients and colleagues write each other about one filing."""

import sys
from collections.abc import Iterator
from uuid import uuid4

import click

from ..period import in_words, moment_in_words
from ..service.access import Visitor
from ..service.clients.chat_writing import Written, confirm_read, write
from ..service.clients.chats import (
    Chat,
    FilingChats,
    choose_contact,
    find_visitor,
    list_unread,
    list_unread_of_nobody,
    read_chats,
)
from ..service.desk import Desk
from ..service.lists import chat_table
from ..service.results import Refusal
from .desk import ask_desk, make_refusal_failure, unwrap_result
from .groups import Group
from .options import a_filing, act_id, as_format, as_person
from .printing import print_list, print_result, say, warn

GIVE_CONTACT = {"which_contact": "Geef de contactpersoon op met --to."}
to_contact = click.option(
    "--to", "contact", metavar="CONTACT", help="The contact, where a filing has several."
)


@click.group(cls=Group)
def chat() -> None:
    """Chats: what waits to be read, read one, write in it."""


@chat.command("list")
@click.option(
    "--nobody", is_flag=True, help="What is nobody's to read, since nobody has the role that reads it."
)
@as_person
@as_format
def list_command(nobody: bool, who: str, form: str) -> None:
    """List the chats in which a person has something to read, the oldest first."""
    visitor = unwrap_result(ask_desk(lambda desk: find_visitor(desk, who)))
    found = ask_desk(lambda desk: list_unread_of_nobody(desk) if nobody else list_unread(desk, visitor))
    print_list(form, found, chat_table, "Er zijn geen ongelezen berichten.")


@chat.command("show")
@a_filing
@as_person
@as_format
def show_command(filing_name: str, who: str, form: str) -> None:
    """Show the chats of FILING; to a contact their own. That marks nothing as read."""

    def ask(desk: Desk) -> FilingChats | Refusal:
        visitor = find_visitor(desk, who)
        return visitor if isinstance(visitor, Refusal) else read_chats(desk, visitor, filing_name)

    print_result(form, unwrap_result(ask_desk(ask)), _say_all)


@chat.command("write")
@a_filing
@click.argument("text")
@to_contact
@as_person
@act_id
def write_command(filing_name: str, text: str, contact: str | None, who: str, act_id: str | None) -> None:
    """Write TEXT in a chat of FILING; with - it is read from standard input."""
    said = sys.stdin.read() if text == "-" else text

    def ask(desk: Desk) -> tuple[Visitor, Chat, Written] | Refusal:
        found = _find(desk, filing_name, contact, who)
        if isinstance(found, Refusal):
            return found
        visitor, chosen = found
        act = act_id or uuid4().hex
        written = write(desk, visitor, filing_name, chosen.contact, act, said, seen=chosen.last)
        return written if isinstance(written, Refusal) else (visitor, chosen, written)

    visitor, chosen, done = unwrap_result(ask_desk(ask), GIVE_CONTACT)
    client = visitor.kind == "client"
    reader = (done.reader or "ons kantoor") if client else chosen.contact_name
    say(f"Geschreven aan {reader}{' (was al gedaan)' if done.repeated else ''}")
    if done.closed:
        whose = f"; wat u hier nog schrijft, komt bij {reader}" if client else ""
        warn(f"dit gesprek is gesloten, want de opdracht is afgesloten{whose}")


@chat.command("mark-read")
@a_filing
@to_contact
@as_person
def mark_read_command(filing_name: str, contact: str | None, who: str) -> None:
    """Mark what the other side wrote in a chat of FILING as read, without an answer."""

    def ask(desk: Desk) -> Refusal | None:
        found = _find(desk, filing_name, contact, who)
        if isinstance(found, Refusal):
            return found
        visitor, meant = found
        return confirm_read(desk, visitor, filing_name, meant.contact, meant.last)

    refused = ask_desk(ask)
    if refused:
        raise make_refusal_failure(refused, GIVE_CONTACT)
    click.echo("Gelezen")


def _find(desk: Desk, filing_name: str, contact: str | None, who: str) -> tuple[Visitor, Chat] | Refusal:
    """Return who somebody is and the chat that is meant."""
    visitor = find_visitor(desk, who)
    if isinstance(visitor, Refusal):
        return visitor
    chosen = choose_contact(desk, visitor, filing_name, contact)
    return chosen if isinstance(chosen, Refusal) else (visitor, chosen)


def _say_all(found: FilingChats) -> Iterator[str]:
    yield f"{found.title}, {found.relation} {found.relation_name}, {found.period}"
    if found.closed_since:
        whose = f"; wat een klant nog schrijft is voor {found.reader}" if found.reader else ""
        yield f"Gesloten sinds {in_words(found.closed_since.date())}{whose}"
    for one in found.chats:
        yield ""
        unread = f" – {one.unread} ongelezen" if one.unread else ""
        yield f"{one.contact} {one.contact_name}{unread}"
        for entry in one.entries:
            read = f"; gelezen {moment_in_words(entry.read_at)}" if entry.read_at else ""
            late = "; de mail hierover is nog niet verstuurd" if entry.mail == "late" and not read else ""
            yield f"  {entry.who}, {moment_in_words(entry.at)}{read}{late}"
            yield from (f"    {line}" for line in entry.text.splitlines())
    if not found.chats:
        yield "Er is nog niets geschreven."


commands: list[click.Command] = [chat]

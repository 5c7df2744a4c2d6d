"""Making a relation: who it is, its first contact with what they may decide, and who does the work.

What else it needs before something can start is told by what is missing of it (readiness), with the way to
the sheet of each.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from ....office.database.tables import relations
from ....office.exchange import (
    CAN_BE_BSN,
    THERE_ALREADY,
    Costly,
    Edit,
    Edited,
    Entry,
    Mistaken,
    Rules,
    can_be_bsn,
    edit,
    find_unreadable,
    read_number,
)
from ....office.office_clock import office_now
from ....office.people import Contact, all_members, contacts_of, find_person
from ....office.plans import active_office
from ....office.presence_changes import Author
from ....office.relations.changes import find_version
from ....office.relations.relation import find_relation
from ....plan import Model, Office
from ....sbr.legal_form import LegalForm
from ....words import KIND_WORDS, RELATION_STATUS_WORDS, RIGHT_WORDS, say_id
from ...access import Visitor, may_for
from ...desk import Desk
from ...results import Refusal
from ...unknown import NOT_DEPLOYED
from ..identities import check_relation_identity
from .roles import TEAM, draft_roles, read_process_teams, read_role_facts, say_process_teams
from .sheets import LABELS, SALUTATION_HINT, YES_NO, Consequences, Field, Sent, Typed, Wrong, first, take

PERSON = "contact_name"
"""The field with the name of the first contact, beside that of the relation."""
_CALLED = {**LABELS, "number": "Nummer"}
_RELATION = ("number", "name", "legal_form", "kind", "status", "sbr_enabled")
_NUMBERS = ("ob_number", "rsin", "bsn", "btw_id", "kvk")
_CONTACT = ("salutation", "email", "phone", "functions")
_BEGINS_AS = ("prospect", "active")
_NOT_OFFICE = Refusal(code="for_office", text="Deze pagina is van het kantoor.")
_KNOWN = (
    "Dit adres is van {}, die kantoor al kent. Laat de contactpersoon hier leeg, en kies daarna op "
    "Contactpersonen 'Voeg een bekende toe'."
)


_CAN_BE_BSN = (
    "Het nummer kan een BSN zijn, en een relatienummer staat in adressen. Is het er een, neem dan een ander."
)


class Part(Model):
    """Some fields of the form, under a heading; `hint` is a Dutch sentence."""

    title: str
    fields: tuple[Field, ...]
    hint: str = ""


class Made(Model):
    """There is a relation with this number now; warnings are Dutch sentences."""

    number: str
    warnings: tuple[str, ...] = ()


class _Line(NamedTuple):
    """An entry, with what the form calls its columns where it calls them otherwise; under '' all of them."""

    entry: Entry
    fields: Mapping[str, str] = {}


class _Drafted(NamedTuple):
    """What was typed, as an edit, with the fields of each of its entries, and what is wrong besides."""

    edit: Edit
    fields: tuple[Mapping[str, str], ...]
    wrong: tuple[tuple[str, str], ...]

    def find_field(self, line: int, column: str) -> str:
        """Return the field of the form that a column of an entry is typed in."""
        named = self.fields[line - 1]
        return named.get("", named.get(column, column))


def read_form(desk: Desk, me: Visitor) -> tuple[Part, ...] | Refusal:
    """Return the form of a new relation. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[Part, ...] | Refusal:
        office = active_office(connection)
        if not may_for(connection, me, "work", None):
            return _NOT_OFFICE
        return tuple(_list_parts(connection, office)) if office else NOT_DEPLOYED

    return desk.read(ask)


def make_relation(desk: Desk, me: Visitor, sent: Sent, contact: str) -> Made | Wrong | Consequences | Refusal:
    """Make a relation as it was typed, with `contact` as the id of its first contact, or say why not.

    Sent again it is made once. Raises DatabaseError.
    """
    with desk.equipment.database.write() as connection:
        now, office = office_now(connection), active_office(connection)
        if not may_for(connection, me, "work", None):
            return _NOT_OFFICE
        if office is None:
            return NOT_DEPLOYED
        number = read_number(first(sent.typed, "number"), office)
        sent = sent._replace(typed={**sent.typed, "number": (number,)})
        wrong = _judge_number(connection, office, sent.typed, contact)
        if wrong:  # all else is judged under a number that nobody has
            sent = sent._replace(typed={**sent.typed, "number": (contact,)})
        drafted = _draft(connection, office, sent, contact, now.date())
        wrong += drafted.wrong
        rules = Rules(office, check_relation_identity, desk.equipment.reports.identity_needs())
        with connection.begin_nested() as attempt:
            done = edit(connection, drafted.edit, rules, Author(me.id, now))
            if wrong:
                attempt.rollback()
        if wrong and not isinstance(done, Mistaken):
            return Wrong(mistakes=wrong)
        if isinstance(done, Edited):
            new = [one for one in done.warnings if CAN_BE_BSN[1:] not in one]  # that was asked before
            return Made(number=number, warnings=tuple(new))
        if isinstance(done, Costly):
            said = f" (relatie {number})"
            told = tuple(one.removesuffix(said) for one in done.losses)
            return Consequences(sentences=told, mark=done.mark)
        if isinstance(done, Mistaken):
            found = ((drafted.find_field(one.line, one.column), one.text) for one in done.mistakes)
            return Wrong(mistakes=(*wrong, *(_name_known(connection, sent.typed, *one) for one in found)))
        return Wrong(mistakes=(("number", THERE_ALREADY),))


def _judge_number(
    connection: Connection, office: Office, typed: Typed, contact: str
) -> tuple[tuple[str, str], ...]:
    """Return that a number cannot be read, or is another relation's: not of the one that this form made."""
    number = first(typed, "number")
    unread = find_unreadable(Entry("relations.csv", {"number": number}, _CALLED), office)
    if unread:
        return tuple(("number", one.text) for one in unread if one.column == "number")
    there = find_relation(connection, number)
    if there is None:
        return ()
    serving = contacts_of(connection, there.number)
    ours = any(one.id == contact for one in serving) if first(typed, PERSON) else not serving
    if ours and there.name == first(typed, "name"):
        return ()
    return (("number", f"Dit nummer heeft {there.name} al."),)


def _name_known(connection: Connection, typed: Typed, field: str, text: str) -> tuple[str, str]:
    """Return a mistake; of an address that is a known contact's with how they become one here too."""
    known = find_person(connection, first(typed, field)) if field == "email" else None
    return field, _KNOWN.format(known.name) if isinstance(known, Contact) else text


def _draft(connection: Connection, office: Office, sent: Sent, contact: str, today: date) -> _Drafted:
    typed = sent.typed
    number = first(typed, "number")
    drafted = [_Line(Entry("relations.csv", take(typed, (*_RELATION, *_NUMBERS)), _CALLED))]
    drafted += _draft_contact(typed, contact, today)
    work = _draft_work(connection, office, typed, today)
    wrong: tuple[tuple[str, str], ...] = ()
    if isinstance(work, Wrong):
        wrong, work = work.mistakes, Edit(number)
    drafted += (_Line(one, {"": TEAM}) for one in work.entries)
    wanted = Edit(
        number,
        [one.entry for one in drafted],
        contacts=frozenset({contact}),
        adds=(relations, "number"),
        version=find_version(connection, number),
        told=(*work.told, *([_CAN_BE_BSN] if can_be_bsn(number) else [])),
        agreed=sent.agreed,
    )
    return _Drafted(wanted, tuple(one.fields for one in drafted), wrong)


def _draft_contact(typed: Typed, contact: str, today: date) -> list[_Line]:
    """Return the first contact and what they may do; nothing where nothing of it was typed."""
    person = {"name": first(typed, PERSON), **take(typed, _CONTACT)}
    rights = take(typed, ("may", "proof"))
    if not any((*person.values(), *rights.values())):
        return []
    whose = {"contact": contact, "relation": first(typed, "number")}
    serves = Entry("contacts.csv", {**whose, "primary": "ja", **person}, _CALLED)
    given = Entry("authorities.csv", {**whose, "since": today.isoformat(), **rights}, _CALLED)
    return [_Line(serves, {"name": PERSON}), *([_Line(given)] if any(rights.values()) else [])]


def _draft_work(connection: Connection, office: Office, typed: Typed, today: date) -> Edit | Wrong:
    """Return the roles that a process team gets; none where none was chosen."""
    number, team = first(typed, "number"), first(typed, TEAM)
    if not team:
        return Edit(number)
    roles = read_process_teams(connection).get(team)
    if roles is None:
        return Wrong(mistakes=((TEAM, "Kies een procesteam."),))
    found = draft_roles(read_role_facts(connection, office, today, [number]), number, roles)
    if isinstance(found, Wrong):
        return Wrong(mistakes=tuple((TEAM, text) for _, text in found.mistakes))
    return found.edit


def _list_parts(connection: Connection, office: Office) -> Iterator[Part]:
    """Yield the form, part by part."""
    yield Part(title="Wie het is", fields=tuple(_list_relation(connection)))
    hint = "Alleen wat u al hebt: wat een aangifte nodig heeft, staat straks bij wat nog ontbreekt."
    fields = (Field(name=name, label=LABELS[name]) for name in _NUMBERS)
    sbr = Field(
        name="sbr_enabled", label=LABELS["sbr_enabled"], kind="yes_no", value=("nee",), options=YES_NO
    )
    yield Part(title="Nummers", fields=(*fields, sbr), hint=hint)
    functions = tuple((one, say_id(one)) for one in office.functions)
    yield Part(
        title="Eerste contactpersoon",
        fields=(
            Field(name=PERSON, label=LABELS[PERSON]),
            Field(
                name="salutation",
                label=LABELS["salutation"],
                hint=SALUTATION_HINT,
            ),
            Field(name="email", label=LABELS["email"], kind="email"),
            Field(name="phone", label=LABELS["phone"], kind="phone"),
            Field(name="functions", label=LABELS["functions"], kind="choices", options=functions),
            Field(
                name="may",
                label=LABELS["may"],
                kind="choices",
                options=tuple(RIGHT_WORDS.items()),
                hint="Vanaf vandaag, voor alle producten. Wat u niet aanvinkt, mag deze persoon niet.",
            ),
            Field(
                name="proof",
                label=LABELS["proof"],
                hint="Nodig om akkoord te geven of te ondertekenen, zoals een uittreksel of een volmacht.",
                sometimes=True,
            ),
        ),
        hint="Leeg laten kan: u voegt dan later iemand toe, of iemand die kantoor al kent.",
    )
    teams = say_process_teams(read_process_teams(connection), office, all_members(connection))
    if teams:
        choose = Field(name=TEAM, label="Procesteam", kind="choice", options=(("", "nog niemand"), *teams))
        yield Part(title="Wie doet het werk", fields=(choose,))


def _list_relation(connection: Connection) -> Iterator[Field]:
    highest = _find_highest(connection)
    yield Field(
        name="number",
        label="Nummer",
        required=True,
        hint=f"Het hoogste nummer is nu {highest}." if highest else "Uw eigen nummer voor deze relatie.",
    )
    yield Field(name="name", label=LABELS["name"], required=True)
    forms = (("", "niet bekend"), *((str(form), form.label) for form in LegalForm))
    yield Field(name="legal_form", label=LABELS["legal_form"], kind="choice", options=forms)
    yield Field(
        name="kind",
        label=LABELS["kind"],
        kind="choice",
        options=(("", "volgt uit de rechtsvorm"), *KIND_WORDS.items()),
        hint="Alleen nodig als de rechtsvorm het niet zegt.",
    )
    yield Field(
        name="status",
        label=LABELS["status"],
        kind="choice",
        value=("prospect",),
        options=tuple((one, RELATION_STATUS_WORDS[one]) for one in _BEGINS_AS),
        hint="Een prospect wordt actief aan het eind van de acceptatie. Kies actief voor wie al klant is.",
    )


def _find_highest(connection: Connection) -> str | None:
    """Return the highest of the numbers that are digits alone, as offices number on; None without any."""
    number = relations.c.number
    counts = func.ltrim(number, "0123456789") == ""
    longest = select(func.max(func.length(number))).where(counts).scalar_subquery()
    query = select(func.max(number)).where(counts, func.length(number) == longest)
    found: str | None = connection.scalar(query)
    return found

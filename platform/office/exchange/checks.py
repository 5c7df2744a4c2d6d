"""What must hold between the rows of a folder and what the office holds already."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Table

from ...period import LOOSE, Period, PeriodError, PeriodKind, add_months, in_words
from ...plan import Office
from ...rights import DECIDING
from ...words import FREQUENCY_WORDS, RIGHT_WORDS
from ..database.tables import contacts, relation_contacts, relations, team
from .agreements import FILE as AGREEMENTS
from .cells import mask_typed
from .holdings import Holdings, Record
from .links import check_links
from .persons import check_persons
from .problems import Problem
from .reading import Row

_REFERENCES: tuple[tuple[str, Table, str], ...] = (
    ("relation", relations, "relatie"),
    ("contact", contacts, "contactpersoon"),
    ("member", team, "medewerker"),
    ("stand_in", team, "medewerker"),
    ("other", relations, "relatie"),
)
"""Columns that name a record, in whatever file: the table of that record, and its Dutch word."""
AHEAD_YEARS, BACK_YEARS = 2, 100
"""How far from today the first day lies of what people agree, or are to each other, at most."""
END_YEARS = 25
"""How far ahead the last day of an authority lies at most."""
_AUTHORITY = ("authorities.csv", "standing_authorities.csv")
_BEGINNINGS = {
    AGREEMENTS: "first_period",
    **dict.fromkeys(("links.csv", "qualifications.csv", *_AUTHORITY), "since"),
}


def check(rows: list[Row], holdings: Holdings, office: Office, today: date) -> Iterator[Problem]:
    """Yield every mistake that shows only when rows are compared with one another and with the database.

    What is checked is the record that a row results in, known values included (see `Holdings.merge_row`).
    When a cell of a row could not be read, the other cells are still checked.
    """
    for row in rows:
        merged = holdings.merge(row)
        yield from _references(row, holdings)
        yield from _dates(row, merged)
        if row.file == "relations.csv":
            yield from _check_status_day(row, holdings, today)
        elif row.file == "contacts.csv":
            yield from _check_contact(row)
        elif row.file == "team.csv" and not merged.get("surname", True):
            if merged.get("initials") or merged.get("prefix"):
                yield row.problem("surname", "vul bij voorletters of tussenvoegsel ook de achternaam in")
        elif row.file == "authorities.csv":
            yield from _check_contact_of_relation(row, holdings)
            yield from _check_rights(row, merged)
        elif row.file == "stand_ins.csv" and merged.get("stand_in") == merged.get("member", ""):
            yield row.problem("stand_in", "een medewerker kan niet voor zichzelf waarnemen")
        elif row.file == "products.csv":
            yield from check_product(row, merged, office)
    yield from check_persons(rows, holdings)
    yield from check_links(rows, holdings)


def _references(row: Row, holdings: Holdings) -> Iterator[Problem]:
    """Yield every relation, contact and team member that a row names and that does not exist."""
    for column, table, word in _REFERENCES:
        name = row.values.get(column)
        if name is not None and not holdings.has(table, name):
            yield row.problem(
                column,
                f"{word} '{mask_typed(name)}' staat niet in deze bestanden en niet in de administratie",
            )


def _dates(row: Row, merged: Record) -> Iterator[Problem]:
    """Yield a last day before the first one; of an agreement `agreements.place_rows` judges it."""
    since, until = merged.get("since"), merged.get("until")
    if row.file != AGREEMENTS and since is not None and until is not None and until < since:
        yield row.problem("until", "de laatste dag ligt vóór de eerste")


def _check_status_day(row: Row, holdings: Holdings, today: date) -> Iterator[Problem]:
    """Yield a status from a day that is yet to come: it works at once."""
    since, before = row.values.get("status_since"), holdings.find_before(row)
    if since is None or since <= today or (before is not None and before["status_since"] == since):
        return
    text = (
        f"{in_words(since)} is nog niet geweest, en een status werkt meteen. Geef deze status op die dag, of "
        "vul vandaag of een eerdere dag in"
    )
    yield row.problem("status_since", text)


def complain_far_beginning(day: date, today: date) -> str | None:
    """Return what is odd about a first day of what may have begun long ago, or None."""
    if day > add_months(today, 12 * AHEAD_YEARS):
        return f"{in_words(day)} ligt meer dan {AHEAD_YEARS} jaar vooruit. Klopt het jaar?"
    if day < add_months(today, -12 * BACK_YEARS):
        return f"{in_words(day)} ligt meer dan {BACK_YEARS} jaar terug. Klopt het jaar?"
    return None


def complain_far_end(day: date, today: date) -> str | None:
    """Return what is odd about the last day of an authority, or None; that it has passed is not."""
    if day > add_months(today, 12 * END_YEARS):
        return f"{in_words(day)} ligt meer dan {END_YEARS} jaar vooruit. Klopt het jaar?"
    return None


def check_days(rows: list[Row], holdings: Holdings, today: date) -> Iterator[Problem]:
    """Yield first days, first periods and last days of authority of which the year was probably mistyped.

    What is held already was asked about, or was written before this was.
    """
    for row in rows:
        column = _BEGINNINGS.get(row.file)
        if column is None:
            continue
        before = holdings.find_before(row)
        ends = [("until", complain_far_end)] if row.file in _AUTHORITY else []
        for name, complain in [(column, complain_far_beginning), *ends]:
            written = row.values.get(name)
            known = before is not None and (name == column or before.get(name) == written)
            if written is not None and not known:
                day = written if isinstance(written, date) else Period.parse(written).start
                if text := complain(day, today):
                    yield row.problem(name, text)


def _check_contact(row: Row) -> Iterator[Problem]:
    serves = row.is_filled("functions") or row.is_filled("primary")
    if serves and row.knows("relation") and row.values["relation"] is None:
        yield row.problem(
            "relation", "een functie of eerste contactpersoon hoort bij een relatie; vul die in"
        )


def _check_contact_of_relation(row: Row, holdings: Holdings) -> Iterator[Problem]:
    contact, relation = row.values.get("contact"), row.values.get("relation")
    if contact is None or relation is None:
        return
    known = holdings.has(contacts, contact) and holdings.has(relations, relation)
    if known and not holdings.has(relation_contacts, relation, contact):
        text = f"'{mask_typed(contact)}' is geen contactpersoon van relatie '{mask_typed(relation)}'"
        yield row.problem("contact", text)


def _check_rights(row: Row, merged: Record) -> Iterator[Problem]:
    may = {*merged.get("may", ())}
    more = {*merged.get("jointly", ())} - may
    if more and "may" in merged:
        where, what = row.header.called["may"], ", ".join(row.say(one, RIGHT_WORDS) for one in sorted(more))
        yield row.problem("jointly", f"zet wat alleen samen mag ook in de kolom '{where}': {what}")
    if may & {*DECIDING} and not merged.get("proof", True):
        yield row.problem("proof", "geef het bewijsstuk op waaruit de bevoegdheid blijkt")


def _find_meant(frequency: PeriodKind, typed: Period) -> Period:
    """Return the period of a frequency that was probably meant; of a book year the months of its days."""
    if frequency == "book_year" and typed.kind == "range":
        try:
            return Period.parse(f"{typed.start:%Y-%m}..{typed.end:%Y-%m}")
        except PeriodError:
            pass  # too long for a book year
    return Period.holding(frequency, typed.start)


def check_product(row: Row, merged: Record, office: Office) -> Iterator[Problem]:
    """Yield why a product is not agreed so: in a frequency that it has not, or from a period of another."""
    product = next((p for p in office.products if p.id == merged.get("product")), None)
    frequency, first = merged.get("frequency"), merged.get("first_period")
    if frequency is None:
        return
    if product is not None and frequency not in product.frequencies:
        per = "per " if row.header.dutch else ""
        offered = ", ".join(f"{per}{row.say(one, FREQUENCY_WORDS)}" for one in product.frequencies)
        asked = f"{per}{row.say(frequency, FREQUENCY_WORDS)}"
        called = product.title if row.header.dutch else product.id
        text = f"het product '{called}' kent de frequentie {offered}, niet {asked}"
        yield row.problem("frequency", text)
    if first is not None and Period.parse(first).kind != frequency:
        per = "per " if row.header.dutch else ""
        text = f"'{first}' is geen periode van de frequentie {per}{row.say(frequency, FREQUENCY_WORDS)}"
        if frequency not in LOOSE:
            text += f"; bedoelt u '{_find_meant(frequency, Period.parse(first)).code}'?"
        yield row.problem("first_period", text)

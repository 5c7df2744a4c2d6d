"""Statutory tables: rows of one kind, in order, with unique keys; valid accounts, rates and entry points."""

import re
from collections.abc import Iterator
from datetime import date

from stdnum import iban

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.law import AccountRow, EntryPointRow, Law, RateRow, Row

_RATES = "title: Tarieven\nsource: Wet OB, art. 9\nrows:\n  - { from: 2012-10-01, general: 21, reduced: 6 }\n"
_OLDER = "  - { from: 2001-01-01, general: 19, reduced: 6 }\n"
_ACCOUNT = (
    "title: Rekening\nsource: belastingdienst.nl\nrows:\n"
    "  - { from: 2026-05-01, iban: NL04RABO02001122%s, name: Belastingdienst, bic: RABONL2U }\n"
)
_TAXONOMY = "http://www.nltaxonomie.nl/nt20/bd/20251210"
_ENTRY_POINT = (
    "rows:\n  - year: 2026\n    nt: %s\n    namespace_date: 2025-12-10\n"
    f"    entry_point: {_TAXONOMY}/entrypoints/bd-rpt-ob-aangifte-2026.xsd\n"
    f"    namespace: {_TAXONOMY}/dictionary/bd-data\n"
    "    source: NT20\n    confidence: H\n"
)
_YEAR = (
    "  - year: {0}\n    nt: nt20\n    namespace_date: 2025-12-10\n"
    f"    entry_point: {_TAXONOMY}/entrypoints/bd-rpt-ob-aangifte-{{0}}.xsd\n"
    f"    namespace: {_TAXONOMY}/dictionary/bd-data\n    source: NT20\n    confidence: H\n"
)
_TWO_YEARS = "rows:\n" + _YEAR.format(2026) + _YEAR

ROWS = Code(
    "K213",
    "conflicting rows",
    "The rows of a statutory table are of one kind (entry points, accounts or rates), and no two are for "
    "the same year or start on the same date: which one applies would depend on their order.",
    wrong=Example(f"{_RATES}  - {{ from: 2012-10-01, general: 21, reduced: 9 }}\n", "law/tarieven.yaml"),
    right=Example(f"{_RATES}  - {{ from: 2019-01-01, general: 21, reduced: 9 }}\n", "law/tarieven.yaml"),
    remedy="remove one of them, or put it into a table of its own",
)
IBAN = Code(
    "K214",
    "invalid account number",
    "The check digits of the IBAN do not match: it is mistyped, and payments to it would be lost.",
    wrong=Example(_ACCOUNT % "45", "law/rekening.yaml"),
    right=Example(_ACCOUNT % "44", "law/rekening.yaml"),
    remedy="copy the account again from the authority's own page",
)
ENTRY_POINT = Code(
    "K217",
    "inconsistent entry point",
    "The addresses of an entry point and of its namespace contain the version and the date of the taxonomy, "
    "and the year. Here they differ from `nt`, `namespace_date` or `year`, as in a row that was copied and "
    "changed in part. The authority refuses a return that is made with it.",
    wrong=Example(_ENTRY_POINT % "nt19", "law/omzetbelasting.yaml"),
    right=Example(_ENTRY_POINT % "nt20", "law/omzetbelasting.yaml"),
    remedy="copy the address of that year from the taxonomy of the authority",
)
HOLE = Code(
    "K280",
    "gap in a statutory table",
    "A table of entry points has a row for every year from its first to its last. A return of the year "
    "that is missing could not be made.",
    wrong=Example(_TWO_YEARS.format(2028), "law/omzetbelasting.yaml"),
    right=Example(_TWO_YEARS.format(2027), "law/omzetbelasting.yaml"),
    level="warning",
    remedy="add the row that is missing",
)
OUT_OF_ORDER = Code(
    "K281",
    "statutory table out of order",
    "The rows of a table are written in the order of their years or dates. One that stands before an earlier "
    "one has a date that is mistyped, or is easily read as the one that no longer applies.",
    wrong=Example(f"{_RATES}{_OLDER}", "law/tarieven.yaml"),
    right=Example(_RATES.replace("rows:\n", f"rows:\n{_OLDER}"), "law/tarieven.yaml"),
    level="warning",
    remedy="put the rows in the order of their days",
)


REDUCED = Code(
    "K282",
    "reduced rate above the general rate",
    "A reduced rate is lower than the general one. Returns are calculated with what the table says.",
    wrong=Example(_RATES.replace("reduced: 6", "reduced: 60"), "law/tarieven.yaml"),
    right=Example(_RATES, "law/tarieven.yaml"),
    remedy="compare both with the law",
)
OTHER_BANK = Code(
    "K283",
    "BIC of another bank",
    "A Dutch IBAN names its bank by four letters, with which the BIC of that bank begins. Here they are of "
    "two banks, as in a row that was changed in part.",
    wrong=Example((_ACCOUNT % "44").replace("RABONL2U", "INGBNL2A"), "law/rekening.yaml"),
    right=Example(_ACCOUNT % "44", "law/rekening.yaml"),
    level="warning",
    remedy="compare both with the authority's own page",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conflicting rows, inconsistent entry points and invalid account numbers."""
    for file in definitions.law.values():
        if file.model:
            yield from _check_rows(file.model)
            yield from _check_years(file.model)
            for row in file.model.rows:
                if isinstance(row, EntryPointRow):
                    yield from _check_addresses(row)
                if isinstance(row, AccountRow) and row.iban and not iban.is_valid(row.iban):
                    yield IBAN.at(row.place("iban"), "invalid IBAN: its check digits do not match")
                elif isinstance(row, AccountRow):
                    yield from _check_bank(row)
                elif isinstance(row, RateRow):
                    yield from _check_rates(row)


def _check_years(table: Law) -> Iterator[Diagnostic]:
    rows = [row for row in table.rows if isinstance(row, EntryPointRow)]
    if not rows or any(not row.intact("year") for row in rows):
        return
    years = {row.year: row for row in rows}
    for year, after in zip(sorted(years), sorted(years)[1:], strict=False):
        if after > year + 1:
            missing = f"{year + 1}" if after == year + 2 else f"{year + 1} to {after - 1}"
            message = f"no row for {missing}, between {year} and {after}"
            related = [Related("the row before", years[year].place("year"))]
            yield HOLE.at(years[after].place("year"), message, related=related)


def _check_addresses(row: EntryPointRow) -> Iterator[Diagnostic]:
    if not row.intact("nt", "namespace_date", "entry_point", "namespace"):
        return
    part = f"/{row.nt}/bd/{row.namespace_date:%Y%m%d}/"
    for key in ("entry_point", "namespace"):
        if part not in getattr(row, key):
            message = f"expected '{part}' in this address, to match 'nt' and 'namespace_date'"
            yield ENTRY_POINT.at(row.place(key), message)
            return
    year = re.search(r"-(20\d\d)(?:\.xsd)?$", row.entry_point)
    if year and row.intact("year") and int(year[1]) != row.year:
        message = f"the entry point is that of {year[1]}, in the row of {row.year}"
        yield ENTRY_POINT.at(row.place("entry_point"), message)


def _check_bank(row: AccountRow) -> Iterator[Diagnostic]:
    account = iban.compact(row.iban) if row.intact("iban", "bic") else ""
    if account.startswith("NL") and account[4:8] != row.bic[:4]:
        message = f"the IBAN is of the bank {account[4:8]}, and the BIC of {row.bic[:4]}"
        yield OTHER_BANK.at(row.place("bic"), message)


def _check_rates(row: RateRow) -> Iterator[Diagnostic]:
    if row.intact("general", "reduced") and row.reduced > row.general:
        message = f"the reduced rate, {row.reduced}, is above the general rate, {row.general}"
        yield REDUCED.at(row.place("reduced"), message)


def _check_rows(table: Law) -> Iterator[Diagnostic]:
    first: dict[object, Span] = {}
    latest: Row | None = None
    for row in table.rows:
        key = "year" if isinstance(row, EntryPointRow) else "from"
        if not row.intact(key):
            continue
        value = _begin(row)
        if value in first:
            related = [Related("first defined", first[value])]
            yield ROWS.at(row.place(key), f"duplicate row for {value}", related=related)
        elif latest and type(latest) is type(row) and str(value) < str(_begin(latest)):
            related = [Related("the later row", latest.place(key))]
            message = f"{value} stands after {_begin(latest)}"
            yield OUT_OF_ORDER.at(row.place(key), message, related=related)
        else:
            latest = row
        first.setdefault(value, row.place(key))
        if type(row) is not type(table.rows[0]):
            expected, found = _KINDS[type(table.rows[0])], _KINDS[type(row)]
            message = f"expected {expected}, found {found}: a table has rows of one kind"
            yield ROWS.at(row.place(), message)


def _begin(row: Row) -> int | date:
    """Return from when a row applies."""
    return row.year if isinstance(row, EntryPointRow) else row.since


_KINDS = {EntryPointRow: "an entry point", AccountRow: "an account", RateRow: "VAT rates"}

"""Tables of law: rows of one kind, each key once, account numbers that can be."""

from collections.abc import Iterator

from stdnum import iban

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.law import AccountRow, EntryPointRow, Law, RateRow

_RATES = "title: Tarieven\nsource: Wet OB, art. 9\nrows:\n  - { from: 2012-10-01, general: 21, reduced: 6 }\n"
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

ROWS = Code(
    "K213",
    "rows that clash",
    "The rows of a table of law are of one kind (entry points, accounts or rates), and no two are for "
    "the same year or begin on the same day: which one holds would depend on their order.",
    wrong=Example(f"{_RATES}  - {{ from: 2012-10-01, general: 21, reduced: 9 }}\n", "law/tarieven.yaml"),
    right=Example(f"{_RATES}  - {{ from: 2019-01-01, general: 21, reduced: 9 }}\n", "law/tarieven.yaml"),
)
IBAN = Code(
    "K214",
    "account number cannot be",
    "The check digits of the account number do not fit: it is mistyped, and a payment to it would go astray.",
    wrong=Example(_ACCOUNT % "45", "law/rekening.yaml"),
    right=Example(_ACCOUNT % "44", "law/rekening.yaml"),
)
ENTRY_POINT = Code(
    "K217",
    "entry point that cannot be",
    "The addresses of an entry point and of its namespace hold the version and the date of the taxonomy; "
    "here they say another one than `nt` and `namespace_date`: a row that was copied and changed in part. "
    "The authority refuses a return that is made with it.",
    wrong=Example(_ENTRY_POINT % "nt19", "law/omzetbelasting.yaml"),
    right=Example(_ENTRY_POINT % "nt20", "law/omzetbelasting.yaml"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report rows that clash, and entry points and account numbers that cannot be."""
    for file in definitions.law.values():
        if file.model:
            yield from _clashes(file.model)
            for row in file.model.rows:
                if isinstance(row, EntryPointRow):
                    yield from _addresses(row)
                if isinstance(row, AccountRow) and row.iban and not iban.is_valid(row.iban):
                    yield IBAN.at(row.place("iban"), "the check digits of this account number do not fit")


def _addresses(row: EntryPointRow) -> Iterator[Diagnostic]:
    if not row.intact("nt", "namespace_date", "entry_point", "namespace"):
        return
    part = f"/{row.nt}/bd/{row.namespace_date:%Y%m%d}/"
    for key in ("entry_point", "namespace"):
        if part not in getattr(row, key):
            message = f"this address does not hold '{part}', as nt and namespace_date say"
            yield ENTRY_POINT.at(row.place(key), message)
            return


def _clashes(table: Law) -> Iterator[Diagnostic]:
    first: dict[object, Span] = {}
    for row in table.rows:
        key = "year" if isinstance(row, EntryPointRow) else "from"
        if not row.intact(key):
            continue
        value = row.year if isinstance(row, EntryPointRow) else row.since
        if value in first:
            related = [Related("first defined", first[value])]
            yield ROWS.at(row.place(key), f"there are two rows for {value}", related=related)
        first.setdefault(value, row.place(key))
        if type(row) is not type(table.rows[0]):
            message = f"a row of {_KINDS[type(row)]} in a table of {_KINDS[type(table.rows[0])]}"
            yield ROWS.at(row.place(), message)


_KINDS = {EntryPointRow: "entry points", AccountRow: "accounts", RateRow: "rates"}

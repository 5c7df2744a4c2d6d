"""The fiscal identity of the relations that a folder names; its rules come from the caller."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ...plan import Model
from ...words import KIND_WORDS
from ..database.tables import relation_products, relations
from ..relations.taxpayers import IDENTITY_NUMBERS
from .cells import can_be_bsn
from .holdings import Holdings, Key, Record
from .problems import Problem
from .reading import Row


class IdentityGiven(Model):
    """The identity of a relation as it was given; None is not known. `fiscal_unit`: it files in one."""

    legal_form: str | None = None
    ob_number: str | None = None
    rsin: str | None = None
    bsn: str | None = None
    btw_id: str | None = None
    kvk: str | None = None
    fiscal_unit: bool = False


class IdentityRemark(Model):
    """What is wrong (or doubtful) with one field, by IdentityGiven's names; Dutch, without the number."""

    field: str
    text: str


class IdentityVerdict(Model):
    """The judgement: the identity in canonical writing, whether it is a natural person, and remarks.

    `natural_person` is None where the legal form does not tell. Errors stop an import, warnings do not.
    """

    identity: IdentityGiven
    natural_person: bool | None = None
    errors: tuple[IdentityRemark, ...] = ()
    warnings: tuple[IdentityRemark, ...] = ()


OWN_BSN = "het BSN van een relatie kan niet het relatienummer zijn: dat staat in adressen; neem een ander"
CAN_BE_BSN = "dit kan een BSN zijn, en een relatienummer staat in adressen; neem dan een eigen nummer"
IdentityChecker = Callable[[IdentityGiven], IdentityVerdict]
"""The service gives one that knows the rules of numbers and legal forms (R20)."""
IDENTITY_FIELDS = tuple(name for name in IdentityGiven.model_fields if name != "fiscal_unit")


class Judged(NamedTuple):
    """What stops the import, and what is only told."""

    errors: list[Problem]
    warnings: list[Problem]


def judge_identities(rows: list[Row], holdings: Holdings, checker: IdentityChecker, today: date) -> Judged:
    """Judge the identity that each relation will have and keep it in canonical writing.

    A cell that could not be read is skipped; the other cells of its row are judged. Who files in a fiscal
    unit today, or will, may have a number that is not its own.
    """
    units, unsure = _in_units(holdings.after, today), _units_unsure(rows)
    judged = Judged([], [])
    for row in rows:
        if row.file != "relations.csv":
            continue
        number = row.values.get("number")
        unit = unsure or (number in units if number else bool(units))
        verdict = checker(_read_identity(holdings.merge(row), unit=unit))
        judged.errors.extend(row.problem(remark.field, remark.text) for remark in verdict.errors)
        judged.warnings.extend(row.problem(remark.field, remark.text) for remark in verdict.warnings)
        if number and can_be_bsn(number):
            _judge_number(judged, row, number, verdict.identity, holdings.before[relations.name])
        kept = verdict.identity.model_dump(include=set(IDENTITY_FIELDS))
        if verdict.natural_person is not None:
            kept["kind"] = "natural_person" if verdict.natural_person else "organisation"
            if row.values.get("kind") not in (None, kept["kind"]):
                text = f"past niet bij de rechtsvorm; verwacht {row.say(kept['kind'], KIND_WORDS)}"
                judged.errors.append(row.problem("kind", text))
        if number:
            holdings.after[relations.name][(number,)].update(kept)
    judged.errors.extend(_left_units(rows, holdings, checker, today))
    judged.warnings.extend(_find_shared(rows, holdings, units))
    return judged


def _judge_number(
    judged: Judged, row: Row, number: str, identity: IdentityGiven, before: dict[Key, Record]
) -> None:
    """Judge a relation number that can be a BSN, where it is new or its relation gets that BSN."""
    there = before.get((number,))
    if number == identity.bsn and (there is None or there["bsn"] != number):
        judged.errors.append(row.problem("number" if there is None else "bsn", OWN_BSN))
    elif there is None:
        judged.warnings.append(row.problem("number", CAN_BE_BSN))


def _find_shared(rows: list[Row], holdings: Holdings, units: set[str]) -> Iterator[Problem]:
    """Yield a warning for each relation with another's number: a duplicate, or a row that is wrong.

    Each other relation is named once, by the first number that it has too.
    """
    owners: dict[tuple[str, str], list[str]] = {}
    for (number,), record in sorted(holdings.after[relations.name].items()):
        for field in IDENTITY_NUMBERS:
            if record[field] and not (field == "ob_number" and number in units):
                owners.setdefault((field, record[field]), []).append(number)
    named = [row for row in rows if row.file == "relations.csv" and "number" in row.values]
    later = {row.values["number"] for row in named}
    for row in named:
        number = row.values["number"]
        later.discard(number)
        told: set[str] = set()
        for field, word in IDENTITY_NUMBERS.items():
            known = holdings.after[relations.name][(number,)][field]
            own = owners.get((field, known), [])
            others = [other for other in own if other not in {number, *later, *told}]
            if others and number in own and field in row.values:
                told.update(others)
                why = _ONLY_UNITS if field == "ob_number" else "is een van de twee dubbel?"
                yield row.problem(field, f"relatie '{others[0]}' heeft hetzelfde {word}; {why}")


_ONLY_UNITS = "dat hoort alleen bij een fiscale eenheid"


def _read_identity(record: Record, *, unit: bool) -> IdentityGiven:
    return IdentityGiven(**{name: record.get(name) for name in IDENTITY_FIELDS}, fiscal_unit=unit)


def _in_units(held: dict[str, dict[Key, Record]], today: date) -> set[str]:
    """Return the numbers of the relations that file in a fiscal unit, whose number is not their own.

    Who left one files under a number of its own; who never takes the product again stays as it was.
    """
    taken = sorted(held[relation_products.name].items(), key=lambda one: one[0], reverse=True)
    units, later = set(), None
    for (relation, *product, _), record in taken:
        left = later == (relation, *product) and record["until"] is not None and record["until"] < today
        if record["fiscal_unit"] and not left:
            units.add(relation)
        later = (relation, *product)
    return units


def _units_unsure(rows: list[Row]) -> bool:
    """Say whether it cannot be told who files in a fiscal unit: then no number is wrong for it."""
    return any(
        not row.knows("fiscal_unit") or (row.values.get("fiscal_unit") and not row.knows("relation"))
        for row in rows
        if row.file == "products.csv"
    )


def _left_units(
    rows: list[Row], holdings: Holdings, checker: IdentityChecker, today: date
) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of relations that leave a fiscal unit and now file alone."""
    if relations.name in holdings.unsure:
        return
    named = {row.values.get("number") for row in rows if row.file == "relations.csv"}
    left = _in_units(holdings.before, today) - _in_units(holdings.after, today) - named
    said = {row.values.get("relation"): row for row in rows if "fiscal_unit" in row.values}
    for relation in left & said.keys():
        verdict = checker(_read_identity(holdings.before[relations.name][(relation,)], unit=False))
        yield from (said[relation].problem("fiscal_unit", remark.text) for remark in verdict.errors)

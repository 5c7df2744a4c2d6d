"""The fiscal identity of every relation that a folder names, judged row by row."""

from collections.abc import Iterator
from typing import NamedTuple

from ..tables import relation_products, relations
from .doubts import meant
from .holdings import Holdings, Key, Record
from .identity import IDENTITY_FIELDS, IdentityChecker, IdentityGiven
from .problems import Problem
from .reading import Row


class Judged(NamedTuple):
    """What stops the import, and what is only told."""

    errors: list[Problem]
    warnings: list[Problem]


def judge_identities(rows: list[Row], holdings: Holdings, checker: IdentityChecker) -> Judged:
    """Judge the identity that each relation will have and keep it in canonical writing.

    A cell that could not be read is not known, and what is not known is not judged: the others are.
    """
    units = _Units(rows, holdings)
    judged = Judged([], [])
    for row in rows:
        if row.file != "relations.csv":
            continue
        merged = holdings.merged(row)
        given = {name: merged.get(name) for name in IDENTITY_FIELDS}
        verdict = checker(IdentityGiven(**given, fiscal_unit=units.may_have(row)))
        judged.errors.extend(row.problem(remark.field, remark.text) for remark in verdict.errors)
        judged.warnings.extend(row.problem(remark.field, remark.text) for remark in verdict.warnings)
        kept = verdict.identity.model_dump(include=set(IDENTITY_FIELDS))
        if verdict.natural_person is not None:
            kept["kind"] = "natural_person" if verdict.natural_person else "organisation"
            if row.values.get("kind") not in (None, kept["kind"]):
                judged.errors.append(
                    row.problem("kind", f"past niet bij de rechtsvorm; verwacht {kept['kind']}")
                )
        if "number" in row.values:
            holdings.records(relations)[(row.values["number"],)].update(kept)
    judged.errors.extend(_left_units(rows, holdings, checker))
    return judged


def _left_units(rows: list[Row], holdings: Holdings, checker: IdentityChecker) -> Iterator[Problem]:
    """Of a relation that only stops to file in a fiscal unit, the number that is known must be its own."""
    named = {row.values.get("number") for row in rows if row.file == "relations.csv"}
    before, after = _in_units(holdings.before), _in_units(holdings.after)
    if None in named or relations.name in holdings.broken:
        return
    left = before - after - named
    said = {row.values.get("relation"): row for row in rows if "fiscal_unit" in row.values}
    for relation in left & said.keys():
        known = holdings.before[relations.name][(relation,)]
        verdict = checker(IdentityGiven(**{name: known[name] for name in IDENTITY_FIELDS}))
        yield from (said[relation].problem("fiscal_unit", remark.text) for remark in verdict.errors)


def _in_units(held: dict[str, dict[Key, Record]]) -> set[str]:
    """Return the numbers of the relations that file in a fiscal unit."""
    taken = held[relation_products.name].items()
    return {relation for (relation, *_), record in taken if record["fiscal_unit"]}


class _Units:
    """Which relations may file in a fiscal unit, whose number is not their own."""

    def __init__(self, rows: list[Row], holdings: Holdings) -> None:
        self._names = _in_units(holdings.after)
        self._any = relation_products.name in holdings.broken
        for row in rows:
            if row.file == "products.csv" and row.filled("fiscal_unit"):
                names = meant(row, "relation")
                self._names |= names or set()
                self._any = self._any or names is None

    def may_have(self, row: Row) -> bool:
        """Say whether a relation is in one, or may be for all that can be told."""
        names = meant(row, "number")
        return self._any or bool(self._names if names is None else names & self._names)

"""Values in scenarios besides facts: what relation, contacts and verdicts can have, and days in order."""

import re
from collections.abc import Iterator
from datetime import date

from ...suggest import did_you_mean
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.office import RelationField
from ..language.scenario import Scenario, World

_PATH = "scenarios/btw-aangifte/akkoord.yaml"


def _example(head: str, steps: str = "  - reach: end\n") -> Example:
    return Example(f"title: Akkoord\nperiod: 2027-01\n{head}steps:\n{steps}", _PATH, how="whole")


NO_VALUE = Code(
    "K861",
    "value that a relation, contact or authority of a scenario cannot have",
    "A field of the relation has a value of its type: true or false, a whole number, a day (2027-01-31) or a "
    "text. The functions of a contact are those of office.yaml. The code of a refusal is one word: 510.",
    wrong=_example("relation: { fields: { dga: misschien } }\n"),
    right=_example("relation: { fields: { dga: true } }\n"),
    remedy="write a value of that type",
)
BACKWARDS = Code(
    "K862",
    "step before the one above it",
    "The steps of a scenario follow each other: none is on a day before the start, or before the day of a "
    "step above it.",
    wrong=_example("", "  - on: 2027-03-01\n  - on: 2027-02-01\n"),
    right=_example("", "  - on: 2027-02-01\n  - on: 2027-03-01\n"),
    remedy="put the steps in the order of their days",
)

_TYPES = {
    "yes_no": ("true or false", "write true or false, without quotes"),
    "number": ("a whole number", "write the number without quotes"),
    "date": ("a day such as 2027-01-31", None),
    "text": ("a text", "put it in quotes"),
}
_REFUSAL = re.compile(r"\S+")


def check_values(scenario: Scenario, definitions: Definitions) -> Iterator[Diagnostic]:
    """Report values that change the story silently, as they are none that the office or authority has."""
    office = definitions.office.model if definitions.office else None
    if office and office.intact("fields") and scenario.relation.intact("fields"):
        fields = {field.id: field for field in office.fields}
        for name, value in scenario.relation.fields.items():
            if name in fields and fields[name].intact("type") and not _is_of(fields[name], value):
                expected, help = _TYPES[fields[name].type]
                message = f"field '{name}' is {expected}, found '{_say(value)}'"
                yield NO_VALUE.at(scenario.relation.place("fields", name), message, help=help)
    if office and office.intact("functions"):
        for contact in scenario.contacts:
            for place, function in enumerate(contact.functions or ()):
                if function not in office.functions:
                    help = did_you_mean(function, office.functions)
                    message = f"unknown function '{function}'"
                    yield NO_VALUE.at(contact.place("functions", place), message, help=help)
    for world in (scenario.world, *(step.world for step in scenario.steps if step.world)):
        yield from _check_verdicts(world)
    yield from _check_order(scenario)


def _check_verdicts(world: World) -> Iterator[Diagnostic]:
    for verdict in world.verdicts:
        for key in ("refused", "failed"):
            code = getattr(verdict, key)
            if code is not None and not _REFUSAL.fullmatch(code):
                message = f"expected the code of a refusal, found '{code}'"
                yield NO_VALUE.at(
                    verdict.place(key), message, help="write the code alone; 'text' says the rest"
                )


def _check_order(scenario: Scenario) -> Iterator[Diagnostic]:
    """Report steps on a day before the start or before an earlier step; `after` and `reach` say no day."""
    last = scenario.start
    for step in scenario.steps:
        if step.on is None or not step.intact("on"):
            continue
        if last is not None and step.on < last:
            what = "the start" if last == scenario.start else "the step above it"
            message = f"{step.on.isoformat()} lies before {what}, {last.isoformat()}"
            yield BACKWARDS.at(step.place("on"), message)
            return
        last = step.on


def _is_of(field: RelationField, value: object) -> bool:
    match field.type:
        case "yes_no":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "date":
            return isinstance(value, str) and _is_day(value)
        case _:
            return isinstance(value, str)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _say(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

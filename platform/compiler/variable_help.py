"""What `kantoor explain` says of a variable: its type, an example, and where it may be used."""

from collections.abc import Iterator
from typing import NamedTuple

from ..context import VARIABLES, ValueType, Variable
from ..suggest import nearest

GROUP_MEANINGS = {
    "relation": "the client that the filing is for; with the office's own fields of office.yaml",
    "product": "what the relation takes from the office, as agreed with it",
    "period": "the month, quarter or year that the filing is about",
    "filing": "the filing itself",
    "contact": "who reads the text",
    "sender": "in whose name the text is sent: the holder of the role `on_behalf_of`",
    "office": "the office, from office.yaml",
}

_COMPARED: dict[ValueType, str] = {
    "text": "compared with == or in",
    "number": "compared with ==, <, <=, > or >=",
    "yes_no": "a condition by itself",
    "date": "compared with another date, or with one such as '2026-01-31'",
    "money": "compared with whole euros",
}
_PRINTED: dict[ValueType, str] = {
    "text": "messages print it",
    "number": "messages print it",
    "yes_no": "messages use it in {% if … %} and cannot print it",
    "date": "messages print it in words",
    "money": "messages print it as € 1.234,56",
}

ANCHORS = frozenset({"period.start", "period.end", "filing.start"})
"""Variables that are anchors of dates too."""


class _Named(NamedTuple):
    """Names that a template or the office gives: what they are, and where they may be used."""

    what: str
    where: str
    example: str


NAMED = {
    "facts": _Named(
        "a fact of the template (`facts`), of the type that it declares; `none` until it is recorded",
        "in conditions, in texts of messages, and where it is a date as anchor of dates",
        "facts.saldo|abs <= 1000",
    ),
    "answers": _Named(
        "what the client answered to a field of a form that the template asks; unknown until it counts",
        "in conditions; not in messages, since mail is read by others too",
        "answers.partner",
    ),
    "deadlines": _Named(
        "the last day of a deadline of the template",
        "as anchor of dates only",
        "{ before: deadlines.aangifte, workdays: 4 }",
    ),
    "phases": _Named(
        "the day on which a phase ended or was skipped",
        "as anchor of dates only; in the facts' `set_in` and elsewhere a phase is named by its id alone",
        "{ after: phases.indienen, months: 3 }",
    ),
    "ends": _Named(
        "a named end of the template",
        "in `then`, `may_end` and `give_up`",
        "then: ends.niet_ingediend",
    ),
}
"""Groups whose names a definition gives."""


def list_variable_names() -> set[str]:
    """Return every name by which a variable, or a group of them, can be explained."""
    names = {f"{group}.{name}" for group, variables in VARIABLES.items() for name in variables}
    return {*names, *VARIABLES, *NAMED, "period.year_end"}


def explain_variable(name: str) -> str | None:
    """Return the explanation of a variable, or of a group of them; None where nothing is called that."""
    group, dot, rest = name.partition(".")
    if group in NAMED and (not dot or rest.count(".") == 0):
        return _explain_named(group, NAMED[group])
    if name == "period.year_end":
        return (
            "period.year_end\n  31 December of the year in which the period ends; an anchor of dates only\n"
        )
    if group not in VARIABLES:
        return None
    if not dot:
        return _explain_group(group)
    variable = VARIABLES[group].get(rest)
    if variable is not None:
        return "\n".join(_explain_variable(name, variable)) + "\n"
    if group == "relation" and rest.isidentifier() and nearest(rest, VARIABLES[group]) is None:
        return _explain_own_field()
    return None


def say_where(name: str, variable: Variable) -> str:
    """Return where a variable may be used."""
    where = ["in conditions"] if variable.in_conditions else []
    where += ["in texts of messages"]
    if name in ANCHORS:
        where += ["as anchor of dates"]
    return where[0] if len(where) == 1 else f"{', '.join(where[:-1])} and {where[-1]}"


def _explain_variable(name: str, variable: Variable) -> Iterator[str]:
    yield f"{name} ({variable.type})"
    yield f"  {variable.meaning}"
    if variable.values:
        yield f"  values: {', '.join(variable.values)}"
    compared = f"{_COMPARED[variable.type]}; " if variable.in_conditions or variable.values else ""
    yield f"  use: {compared}{_PRINTED[variable.type]}"
    yield f"  example: {variable.example}"
    yield f"  may be used: {say_where(name, variable)}"


def _explain_group(group: str) -> str:
    width = max(map(len, VARIABLES[group]))
    lines = [f"{group}: {GROUP_MEANINGS[group]}"]
    for name, variable in VARIABLES[group].items():
        mark = "" if variable.in_conditions else "; in messages only"
        lines.append(f"  {group}.{name.ljust(width)}  {variable.meaning} ({variable.type}{mark})")
    if group == "relation":
        lines.append(
            "  relation.<id>: a field of the office's own, as office.yaml declares it under `fields`"
        )
    return "\n".join(lines) + "\n"


def _explain_named(group: str, named: _Named) -> str:
    return f"{group}.<id>\n  {named.what}\n  example: {named.example}\n  may be used: {named.where}\n"


def _explain_own_field() -> str:
    return (
        "relation.<id>\n  a field of the office's own, of the type that office.yaml declares under `fields`\n"
        "  example: relation.dga\n  may be used: in conditions and in texts of messages\n"
    )

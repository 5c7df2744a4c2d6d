"""A condition of a plan as a Dutch phrase that fits after 'als'."""

from collections.abc import Iterable

from ..data import Scalar
from ..fact_values import say_fact
from ..period import MONTH_NAMES
from ..plan import (
    Absolute,
    Compare,
    Expression,
    FactDefinition,
    FactType,
    FormField,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    Plan,
)
from ..words import FREQUENCY_WORDS, say_legal_form

_YES_NO = {
    ("relation", "natural_person"): (
        "de klant een natuurlijk persoon of eenmanszaak is",
        "de klant geen natuurlijk persoon of eenmanszaak is",
    ),
    ("product", "foreign"): (
        "de klant een buitenlandse ondernemer is",
        "de klant geen buitenlandse ondernemer is",
    ),
    ("product", "kor"): (
        "de kleineondernemersregeling geldt",
        "de kleineondernemersregeling niet geldt",
    ),
    ("product", "fiscal_unit"): (
        "de klant in een fiscale eenheid zit",
        "de klant niet in een fiscale eenheid zit",
    ),
    ("period", "last_of_year"): (
        "de periode op 31 december eindigt",
        "de periode niet op 31 december eindigt",
    ),
}
"""What is said where a yes/no variable holds, and where it does not."""

_NAMES = {
    ("relation", "number"): "het nummer van de klant",
    ("relation", "name"): "de naam van de klant",
    ("relation", "legal_form"): "de rechtsvorm",
    ("product", "id"): "het product",
    ("product", "frequency"): "de afgesproken frequentie",
    ("product", "sub_number"): "het subnummer",
    ("period", "kind"): "de periode",
    ("period", "code"): "de periode",
    ("period", "words"): "de periode",
    ("period", "start"): "de eerste dag van de periode",
    ("period", "end"): "de laatste dag van de periode",
    ("period", "year"): "het jaar",
    ("period", "month"): "de maand",
    ("period", "number"): "het nummer van de periode in het jaar",
    ("filing", "start"): "de startdag",
    ("office", "name"): "de naam van het kantoor",
}

_ORDER = {
    "lt": ("minder dan", "vóór"),
    "le": ("hoogstens", "op of vóór"),
    "gt": ("meer dan", "na"),
    "ge": ("minstens", "op of na"),
}
"""How an order is said of numbers, and of days."""

_PERIODS: dict[str, str] = {
    **{kind: f"een {word}" for kind, word in FREQUENCY_WORDS.items()},
    "four_weeks": "vier weken",
    "none": "zonder periode",
}
"""What the kinds of a period are called in a condition."""
_MONTH = ("period", "month")

_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}


def say_condition(plan: Plan, condition: Expression) -> str:
    """Return a condition in Dutch, as it reads after 'als': 'de rechtsvorm bv of nv is'."""
    return _say(plan, condition, holds=True)


def _say(plan: Plan, part: Expression, *, holds: bool) -> str:
    match part:
        case Logic(by="not", of=(inner,)):
            return _say(plan, inner, holds=not holds)
        case Logic(by=by, of=of):
            return _join(plan, of, "and" if (by == "and") == holds else "or", holds=holds)
        case Compare(by=by, left=left, right=right):
            return _compare(plan, by, left, right, holds=holds)
        case Name(path=path):
            return _say_yes_no(plan, path, holds=holds)
        case LiteralValue(value=value):
            return "altijd" if bool(value) == holds else "nooit"
        case _:
            return f"{_say_value(plan, part, part)} {'niet nul' if holds else 'nul'} is"


def _join(plan: Plan, parts: Iterable[Expression], by: str, *, holds: bool) -> str:
    said = [
        f"({text})" if isinstance(part, Logic) and part.by != "not" else text
        for part in parts
        for text in (_say(plan, part, holds=holds),)
    ]
    return (", en " if by == "and" else ", of ").join(said)


def _say_yes_no(plan: Plan, path: tuple[str, ...], *, holds: bool) -> str:
    known = _YES_NO.get((path[0], path[-1]))
    if known:
        return known[0 if holds else 1]
    answer = "ja" if holds else "nee"
    if path[0] == "facts":
        return f"bij {_say_name(plan, path)} {answer} is vastgelegd"
    return f"{_say_name(plan, path)} {answer} is"


def _compare(plan: Plan, by: str, left: Expression, right: Expression, *, holds: bool) -> str:
    if isinstance(left, LiteralValue) and not isinstance(right, LiteralValue | ListOf) and by != "in":
        turned = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
        left, right, by = right, left, turned.get(by, by)
    if isinstance(left, Name) and isinstance(right, LiteralValue) and isinstance(right.value, bool):
        return _say_yes_no(plan, left.path, holds=holds == (right.value == (by == "eq")))
    what = _say_value(plan, left, left)
    if isinstance(right, LiteralValue) and right.value is None:
        known = (by == "ne") == holds
        return f"{what} {'' if known else 'nog niet '}bekend is"
    if by in ("eq", "ne", "in"):
        items = right.items if isinstance(right, ListOf) else (right,)
        values = _list([_say_value(plan, item, left) for item in items])
        no = "" if (by != "ne") == holds else "niet "
        if _is_choice(plan, left):
            return f"bij {_say_value(plan, left, left)} {no}voor {values} is gekozen"
        return f"{what} {no}{values} is"
    order = _ORDER[by if holds else _OPPOSITE[by]]
    size = ", plus of min," if isinstance(left, Absolute) else ""
    return f"{what}{size} {order[1 if _is_day(plan, left) else 0]} {_say_value(plan, right, left)} is"


def _list(values: list[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} of {values[-1]}"


def _say_value(plan: Plan, part: Expression, beside: Expression) -> str:
    """Return a value in Dutch; a literal as the values of what it is compared with are said."""
    match part:
        case Name(path=path):
            return _say_name(plan, path)
        case Absolute(of=of):
            return _say_value(plan, of, of)
        case LiteralValue(value=value):
            return _say_literal(plan, value, beside)
        case ListOf(items=items):
            return _list([_say_value(plan, item, beside) for item in items])
        case _:
            return f"({_say(plan, part, holds=True)})"


def _say_name(plan: Plan, path: tuple[str, ...]) -> str:
    group, name = path[0], path[-1]
    fact, field = _find_fact(plan, path), _find_field(plan, path)
    if fact:
        return f"‘{fact.title}’"
    if field:
        return f"het antwoord op ‘{field.title}’"
    return _NAMES.get((group, name)) or f"‘{name.replace('_', ' ')}’"


def _say_literal(plan: Plan, value: Scalar, beside: Expression) -> str:
    while isinstance(beside, Absolute):
        beside = beside.of
    path = beside.path if isinstance(beside, Name) else ("", "")
    fact, field = _find_fact(plan, path), _find_field(plan, path)
    like = fact or (_see_as_fact(field) if field else None)
    if like:
        said = say_fact(like, value)
        return f"‘{said}’" if _is_choice(plan, beside) else said.removesuffix(",00")
    match path, value:
        case ("relation", "legal_form"), str():
            return say_legal_form(value)
        case ((("period", "kind") | ("product", "frequency")), str()) if value in _PERIODS:
            return _PERIODS[value]
        case _, int() if path == _MONTH and value in range(1, 13):
            return MONTH_NAMES[value - 1]
        case ("product", "id"), str():
            return value.replace("-", " ")
        case _, bool():
            return "ja" if value else "nee"
        case _:
            return str(value)


def _see_as_fact(field: FormField) -> FactDefinition:
    """Return a field of a form as the fact that its answers are said like."""
    kinds: dict[str, FactType] = {"money": "money", "date": "date", "number": "number", "choice": "choice"}
    kind = kinds.get(field.kind, "text")
    return FactDefinition(id=field.id, title=field.title, type=kind, set_in=(), options=field.options)


def _is_choice(plan: Plan, part: Expression) -> bool:
    if not isinstance(part, Name):
        return False
    fact, field = _find_fact(plan, part.path), _find_field(plan, part.path)
    return bool(fact and fact.type == "choice") or bool(field and field.kind in ("choice", "choices"))


def _is_day(plan: Plan, part: Expression) -> bool:
    if not isinstance(part, Name):
        return False
    fact, field = _find_fact(plan, part.path), _find_field(plan, part.path)
    dated = part.path in (("period", "start"), ("period", "end"), ("filing", "start"), _MONTH)
    return dated or bool(fact and fact.type == "date") or bool(field and field.kind == "date")


def _find_fact(plan: Plan, path: tuple[str, ...]) -> FactDefinition | None:
    return next((fact for fact in plan.facts if path == ("facts", fact.id)), None)


def _find_field(plan: Plan, path: tuple[str, ...]) -> FormField | None:
    fields = (field for form in plan.forms for field in form.fields)
    return next((field for field in fields if path == ("answers", field.id)), None)

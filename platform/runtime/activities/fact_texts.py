"""Facts as texts name them: printed as people write them, compared as conditions compare them."""

from collections.abc import Iterable
from datetime import date
from functools import total_ordering
from typing import Any

from ...fact_values import UNKNOWN, say_money
from ...plan import FactDefinition, Scalar

NOT_KNOWN = {"nl": UNKNOWN, "en": "not known yet"}
_SWAPPED = str.maketrans(".,", ",.")


class Unknown:
    """A value that is not recorded yet: it says so, is in no order, and equals only none."""

    def __init__(self, language: str) -> None:
        self._words = NOT_KNOWN.get(language, UNKNOWN)

    def __str__(self) -> str:
        return self._words

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Unknown)

    def __hash__(self) -> int:
        return hash(None)

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __abs__(self) -> "Unknown":
        return self


@total_ordering
class _Amount:
    """Cents, compared with whole euros or another amount."""

    def __init__(self, cents: int, language: str) -> None:
        self._cents = cents
        self._language = language

    def __str__(self) -> str:
        said = say_money(self._cents)
        return said.translate(_SWAPPED) if self._language == "en" else said

    def __bool__(self) -> bool:
        return self._cents != 0

    def __eq__(self, other: object) -> bool:
        return self._cents == _in_cents(other)

    def __lt__(self, other: object) -> bool:
        cents = _in_cents(other)
        return cents is not None and self._cents < cents

    def __hash__(self) -> int:
        return hash(self._cents)

    def __abs__(self) -> "_Amount":
        return _Amount(abs(self._cents), self._language)


class _Choice:
    """An option: printed by its title, compared by its id."""

    def __init__(self, id: str, title: str) -> None:
        self._id = id
        self._title = title

    def __str__(self) -> str:
        return self._title

    def __eq__(self, other: object) -> bool:
        return self._id == (other._id if isinstance(other, _Choice) else other)

    def __hash__(self) -> int:
        return hash(self._id)


def fact_texts(
    facts: Iterable[tuple[FactDefinition, Scalar]], language: str, day: type[date]
) -> dict[str, Any]:
    """Return what a text may name of facts, by id; `day` is a date that reads as its language has it."""
    return {definition.id: _as_text(definition, value, language, day) for definition, value in facts}


def _as_text(definition: FactDefinition, value: Scalar, language: str, day: type[date]) -> Any:
    if value is None:
        return Unknown(language)
    if definition.type == "date" and isinstance(value, str):
        return day.fromisoformat(value)
    if definition.type == "money" and isinstance(value, int):
        return _Amount(value, language)
    if definition.type == "choice":
        title = next((option.title for option in definition.options if option.id == value), str(value))
        return _Choice(str(value), title)
    return value


def _in_cents(other: object) -> int | None:
    if isinstance(other, _Amount):
        return other._cents
    return other * 100 if isinstance(other, int) and not isinstance(other, bool) else None

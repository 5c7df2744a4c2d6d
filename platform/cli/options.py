"""Options and arguments that several commands take."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import click

from ..identifiers import drop_decimals
from ..period import Period
from ..service.named import find_id_by_name, knows_relation
from ..suggest import is_slip, nearest
from ..typed import TypedError, read_day, read_period
from ..words import C, join_in_dutch, say_choices
from .desk import ask_desk, unwrap_result
from .failures import WRONG_USE, DutchFailure

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


class Person(click.types.StringParamType):
    """A person: an id, an e-mail address, or a name that one person has, which is said back."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id of who has a name of several words; else what was typed, for the service to judge."""
        if len(value.split()) < 2 or "@" in value:
            return value
        id = unwrap_result(ask_desk(lambda desk: find_id_by_name(desk, value)))
        if id is None:
            return value
        click.echo(f"'{value}' is gelezen als {id}", err=True)
        return id


class Actor(Person):
    """Who acts; when nobody is named, the error says how to name somebody."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what follows on 'De optie '--as' ontbreekt.'."""
        return "Zeg met --as PERSON wie handelt, of zet KANTOOR_AS."


as_person = click.option(
    "--as",
    "who",
    type=Actor(),
    envvar="KANTOOR_AS",
    required=True,
    metavar="PERSON",
    help="Who acts: id, e-mail address or name of a team member or contact (or KANTOOR_AS).",
)

_ID = re.compile(r"[\w.:-]{1,100}")


def _check_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _ID.fullmatch(value):
        raise click.BadParameter("schrijf 1 tot 100 letters, cijfers of tekens uit _ . : -")
    return value


act_id = click.option(
    "--id",
    "act_id",
    metavar="ID",
    callback=_check_id,
    help="Id of this act, of your choice. An act repeated with the same id is carried out once; the "
    "repetition gets the first answer.",
)
a_filing = click.argument("filing_name", metavar="FILING")
in_phase = click.option("--phase", metavar="PHASE", help="Id of the phase, where several are active.")


class RelationNumber(click.types.StringParamType):
    """The number of a relation; where a spreadsheet made it 1001.0, it is said back as it is read."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the number."""
        (number, *more) = _read_numbers(value)
        if more:
            self.fail(f"noem hier één relatie, en niet {join_in_dutch((number, *more))}.", param, ctx)
        return number


def read_some_numbers(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the numbers of relations that were typed, also several in one word: 1001,1002."""
    return tuple(number for value in values for number in _read_numbers(value))


def _read_numbers(value: str) -> list[str]:
    """Return the numbers of a text, and say how it was read where that is not as it was typed.

    Words without a digit are part of a name, which the service answers with the relation that has it.
    """
    parts = [part for part in re.split(r"[\s,;]+", drop_decimals(value.strip())) if part]
    numbers = [drop_decimals(part) for part in parts]
    if not numbers:
        raise click.BadParameter("vul een relatienummer in.")
    if not all(re.search(r"\d", number) for number in numbers):
        return [value]
    if numbers != [value]:
        if ask_desk(lambda desk: knows_relation(desk, value)):
            return [value]
        click.echo(f"'{value}' is gelezen als relatie {join_in_dutch(numbers)}", err=True)
    return numbers


some_relations = click.option(
    "--relation",
    "relations",
    multiple=True,
    metavar="NUMBER",
    callback=read_some_numbers,
    help="One relation; can be repeated.",
)


FEW = 4
"""So few choices are all named but for a slip: a near one may be the opposite ('goedkeuren', 'afgekeurd')."""


class OneOf(click.Choice[str]):
    """One of fixed words: its code or its Dutch word; who types another is told both, in Dutch."""

    def __init__(self, words: Mapping[C, str]) -> None:
        super().__init__(tuple(words))
        self._words: Mapping[str, str] = dict(words.items())
        self._codes: dict[str, str] = {fold_word(word): code for code, word in words.items()}
        self._codes |= {fold_word(code): code for code in words}

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code."""
        code = self._codes.get(fold_word(value))
        if code is None:
            near = nearest(value, [*self._words.values(), *self._words])
            if near and len(self._words) <= FEW and not is_slip(value, near):
                near = None
            meant = f"bedoelt u '{near}'?" if near else f"kies uit: {say_choices(self._words)}."
            self.fail(f"'{value}' kan hier niet; {meant}", param, ctx)
        return code

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what follows on 'Het argument ontbreekt.'."""
        return f"Kies uit: {say_choices(self._words)}."


def fold_word(word: str) -> str:
    """Return a word for comparing: without capitals, accents, and how its parts are joined."""
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return plain.casefold().replace("_", " ").replace("-", " ").strip()


class OfficeDay(click.ParamType[date]):
    """A day that office people type: 2025-12-31 or 31-12-2025; anything else is wrong use, told in Dutch."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else read_day(value)
        except TypedError as error:
            raise DutchFailure(str(error), WRONG_USE) from None


class IsoDay(click.ParamType[date]):
    """A day that who keeps definitions types, in ISO form."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a day: write it as 2027-01-31", param, ctx)


class PeriodOf(click.ParamType[Period]):
    """A period that office people type in any way that has one meaning; other than its code is said back."""

    name = "period"

    def convert(
        self, value: str | Period, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        """Return the period."""
        if isinstance(value, Period):
            return value
        try:
            period = read_period(value)
        except TypedError as error:
            raise DutchFailure(str(error), WRONG_USE) from None
        if value.strip() != period.code:
            click.echo(f"'{value}' is gelezen als {period.code}: {period.words}", err=True)
        return period


class Moment(click.ParamType[datetime]):
    """A day, or a day and time, that an operator types."""

    name = "date"

    def __init__(self, *, timed: bool = False) -> None:
        self._timed = timed

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment; midnight where no time was typed."""
        if isinstance(value, datetime):
            return value
        day, _, hour = value.strip().replace("T", " ").partition(" ")
        try:
            if hour and not self._timed:
                raise ValueError
            return datetime.combine(read_day(day), datetime.strptime(hour or "00:00", "%H:%M").time())
        except ValueError:
            forms = "2025-12-31 or 31-12-2025" + (", with a time as 2025-12-31T09:00" if self._timed else "")
            self.fail(f"'{value}' is not an existing date: write {forms}.", param, ctx)


far_days_anyway = click.option("--anyway", is_flag=True, help="Also days that are far from today.")
on_day = click.option(
    "--on", type=OfficeDay(), metavar="DATE", help="The date to report on; default: today in office time."
)
a_file = click.Path(path_type=Path, exists=True, dir_okay=False)

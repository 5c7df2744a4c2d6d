"""What people type for a day or a period: every way of writing that has one meaning is taken."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime

from .period import LONGEST_BOOK_YEAR, MONTH_NAMES, Period, PeriodError
from .suggest import nearest

DAYS = "2025-12-31 of 31-12-2025"
SMALLEST = 1e-6
"""Of a cent: what arithmetic with fractions leaves over."""
LONGEST_QUOTE = 60
"""Characters of what was typed that a complaint repeats."""
LONGEST_NUMBER = 30
"""Characters of an amount or number."""
STRETCH = "1-3-2026 t/m 15-4-2026"
PERIODS = f"januari 2026 of 2026-01 (maand), 2026-Q1 (kwartaal), 2026 (jaar) of {STRETCH}"
"""How periods are written, as hints and complaints say it; `kantoor.period` has them all."""

_YEAR = r"(?P<year>[12]\d{3})"
_QUARTER = re.compile(
    rf"{_YEAR} ?[qk] ?(?P<number>\d+)|(?:[qk] ?|kwartaal )(?P<number2>\d+) "
    rf"(?:van )?{_YEAR.replace('year', 'year2')}"
    rf"|(?:het )?(?P<number3>\d+|\w+) kwartaal (?:van )?{_YEAR.replace('year', 'year3')}"
)
_MONTH = re.compile(rf"(?P<name>[a-z]+) {_YEAR}|(?P<number>0[1-9]|1[0-2]) {_YEAR.replace('year', 'year2')}")
_HALF_YEAR = re.compile(
    rf"{_YEAR} ?h ?(?P<number>[12])|(?P<number2>1e|2e|eerste|tweede) halfjaar (?:van )?"
    rf"{_YEAR.replace('year', 'year2')}"
)
_FOUR_WEEKS = re.compile(
    rf"{_YEAR} ?p ?(?P<number>\d{{1,2}})|periode (?P<number2>\d{{1,2}}) (?:van )?"
    rf"{_YEAR.replace('year', 'year2')}"
)
_FROM_TO = re.compile(r"\s*(?:\.\.|t/m|tot en met|(?<=[a-z\d.])\s*[-–]\s*(?=[a-z]{3,}\.? ))\s*")
_NAMED_DAY = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -]([12]\d{3}|\d\d)")
_SHORT_YEAR = re.compile(r"(\d{1,2}[-/]\d{1,2}[-/])(\d\d)")
_ORDINALS = {
    **{f"{number}{end}": number for number in range(1, 5) for end in ("", "e", "ste", "de")},
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
}


class TypedError(ValueError):
    """What was typed cannot be read; the message says in Dutch what is meant or how to write it."""

    @property
    def sentence(self) -> str:
        """Return the message as a sentence of its own; one that asks something ends with that."""
        text = str(self)
        return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('?', '.')) else '.'}"


def read_day(written: str) -> date:
    """Read a day: 2025-12-31, 31-12-2025, 31/12/2025, '31 december 2025', 31-dec-2025. Raises TypedError."""
    named = _NAMED_DAY.fullmatch(written.strip().lower())
    month = next((n for n, name in enumerate(MONTH_NAMES, 1) if named and _is_month(named[2], name)), 0)
    plain = f"{named[1]}-{month}-{named[3]}" if named else written.strip()
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            day = datetime.strptime(plain, form).date()
        except ValueError:
            continue
        if (
            "/" in plain and day.day <= len(MONTH_NAMES) and day.day != day.month
        ):  # some programs write the month first
            one = f"{day.day} {MONTH_NAMES[day.month - 1]}"
            other = f"{day.month} {MONTH_NAMES[day.day - 1]}"
            raise TypedError(f"{_quote(written)} kan {one} of {other} zijn; schrijf {DAYS}")
        return day
    if short := _SHORT_YEAR.fullmatch(plain):
        full = f"schrijf het voluit, zoals {short[1]}20{short[2]}"
        raise TypedError(f"{_quote(written)} heeft een jaar van twee cijfers; {full}")
    raise TypedError(f"{_quote(written)} is geen bestaande datum; schrijf {DAYS}")


def read_period(written: str) -> Period:
    """Read a period: its code, or '2026q1', '1e kwartaal 2026', 'januari 2026'. Raises TypedError."""
    plain = _write_year_out(_plain(written))
    if found := re.fullmatch(r"([12]\d{3}) ([a-z]+)", plain):
        plain = f"{found[2]} {found[1]}"  # 2026 januari
    for code in (written.strip(), *_find_codes(plain), *_find_stretches(written.lower())):
        try:
            return Period.parse(code)
        except PeriodError:
            continue
    wrong = _say_wrong_stretch(written) or _say_meant(plain)
    raise TypedError(f"{_quote(written)} is geen periode; {wrong}")


_GROUPED = r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)"
_AMOUNT = re.compile(rf"(?P<sign>-?)(?P<whole>{_GROUPED})(?:,(?P<cents>[0-9]{{2}}|-))?")


def read_cents(written: str) -> int:
    """Read an amount as Dutch people write it, in cents: 1234, 1.234,56, '€ -12,50'. Raises TypedError."""
    plain = re.sub(r"[\s€]|EUR", "", written.replace("\N{MINUS SIGN}", "-"))
    found = _AMOUNT.fullmatch(plain)
    if found is None or len(plain) > LONGEST_NUMBER:
        raise TypedError(f"{_quote(written)} is geen bedrag; schrijf 1234 of 1.234,56")
    cents = int(found["whole"].replace(".", "")) * 100 + int((found["cents"] or "0").replace("-", "0"))
    return -cents if found["sign"] else cents


def read_number(written: str) -> int:
    """Read a whole number: 1234 or 1.234. Raises TypedError."""
    plain = written.strip()
    if not re.fullmatch(rf"-?{_GROUPED}", plain) or len(plain) > LONGEST_NUMBER:
        raise TypedError(f"{_quote(written)} is geen geheel getal")
    return int(plain.replace(".", ""))


def read_yes_no(written: str) -> bool:
    """Read ja or nee. Raises TypedError."""
    answer = {"ja": True, "j": True, "nee": False, "n": False}.get(written.strip().lower())
    if answer is None:
        raise TypedError(f"{_quote(written)} is geen antwoord; schrijf ja of nee")
    return answer


def read_typed_fact(kind: str, written: object) -> object:
    """Read a fact's value as a person or a file writes it, by the fact's type.

    A number for an amount is whole euros, or euros with cents; the result is in cents. A day may be a date.
    Options of a choice are for the caller to know. Raises TypedError.
    """
    is_number = isinstance(written, (int, float)) and not isinstance(written, bool)
    match kind:
        case "money" if is_number:
            cents = round(float(str(written)) * 100)
            if abs(float(str(written)) * 100 - cents) > SMALLEST:
                raise TypedError(
                    f"{_quote(str(written))} heeft meer dan twee decimalen; schrijf 1234 of 1.234,56"
                )
            return cents
        case "money":
            return read_cents(_as_words(written))
        case "number":
            return written if isinstance(written, int) and is_number else read_number(_as_words(written))
        case "yes_no":
            return written if isinstance(written, bool) else read_yes_no(_as_words(written))
        case "date":
            return (
                written.isoformat() if isinstance(written, date) else read_day(_as_words(written)).isoformat()
            )
    return written


def _quote(written: str) -> str:
    """Return what was typed between quotes; the beginning of what is long."""
    return f"'{written if len(written) <= LONGEST_QUOTE else f'{written[:LONGEST_QUOTE]}…'}'"


def _as_words(written: object) -> str:
    return ("ja" if written else "nee") if isinstance(written, bool) else str(written)


def _plain(written: str) -> str:
    """Return a period in small letters with one space between its parts, and no point after short words."""
    return " ".join(re.sub(r"[-/]|(?<=[a-z])\.", " ", written.lower()).split())


def _is_month(word: str, name: str) -> bool:
    return word in (name, "mrt" if name == "maart" else name[:3]) or (word, name) == ("sept", "september")


def _find_codes(plain: str) -> Iterator[str]:
    """Yield the code that somebody's own way of writing a period comes to, if any."""
    quarter = _QUARTER.fullmatch(plain)
    if quarter:
        found = [value for value in quarter.groupdict().items() if value[1]]
        year = next(value for name, value in found if name.startswith("year"))
        number = next(value for name, value in found if name.startswith("number"))
        if number in _ORDINALS:
            yield f"{year}-Q{_ORDINALS[number]}"
    month = _MONTH.fullmatch(plain)
    if month and month["number"]:
        yield f"{month['year2']}-{month['number']}"
    elif month:
        numbers = [n for n, name in enumerate(MONTH_NAMES, 1) if _is_month(month["name"], name)]
        yield from (f"{month['year']}-{number:02}" for number in numbers)
    half = _HALF_YEAR.fullmatch(plain)
    if half and half["number"]:
        yield f"{half['year']}-H{half['number']}"
    elif half:
        yield f"{half['year2']}-H{1 if half['number2'] in ('1e', 'eerste') else 2}"
    weeks = _FOUR_WEEKS.fullmatch(plain)
    if weeks:
        yield f"{weeks['year'] or weeks['year2']}-P{int(weeks['number'] or weeks['number2']):02}"


def _find_stretches(written: str) -> Iterator[str]:
    """Yield the code of a book year or a range: 'juli 2026 t/m juni 2027', '1-3-2026 t/m 15-4-2026'."""
    ends = _FROM_TO.split(written.strip())
    if len(ends) != 2 or not all(ends):
        return
    plain = [_write_year_out(_plain(end)) for end in ends]
    year = re.search(r"[12]\d{3}", plain[1])
    if year and plain[0].isalpha():  # jan t/m mrt 2026
        plain[0] = f"{plain[0]} {year[0]}"
    months = [next(_find_codes(one), end) for one, end in zip(plain, ends, strict=True)]
    if all(one[:1].isalpha() for one in plain):
        yield from _find_part_of_year(*months)
    yield "..".join(months)
    try:
        yield "..".join(read_day(end).isoformat() for end in ends)
    except TypedError:
        return


def _say_wrong_stretch(written: str) -> str:
    """Return in Dutch why a day or a stretch of days or months is none; empty where it looks like neither."""
    parts = _FROM_TO.split(written.strip().lower())
    ends = [end for end in parts if end]
    for end in ends if len(ends) <= 2 else ():
        if missing := _find_missing_day(end):
            return f"{missing} bestaat niet"
    if len(parts) == 1:
        return ""
    try:
        first, last = (_read_end(end) for end in ends)
    except ValueError:  # an end that cannot be read, or not two of them
        return f"schrijf de eerste en de laatste dag, zoals {STRETCH}"
    if last < first:
        return f"het einde ligt vóór het begin; schrijf de eerste dag eerst, zoals {STRETCH}"
    return (
        f"een boekjaar duurt hoogstens {LONGEST_BOOK_YEAR} maanden; schrijf anders de dagen, zoals {STRETCH}"
    )


def _read_end(written: str) -> date:
    """Return a day, or the first of a month, that a stretch begins or ends with. Raises TypedError."""
    try:
        return read_day(written)
    except TypedError:
        codes = (written, *_find_codes(_write_year_out(_plain(written))))
        months = [code for code in codes if re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", code)]
        if not months:
            raise
        return date.fromisoformat(f"{months[0]}-01")


def _find_missing_day(written: str) -> str:
    """Return a day that a month does not have, in words; empty where that is not what is wrong."""
    plain = _plain(written)
    named = _NAMED_DAY.fullmatch(written.strip().lower())
    found = re.fullmatch(r"(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>[12]\d{3})", plain) or re.fullmatch(
        r"(?P<year>[12]\d{3}) (?P<month>\d{1,2}) (?P<day>\d{1,2})", plain
    )
    if named:
        month = next((n for n, name in enumerate(MONTH_NAMES, 1) if _is_month(named[2], name)), 0)
        day, year = int(named[1]), int(named[3])
    elif found:
        day, month, year = (int(found[name]) for name in ("day", "month", "year"))
    else:
        return ""
    if not 1 <= month <= len(MONTH_NAMES):
        return ""
    days = monthrange(year, month)[1]
    name = f"{MONTH_NAMES[month - 1]} {year}"
    return "" if 1 <= day <= days else f"{name} heeft {days} dagen, dus {day} {name}"


def _find_part_of_year(first: str, last: str) -> Iterator[str]:
    """Yield the quarter or half year that months, named by their words, are together."""
    stretch = re.fullmatch(r"(\d{4})-(\d\d)\.\.\1-(\d\d)", f"{first}..{last}")
    if stretch is None:
        return
    year, begin, end = stretch[1], int(stretch[2]), int(stretch[3])
    for kind, months in (("Q", 3), ("H", 6)):
        if end - begin == months - 1 and end % months == 0:
            yield f"{year}-{kind}{end // months}"


def _write_year_out(plain: str) -> str:
    """Return a period with its year in four digits, where it ends in two: 'jan 26', 'q1 26'.

    After a word alone: a number after a number may be a month.
    """
    found = re.fullmatch(r"((?:.*[a-z]|(?:.* )?[qk] ?\d|kwartaal \d(?: van)?)) '?(\d\d)", plain)
    return f"{found[1]} 20{found[2]}" if found and not re.search(r"\d{4}", found[1]) else plain


def _say_meant(plain: str) -> str:
    """Return what is wrong with a period, or which one is probably meant, and how to write one."""
    if turned := re.fullmatch(r"(\d{1,2}) ([12]\d{3})", plain):
        plain = f"{turned[2]} {turned[1]}"
    broken = re.fullmatch(rf"(?:boekjaar )?{_YEAR} (?P<next>[12]\d{{3}})", plain)
    if broken and int(broken["next"]) == int(broken["year"]) + 1:
        months = f"{broken['year']}-07..{broken['next']}-06"
        return f"schrijf van een gebroken boekjaar de maanden, zoals {months}"
    month = re.fullmatch(rf"{_YEAR} ?(?P<number>\d+)", plain)
    if month and 0 < int(month["number"]) <= 12:
        year, number = month["year"], int(month["number"])
        meant = f"bedoelt u {year}-{number:02} ({MONTH_NAMES[number - 1]})"
        return f"{meant} of {year}-Q{number}?" if number < 5 and len(month["number"]) == 1 else f"{meant}?"
    if month:
        return f"een jaar heeft twaalf maanden, 01 tot en met 12; schrijf {PERIODS}"
    if _QUARTER.fullmatch(plain):
        return f"een jaar heeft vier kwartalen, Q1 tot en met Q4; schrijf {PERIODS}"
    named = re.fullmatch(rf"(?P<name>[a-z]+) {_YEAR}", plain)
    near = nearest(named["name"], MONTH_NAMES) if named else None
    if named and near:
        return f"bedoelt u {near} {named['year']} ({named['year']}-{MONTH_NAMES.index(near) + 1:02})?"
    return f"schrijf {PERIODS}"

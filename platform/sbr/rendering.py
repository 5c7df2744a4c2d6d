"""The rendering of a VAT return for the client, in Dutch (R23): a text and a page that stands by itself.

Made from the instance read back from its bytes, so what is shown is what is sent. The same input gives the
same characters. The OB number is masked, since it may hold a BSN; the payment reference stands in full, since
the client pays with it.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..identifiers import mask_number
from .instance import Instance
from .payment import PaymentAdvice, grouped
from .rubrieken import AMOUNT_ITEMS, INPUT, OWED, SECTIONS, TOTAL, TOTAL_TITLES, TOTALS
from .wording import day_in_words, days_in_words, euros, number, period_in_words

_WIDTH = 78
_LABEL_WIDTH, _AMOUNT_WIDTH = 46, 14


@dataclass(frozen=True, slots=True)
class Line:
    """One rubriek as shown; an empty text where it has no such column."""

    rubriek: str
    title: str
    turnover: str
    vat: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the form with the lines that are not zero."""

    title: str
    lines: tuple[Line, ...]


def render_text(instance: Instance, relation: str, office: str, payment: PaymentAdvice) -> str:
    """Return the return as plain text, at most 78 characters a line.

    `relation` and `office` are the names that the client knows; `payment` says what to do about 5g. Raises
    ValueError when `payment` tells another amount than the instance.
    """
    template = _ENVIRONMENT.get_template("return.txt.j2")
    return template.render(_context(instance, relation, office, payment))


def render_html(instance: Instance, relation: str, office: str, payment: PaymentAdvice) -> str:
    """Return the return as one HTML page without anything from outside; arguments as for `render_text`."""
    template = _ENVIRONMENT.get_template("return.html.j2")
    return template.render(_context(instance, relation, office, payment))


def _context(instance: Instance, relation: str, office: str, payment: PaymentAdvice) -> dict[str, object]:
    if not _agrees(instance, payment):
        raise ValueError("the payment advice is about another amount than the return")
    return {
        "relation": " ".join(relation.split()),
        "office": " ".join(office.split()),
        "instance": instance,
        "payment": payment,
        "period": period_in_words(instance.start, instance.end),
        "days": days_in_words(instance.start, instance.end),
        "groups": tuple(_groups(instance)),
        "totals": tuple(_totals(instance)),
        "nil": not any(instance.amounts.values()),
    }


def _agrees(instance: Instance, payment: PaymentAdvice) -> bool:
    """Say whether a payment advice is about this instance's total, by amount and direction."""
    sign = (instance.total > 0) - (instance.total < 0)
    return payment.amount == abs(instance.total) and _SIGNS.get(payment.direction, sign) == sign


def _groups(instance: Instance) -> Iterator[Group]:
    for section in SECTIONS:
        shown = tuple(
            Line(rubriek.id, rubriek.title, _shown(instance, rubriek.turnover), _shown(instance, rubriek.vat))
            for rubriek in section.rubrieken
            if _amount(instance, rubriek.turnover) or _amount(instance, rubriek.vat)
        )
        if shown:
            yield Group(f"{section.number}. {section.title}", shown)
    other = [name for name, amount in instance.amounts.items() if amount and name not in AMOUNT_ITEMS]
    if other:  # Nothing that is sent may be left out, whatever the form of that year called it.
        lines = (Line("", name, number(instance.amounts[name]), "") for name in other)
        yield Group("Overige gegevens", tuple(lines))


def _totals(instance: Instance) -> Iterator[Line]:
    for rubriek in (OWED, INPUT, TOTAL):
        yield Line(rubriek, _total_title(instance, rubriek), "", _shown(instance, TOTALS[rubriek]))


def _total_title(instance: Instance, rubriek: str) -> str:
    if rubriek != TOTAL or instance.total == 0:
        return TOTAL_TITLES[rubriek]
    return "Totaal te betalen" if instance.total > 0 else "Totaal terug te krijgen"


def _amount(instance: Instance, item: str | None) -> int:
    return instance.amounts.get(item, 0) if item else 0


def _shown(instance: Instance, item: str | None) -> str:
    return number(_amount(instance, item)) if item else ""


def _text_row(line: Line) -> str:
    first, *more = textwrap.wrap(line.title, _LABEL_WIDTH)
    amounts = f"{line.turnover:>{_AMOUNT_WIDTH}}{line.vat:>{_AMOUNT_WIDTH}}"
    rows = [f"{line.rubriek:<4}{first:<{_LABEL_WIDTH}}{amounts}".rstrip()]
    return "\n".join([*rows, *(f"    {text}" for text in more)])


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


_SIGNS = {"pay": 1, "wait": 1, "refund": -1, "nothing": 0}

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html.j2",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_ENVIRONMENT.filters |= {
    "day": day_in_words,
    "euros": euros,
    "grouped": grouped,
    "mask": mask_number,
    "row": _text_row,
    "wrapped": _wrapped,
}

"""The rendering of a VAT return for the client (R23).

Made from the instance read back from its bytes, so what is shown is what is sent. The OB number is masked,
since it may hold a BSN; the payment reference is shown in full, since the client pays with it.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...identifiers import mask_number
from ..instance import Instance
from ..payment import PaymentAdvice
from ..rendering import Frame, Rendering, render
from ..wording import format_number
from .instance import REFERENCE_ITEM, find_total
from .rubrieken import AMOUNT_ITEMS, INPUT, OWED, SECTIONS, TOTAL, TOTAL_TITLES, TOTALS

TITLE = "Aangifte omzetbelasting"
AUTHORITY = "de Belastingdienst"
_TEMPLATES = Path(__file__).parent / "templates"
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


def render_vat_return(instance: Instance, relation: str, office: str, payment: PaymentAdvice) -> Rendering:
    """Render a return; `payment` says what to do about 5g.

    Raises ValueError when `payment` is about another amount than the instance.
    """
    reference = instance.texts.get(REFERENCE_ITEM)
    frame = Frame(
        title=TITLE,
        relation=relation,
        office=office,
        authority=AUTHORITY,
        start=instance.start,
        end=instance.end,
        details=(
            ("OB-nummer", mask_number(instance.identifier)),
            *((("Kenmerk", reference),) if reference else ()),
        ),
        total=find_total(instance),
        payment=payment,
        sha256=instance.sha256,
    )
    return render(
        _TEMPLATES,
        "return",
        frame,
        groups=tuple(_list_groups(instance)),
        totals=tuple(_list_totals(instance)),
        nil=not any(instance.amounts.values()),
        format_line=_format_line,
    )


def _list_groups(instance: Instance) -> Iterator[Group]:
    for section in SECTIONS:
        shown = tuple(
            Line(
                rubriek.id,
                rubriek.title,
                _format_amount(instance, rubriek.turnover),
                _format_amount(instance, rubriek.vat),
            )
            for rubriek in section.rubrieken
            if _find_amount(instance, rubriek.turnover) or _find_amount(instance, rubriek.vat)
        )
        if shown:
            yield Group(f"{section.number}. {section.title}", shown)
    other = [name for name, amount in instance.amounts.items() if amount and name not in AMOUNT_ITEMS]
    if other:  # Nothing that is sent may be left out, whatever the form of that year called it.
        lines = (Line("", name, format_number(instance.amounts[name]), "") for name in other)
        yield Group("Overige gegevens", tuple(lines))


def _list_totals(instance: Instance) -> Iterator[Line]:
    for rubriek in (OWED, INPUT, TOTAL):
        yield Line(rubriek, _choose_title(instance, rubriek), "", _format_amount(instance, TOTALS[rubriek]))


def _choose_title(instance: Instance, rubriek: str) -> str:
    if rubriek != TOTAL or find_total(instance) == 0:
        return TOTAL_TITLES[rubriek]
    return "Totaal te betalen" if find_total(instance) > 0 else "Totaal terug te krijgen"


def _find_amount(instance: Instance, item: str | None) -> int:
    return instance.amounts.get(item, 0) if item else 0


def _format_amount(instance: Instance, item: str | None) -> str:
    return format_number(_find_amount(instance, item)) if item else ""


def _format_line(line: Line) -> str:
    first, *more = textwrap.wrap(line.title, _LABEL_WIDTH)
    amounts = f"{line.turnover:>{_AMOUNT_WIDTH}}{line.vat:>{_AMOUNT_WIDTH}}"
    rows = [f"{line.rubriek:<4}{first:<{_LABEL_WIDTH}}{amounts}".rstrip()]
    return "\n".join([*rows, *(f"    {text}" for text in more)])

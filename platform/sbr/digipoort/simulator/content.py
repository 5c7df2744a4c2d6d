"""What Digipoort and the Belastingdienst look at in an instance, as far as the simulator plays it.

Digipoort compares the identity of the metadata with that of the instance and validates against the taxonomy
(status 311 when one is wrong); of the taxonomy the form of a VAT return is played (`form`). An authority may
take messages of a kind from some day of the period's last month on (status 510 before that): the
Belastingdienst a VAT return from the 24th.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from lxml import etree

from ..messages import Delivery
from ..parsing import XmlError, parse
from .form import find_form_breaches
from .scenarios import INVALID, REFUSED, Step

_VAT = "Omzetbelasting"
_XBRLI = "http://www.xbrl.org/2003/instance"
EARLIEST_DAYS: Mapping[str, int] = {"Omzetbelasting": 24}
"""By message kind the day of the period's last month from which it is taken; others are on any day."""


def refuse(
    delivery: Delivery, office_now: datetime, earliest_days: Mapping[str, int]
) -> tuple[Step, ...] | None:
    """Return the course of an instance that is refused for what it says; None when it may go on."""
    try:
        instance = parse(delivery.content)
    except XmlError:
        return _with_text(INVALID, "Het bericht is geen leesbaar XML-document.")
    if instance.tag != f"{{{_XBRLI}}}xbrl":
        return _with_text(INVALID, "Het bericht is geen XBRL-instance.")
    if {number.strip() for number in _texts(instance, "identifier")} != {delivery.identity.number}:
        text = "De identiteit van de belanghebbende komt niet overeen met die in het bericht."
        return _with_text(INVALID, text)
    day = earliest_days.get(delivery.message_kind)
    if day is None and delivery.message_kind != _VAT:
        return None
    try:
        end = max(date.fromisoformat(text.strip()) for text in _texts(instance, "endDate"))
    except ValueError:
        return _with_text(INVALID, "Het tijdvak van het bericht is niet te lezen.")
    breaches = find_form_breaches(instance, end.year) if delivery.message_kind == _VAT else ()
    for breach in breaches:
        return _with_text(INVALID, breach)
    return None if day is None else _refuse_early(end, office_now.date(), day)


def _refuse_early(end: date, today: date, day: int) -> tuple[Step, ...] | None:
    earliest = end.replace(day=day)
    if today >= earliest:
        return None
    return _with_text(REFUSED, f"De aangifte is te vroeg: indienen kan vanaf {earliest:%d-%m-%Y}.")


def _texts(instance: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in instance.iter(f"{{{_XBRLI}}}{name}")]


def _with_text(course: tuple[Step, ...], text: str) -> tuple[Step, ...]:
    return (*course[:-1], replace(course[-1], fault_text=text))

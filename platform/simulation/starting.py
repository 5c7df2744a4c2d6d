"""What a simulated filing starts with: an invented relation, or what the office holds of a real one."""

from datetime import date, datetime, time, timedelta

from ..context import NATURAL_FORMS
from ..data import Scalar
from ..days import apply_date_rule
from ..filing.events import SYSTEM, Calendars, FilingKey, Start
from ..office.calendars import calendars
from ..period import Period
from ..plan import Office, Plan

HORIZON = timedelta(days=500)
"""How far after the period working days are known, as for a real filing."""

NUMBER = "1001"


def invent_relation(office: Office, legal_form: str, name: str = "Voorbeeld") -> dict[str, Scalar]:
    """Return what a filing knows of a relation of this legal form; the office's fields say no, or nothing."""
    own: dict[str, Scalar] = {field.id: False if field.type == "yes_no" else None for field in office.fields}
    return own | {
        "number": NUMBER,
        "name": f"{name} {legal_form}".strip(),
        "legal_form": legal_form,
        "natural_person": legal_form in NATURAL_FORMS,
    }


FLAGS = ("foreign", "kor", "fiscal_unit")
"""What of a product is so or is not."""


def invent_product(office: Office, plan: Plan, frequency: str) -> dict[str, Scalar]:
    """Return what a filing knows of the first product of its template, at a frequency."""
    product = plan.products[0]
    title = next((one.title for one in office.products if one.id == product), product)
    return {
        "id": product,
        "title": title,
        "frequency": frequency,
        "sub_number": "-",
        **dict.fromkeys(FLAGS, False),
    }


def find_start_day(plan: Plan, period: Period, office: Office) -> date:
    """Return the day on which a filing over a period is made, by the template's `created` rule."""
    anchor = period.start if plan.created.anchor == "period.start" else period.end
    closed = calendars(office.closing_days, period.start - HORIZON, period.end + HORIZON).office
    return apply_date_rule(plan.created, anchor, closed)


def make_start(
    plan: Plan,
    office: Office,
    period: Period,
    relation: dict[str, Scalar],
    product: dict[str, Scalar],
    *,
    on: date | None = None,
    automations_off: tuple[str, ...] = (),
) -> Start:
    """Return the start of a filing as a real one has it: `on` a day, by default that of the template."""
    day = on or find_start_day(plan, period, office)
    days = calendars(office.closing_days, min(day, period.start), max(day, period.end) + HORIZON)
    key = FilingKey(
        template=plan.template,
        relation=str(relation["number"]),
        period=period.code,
        sub_number=str(product["sub_number"]),
    )
    return Start(
        at=datetime.combine(day, time(office.opening_hour)),
        filing=key,
        period=period,
        start_date=day,
        relation=relation,
        product=product,
        calendars=Calendars(office=days.office, law=days.law, bank=days.bank),
        opening_hour=office.opening_hour,
        automations_off=automations_off,
        begun_on=day,
        by=SYSTEM,
    )


def find_last_day(start: Start) -> date:
    """Return the day on which a simulation stops where nobody says: the end of the filing's horizon."""
    return max(start.start_date, start.period.end) + HORIZON

"""Days that people type which lie so far off that the year was probably typed wrongly (R63)."""

from datetime import date

from ..filing.outcome import Refusal
from ..office.exchange import complain_far_beginning
from ..period import add_months, in_words


def refuse_far_day(day: date | None, today: date, years: int = 1) -> Refusal | None:
    """Refuse a day more than so many years before or after today; no day is never far."""
    span = "een jaar" if years == 1 else f"{years} jaar"
    if day is None or add_months(today, -12 * years) <= day <= add_months(today, 12 * years):
        return None
    where = "vooruit" if day > today else "terug"
    return Refusal(code="far_day", text=f"{in_words(day)} ligt meer dan {span} {where}. Klopt het jaar?")


def refuse_far_beginning(day: date, today: date) -> Refusal | None:
    """Refuse a first day of what may have begun long ago, such as a title or a link between relations."""
    text = complain_far_beginning(day, today)
    return Refusal(code="far_day", text=text) if text else None

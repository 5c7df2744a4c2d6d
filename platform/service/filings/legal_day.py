"""The last day by law of a filing, against the day until which it would be held (R30)."""

from datetime import date

from ...filing.outcome import Refusal
from ...filing.view import DeadlineView, View
from ...period import in_words


def find_legal_day(view: View, today: date, until: date | None) -> DeadlineView | None:
    """Return the first deadline still ahead, or the first that would pass before a day; None without any."""
    ahead = [one for one in view.deadlines if one.status == "open" and one.due and one.due >= today]
    passed = [one for one in ahead if until is None or (one.due and one.due < until)]
    return min(passed, key=lambda one: one.due or date.max, default=None)


def refuse_past_legal_day(view: View, today: date, until: date | None) -> Refusal | None:
    """Refuse to hold a filing until a day by which its last day by law has passed."""
    found = find_legal_day(view, today, until) if until else None
    if found is None or found.due is None:
        return None
    text = (
        f"De laatste dag van '{found.title}' is {in_words(found.due)}: die gaat voorbij terwijl de opdracht "
        "is aangehouden. Kies een eerdere dag, of zeg dat het langer mag duren."
    )
    return Refusal(code="past_legal_day", text=text)

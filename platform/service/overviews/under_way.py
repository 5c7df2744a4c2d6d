"""What goes on by itself in a phase that delivers: since when, and what it waits for."""

from collections.abc import Sequence
from datetime import date

from ...filing.view import View
from ...office.overviews.timeline import TimelineLine
from ...period import in_words, moment_in_words
from ...plan import Deliver, Plan

_SAID = ("delivering", "delivered", "retried", "accepted", "refused", "stands_still", "sent_back")
"""After one of these the one before it no longer holds."""
_BY_ITSELF = "Dit gaat vanzelf; u hoeft niets te doen."


def say_deliveries(plan: Plan, seen: View, lines: Sequence[TimelineLine], on: date) -> dict[str, str]:
    """Return in Dutch how far the deliveries that run are on a day, by phase; none of what stands still."""
    active = {one.id for one in seen.phases if one.status == "active"}
    found = {
        phase.id: _say(seen, phase.deliver, [one for one in lines if one.phase == phase.id], on)
        for phase in plan.phases
        if phase.id in active and phase.deliver and not phase.deliver.by_hand
    }
    return {phase: f"{text} {_BY_ITSELF}" for phase, text in found.items() if text}


def _say(seen: View, deliver: Deliver, lines: Sequence[TimelineLine], on: date) -> str:
    title = next((one.title for one in seen.documents if one.id == deliver.document), "De aangifte")
    told = [one for one in lines if one.what in _SAID]
    last = told[-1] if told else None
    if last is None or last.what in ("refused", "sent_back"):
        first = next((one.earliest for one in seen.deadlines if one.id == deliver.deadline), None)
        return (
            f"‘{title}’ wordt ingediend op {in_words(first)}; eerder kan niet."
            if first and first > on
            else ""
        )
    at = moment_in_words(last.at)
    begun = next((one for one in reversed(told) if one.what == "delivering"), last)
    attempt = f" (poging {begun.data['attempt']})" if begun.data.get("attempt", "1") != "1" else ""
    if last.what == "delivering":
        return (
            f"‘{title}’ wordt sinds {at} ingediend{attempt}. Digipoort heeft de ontvangst nog niet bevestigd."
        )
    if last.what == "delivered":
        under = f" onder kenmerk {last.data['reference']}" if "reference" in last.data else ""
        return f"‘{title}’ is op {at} bij Digipoort aangeleverd{under}{attempt}. De uitslag is er nog niet."
    return (
        f"Naar de uitslag van ‘{title}’ wordt sinds {at} opnieuw gevraagd." if last.what == "retried" else ""
    )

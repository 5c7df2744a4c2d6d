"""Beheer: how the office itself does."""

from starlette.responses import Response

from ...period import in_words
from ...service.results import Refusal
from ...service.upkeep.practice_time import end_of_next_day, is_practice, let_time_run
from ...service.upkeep.system_pages import read_system
from ...service.visiting.front import read_front
from ...typed import TypedError, read_day
from ...words import ALARM_WORDS, DELIVERY_WORDS, MAIL_WORDS, PROGRAM_WORDS, WORK_WORDS
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..page import Page

BASE = "/beheer/systeem"
OTHER_ALARM = "Er is iets misgegaan. Laat wie de server beheert ernaar kijken."


def show_system(call: Call) -> Response:
    """Show what runs, what stands still, and what is under way."""
    return _show(open_draft(call, BASE))


def move_clock(call: Call) -> Response:
    """Let the clock of a practice office run on until the end of a day; no other has this page."""
    if not is_practice(call.desk):
        not_there()
    try:
        day = read_day(call.read_text("tot"))
    except TypedError as error:
        refusal = Refusal(code="no_day", text=error.sentence, field="day")
        return lead_back(call, show_system, BASE, refusal=refusal)
    refused = call.acting.run(let_time_run(call.desk, day))
    if refused is not None:
        return lead_back(call, show_system, BASE, refusal=refused)
    return go(call, BASE, f"De klok loopt tot en met {in_words(day)}.")


def _show(call: Call) -> Response:
    front = read_front(call.desk)
    found = read_system(call.desk, front.now.date())
    return show(
        call,
        "system.html.j2",
        front=front,
        refusal=call.told.refusal,
        typed=call.read_text("tot"),
        next_day=end_of_next_day(front.now),
        telling=call.desk.telling,
        found=found,
        delivery_words=DELIVERY_WORDS,
        alarm_words=ALARM_WORDS,
        other_alarm=OTHER_ALARM,
        work_words=WORK_WORDS,
        mail_words=MAIL_WORDS,
        program_words=PROGRAM_WORDS,
    )


PAGES = (
    Page(BASE, "manager", show_system),
    Page("/beheer/systeem/klok", "manager", move_clock, "POST", form=BASE),
)

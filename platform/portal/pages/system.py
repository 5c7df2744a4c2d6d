"""Beheer: how the office itself does."""

from starlette.responses import Response

from ...service.front import read_front
from ...service.system_pages import read_system
from ...words import ALARM_WORDS, DELIVERY_WORDS
from ..answers import show
from ..call import Call
from ..routes import Page

OTHER_ALARM = "Er is iets misgegaan. Laat wie de server beheert ernaar kijken."


def show_system(call: Call) -> Response:
    """Show what runs, what stands still, and what is under way."""
    front = read_front(call.desk)
    found = read_system(call.desk, front.now.date())
    return show(
        call,
        "system.html.j2",
        front=front,
        found=found,
        delivery_words=DELIVERY_WORDS,
        alarm_words=ALARM_WORDS,
        other_alarm=OTHER_ALARM,
    )


PAGES = (Page("/beheer/systeem", "manager", show_system),)

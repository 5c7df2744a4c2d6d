"""The list of filings, filtered."""

from starlette.responses import Response

from ...period import Period
from ...service.overviews.browsing import Wanted, list_filings
from ...service.visiting.front import read_front
from ...typed import TypedError, read_period
from ...words import ENDED_WORDS, PLANNER_WORDS
from ..answers import show
from ..call import Call
from ..filtering import address_of, keep_filters, read_filter, read_page
from ..page import Page
from .searching import show_hits

FILTERS = ("werkproces", "relatie", "periode", "status")
STATES = {
    **{str(state): word for state, word in PLANNER_WORDS.items()},
    "cancelled": ENDED_WORDS["cancelled"],
}


def list_all(call: Call) -> Response:
    """Show a page of the filings."""
    front = read_front(call.desk)
    given = {name: read_filter(call, name) for name in FILTERS}
    period, wrong = _read_period(given["periode"])
    wanted = Wanted(
        template=given["werkproces"],
        relation=given["relatie"],
        period=period,
        state=given["status"] if given["status"] in STATES else "",
    )
    return show(
        call,
        "filings.html.j2",
        front=front,
        given=given,
        found=list_filings(call.desk, wanted, front.now.date(), read_page(call)),
        states=STATES,
        wrong=wrong,
        say_period=lambda code: Period.parse(code).words,
        turn=lambda page: address_of("/opdrachten", **given, pagina=page),
    )


def filter_filings(call: Call) -> Response:
    """Go to the filings that were asked for."""
    return keep_filters(call, "/opdrachten", FILTERS) or show_hits(call, call.read_text("relatie"))


def _read_period(text: str) -> tuple[str, str]:
    """Return the code of the period that was typed, and what is wrong with it."""
    if not text:
        return "", ""
    try:
        return read_period(text).code, ""
    except TypedError as error:
        return text, error.sentence


PAGES = (
    Page("/opdrachten", "team", list_all),
    Page("/opdrachten", "team", filter_filings, "POST", acts=False),
)

"""How a page answers: a template filled in, another address, or why not."""

import hashlib
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ..fact_values import say_money
from ..period import in_words
from ..service.front import read_front
from ..service.names import short_name
from ..service.results import Refusal
from ..service.visiting import leave_word
from ..words import PLANNER_WORDS, RELATION_STATUS_WORDS
from .call import Call

TEMPLATES = Path(__file__).parent / "templates"
TEAM_MENU = (
    ("/werk", "Mijn werk"),
    ("/opdrachten", "Opdrachten"),
    ("/planner", "Planner"),
    ("/relaties", "Relaties"),
    ("/beheer/werkprocessen", "Werkprocessen"),
)
MANAGER_MENU = (*TEAM_MENU, ("/beheer/systeem", "Systeem"))
CLIENT_MENU = (("/mijn", "Wat wacht op mij"),)
_HERE = ZoneInfo("Europe/Amsterdam")
_ACT = re.compile(r'name="act" value="[0-9a-f]{32}"')


def show(call: Call, template: str, *, status: int = 200, **facts: Any) -> Response:
    """Return a page made of a template and facts; its ETag tells whether what it says has changed.

    A page that has read the office's front gives it among the facts.
    """
    known: dict[str, Any] = {"call": call, "visitor": call.visitor, "word": call.shown}
    if "front" not in facts:
        known["front"] = read_front(call.desk)
    text = environment().get_template(template).render(known | facts)
    response = HTMLResponse(text, status_code=status)
    response.headers["ETag"] = f'"{hashlib.sha256(_ACT.sub("", text).encode()).hexdigest()[:32]}"'
    if call.shown and call.token:
        leave_word(call.desk, call.token, "")
    return response


def go(call: Call, path: str, word: str = "") -> Response:
    """Send the browser to another of our pages, which says `word` first."""
    if word and call.token:
        leave_word(call.desk, call.token, word)
    return RedirectResponse(path, status_code=303)


def refuse(call: Call, refusal: Refusal, *, status: int = 409, back: str = "") -> Response:
    """Return a page that says why something was not done, with a way back."""
    return show(call, "refused.html.j2", status=status, refusal=refusal, back=back)


@cache
def environment() -> Environment:
    """Return the templates of all pages: what is not known is a mistake, what is shown is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": say_day, "moment": say_moment, "money": say_money, "filing_name": short_name}
    made.filters["local_moment"] = say_local_moment
    made.globals |= {
        "new_act": lambda: uuid4().hex,
        "team_menu": TEAM_MENU,
        "manager_menu": MANAGER_MENU,
        "client_menu": CLIENT_MENU,
        "planner_words": PLANNER_WORDS,
        "status_words": RELATION_STATUS_WORDS,
    }
    return made


def say_day(day: date | None) -> str:
    """Return a day in words; of one that is not known yet, that."""
    return in_words(day) if day else "nog niet bekend"


def say_moment(moment: datetime) -> str:
    """Return a moment of office time in words."""
    return f"{in_words(moment.date())} om {moment:%H:%M}"


def say_local_moment(moment: datetime) -> str:
    """Return a moment of real time in words, as clocks in the Netherlands have it."""
    return say_moment(moment.astimezone(_HERE))

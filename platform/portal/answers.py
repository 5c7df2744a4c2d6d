"""How a page answers: a template filled in, another address, or why not."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ..fact_values import say_euros
from ..identifiers import HIDDEN_NUMBERS, read_phone
from ..period import in_words, moment_in_words, say_over
from ..service.drafts import Typed
from ..service.names import short_name
from ..service.results import Refusal
from ..service.starting.starting_pages import STARTS_FOR
from ..service.visiting.front import Front, read_front
from ..service.visiting.visiting import forget_word
from ..typed import PERIODS, TypedError, read_day
from ..unseen import hold_as_typed, show_unseen
from ..words import (
    AUDIENCE_WORDS,
    CLIENT_DECIDED_WORDS,
    CLIENT_ITEM_WORDS,
    CLIENT_REQUEST_WORDS,
    CLIENT_TASK_WORDS,
    LANGUAGE_WORDS,
    PLANNER_WORDS,
    RELATION_STATUS_WORDS,
    describe_state,
    mark_state,
    say_client_offer,
    say_id,
    say_legal_form,
)
from .call import KEY, UNKEPT, WHOSE, Call
from .plain_refusals import say_plainly
from .safety import own_path

TEMPLATES = Path(__file__).parent / "templates"
TEAM_MENU = (
    ("/werk", "Mijn werk"),
    ("/opdrachten", "Opdrachten"),
    ("/planner", "Planner"),
    ("/relaties", "Relaties"),
    ("/inzichten", "Inzichten"),
    ("/bulk", "Bulk"),
    ("/beheer/werkprocessen", "Werkprocessen"),
    ("/beheer/team", "Team"),
)
MANAGER_MENU = (("/beheer/systeem", "Systeem"), ("/beheer/medewerkers", "Medewerkers"))
SEE = {
    "people": ("/beheer/team", "Wie er werken"),
    "relations": ("/relaties", "Alle relaties"),
    "filings": ("/opdrachten", "Alle opdrachten"),
    "recurrences": ("/planner", "Wat gepland staat"),
    "dossier": ("/relaties", "De dossiers, bij hun relatie"),
}
"""Where colleagues find what a refusal sends them to: an address, and what it is called."""
CLIENT_MENU = (("/mijn", "Wat wacht op mij"), ("/aangiften", "Aangiften en stukken"))
NO_FRONT = Front(name="kantoor", phone="", email="", now=datetime.min, practice=False)
_IN_PATHS = "/:%#?=&@+,;~"
_HERE = ZoneInfo("Europe/Amsterdam")
_FORM = re.compile(r'<form [^<>]*method="post"[^<>]*>')
_WHOLE_FORM = re.compile(rf"({_FORM.pattern})(.*?)</form>", re.DOTALL)
_MARK = " data-unkept"
"""Behind the method of a form, or behind the name of a field: what is typed there is kept nowhere."""
_NAMED = re.compile(rf' name="([^"]*)"({_MARK})?')
_FILLED_IN = re.compile(r'<(?:textarea|select|input (?![^<>]*type="hidden"))')
_ONE_AT_A_TIME = (
    '<noscript><p class="hint">Op deze pagina staan meer formulieren. Verstuur er een tegelijk: wat u in een '
    "ander typte of koos, gaat niet mee en blijft niet staan.</p></noscript>"
)
_HELD = re.compile(r' value="[^"]*"|<textarea[^<>]*>[^<]*')
"""What a form sends back: nobody can type one, since each quote and bracket that is shown is escaped."""
_ACT = re.compile(r'name="act" value="[0-9a-f]{32}"')


def show(call: Call, template: str, *, status: int = 0, **facts: Any) -> Response:
    """Return a page made of a template and facts; its ETag tells whether what it says has changed.

    A page that has read the office's front gives it among the facts. Without a status it is that of what is
    said of a form; who only looks whether the page has changed gets it as any page.
    """
    status = status or (200 if call.looks else call.told.status)
    front = facts.pop("front", None) or read_front(call.desk)
    if isinstance(refusal := facts.get("refusal"), Refusal):
        facts["refusal"] = say_plainly(refusal)
    response = HTMLResponse(text := render(call, template, front, facts), status_code=status)
    response.headers["ETag"] = f'"{hashlib.sha256(_ACT.sub("", text).encode()).hexdigest()[:32]}"'
    if call.shown and call.token and not call.looks:
        forget_word(call.desk, call.token)
    return response


def show_alone(call: Call, template: str, *, status: int, **facts: Any) -> Response:
    """Return a page that needs nothing of the office: its database cannot be reached."""
    alone = replace(call, visitor=None, shown="")
    return HTMLResponse(render(alone, template, NO_FRONT, facts), status_code=status)


def render(call: Call, template: str, front: Front, facts: Mapping[str, Any]) -> str:
    """Return the text of a page; its forms say whom it is for, which was opened, and what is not kept.

    No browser fills them in by itself: what somebody typed before would come over what the page has now.
    """
    known = {"call": call, "visitor": call.visitor, "front": front}
    assert not known.keys() & facts.keys(), "a page's own facts would stand for those of every page"
    text = mark_unseen(environment().get_template(template).render({**known, **facts}))
    text = text.replace("<form ", '<form autocomplete="off" ')
    if call.visitor is None:
        return text
    head, main, rest = text.partition("<main")
    if len([form for form in _FORM.split(rest)[1:] if _FILLED_IN.search(form.partition("</form>")[0])]) > 1:
        rest = rest.replace(">", f">{_ONE_AT_A_TIME}", 1)
    own = {WHOSE: call.visitor.id}
    keyed = own | {KEY: call.key} if call.key else own  # the forms above the page are others
    return f"{_mark_forms(head, own)}{main}{_mark_forms(rest, keyed)}"


def _mark_forms(text: str, own: Mapping[str, str]) -> str:
    """Return the text with what each form is to say, but what it holds already, as it was sent before."""

    def mark(form: re.Match[str]) -> str:
        held = "".join(_hold(name, value) for name, value in own.items() if f' name="{name}"' not in form[2])
        return f"{form[1]}{held}{_name_unkept(form)}{form[2]}</form>"

    return _WHOLE_FORM.sub(mark, text)


def _name_unkept(form: re.Match[str]) -> str:
    """Return the field that names the fields of a form that are marked, or all of them where the form is."""
    whole = _MARK in form[1]
    names = dict.fromkeys(name for name, mark in _NAMED.findall(form[2]) if name and (whole or mark))
    return _hold(UNKEPT, " ".join(names)) if names else ""


def _hold(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


class Lead(RedirectResponse):
    """Leads to another of our pages, which says `word` first.

    `done` is whether a form that was answered so is done: nothing that was typed in it is kept any more but
    what is `left` of it, a form with what is told to who goes back.
    """

    def __init__(self, path: str, word: str, *, done: bool, left: tuple[str, Typed] | None) -> None:
        super().__init__(own_path(quote(path, safe=_IN_PATHS)) or "/", status_code=303)
        self.word, self.done, self.left = word, done, left


def go(
    call: Call, path: str, word: str = "", *, done: bool = True, left: tuple[str, Typed] | None = None
) -> Response:
    """Send the browser to another of our pages (`Lead`); else to the first one."""
    return Lead(path, word, done=done, left=left)


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
    made.tests["startable"] = STARTS_FOR.__contains__
    made.filters |= {
        "day": say_day,
        "over": say_over,
        "moment": say_moment,
        "euros": say_euros,
        "filing_name": short_name,
        "say_id": say_id,
        "say_legal_form": say_legal_form,
        "dial": read_phone,
        "local_moment": say_local_moment,
    }
    made.globals |= {
        "new_act": lambda: uuid4().hex,
        "day_field": lay_out_day,
        "hidden_numbers": HIDDEN_NUMBERS,
        "periods": PERIODS,
        "team_menu": TEAM_MENU,
        "manager_menu": MANAGER_MENU,
        "client_menu": CLIENT_MENU,
        "see": SEE,
        "planner_words": PLANNER_WORDS,
        "say_state": describe_state,
        "mark_state": mark_state,
        "status_words": RELATION_STATUS_WORDS,
        "audience_words": AUDIENCE_WORDS,
        "language_words": LANGUAGE_WORDS,
        "say_client_offer": say_client_offer,
        "client_words": {
            "request": CLIENT_REQUEST_WORDS,
            "task": CLIENT_TASK_WORDS,
            "item": CLIENT_ITEM_WORDS,
            "decided": CLIENT_DECIDED_WORDS,
        },
    }
    return made


def mark_unseen(page: str) -> str:
    """Return the text of a page with what nobody would see marked, but in what its forms hold.

    That is sent back as it is there, and is kept: a mark would be written into the record.
    """
    lines = page.replace("\r\n", "\n").split("\n")
    if all(show_unseen(line) == line for line in lines):  # most pages, and quick where a line is ASCII
        return page
    return "".join(
        hold_as_typed(part) if held else show_unseen(part) for part, held in _split_by_holding(page)
    )


def _split_by_holding(page: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a page in turn, and whether a form holds them and sends them back."""
    end = 0
    for held in _HELD.finditer(page):
        yield page[end : held.start()], False
        yield held[0], True
        end = held.end()
    yield page[end:], False


def say_day(day: date | None) -> str:
    """Return a day in words; of one that is not known yet, that."""
    return in_words(day) if day else "nog niet bekend"


def lay_out_day(typed: str) -> Markup:
    """Return the type and value of a field for a day, so that a browser keeps what was typed there.

    It empties a field of type date that holds anything but a day as computers write it.
    """
    try:
        kind, value = "date", read_day(typed).isoformat() if typed else ""
    except TypedError:
        kind, value = "text", typed
    return Markup('type="{}" value="{}"').format(kind, value)


def say_moment(moment: datetime) -> str:
    """Return a moment of office time in words."""
    return moment_in_words(moment)


def say_local_moment(moment: datetime) -> str:
    """Return a moment of real time in words, as clocks in the Netherlands have it."""
    return say_moment(moment.astimezone(_HERE))

"""Who is let in: host, where a form comes from, the session and whom a page is for, before a form is read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from ..service.visiting.visiting import Visit, find_visit
from .answers import show
from .call import Call
from .forms import LONGEST_FILES, LONGEST_TEXT
from .page import Page
from .safety import ONWARD, is_our_form, is_our_host
from .said import list_written

_WHERE_TO = {"code": "/in/code", "enrolment": "/in/app"}


@dataclass(frozen=True)
class Entry:
    """What answers a call: its page, or what is said to who is not let in.

    `most` are the bytes of its form that are read, 0 for none; with `files` or without.
    """

    answer: Callable[[Call], Response]
    call: Call
    most: int = 0
    files: bool = False


def let_in(page: Page, call: Call, request: Request) -> Entry:
    """Judge a call, of which no form was read yet. Raises DatabaseError."""
    settings = call.desk.settings
    if not is_our_host(request, settings):
        return Entry(lambda _: PlainTextResponse("Dit adres is niet van dit kantoor.", 421), call)
    if request.method == "POST" and not is_our_form(request, settings):
        text = "Dit formulier komt niet van een pagina van dit kantoor."
        return Entry(lambda _: PlainTextResponse(text, 403), call)
    if "\0" in unquote(str(request.url)):  # no database takes it
        return Entry(say_not_there, call)
    visit = find_visit(call.desk, call.token) if call.token else None
    if visit is not None:
        call = replace(call, visitor=visit.visitor, shown=visit.shown)
    return _judge(page, call, visit)


def _judge(page: Page, call: Call, visit: Visit | None) -> Entry:
    most = page.most or (LONGEST_FILES if page.files else LONGEST_TEXT)
    theirs = Entry(page.answer, call, most, page.files)
    if page.who == "anybody":
        return theirs
    if visit is None:
        return _ask_to_sign_in(page, call)
    if page.who == "half":
        return theirs
    if visit.needs != "nothing":
        where = _WHERE_TO[visit.needs]
        if page.method == "POST":
            return _ask_to_sign_in(page, call, where)
        onward = urlencode({ONWARD: call.address})
        return Entry(lambda _: RedirectResponse(f"{where}?{onward}", 303), call)
    kind, manager = visit.visitor.kind, visit.visitor.manager
    fits = {"signed_in": True, "client": kind == "client", "team": kind == "team", "manager": manager}
    return theirs if fits[page.who] else Entry(say_not_there, call)


def _ask_to_sign_in(page: Page, call: Call, prove: str = "") -> Entry:
    """Ask somebody to sign in, or to prove who they are at `prove`.

    What was typed stays on the page, to be sent when they have; of files nothing is kept.
    """

    def answer(call: Call) -> Response:
        return show(
            call,
            "sign_in.html.j2",
            status=401,
            typed=call.typed_texts,
            written=list_written(call),
            lost_files=call.chose_files,
            again=call.address if page.method == "POST" else "",
            onward=call.address if page.method == "GET" else "",
            prove=prove,
            asked=True,
        )

    return Entry(answer, call, LONGEST_TEXT, page.files)


def say_not_there(call: Call) -> Response:
    """Say that there is no such page, to who may not see it as to who asks for nothing."""
    return show(call, "not_there.html.j2", status=404)

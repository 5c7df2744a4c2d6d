"""The pages as one application: each call is let in or not, answered in a thread, and made safe."""

import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..service.desk import Desk
from ..service.results import Refusal
from .acting import Acting
from .answers import go, refuse, show, show_alone
from .call import Call, NotThereError
from .drafts import end_draft
from .entering import Entry, let_in, say_not_there
from .failures import AWAY, UNSURE, find_sentence
from .forms import LONGEST_TEXT, MOST_FILES, UnreadFormError, read_form
from .page import Page, Who
from .routes import list_pages
from .safety import HEADERS, cookie_name
from .said import list_written
from .threads import BusyError, act_in_thread, check_in_thread, read_in_thread

TOO_MANY_BYTES = "Dit is te veel: samen mogen de bestanden {} MB zijn. Stuur ze in delen."
TOO_MANY_FILES = (
    f"Dit zijn te veel bestanden: hoogstens {MOST_FILES} tegelijk. Er is niets ontvangen; stuur ze in delen."
)
TOO_LONG = (
    "Dit is te veel om aan te nemen. Er is niets gedaan; ga terug, dan staat wat u typte er nog. "
    "Bent u intussen uitgelogd, log dan eerst in een ander tabblad weer in en verstuur het opnieuw."
)
ANOTHERS = Refusal(
    code="anothers_form",
    text="Deze pagina is niet voor u geopend: intussen is iemand anders ingelogd. Er is niets gedaan.",
)
FOR_THE_REST = timedelta(seconds=5)
"""How much longer than for a filing's answer an act is waited for: it connects, and looks at its record."""
STATIC = Path(__file__).parent / "static"
_log = logging.getLogger("kantoor.portal")


class PagesError(Exception):
    """The table of pages is wrong: a mistake of ours, found when the application is made."""


def make_app(desk: Desk, pages: Sequence[Page] | None = None) -> Starlette:
    """Return the application that serves an office's pages. Raises PagesError."""
    acting = Acting(desk.limit + FOR_THE_REST)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        acting.close()

    by_path: dict[str, list[Page]] = defaultdict(list)
    for page in list_pages() if pages is None else pages:
        _check_page(page, by_path[page.path])
        by_path[page.path].append(page)
    for found in by_path.values():
        found.extend(_lead_reload(found))
    routes = [
        Route(path, _serve(found, desk, acting), methods=sorted({one.method for one in found}))
        for path, found in by_path.items()
    ]
    static = Mount("/static", StaticFiles(directory=STATIC))
    app = Starlette(routes=[Route("/gezond", _say_healthy(desk)), *routes, static], lifespan=lifespan)
    app.router.redirect_slashes = False  # it would lead to whatever host the call names
    app.add_exception_handler(404, _no_page(desk, acting))
    app.add_exception_handler(405, _no_page(desk, acting))
    app.add_middleware(_Safe)
    return app


def _check_page(page: Page, others: Sequence[Page]) -> None:
    if page.who not in get_args(Who):
        raise PagesError(f"{page.path}: nobody said who it is for")
    if any(one.method == page.method for one in others):
        raise PagesError(f"{page.method} {page.path} is there twice")


def _lead_reload(found: Sequence[Page]) -> Sequence[Page]:
    """Return the page that leads a reload of a form's answer to the form, where its address has no page.

    A browser that loads an answer again, or looks whether it has changed, asks its address by GET.
    """
    if any(one.method == "GET" for one in found):
        return ()
    (page,) = found
    if not page.form:
        raise PagesError(f"{page.path}: nobody said where its form is")
    return (Page(page.path, page.who, lambda call: go(call, page.form.format(**call.path))),)


def _serve(pages: Sequence[Page], desk: Desk, acting: Acting) -> Callable[[Request], Awaitable[Response]]:
    by_method = {page.method: page for page in pages}

    async def serve(request: Request) -> Response:
        began = time.monotonic()
        page = by_method["POST" if request.method == "POST" else "GET"]
        call = _make_call(page, desk, acting, request)
        if request.method == "POST":
            response = await _take_form(page, call, request)
        else:
            response = await read_in_thread(_look, page, call, request)
        took = round((time.monotonic() - began) * 1000)
        # The route and never the address: that holds keys and names.
        _log.info("%s %s %s %d ms", request.method, page.path, response.status_code, took)
        return response

    return serve


def _make_call(page: Page, desk: Desk, acting: Acting, request: Request) -> Call:
    return Call(
        desk=desk,
        acting=acting,
        pattern=page.path,
        path=request.path_params,
        query=request.query_params,
        typed=FormData(),
        token=request.cookies.get(cookie_name(desk.settings), ""),
        looks="x-look" in request.headers,
        origin=request.client.host if request.client else "",
        address=_read_address(request),
        sent=request.method == "POST",
    )


def _read_address(request: Request) -> str:
    """Return our own path that was asked for, with what the address asks of it."""
    path, query = quote(request.url.path), request.url.query
    return f"{path}?{query}" if query else path


def _look(page: Page, call: Call, request: Request) -> Response:
    try:
        with call.desk.one_moment():
            entry = let_in(page, call, request)
            call = entry.call
            response = entry.answer(call)
    except Exception as error:
        response = _recover(call, error)
    tag = response.headers.get("etag")
    if tag and request.headers.get("if-none-match") == tag:  # the browser has this very page already
        return Response(status_code=304, headers={"ETag": tag})
    return response


async def _take_form(page: Page, call: Call, request: Request) -> Response:
    """Judge whose a form is, then read it, then do what it asks."""
    entry = await read_in_thread(_enter, page, call, request)
    if not entry.most:
        return await read_in_thread(_answer, entry.answer, entry.call)
    try:
        typed = await read_form(request, entry.most, files=entry.files)
    except UnreadFormError as error:
        return await read_in_thread(_answer, _refuse_form(error, entry), entry.call)
    call, seconds = replace(entry.call, typed=typed), call.acting.limit.total_seconds()
    try:
        if page.who != "anybody" and call.is_anothers:
            return await read_in_thread(_answer, lambda call: refuse(call, ANOTHERS), call)
        if not page.acts:
            return await read_in_thread(_answer, entry.answer, call)
        return await act_in_thread(_answer, entry.answer, call, seconds=seconds)
    except BusyError:
        return await read_in_thread(_say_busy, call)
    finally:
        await typed.close()


def _enter(page: Page, call: Call, request: Request) -> Entry:
    try:
        return let_in(page, call, request)
    except Exception as error:
        failed = error
        return Entry(lambda call: _say_failure(call, failed), call, LONGEST_TEXT, page.files)


def _answer(answer: Callable[[Call], Response], call: Call) -> Response:
    try:
        response = answer(call)
        end_draft(call, response)
        return response
    except Exception as error:
        return _recover(call, error)


def _recover(call: Call, error: Exception) -> Response:
    """Return what is shown in the place of a page that ended in an error."""
    return _answer(say_not_there, call) if isinstance(error, NotThereError) else _say_failure(call, error)


def _refuse_form(error: UnreadFormError, entry: Entry) -> Callable[[Call], Response]:
    text = "Dit formulier is niet goed aangekomen. Verstuur het opnieuw."
    if error.files:
        text = TOO_MANY_FILES
    elif error.status == 413:
        text = TOO_MANY_BYTES.format(entry.most // 1_000_000) if entry.most > LONGEST_TEXT else TOO_LONG
    refusal = Refusal(code="form_not_read", text=text)
    return lambda call: refuse(call, refusal, status=error.status)


def _say_failure(call: Call, error: Exception) -> Response:
    away, unsure = find_sentence(error, AWAY), find_sentence(error, UNSURE)
    if away is None and unsure is None:
        _log.error("%s failed", call.pattern, exc_info=error)
    other = "Er ging iets mis bij ons. Er is niets veranderd dat u niet ziet staan."
    status = 503 if away or unsure else 500
    return _say_undone(call, status, away or unsure or other, unsure=away is None and unsure is not None)


def _say_busy(call: Call) -> Response:
    return _say_undone(call, 503, "Het is nu te druk: er is nog niets gedaan.")


def _say_undone(call: Call, status: int, sentence: str, *, unsure: bool = False) -> Response:
    told = {
        "sentence": sentence,
        "unsure": unsure,
        "stands_still": False,
        "typed": call.typed_texts,
        "written": list_written(call),
        "lost_files": call.chose_files,
        "received": (),
    }
    try:
        return show(call, "failed.html.j2", status=status, **told)
    except Exception:  # it was told before, or is the same one
        return show_alone(call, "failed.html.j2", status=status, **told)


def _say_healthy(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def healthy(_: Request) -> Response:
        try:
            await check_in_thread(desk.now)
        except Exception:
            return PlainTextResponse("de database is niet bereikbaar", 503)
        return PlainTextResponse("gezond")

    return healthy


def _no_page(desk: Desk, acting: Acting) -> Callable[[Request, Exception], Awaitable[Response]]:
    page = Page("", "anybody", say_not_there)

    async def answer(request: Request, _: Exception) -> Response:
        return await read_in_thread(_look, page, _make_call(page, desk, acting, request), request)

    return answer


class _Safe:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                cached = scope["path"].startswith("/static/")
                for name, value in HEADERS.items():
                    if name.lower().encode() not in present:
                        kept = "public, max-age=3600" if cached and name == "Cache-Control" else value
                        message["headers"].append((name.lower().encode(), kept.encode()))
            await send(message)

        await self._app(scope, receive, send_safe)

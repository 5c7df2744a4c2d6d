"""The pages as one application: each call is let in or not, answered in a thread, and made safe."""

import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args
from urllib.parse import quote, unquote, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..service.desk import Desk
from ..service.results import Refusal
from ..service.visiting import Visit, find_visit
from .acting import Acting
from .answers import refuse, show, show_alone
from .call import Call, NotThereError
from .failures import AWAY, UNSURE, find_sentence
from .routes import Page, Who, list_pages
from .safety import HEADERS, LONGEST_BODY, ONWARD, cookie_name, is_our_form, is_our_host

TOO_LONG = f"Dit is te veel: samen mogen de bestanden {LONGEST_BODY // 1_000_000} MB zijn."
STATIC = Path(__file__).parent / "static"
_WHERE_TO = {"code": "/in/code", "enrolment": "/in/app"}
_log = logging.getLogger("kantoor.portal")


class PagesError(Exception):
    """The table of pages is wrong: a mistake of ours, found when the application is made."""


def make_app(desk: Desk, pages: Sequence[Page] | None = None) -> Starlette:
    """Return the application that serves an office's pages. Raises PagesError."""
    acting = Acting()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        acting.close()

    by_path: dict[str, list[Page]] = defaultdict(list)
    for page in list_pages() if pages is None else pages:
        _check_page(page, by_path[page.path])
        by_path[page.path].append(page)
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


def _serve(pages: Sequence[Page], desk: Desk, acting: Acting) -> Callable[[Request], Awaitable[Response]]:
    by_method = {page.method: page for page in pages}

    async def serve(request: Request) -> Response:
        began = time.monotonic()
        page = by_method["POST" if request.method == "POST" else "GET"]
        typed, unread = await _read_form(request)
        try:
            answered = _refuse_form(unread) if unread else page
            response = await run_in_threadpool(_answer, answered, desk, acting, request, typed)
        finally:
            await typed.close()
        took = round((time.monotonic() - began) * 1000)
        # The route and never the address: that holds keys and names.
        _log.info("%s %s %s %d ms", request.method, page.path, response.status_code, took)
        return response

    return serve


async def _read_form(request: Request) -> tuple[FormData, int]:
    """Return what a form holds; nothing, and the status that says why, where it cannot be read."""
    if request.method != "POST":
        return FormData(), 0
    try:
        return await request.form(max_fields=2000, max_files=50), 0
    except HTTPException as error:
        return FormData(), error.status_code
    except ClientDisconnect:
        return FormData(), 400


def _refuse_form(status: int) -> Page:
    text = TOO_LONG if status == 413 else "Dit formulier is niet goed aangekomen. Verstuur het opnieuw."
    refusal = Refusal(code="form_not_read", text=text)
    return Page("", "anybody", lambda call: refuse(call, refusal, status=status))


def _answer(page: Page, desk: Desk, acting: Acting, request: Request, typed: FormData) -> Response:
    settings = desk.settings
    call = Call(
        desk=desk,
        acting=acting,
        pattern=page.path,
        path=request.path_params,
        query=request.query_params,
        typed=typed,
        token=request.cookies.get(cookie_name(settings), ""),
        looks="x-look" in request.headers,
        origin=request.client.host if request.client else "",
        address=quote(request.url.path),
    )
    if not is_our_host(request, settings):
        return PlainTextResponse("Dit adres is niet van dit kantoor.", 421)
    if request.method == "POST" and not is_our_form(request, settings):
        return PlainTextResponse("Dit formulier komt niet van een pagina van dit kantoor.", 403)
    try:
        if "\0" in unquote(str(request.url)):  # no database takes it
            raise NotThereError
        visit = find_visit(desk, call.token) if call.token else None
        call = _with_visit(call, visit)
        kept_out = _keep_out(page, call, visit)
        response = kept_out or page.answer(call)
    except NotThereError:
        response = _say_not_there(call)
    except Exception as error:
        response = _say_failure(call, error)
    return _as_known(request, response)


def _with_visit(call: Call, visit: Visit | None) -> Call:
    if visit is None:
        return call
    return Call(**{**call.__dict__, "visitor": visit.visitor, "shown": visit.shown})


def _keep_out(page: Page, call: Call, visit: Visit | None) -> Response | None:
    """Return what somebody gets whom a page is not for, or None where it is theirs."""
    if page.who == "anybody":
        return None
    if visit is None:
        return _ask_to_sign_in(page, call)
    if page.who == "half":
        return None
    if visit.needs != "nothing":
        where = _WHERE_TO[visit.needs]
        if page.method == "POST":
            return _ask_to_sign_in(page, call, where)
        return RedirectResponse(f"{where}?{urlencode({ONWARD: call.address})}", 303)
    kind, manager = visit.visitor.kind, visit.visitor.manager
    theirs = {"signed_in": True, "client": kind == "client", "team": kind == "team", "manager": manager}
    return None if theirs[page.who] else _say_not_there(call)


def _ask_to_sign_in(page: Page, call: Call, prove: str = "") -> Response:
    """Ask somebody to sign in, or to prove who they are at `prove`.

    What was typed stays on the page, to be sent when they have.
    """
    return show(
        call,
        "sign_in.html.j2",
        status=401,
        typed=call.typed_texts,
        lost_files=call.chose_files,
        again=call.address if page.method == "POST" else "",
        prove=prove,
        asked=True,
    )


def _say_not_there(call: Call) -> Response:
    return show(call, "not_there.html.j2", status=404)


def _say_failure(call: Call, error: Exception) -> Response:
    away, unsure = find_sentence(error, AWAY), find_sentence(error, UNSURE)
    if away is None and unsure is None:
        _log.exception("%s failed", call.pattern)
    status = 503 if away or unsure else 500
    told = {
        "sentence": away
        or unsure
        or "Er ging iets mis bij ons. Er is niets veranderd dat u niet ziet staan.",
        "unsure": unsure is not None,
        "typed": call.typed_texts,
        "lost_files": call.chose_files,
    }
    try:
        return show(call, "failed.html.j2", status=status, **told)
    except Exception:  # it was told above, or is the same one
        return show_alone(call, "failed.html.j2", status=status, **told)


def _as_known(request: Request, response: Response) -> Response:
    """Return 304 without a text where the browser has this very page already."""
    tag = response.headers.get("etag")
    if request.method == "GET" and tag and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return response


def _say_healthy(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def healthy(_: Request) -> Response:
        try:
            await run_in_threadpool(desk.now)
        except Exception:
            return PlainTextResponse("de database is niet bereikbaar", 503)
        return PlainTextResponse("gezond")

    return healthy


def _no_page(desk: Desk, acting: Acting) -> Callable[[Request, Exception], Awaitable[Response]]:
    page = Page("", "anybody", _say_not_there)

    async def answer(request: Request, error: Exception) -> Response:
        del error
        return await run_in_threadpool(_answer, page, desk, acting, request, FormData())

    return answer


class _Safe:
    """Puts the headers on every answer and cuts off a body that is too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        had = 0

        async def receive_some() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            if had > LONGEST_BODY:
                raise HTTPException(413)
            return message

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                cached = scope["path"].startswith("/static/")
                for name, value in HEADERS.items():
                    if name.lower().encode() not in present:
                        kept = "public, max-age=3600" if cached and name == "Cache-Control" else value
                        message["headers"].append((name.lower().encode(), kept.encode()))
            await send(message)

        await self._app(scope, receive_some, send_safe)

"""A form that was sent and is not done yet is shown at an address of its own, so that going back works.

What was typed is kept, sealed, with what is said of it (`Told`): mistakes, consequences, the review before
somebody decides. The browser is led to a page that reads both by GET. Its address has a random key, and none
of what was typed: each opened form has its own draft. A draft ends when its form is done, or within a day.

What was typed in the other forms of the page is kept under the same key, and its script shows it there again:
a form that is pressed loses nothing of another one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from uuid import uuid4

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from ..service.drafts import drop_passing, keep_draft, read_passing
from ..service.results import Refusal
from .answers import go
from .call import BESIDE, KEY, WHOSE, Call
from .told import NOTHING, Told

CHECK = "controle"
"""The last part of the address of a review."""
_TOLD = ":"
"""Beside what was typed: what is said of it. No form has a field of this name."""


class Led(RedirectResponse):
    """Leads to where what was typed is shown, or its outcome is kept: nothing of it is to be forgotten."""


def begin_draft(call: Call) -> Response | None:
    """Lead to the same page with a key of its own; None where it has one.

    For a form that leads on to a review: who goes back finds in it what they typed.
    """
    if call.sent or call.key:
        return None
    asked = [(name, value) for name, value in call.query.multi_items() if name != KEY]
    return _lead(call, call.address.partition("?")[0], uuid4().hex, asked)


def open_draft(call: Call, form: str, about: str = "") -> Call:
    """Return the call with what was typed in the form that its address names, and what was said of it.

    `about` says what the form was about where that may change: what was typed is of that alone.
    """
    if call.sent or not call.key:
        return call
    kept = dict(read_passing(call.desk, call.me, call.key, _name(call.key, form, about)) or {})
    (told,) = kept.pop(_TOLD, ("",))
    typed = FormData([(name, one) for name, some in kept.items() for one in some])
    return replace(call, typed=typed, told=_read_told(told) if told else NOTHING)


def _read_told(told: str) -> Told:
    """Return what was said of a form; nothing where an older kantoor kept it otherwise."""
    try:
        return Told.model_validate_json(told)
    except ValidationError:
        return NOTHING


def lead_back(
    call: Call,
    show_again: Callable[[Call], Response],
    form: str,
    about: str = "",
    *,
    at: str = "",
    status: int = 422,
    wrong: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    refusal: Refusal | None = None,
    **told: object,
) -> Response:
    """Keep what was typed and what is said of it, and lead to where the page shows both.

    That is the form, or the page `at` below it. What is too long to be kept is shown at once by the page
    (`show_again`).
    """
    pairs = wrong.items() if isinstance(wrong, Mapping) else wrong
    said = Told(status=status, wrong=tuple(pairs), refusal=_leave_bare(refusal), **told)
    key = call.key or uuid4().hex
    typed = {**read_fields(call), _TOLD: (said.model_dump_json(exclude_defaults=True),)}
    if keep_draft(call.desk, call.me, _name(key, form, about), typed, passing=True):
        return show_again(replace(call, told=said))
    return _lead(call, f"{form}/{at}" if at else form, key)


def lead_to_review(
    call: Call, show_again: Callable[[Call], Response], form: str, about: str = ""
) -> Response:
    """Keep what was typed in a form, and lead to its review."""
    return lead_back(call, show_again, form, about, at=CHECK, status=200)


def lead_with(call: Call, show_again: Callable[[Call], Response], form: str, **typed: str) -> Response:
    """Lead to a form in which this is typed already, or to a page that shows what it finds."""
    key, given = uuid4().hex, FormData(typed)
    kept = {name: (value,) for name, value in typed.items()}
    if keep_draft(call.desk, call.me, _name(key, form, ""), kept, passing=True):
        return show_again(replace(call, typed=given))
    return _lead(call, form, key)


def keep_done(call: Call, form: str, path: str, *done: str) -> Response:
    """Keep the outcome of a form (`Told.done`), which is told to who goes back to it, and go on."""
    if call.key:
        told = Told(done=done).model_dump_json(exclude_defaults=True)
        keep_draft(call.desk, call.me, _name(call.key, form, ""), {_TOLD: (told,)}, passing=True)
    return _mark(go(call, path, done[0]))


def end_draft(call: Call, response: Response) -> None:
    """Forget what was typed in a form that was answered by leading elsewhere: it is done."""
    key = call.key
    if key and call.visitor and response.status_code == 303 and not isinstance(response, Led):
        drop_passing(call.desk, call.me, key)


def set_beside(call: Call, typed: FormData) -> Call:
    """Return the call with a form that was sent, and apart from it what was typed in the others."""
    beside = typed.get(BESIDE)
    own = FormData([(name, one) for name, one in typed.multi_items() if name != BESIDE])
    return replace(call, typed=own, beside=beside if isinstance(beside, str) else None)


def keep_beside(call: Call, response: Response) -> Response:
    """Keep what was typed in the other forms of a page; the page it leads back to shows it again."""
    if call.beside is None or not call.key or call.visitor is None or response.status_code != 303:
        return response
    keep_draft(call.desk, call.me, _name(call.key, BESIDE, ""), {BESIDE: (call.beside,)}, passing=True)
    to = urlsplit(response.headers["location"])
    asked = parse_qsl(to.query)
    if unquote(to.path) == call.form and KEY not in dict(asked):
        response.headers["location"] = to._replace(query=urlencode([*asked, (KEY, call.key)])).geturl()
    return response


def take_up_beside(call: Call) -> Call:
    """Return the call of a page with what was typed in its forms when another was pressed."""
    if not call.key or call.visitor is None:
        return call
    kept = read_passing(call.desk, call.me, call.key, _name(call.key, BESIDE, "")) or {}
    return replace(call, beside=kept[BESIDE][0] if BESIDE in kept else None)


def read_fields(call: Call) -> dict[str, tuple[str, ...]]:
    """Return all that was typed by field, without what our pages themselves add to every form."""
    return {
        name: found for name in call.typed if name not in (WHOSE, KEY) and (found := call.read_texts(name))
    }


def _lead(call: Call, path: str, key: str, asked: Iterable[tuple[str, str]] = ()) -> Response:
    return _mark(go(call, f"{path}?{urlencode([*asked, (KEY, key)])}"))


def _mark(response: Response) -> "Led":
    return Led(response.headers["location"], status_code=303)


def _name(key: str, form: str, about: str) -> str:
    return f"{key} {form} {about}".rstrip()


def _leave_bare(refusal: Refusal | None) -> Refusal | None:
    """Return a refusal with what every one has: what others have besides is told beside it."""
    if refusal is None:
        return None
    bare = {name: getattr(refusal, name) for name in Refusal.__struct_fields__}
    return Refusal(**bare | {"others": tuple(filter(None, map(_leave_bare, refusal.others)))})

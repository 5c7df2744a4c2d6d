"""A form that was sent and is not done yet is shown at an address of its own, so that going back works.

What was typed is kept, sealed, with what is said of it (`Told`): mistakes, consequences, the review before
somebody decides. The browser is led to a page that reads both by GET. Its address has a random key, and none
of what was typed: each opened form has its own draft. A draft ends when its form is done, or within a day.
What a page marks as kept nowhere is in it only where it tells nobody (decision 235).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode
from uuid import uuid4

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from ..service.drafts import finish_form, keep_draft, read_draft
from ..service.overviews.browsing import identifies_somebody
from ..service.relations.editing.sheets import CLEAR
from ..service.results import Refusal
from ..words import join_in_dutch
from .answers import Lead, go
from .call import KEY, UNKEPT, WHOSE, Call
from .filtering import tells_somebody
from .said import FIELD, list_unkept, name_field
from .told import NOTHING, Told

CHECK = "controle"
"""The last part of the address of a review."""
_BETWEEN = re.compile(r"[\s,;]+")
TYPE_AGAIN = "vul dit opnieuw in: waaraan iemand te herkennen is, bewaren wij niet."
ASKED_AGAIN = "opnieuw"
"""The field that names the fields of a form that were filled in before, and are to be filled in again."""
LEFT_EMPTY = "hier vulde u eerder iets in. Vul het opnieuw in, of verstuur nog eens om het zo te laten."
_TOLD = ":"
"""Beside what was typed: what is said of it. No form has a field of this name."""


def begin_draft(call: Call) -> Response | None:
    """Lead to the same page with a key of its own; None where it has one.

    For a form that leads on to a review: who goes back finds in it what they typed.
    """
    if call.sent or call.key:
        return None
    asked = [(name, value) for name, value in call.query.multi_items() if name != KEY]
    return _lead(call, call.address.partition("?")[0], uuid4().hex, asked)


def open_draft(call: Call, form: str, about: str = "", *, at: str = "") -> Call:
    """Return the call with what was typed in the form that its address names, and what was said of it.

    `about` says what the form was about where that may change: what was typed is of that alone. What was said
    is of one page: that of the form, or the page `at` below it.
    """
    if call.sent or not call.key:
        return call
    found = read_draft(call.desk, call.me, _name(call.key, form, about))
    if isinstance(found, Refusal):
        return replace(call, told=Told(gone=found.text))
    kept = dict(found or {})
    (said,) = kept.pop(_TOLD, ("",))
    typed = FormData([(name, one) for name, some in kept.items() for one in some])
    told = _read_told(said) if said else NOTHING
    return replace(call, typed=typed, told=told if told.at == at or told.done else Told(gone=told.gone))


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
    (`show_again`). So is what would be confirmed as it was typed, where that is not kept as a whole, and what
    is said of a search that is not kept: that repeats it.
    """
    key, left_out = call.key or uuid4().hex, _find_private(call)
    pairs = [*(wrong.items() if isinstance(wrong, Mapping) else wrong)]
    again = tuple(name.removeprefix(FIELD) for name in left_out if name.startswith(FIELD))
    refused = dict(pairs)
    at_once = len(again) < len(left_out) or (bool(left_out) and status == 200)
    gone = "" if again and pairs else _say_left_out(left_out.values())
    if pairs:
        pairs += [(name, TYPE_AGAIN) for name in again if name not in refused]
    again = tuple(name for name in again if name not in refused)  # who leaves out what was wrong means it
    said = Told(at=at, status=status, wrong=tuple(pairs), refusal=_leave_bare(refusal), **told)
    kept = (Told() if at_once else said).model_copy(update={"gone": gone, "again": again})
    fields = {name: some for name, some in read_fields(call).items() if name not in left_out}
    fields[_TOLD] = (kept.model_dump_json(exclude_defaults=True),)
    if keep_draft(call.desk, call.me, _name(key, form, about), fields, passing=True) or at_once:
        return show_again(replace(call, told=said))
    return _lead(call, f"{form}/{at}" if at else form, key)


def list_left_empty(call: Call) -> list[tuple[str, str]]:
    """Return the fields of a sheet that were to be filled in again and are empty, with what is said of it.

    That is said once: sent as it is then, it is meant so.
    """
    cleared = call.read_texts(CLEAR)
    asked = [name for name in call.read_texts(ASKED_AGAIN) if name not in cleared]
    return [(name, LEFT_EMPTY) for name in asked if not call.read_text(f"{FIELD}{name}")]


def lead_with(call: Call, show_again: Callable[[Call], Response], form: str, **typed: str) -> Response:
    """Lead to a form in which this is typed already: what another page looked for."""
    given = FormData({**typed, UNKEPT: " ".join(typed)})
    return lead_back(replace(call, typed=given), show_again, form, status=200)


def keep_done(call: Call, form: str, path: str, *done: str) -> Response:
    """Keep the outcome of a form (`Told.done`), which is told to who goes back to it, and go on."""
    told = Told(done=done).model_dump_json(exclude_defaults=True)
    left = (_name(call.key, form, ""), {_TOLD: (told,)}) if call.key else None
    return go(call, path, done[0], left=left)


def read_done(call: Call, form: str) -> tuple[str, ...]:
    """Return the outcome of a form that is sent once more (`Told.done`); nothing where it is not done."""
    return open_draft(replace(call, sent=False), form).told.done


def end_draft(call: Call, response: Response) -> None:
    """Forget what was typed in a form that is done, and have the next page say what is said of it."""
    if isinstance(response, Lead) and call.visitor:
        key = call.key if response.done else ""
        if key or response.word:
            finish_form(call.desk, call.me, call.token, key, response.word, response.left)


def read_fields(call: Call) -> dict[str, tuple[str, ...]]:
    """Return all that was typed by field, without what our pages themselves add to every form."""
    return {
        name: found
        for name in call.typed
        if name not in (WHOSE, KEY, UNKEPT, ASKED_AGAIN) and (found := call.read_texts(name))
    }


def _lead(call: Call, path: str, key: str, asked: Iterable[tuple[str, str]] = ()) -> Response:
    return go(call, f"{path}?{urlencode([*asked, (KEY, key)])}", done=False)


def _find_private(call: Call) -> dict[str, str]:
    """Return what is not kept of a form of a colleague, with what it is called: what tells who somebody is.

    Who reads an identifying number is recorded, and going back to a form is not (decision 227). What was
    looked for is judged by what it says.
    """
    if call.me.kind == "client":
        return {}
    filled = {name: text for name in list_unkept(call) if (text := call.read_text(name))}
    return {name: name_field(name) for name, text in filled.items() if _tells(name, text)}


def _tells(name: str, text: str) -> bool:
    if name.startswith(FIELD):
        return True
    return tells_somebody(text) if name == "filter" else any(map(identifies_somebody, _BETWEEN.split(text)))


def _say_left_out(names: Collection[str]) -> str:
    why = "Waaraan iemand te herkennen is, bewaren wij niet in een formulier dat nog niet af is."
    return f"Vul opnieuw in: {join_in_dutch(names)}. {why}" if names else ""


def _name(key: str, form: str, about: str) -> str:
    return f"{key} {form} {about}".rstrip()


def _leave_bare(refusal: Refusal | None) -> Refusal | None:
    """Return a refusal with what every one has: what others have besides is told beside it."""
    if refusal is None:
        return None
    bare = {name: getattr(refusal, name) for name in Refusal.__struct_fields__}
    return Refusal(**bare | {"others": tuple(filter(None, map(_leave_bare, refusal.others)))})

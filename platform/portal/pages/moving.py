"""Moving a filing to the plan in force: shown first, then asked for by what was shown, or taken back."""

from starlette.responses import Response

from ...service.filings.move_verdicts import MoveWish
from ...service.filings.moving import move_filing, withdraw_move
from ...service.filings.moving_pages import read_move
from ...service.results import Refusal
from ...words import say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..outcomes import settle
from ..page import Page

PATH = "/opdrachten/{name:path}/verplaatsen"
LONGEST_REASON = 1000
PHASE = "fase-"
"""Before the id of a phase in the name of the field that says which one it is in the other plan."""
LOOK = "bekijken"
NOW, WHEN_SAFE, WITHDRAW = "verplaatsen", "zodra-het-kan", "intrekken"
WORDS = {
    NOW: "De opdracht is verplaatst.",
    WHEN_SAFE: "De opdracht wordt verplaatst zodra het kan.",
    WITHDRAW: "De gevraagde verplaatsing is ingetrokken.",
}
"""What a form on the page asks for, by the value of its field `doen`, and what is said once it was done."""


def show_move(call: Call) -> Response:
    """Show what moving a filing to the plan in force would do, as it was chosen; nothing is done yet."""
    call = open_draft(call, _path(call))
    wish = _read_wish(call)
    found = read_move(call.desk, call.me, call.path["name"], wish)
    if isinstance(found, Refusal):
        not_there()
    return show(
        call,
        "move.html.j2",
        found=found,
        base=f"/opdrachten/{found.name}",
        refusal=call.told.refusal,
        reason=call.read_text("reden"),
        wish=wish,
        prefix=PHASE,
    )


def _path(call: Call) -> str:
    return f"/opdrachten/{call.path['name']}/verplaatsen"


def _read_wish(call: Call) -> MoveWish:
    """Return how it is to be moved: which phases are which, where it goes back to, what is done without."""
    chosen = {name.removeprefix(PHASE): call.read_text(name) for name in call.typed if name.startswith(PHASE)}
    return MoveWish(
        phases={before: after for before, after in chosen.items() if after},
        back_to=call.read_text("terug") or None,
        without=tuple(one for one in call.read_texts("zonder") if one),
        reason=call.read_text("reden"),
    )


def do_move(call: Call) -> Response:
    """Move a filing as it was shown, ask for that when it is safe, or take that back.

    Where something was chosen, lead first to what that would do.
    """
    name, doing, reason = call.path["name"], call.read_text("doen"), call.read_text("reden")
    if doing == LOOK:
        return lead_back(call, show_move, _path(call), status=200)
    if doing not in WORDS:
        not_there()
    long = say_too_long(reason, LONGEST_REASON)
    if long:
        refusal = Refusal(code="long_text", text=long, field="reden")
        return lead_back(call, show_move, _path(call), refusal=refusal)
    if doing == WITHDRAW:
        outcome = call.acting.run(withdraw_move(call.desk, call.me.id, name, call.act_id))
    else:
        wish, mark = _read_wish(call), call.read_text("merk")
        when_safe = doing == WHEN_SAFE
        asked = move_filing(call.desk, call.me.id, name, wish, mark, call.act_id, when_safe=when_safe)
        outcome = call.acting.run(asked).outcome
    came = settle(call, outcome)
    if isinstance(came, Refusal):
        return lead_back(call, show_move, _path(call), refusal=came, status=409)
    return came or go(call, f"/opdrachten/{name}", WORDS[doing])


PAGES = (Page(PATH, "manager", show_move), Page(PATH, "manager", do_move, "POST"))

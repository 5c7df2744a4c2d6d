"""Beheer: how each team member gets in."""

from starlette.responses import Response

from ...service.visiting.managing import read_doors, release_factor
from ...words import DOOR_WORDS
from ..answers import go, show
from ..call import Call
from ..page import Page


def show_doors(call: Call) -> Response:
    """Show who has an authenticator, who has the right beheer, and what was changed."""
    return show(call, "doors.html.j2", doors=read_doors(call.desk), words=DOOR_WORDS, refusal=None)


def release(call: Call) -> Response:
    """Let a team member add an authenticator again."""
    refusal = release_factor(call.desk, call.read_text("medewerker"), by=call.me.id)
    if refusal is None:
        return go(
            call,
            "/beheer/medewerkers",
            "De app is losgekoppeld: bij het inloggen koppelt de medewerker er een.",
        )
    doors = read_doors(call.desk)
    return show(call, "doors.html.j2", status=409, doors=doors, words=DOOR_WORDS, refusal=refusal)


PAGES = (
    Page("/beheer/medewerkers", "manager", show_doors),
    Page("/beheer/medewerkers", "manager", release, "POST", acts=False),
)

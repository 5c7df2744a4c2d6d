"""Remarks on a filing of a pilot, by a colleague and by a client."""

from starlette.responses import Response

from ...service.releasing.pilot_remarks import remark, remark_as_client
from ...service.results import Refusal
from ..answers import go
from ..call import Call, not_there
from ..page import Page
from . import client, filing


def take_from_colleague(call: Call) -> Response:
    """Keep what a colleague noticed."""
    name = call.path["name"]
    refusal = remark(call.desk, call.me.id, name, call.read_text("tekst"), call.act_id)
    if refusal:
        return filing.show_page(call, name, refusal=refusal, status=422)
    return go(call, f"/opdrachten/{name}", "Uw opmerking bij de pilot is bewaard.")


def take_from_client(call: Call) -> Response:
    """Keep what a client thinks of it."""
    key, text = call.path["key"], call.read_text("opmerking")
    outcome = remark_as_client(call.desk, call.me, key, text, call.act_id)
    if outcome is None:
        not_there()
    if isinstance(outcome, Refusal):
        return client.show_page(call, outcome.text, text, status=422)
    return go(call, f"/mijn/{key}", "Bedankt, uw opmerking is verstuurd.")


PAGES = (
    Page(
        "/opdrachten/{name:path}/opmerking",
        "team",
        take_from_colleague,
        "POST",
        acts=False,
        form="/opdrachten/{name}",
    ),
    Page("/mijn/{key}/opmerking", "client", take_from_client, "POST", acts=False, form="/mijn/{key}"),
)

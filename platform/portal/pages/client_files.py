"""What a client reads and saves: renderings in a frame of their own, other bytes as downloads only."""

from starlette.responses import Response

from ...service.clients.client_files import read_document, read_rendering, read_sent
from ..call import Call, not_there
from ..files import answer_file, answer_rendering
from ..page import Page


def show_rendering(call: Call) -> Response:
    """Return a rendering as it was stored, unchanged: to be shown in a frame, or by itself to be printed."""
    found = read_rendering(call.desk, call.me, call.path["key"], call.path["hash"])
    if found is None:
        not_there()
    return answer_rendering(found)


def save_document(call: Call) -> Response:
    """Return the bytes of a document that was shown to the client."""
    return _save(read_document(call.desk, call.me, call.path["key"], call.path["hash"]))


def save_sent(call: Call) -> Response:
    """Return a file that the client sent."""
    asked = call.path["key"], call.path["hash"], call.query.get("stuk", "")
    return _save(read_sent(call.desk, call.me, *asked))


def _save(found: tuple[str, str, bytes] | None) -> Response:
    if found is None:
        not_there()
    name, media_type, content = found
    return answer_file(name, content, media_type)


PAGES = (
    Page("/mijn/{key}/weergave/{hash}", "client", show_rendering),
    Page("/mijn/{key}/document/{hash}", "client", save_document),
    Page("/mijn/{key}/ontvangen/{hash}", "client", save_sent),
)

"""The dossier of a relation: one more document, one as a download, and the client's own."""

from starlette.responses import Response

from ...service.relations.dossier import dossier_document, put_document, read_client_document
from ...service.relations.relation_pages import read_relation
from ...service.results import Refusal
from ...service.uploads import ACCEPTED
from ...service.visiting.front import read_front
from ...words import DOSSIER_KIND_WORDS
from ..answers import go, show
from ..call import Call, not_there
from ..files import NO_FILE, answer_file, read_upload
from ..page import Page
from ..tabs import BACK, READY


def show_form(call: Call) -> Response:
    """Show the form for one more document."""
    return _show(call)


def add_document(call: Call) -> Response:
    """Put a document into the dossier, or say why it is not taken; then back to where somebody came from."""
    number, file = call.path["number"], read_upload(call, "bestand") or NO_FILE
    typed = call.read_text("jaar")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    if isinstance(file, Refusal):
        return _show(call, Refusal(code=file.code, text=file.text, field="bestand"), status=422)
    if typed and year is None:
        text = (
            f"Schrijf het jaar in vier cijfers, zoals {read_front(call.desk).now.year}, of laat het leeg. "
            "Van een gebroken boekjaar is dat het jaar waarin het eindigt."
        )
        return _show(call, Refusal(code="wrong_year", text=text, field="jaar"), status=422)
    if call.read_text("soort") not in DOSSIER_KIND_WORDS:
        text = "Kies wat voor document het is."
        return _show(call, Refusal(code="unknown_kind", text=text, field="soort"), status=422)
    kept = put_document(
        call.desk,
        call.me.id,
        number,
        file,
        call.read_text("soort"),
        year,
        for_client=call.read_text("klant") == "ja",
        act=call.act_id,
    )
    if isinstance(kept, Refusal):
        return not_there() if kept.code == "unknown_relation" else _show(call, kept, status=409)
    tab = READY if call.query.get(BACK) == READY else "dossier"
    return go(call, f"/relaties/{number}/{tab}", f"‘{kept.name}’ ligt in het dossier.")


def download_document(call: Call) -> Response:
    """Return a document of a dossier, to be kept as a file."""
    found = dossier_document(call.desk, call.path["number"], call.path["document"])
    return not_there() if isinstance(found, Refusal) else answer_file(*found)


def save_own(call: Call) -> Response:
    """Return a document that was put into a dossier for the client who asks for it."""
    found = read_client_document(call.desk, call.me, call.path["id"])
    if found is None:
        not_there()
    name, media_type, content = found
    return answer_file(name, content, media_type)


def _show(call: Call, refusal: Refusal | None = None, *, status: int = 200) -> Response:
    relation = read_relation(call.desk, call.path["number"])
    if isinstance(relation, Refusal):
        not_there()
    names = ("soort", "jaar", "klant")
    return show(
        call,
        "dossier_new.html.j2",
        status=status,
        relation=relation,
        refusal=refusal,
        kinds=DOSSIER_KIND_WORDS,
        accepted=ACCEPTED,
        typed={name: call.read_text(name) for name in names},
        back=f"?{BACK}={READY}" if call.query.get(BACK) == READY else "",
    )


PAGES = (
    Page("/relaties/{number}/dossier/nieuw", "team", show_form),
    Page("/relaties/{number}/dossier/nieuw", "team", add_document, "POST", files=True, acts=False),
    Page("/relaties/{number}/dossier/{document}", "team", download_document),
    Page("/aangiften/document/{id}", "client", save_own),
)

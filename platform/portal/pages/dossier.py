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
from ..drafts import lead_back, open_draft
from ..files import NO_FILE, answer_file, read_upload
from ..page import Page
from ..tabs import BACK, READY


def show_form(call: Call) -> Response:
    """Show the form for one more document, with what was typed."""
    call = open_draft(call, _path(call))
    relation = read_relation(call.desk, call.path["number"])
    if isinstance(relation, Refusal):
        not_there()
    names = ("soort", "jaar", "klant")
    return show(
        call,
        "dossier_new.html.j2",
        relation=relation,
        refusal=call.told.refusal,
        kinds=DOSSIER_KIND_WORDS,
        accepted=ACCEPTED,
        typed={name: call.read_text(name) for name in names},
        back=_read_back(call),
    )


def add_document(call: Call) -> Response:
    """Put a document into the dossier, or say why it is not taken; then back to where somebody came from."""
    number, file = call.path["number"], read_upload(call, "bestand") or NO_FILE
    typed = call.read_text("jaar")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    if isinstance(file, Refusal):
        return _lead_back(call, Refusal(code=file.code, text=file.text, field="bestand"))
    if typed and year is None:
        text = (
            f"Schrijf het jaar in vier cijfers, zoals {read_front(call.desk).now.year}, of laat het leeg. "
            "Van een gebroken boekjaar is dat het jaar waarin het eindigt."
        )
        return _lead_back(call, Refusal(code="wrong_year", text=text, field="jaar"))
    if call.read_text("soort") not in DOSSIER_KIND_WORDS:
        text = "Kies wat voor document het is."
        return _lead_back(call, Refusal(code="unknown_kind", text=text, field="soort"))
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
        return not_there() if kept.code == "unknown_relation" else _lead_back(call, kept, 409)
    tab = READY if _read_back(call) else "dossier"
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


def _lead_back(call: Call, refusal: Refusal, status: int = 422) -> Response:
    return lead_back(call, show_form, _path(call), refusal=refusal, status=status)


def _path(call: Call) -> str:
    return f"/relaties/{call.path['number']}/dossier/nieuw"


def _read_back(call: Call) -> str:
    """Return READY where the form was opened from what is missing."""
    return READY if READY in (call.query.get(BACK), call.read_text(BACK)) else ""


PAGES = (
    Page("/relaties/{number}/dossier/nieuw", "team", show_form),
    Page("/relaties/{number}/dossier/nieuw", "team", add_document, "POST", files=True, acts=False),
    Page("/relaties/{number}/dossier/{document}", "team", download_document),
    Page("/aangiften/document/{id}", "client", save_own),
)

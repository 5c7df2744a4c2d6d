"""What somebody typed in a form, as they read it where the form itself cannot be shown."""

from ..service.relations.editing.sheets import LABELS
from ..words import say_id
from .call import Call

FIELD = "v-"
"""Before the name of a field of a sheet, or of a question, so that none is that of a field of ours."""
_WRITTEN = {
    "besluit": "Uw besluit",
    "reden": "Toelichting",
    "tekst": "Tekst",
    "bericht": "Bericht",
    "opmerking": "Opmerking",
    "waarde": "Waarde",
    "kenmerk": "Kenmerk",
    "code": "Code",
    "datum": "Datum",
    "dag": "Dag",
    "van": "Vanaf",
    "tot": "Tot en met",
    "jaar": "Jaar",
    "periode": "Periode",
    "andere": "Andere periode",
    "filter": "Filter",
    "relaties": "Relaties",
    "zoek": "Gezocht",
    "q": "Gezocht",
}
"""By field what it is called that people write; what they choose has codes, which nobody reads."""
_CHOSEN = {("/opdrachten/{name:path}", "bericht"), ("/bulk/nieuw", "van")}
"""Fields of the pages of which what is chosen has the name of what is written elsewhere."""
_CHOICES = {
    *("kind", "legal_form", "sbr_enabled", "ideal_enabled", "status", "language", "automations_off"),
    *("contact", "functions", "primary", "link", "product", "may", "jointly", "member", "frequency"),
    *("foreign", "kor", "fiscal_unit", "way", "recipient"),
}


def list_written(call: Call) -> list[tuple[str, str]]:
    """Return what was written in a form: what its field is called, and the text."""
    named = ((_name(call, field), value.strip()) for field, value in call.typed_texts)
    return [(name, value) for name, value in named if name and value]


def _name(call: Call, field: str) -> str:
    """Return what a field is called; nothing for one that nobody writes in."""
    if not field.startswith(FIELD):
        return "" if (call.pattern, field) in _CHOSEN else _WRITTEN.get(field.partition("-")[0], "")
    name = field.removeprefix(FIELD)
    if name in _CHOICES or call.pattern.startswith("/relaties/{number}/rollen/"):
        return ""
    return LABELS.get(name) or say_id(name).replace("-", " ").capitalize()

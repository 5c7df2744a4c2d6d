"""What somebody wrote in a form, as they read it where the form itself cannot be shown."""

from ..identifiers import HIDDEN_NUMBERS
from ..service.relations.editing.sheets import LABELS
from .call import UNKEPT, Call

FIELD = "v-"
"""Before the name of a field of a sheet, or of a question, so that none is that of a field of ours."""
_NAMED = {
    "reden": "Toelichting",
    "tekst": "Tekst",
    "bericht": "Bericht",
    "opmerking": "Opmerking",
    "filter": "Filter",
    "relaties": "Relatienummers",
}


def list_written(call: Call) -> list[tuple[str, str]]:
    """Return what was written in words in a form: what its field is called, and the text.

    What is chosen, and what our pages send along, is a code, and no code has a space; a word or a number
    alone is soon typed again. Whoever reads this may be somebody else: nothing is in it that is kept nowhere.
    """
    left_out = {UNKEPT, *list_unkept(call)}
    return [
        (name_field(field), value.strip())
        for field, value in call.typed_texts
        if len(value.split()) > 1 and field not in left_out
    ]


def list_unkept(call: Call) -> tuple[str, ...]:
    """Return the fields of a form of which nothing is kept: those it names, and the numbers of a person.

    A form that was opened by an older kantoor, or that is rewritten on its way, may name none.
    """
    return tuple(dict.fromkeys((*call.unkept, *(f"{FIELD}{name}" for name in HIDDEN_NUMBERS))))


def name_field(field: str) -> str:
    """Return what a field is called; the question of a form is not told to who is not signed in."""
    name = LABELS.get(field.removeprefix(FIELD)) if field.startswith(FIELD) else _NAMED.get(field)
    return name or "Geschreven"

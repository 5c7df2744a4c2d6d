"""The variables that conditions and texts may name, with their types: one table for compiler and runtime.

A condition (`if`) may use the variables marked for conditions: plain data from the start of the filing. A
text may use all of them; it is rendered when it is sent. The office's own relation fields are added to
`relation` under their ids.
"""

from typing import Literal, NamedTuple, get_args

from .period import PeriodKind

ValueType = Literal["text", "number", "yes_no", "date", "money", "unknown"]


class Variable(NamedTuple):
    """One variable: its type, its meaning, its possible values if they are few, and where it may be used.

    `example` is how a text shows it; a date is shown in words.
    """

    type: ValueType
    meaning: str
    values: tuple[str, ...] = ()
    in_conditions: bool = True
    example: str = ""
    labels: tuple[str, ...] = ()
    """What people call the values of a choice, in their order."""


def _text_only(kind: ValueType, meaning: str, example: str) -> Variable:
    return Variable(kind, meaning, in_conditions=False, example=example)


LEGAL_FORMS = (
    "natuurlijk_persoon",
    "eenmanszaak",
    "maatschap",
    "vof",
    "cv",
    "rederij",
    "bv",
    "nv",
    "cooperatie",
    "owm",
    "stichting",
    "vereniging",
    "vve",
    "kerkgenootschap",
    "publiekrechtelijk",
    "buitenlands",
)
"""The legal forms that a relation's record can hold; a test holds them to those of `sbr.legal_form`."""
NATURAL_FORMS = ("natuurlijk_persoon", "eenmanszaak")
"""The legal forms of natural persons; a foreign one can be either, and each other is an organisation's."""
IS_NATURAL = {form: form in NATURAL_FORMS for form in LEGAL_FORMS if form != "buitenlands"}
"""Whether a relation of a legal form is a natural person, for each form that tells."""

VARIABLES: dict[str, dict[str, Variable]] = {
    "relation": {
        "number": Variable("text", "number of the relation, the office's own", example="1001"),
        "name": Variable("text", "name of the relation", example="Bakkerij Jansen B.V."),
        "legal_form": Variable("text", "legal form", LEGAL_FORMS, example="bv"),
        "natural_person": Variable(
            "yes_no", "whether the relation is a natural person or a sole trader", example="no"
        ),
    },
    "product": {
        "id": Variable("text", "id of the product", example="aangifte-btw"),
        "title": _text_only("text", "title of the product", "Aangifte omzetbelasting"),
        "frequency": Variable(
            "text", "frequency agreed with the relation", get_args(PeriodKind), example="quarter"
        ),
        "sub_number": Variable("text", "sub-number, such as B01", example="B01"),
        "foreign": Variable(
            "yes_no", "whether the relation is a foreign business for this product", example="no"
        ),
        "kor": Variable("yes_no", "whether the small-business scheme applies", example="no"),
        "fiscal_unit": Variable("yes_no", "whether the relation files in a fiscal unit", example="no"),
    },
    "period": {
        "kind": Variable("text", "kind of the period", get_args(PeriodKind), example="quarter"),
        "code": Variable("text", "code of the period: 2026-01, 2026-Q1, 2026", example="2026-Q1"),
        "words": Variable(
            "text",
            "the period in the language of the text: januari 2026, January 2026",
            example="het eerste kwartaal van 2026",
        ),
        "start": Variable("date", "first day", example="1 januari 2026"),
        "end": Variable("date", "last day", example="31 maart 2026"),
        "year": Variable("number", "year of the first day", example="2026"),
        "month": Variable("number", "month of the first day, 1 to 12", example="1"),
        "number": Variable(
            "number",
            "which of its kind it is in its year: 1 to 12 of months, 1 to 13 of four weeks, 1 of a year",
            example="1",
        ),
        "last_of_year": Variable("yes_no", "whether the period ends on 31 December", example="no"),
    },
    "filing": {
        "title": _text_only("text", "title of the template", "Aangifte btw"),
        "start": Variable("date", "start date of the filing", example="31 december 2025"),
        "due": _text_only("date", "earliest open deadline", "30 april 2026"),
        "late": _text_only("yes_no", "whether the text is sent after `filing.due`", "no"),
        "offered_as": Variable(
            "text",
            "how it was last offered to the client; empty before the first offer",
            ("approval", "signature", "information"),
            in_conditions=False,
            example="approval",
        ),
        "sent_back": _text_only(
            "yes_no",
            "whether something of the request that the text is about was sent back to the client",
            "no",
        ),
        "object_until": _text_only(
            "date",
            "last day to object for who is informed now; empty where the filing does not wait for it",
            "8 april 2026",
        ),
        "link": _text_only(
            "text",
            "link or command for the reader, from the setting `link`",
            "https://portaal.kantoor.example/btw-aangifte/1001/2026-Q1",
        ),
    },
    "contact": {
        "name": _text_only("text", "name of the reader", "Anja Jansen"),
        "salutation": _text_only(
            "text",
            "salutation of the reader: 'Beste mevrouw Jansen'; else 'Beste' or 'Dear', and the name",
            "Beste mevrouw Jansen",
        ),
    },
    "sender": {
        "name": _text_only("text", "name of the sender", "Marieke de Vries"),
        "phone": _text_only("text", "telephone number of the sender", "010 000 00 01"),
        "email": _text_only("text", "e-mail address of the sender", "marieke@kantoor.example"),
    },
    "office": {
        "name": Variable("text", "name of the office", example="Kantoor Voorbeeld"),
        "phone": _text_only("text", "telephone number of the office", "010 000 00 00"),
        "email": _text_only("text", "e-mail address of the office", "post@kantoor.example"),
    },
}
"""Group, name, variable. A template adds its own `facts`."""

"""The variables that conditions and texts may name, with their types: one table for compiler and runtime.

A condition (`if`) may use the variables marked for conditions: plain data from the start of the filing. A
text may use all of them; it is rendered when it is sent. The office's own relation fields are added to
`relation` under their ids.
"""

from typing import Literal, NamedTuple, get_args

from .period import PeriodKind

ValueType = Literal["text", "number", "yes_no", "date", "money"]


class Variable(NamedTuple):
    """One variable: its type, its meaning, its possible values if they are few, and where it may be used."""

    type: ValueType
    meaning: str
    values: tuple[str, ...] = ()
    in_conditions: bool = True


def _text_only(kind: ValueType, meaning: str) -> Variable:
    return Variable(kind, meaning, in_conditions=False)


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

VARIABLES: dict[str, dict[str, Variable]] = {
    "relation": {
        "number": Variable("text", "number of the relation, the office's own"),
        "name": Variable("text", "name of the relation"),
        "legal_form": Variable("text", "legal form", LEGAL_FORMS),
        "natural_person": Variable("yes_no", "whether the relation is a natural person or a sole trader"),
    },
    "product": {
        "id": Variable("text", "id of the product"),
        "title": _text_only("text", "title of the product"),
        "frequency": Variable("text", "frequency agreed with the relation", get_args(PeriodKind)),
        "sub_number": Variable("text", "sub-number, such as B01"),
        "foreign": Variable("yes_no", "whether the relation is a foreign business for this product"),
        "kor": Variable("yes_no", "whether the small-business scheme applies"),
        "fiscal_unit": Variable("yes_no", "whether the relation files in a fiscal unit"),
    },
    "period": {
        "kind": Variable("text", "kind of the period", get_args(PeriodKind)),
        "code": Variable("text", "code of the period: 2026-01, 2026-Q1, 2026"),
        "words": Variable("text", "the period in Dutch: januari 2026, het eerste kwartaal van 2026"),
        "start": Variable("date", "first day"),
        "end": Variable("date", "last day"),
        "year": Variable("number", "year of the first day"),
        "month": Variable("number", "month of the first day, 1 to 12"),
        "last_of_year": Variable("yes_no", "whether the period ends on 31 December"),
    },
    "filing": {
        "title": _text_only("text", "title of the template"),
        "start": Variable("date", "start date of the filing"),
        "due": _text_only("date", "earliest open deadline"),
        "late": _text_only("yes_no", "whether the text is sent after `filing.due`"),
        "offered_as": Variable(
            "text",
            "how it was last offered to the client; empty before the first offer",
            ("approval", "signature", "information"),
            in_conditions=False,
        ),
        "link": _text_only("text", "link or command for the reader, from the setting `link`"),
    },
    "contact": {
        "name": _text_only("text", "name of the reader"),
        "salutation": _text_only("text", "salutation of the reader: 'Beste mevrouw Jansen'"),
    },
    "sender": {
        "name": _text_only("text", "name of the sender"),
        "phone": _text_only("text", "telephone number of the sender"),
        "email": _text_only("text", "e-mail address of the sender"),
    },
    "office": {
        "name": Variable("text", "name of the office"),
        "phone": _text_only("text", "telephone number of the office"),
        "email": _text_only("text", "e-mail address of the office"),
    },
}
"""Group, name, variable. A template adds its own `facts`."""

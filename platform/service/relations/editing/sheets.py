"""A sheet: what of a relation is edited at once, and what comes of sending it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Connection

from ....office.exchange import THERE_ALREADY, Edit, Mistake
from ....office.relations.relation import Relation
from ....plan import Model, Office
from ....words import say_id

FieldKind = Literal[
    "text", "email", "phone", "number", "date", "yes_no", "choice", "choices", "hidden_number"
]
"""A `hidden_number` shows no value: what is typed replaces it, nothing leaves it, `CLEAR` takes it away."""
CLEAR = "leeg"
"""The field of a form that names the hidden numbers to take away."""
Typed = Mapping[str, tuple[str, ...]]
"""What was typed, by field."""
Options = tuple[tuple[str, str], ...]
"""What can be chosen: what is sent, and what people read."""
SALUTATION_HINT = (
    "Zo beginnen berichten: Beste mevrouw Jansen. Leeg: Beste, en de naam; aan wie Engels leest: Dear, en de "
    "naam. Schrijf een eigen aanhef in de taal van de lezer."
)
LABELS = {
    "name": "Naam",
    "kind": "Soort",
    "legal_form": "Rechtsvorm",
    "ob_number": "OB-nummer",
    "rsin": "RSIN",
    "bsn": "BSN",
    "btw_id": "Btw-id",
    "kvk": "KvK-nummer",
    "sbr_enabled": "Indienen via SBR",
    "ideal_enabled": "iDEAL",
    "status": "Status",
    "status_since": "Status sinds",
    "language": "Taal",
    "automations_off": "Automatiseringen uit",
    "group": "Relatiegroep",
    "contact": "Contactpersoon",
    "contact_name": "Naam van de contactpersoon",
    "salutation": "Aanhef",
    "email": "E-mailadres",
    "phone": "Telefoon",
    "functions": "Functies",
    "primary": "Eerste contactpersoon",
    "link": "Verband",
    "other": "Verbonden relatie",
    "product": "Product",
    "may": "Rechten",
    "jointly": "Alleen samen met een ander",
    "since": "Vanaf",
    "until": "Tot en met",
    "proof": "Bewijsstuk",
    "member": "Medewerker",
    "sub_number": "Subnummer",
    "frequency": "Frequentie",
    "first_period": "Eerste periode",
    "foreign": "Buitenlandse ondernemer",
    "kor": "Kleineondernemersregeling (KOR)",
    "fiscal_unit": "Fiscale eenheid",
    "way": "Aanbiedwijze",
    "recipient": "Ontvanger",
}
"""What a column is called on sheets and in the history."""
YES_NO = (("ja", "Ja"), ("nee", "Nee"))


class Field(Model):
    """A field of a sheet: its present value as a form has it, what can be chosen; `said` is shown of it."""

    name: str
    label: str
    kind: FieldKind = "text"
    value: tuple[str, ...] = ()
    options: Options = ()
    hint: str = ""
    said: str = ""
    required: bool = False
    sometimes: bool = False
    """Required with some of what is chosen beside it: the hint says with what."""


class Sheet(Model):
    """What is edited at once, with the version of the relation that is shown; `notes` are Dutch sentences."""

    relation: Relation
    title: str
    fields: tuple[Field, ...]
    version: int
    notes: tuple[str, ...] = ()
    button: str = "Bewaar"


class Wrong(Model):
    """Nothing was written: what is wrong by field, '' for the sheet as a whole."""

    mistakes: tuple[tuple[str, str], ...]


def tells_there(mistakes: Collection[tuple[str, str]]) -> bool:
    """Say whether one of these mistakes is that what was to be added already exists."""
    return any(text == THERE_ALREADY for _, text in mistakes)


class Changed(Model):
    """A change of a relation in words: who (empty for an import), when in office time, of what, and what.

    `run` is the bulk run in which it was done, if any.
    """

    at: datetime
    who: str
    what: str
    lines: tuple[str, ...]
    run: int | None = None


class Meanwhile(Model):
    """Nothing was written: others changed the same since it was shown. Fields that were not touched.

    `version` is that of the relation with these changes: whoever has read them has seen it.
    """

    changes: tuple[Changed, ...]
    untouched: frozenset[str]
    version: int


class Gone(Model):
    """Nothing was written, since there is no such thing now (Dutch); the change that took it away, if any."""

    text: str
    changes: tuple[Changed, ...] = ()


class Consequences(Model):
    """Nothing was written yet: Dutch sentences of what it takes away; `mark` says that this was agreed to."""

    sentences: tuple[str, ...]
    mark: str


class Saved(Model):
    """It was written; what should be known of it, in Dutch sentences."""

    changed: bool
    warnings: tuple[str, ...] = ()
    link_to: str = ""
    """The contact who has another address now, and is to get a link there that signs them in."""


Outcome = Saved | Wrong | Meanwhile | Gone | Consequences


class At(NamedTuple):
    """Where something is edited: a relation in an office, on a day, read by a connection."""

    connection: Connection
    relation: Relation
    office: Office
    today: date


@dataclass(frozen=True)
class Draft:
    """An edit that a sheet was read as.

    `lines` has by entry the one field that it is of, '' for one of several; `subjects` the same by the table
    and the subject of what it changes. `anyway` says that a first day far from today is meant; `link_to` is
    the contact who is to get a link at another address. `wrong` is what the sheet itself finds, by field: it
    is told with all that is wrong with the edit.
    """

    edit: Edit
    lines: Sequence[str] = ("",)
    anyway: bool = False
    subjects: Mapping[tuple[str, str], str] = field(default_factory=dict)
    link_to: str = ""
    wrong: tuple[tuple[str, str], ...] = ()

    def find_field(self, mistake: Mistake) -> str:
        """Return the field that a mistake is of."""
        line = self.lines[mistake.line - 1] if mistake.line <= len(self.lines) else ""
        return line or mistake.column


class Away(NamedTuple):
    """What a sheet is about is not there; it was kept in this table under this subject."""

    kind: str
    subject: str


class Subject(Protocol):
    """What a sheet is about."""

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet as it is now; None where there is no such thing."""

    def draft(self, at: At, typed: Typed) -> Draft | Wrong | Away:
        """Return what somebody who sent the sheet wants."""


class Sent(NamedTuple):
    """A sheet as it was sent: the version that was shown, and the consequences that were agreed to."""

    typed: Typed
    version: int = 0
    agreed: str = ""


def first(typed: Typed, name: str) -> str:
    """Return what was typed in a field; empty where nothing was."""
    return next(iter(typed.get(name, ())), "").strip()


def take(typed: Typed, names: Sequence[str]) -> dict[str, str]:
    """Return what was typed in these fields as cells of a file; several choices with spaces between them."""
    return {name: " ".join(typed.get(name, ())).strip() for name in names}


def keep_present(options: Options, value: Sequence[str]) -> Options:
    """Return options with the present values that are none of them any more: what is there is shown."""
    known = {one for one, _ in options}
    return (*options, *((one, say_id(one)) for one in value if one not in known))


def as_typed(value: Any) -> tuple[str, ...]:
    """Return a value as a form has it."""
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return ("ja",) if value else ("nee",)
    if isinstance(value, (list, tuple)):
        return tuple(map(str, value))
    return (value.isoformat() if isinstance(value, date) else str(value),)

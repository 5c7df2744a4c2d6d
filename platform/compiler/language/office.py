"""The office's own definitions: office.yaml, roles, products, messages."""

from typing import Annotated, ClassVar, Literal

from .base import Day, Definition, Email, Id, Line, Maybe, Ref, Some, Whole, Words, shaped, whole

ConsultantNumber = Annotated[str, shaped("[0-9]{6}", "a beconnummer has six digits, in quotes")]
VendorNumber = Annotated[str, shaped("SWO[0-9]{5}", "this number is SWO and five digits, such as SWO12345")]


class ClosingDays(Definition):
    """When the office is closed besides weekends and generally recognised holidays."""

    good_friday: bool = False
    """Whether it is closed on Good Friday."""
    liberation_day: Literal["every_year", "every_five_years", "never"] = "every_five_years"
    """Whether it is closed on 5 May."""
    extra: list[Day] = []
    """Other days on which it is closed."""


class RelationField(Definition):
    """A field of the office's own on a relation: conditions and texts say `relation.<id>`."""

    id: Id
    """Its name."""
    title: Line
    """What people read."""
    type: Literal["text", "number", "yes_no", "date"]
    """What it holds."""


class Office(Definition):
    """The office: what texts say about it, when it is open, and what it adds to relations."""

    name: Line
    """Its name."""
    phone: Line
    """Its telephone number."""
    email: Email
    """Its e-mail address."""
    opening_hour: Annotated[Whole, whole(0, 23)] = 8
    """The hour at which waiting dates come: messages and reminders go out then."""
    closing_days: ClosingDays = ClosingDays()
    """When it is closed besides weekends and holidays."""
    functions: list[Id] = []
    """The functions that a contact can have, such as directeur."""
    function_gives_authority: list[Ref] = []
    """Functions that give authority to decide by themselves; by default none does."""
    fields: list[RelationField] = []
    """Fields of its own on relations."""
    tax_consultant_number: Maybe[ConsultantNumber] = None
    """Its number as tax consultant (beconnummer): six digits, in quotes."""
    software_vendor_number: Maybe[VendorNumber] = None
    """The number of the software vendor in the VAT return: SWO and five digits."""


class Role(Definition):
    """A role that a team member has for a relation. Its file name is its id."""

    title: Line
    """What people read."""
    description: Maybe[Words] = None
    """What its holder does."""
    fallback: Maybe[Ref] = None
    """The role that does its work where nobody fills it."""
    qualification: list[Literal["AA", "RA", "RB"]] = []
    """What its holder must be: one of these."""


class Product(Definition):
    """A product that relations take. Its file name is its id."""

    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {
        "frequencies": ("half_year", "book_year", "four_weeks"),
    }

    title: Line
    """What people read."""
    description: Maybe[Words] = None
    """What it holds."""
    frequencies: Some[Literal["month", "quarter", "year"]]
    """How often: the periods in which it can be agreed."""


class Text(Definition):
    """Subject and body in one language: Jinja2 with the variables of the language's reference."""

    subject: Line
    """The subject."""
    body: Words
    """The body, as a block scalar."""


class Texts(Definition):
    """The texts of a message by language; Dutch is always there."""

    nl: Maybe[Text] = None
    """Dutch."""
    en: Maybe[Text] = None
    """English, for contacts with that language."""


class Message(Definition):
    """A message. Its file name is its id. It names no amounts and no identifiers: it has a link."""

    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {"channels": ("portal", "letter")}

    title: Line
    """What people read in lists."""
    channels: Some[Literal["email"]]
    """How it is sent."""
    texts: Texts
    """Subject and body per language."""

"""The office's own definitions: office.yaml, roles, products, messages."""

from typing import Annotated, ClassVar, Literal

from ...period import PeriodKind
from .base import Day, Definition, Email, Id, Line, Maybe, Ref, Some, Whole, Words, in_range, match_pattern

ConsultantNumber = Annotated[str, match_pattern("[0-9]{6}", "a beconnummer of six digits, in quotes")]
VendorNumber = Annotated[str, match_pattern("SWO[0-9]{5}", "SWO and five digits, such as SWO12345")]


class ClosingDays(Definition):
    """The days on which the office is closed besides weekends and generally recognised holidays."""

    good_friday: bool = False
    """Whether it is closed on Good Friday."""
    liberation_day: Literal["every_year", "every_five_years", "never"] = "every_five_years"
    """Whether it is closed on 5 May."""
    extra: list[Day] = []
    """Other dates on which it is closed."""


class RelationField(Definition):
    """A relation field of the office's own; conditions and texts refer to it as `relation.<id>`."""

    id: Id
    """Its id."""
    title: Line
    """Its label."""
    type: Literal["text", "number", "yes_no", "date"]
    """The type of its values."""


class Chat(Definition):
    """Who reads what a client writes once a filing is closed, and the mails that say that something waits.

    A mail has no word of what was written: its reader follows the link.
    """

    after_closing: Ref
    """The role that reads what a client writes in a chat that is closed, such as relatiebeheerder."""
    to_client: Ref
    """The message to a contact for whom a colleague has written."""
    to_colleague: Ref
    """The message to a colleague for whom a client has written."""


class Office(Definition):
    """The office: contact details, opening hour, closing days, and its own relation fields."""

    name: Line
    """Its name."""
    phone: Line
    """Its telephone number."""
    email: Email
    """Its e-mail address."""
    opening_hour: Annotated[Whole, in_range(0, 23)] = 8
    """The hour at which dates take effect: messages and reminders are sent then."""
    closing_days: ClosingDays = ClosingDays()
    """The days on which it is closed besides weekends and holidays."""
    functions: list[Id] = []
    """The functions that a contact can have, such as directeur."""
    function_gives_authority: list[Ref] = []
    """The functions that by themselves give authority to decide; by default none."""
    fields: list[RelationField] = []
    """Its own relation fields."""
    chat: Maybe[Chat] = None
    """How people hear of what is written in a chat; without it no mail goes out."""
    tax_consultant_number: Maybe[ConsultantNumber] = None
    """Its number as tax consultant (beconnummer): six digits, in quotes."""
    software_vendor_number: Maybe[VendorNumber] = None
    """The number of the software vendor in the VAT return: SWO and five digits."""


class Role(Definition):
    """A role that a team member holds for a relation. Its file name is its id."""

    title: Line
    """Its label."""
    description: Maybe[Words] = None
    """What its holder does."""
    fallback: Maybe[Ref] = None
    """The role that takes over its work for relations where nobody holds it."""
    qualification: list[Literal["AA", "RA", "RB"]] = []
    """The qualifications of which its holder needs one."""


class Product(Definition):
    """A product that relations take. Its file name is its id."""

    title: Line
    """Its label."""
    description: Maybe[Words] = None
    """What it includes."""
    frequencies: Some[PeriodKind]
    """The frequencies in which it can be agreed with a relation."""


class Text(Definition):
    """Subject and body in one language: Jinja2 with the variables of the language's reference."""

    subject: Line
    """The subject."""
    body: Words
    """The body, as a block scalar."""


class Texts(Definition):
    """The texts of a message by language; Dutch is required."""

    nl: Maybe[Text] = None
    """Dutch."""
    en: Maybe[Text] = None
    """English, for contacts whose language it is."""


class Message(Definition):
    """A message. Its file name is its id. It holds no amounts and no identification numbers, but a link."""

    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {"channels": ("portal", "letter")}

    title: Line
    """Its label in lists."""
    channels: Some[Literal["email"]]
    """The channels over which it is sent."""
    texts: Texts
    """Subject and body per language."""

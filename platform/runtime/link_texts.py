"""What a mail with a link to sign in says, in the language of its reader."""

from typing import Literal, NamedTuple

from ..office.people import Contact, TeamMember
from .activities.message_texts import FALLBACK, greet

LinkText = Literal["asked", "sent"]
"""Whether its reader asked for the link, or a colleague sent it."""


class _Words(NamedTuple):
    subject: str
    asked: str
    sent: str


DUTCH = _Words(
    subject="Uw link om in te loggen",
    asked="""\
{salutation},

U vroeg om een nieuwe link om in te loggen. Hier is de link:

{url}

De link werkt {days} dagen. Zodra u die gebruikt, werken eerdere links niet meer. Hebt u hier niet om
gevraagd? Dan hoeft u niets te doen: zonder deze mail kan niemand erbij.

{office}
{phone}
""",
    sent="""\
{salutation},

Hier is een nieuwe link om in te loggen. U ziet dan wat er op u wacht:

{url}

De link werkt {days} dagen. Zodra u die gebruikt, werken eerdere links niet meer. Is uw e-mailadres bij ons
gewijzigd, dan werken eerdere links nu al niet meer.

{office}
{phone}
""",
)
_ENGLISH = _Words(
    subject="Your link to sign in",
    asked="""\
{salutation},

You asked for a new link to sign in. Here it is:

{url}

The link works for {days} days. Once you use it, earlier links no longer work. If you did not ask for this,
you do not need to do anything: without this mail nobody can get in.

{office}
{phone}
""",
    sent="""\
{salutation},

Here is a new link to sign in. You will see what is waiting for you:

{url}

The link works for {days} days. Once you use it, earlier links no longer work. If your e-mail address with us
has changed, earlier links no longer work as of now.

{office}
{phone}
""",
)


def write_link_text(
    text: LinkText, person: TeamMember | Contact, *, url: str, days: int, office: str, phone: str
) -> tuple[str, str]:
    """Return the subject and body of a mail: colleagues are written to in Dutch."""
    language, salutation = FALLBACK, ""
    if isinstance(person, Contact):
        language, salutation = person.language, person.salutation
    words = DUTCH if language == FALLBACK else _ENGLISH
    body = words.asked if text == "asked" else words.sent
    greeting = greet(person.name, salutation, language)
    return words.subject, body.format(salutation=greeting, url=url, days=days, office=office, phone=phone)

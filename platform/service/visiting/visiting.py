"""Coming in and going out: links that sign in, sessions, and asking for a new link (R31, R44).

All moments here are real time: a link and a session age by the wall clock, also in a practice office.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from ...emails import comparable
from ...mail.smtp import Letter, SendingError, send
from ...office.database.errors import DatabaseError
from ...office.people import Contact, TeamMember, find_person
from ...office.plans import active_office
from ...office.visits.attempts import count_attempt, find_attempts
from ...office.visits.sessions import begin_session, end_session, show_next
from ...office.visits.sign_in_links import (
    SignInLink,
    find_link,
    is_good,
    replace_others,
)
from ...office.visits.unsent_links import settle_unsent_link
from ...plan import Model
from ...runtime import link_mails
from ...runtime.activities.message_links import sign_in_url
from ...runtime.activities.message_texts import FALLBACK
from ...runtime.posting import note_sending
from ..access import Visitor, keys_of
from ..desk import Desk
from ..names import short_name
from ..results import Refusal
from ..unknown import refuse_person
from .arriving import Arrival, find_arrival

__all__ = [
    "Coming",
    "Visit",
    "end_visit",
    "find_visit",
    "forget_word",
    "look_at_link",
    "mail_link",
    "make_own_link",
    "send_new_link",
    "sign_in",
]

_log = logging.getLogger(__name__)
Needs = Literal["nothing", "code", "enrolment"]
HOUR = timedelta(hours=1)
MOST_MAILS = 5
"""Links that one address, or one old link, may ask for within an hour."""
MOST_SIGN_INS = 200
"""Sign-ins that fail from one address of the network within an hour."""
MOST_ASKED = 100
"""Links that are asked for from one address of the network within an hour."""

BAD_LINK = Refusal(
    code="bad_link",
    text="Deze link werkt niet meer: de geldigheid is verlopen, of er is een nieuwere gestuurd.",
)
NO_LINK = Refusal(code="no_link", text="Deze link bestaat niet. Kijk of u het hele adres hebt overgenomen.")
TOO_OFTEN = Refusal(
    code="too_often", text="Dit is te vaak geprobeerd. Wacht een uur en probeer het dan opnieuw."
)

_FOR_CLIENTS = ("/mijn", "/aangiften")
"""How the pages for clients begin; all others are the team's."""


class Coming(Model):
    """Who a link would sign in, before anybody has pressed the button."""

    name: str
    language: str
    office: str


class Visit(Model):
    """A session that holds: who it is, what is still needed before anything is shown, what to say first."""

    visitor: Visitor
    needs: Needs
    shown: str = ""


def look_at_link(desk: Desk, token: str) -> Coming | Refusal:
    """Say whom a link would sign in, or why it does not. Uses nothing up: mail scanners look too."""

    def ask(connection: Connection) -> Coming | Refusal:
        found = _good_link(connection, token)
        if isinstance(found, Refusal):
            return found
        person, _ = found
        language = person.language if isinstance(person, Contact) else FALLBACK
        return Coming(name=person.name, language=language, office=_office_name(connection))

    return desk.read(ask)


def sign_in(desk: Desk, token: str, origin: str) -> tuple[str, str] | Refusal:
    """Begin a session by a link; return the session's token and the path that the link leads to.

    `origin` is the network address that it is tried from: only what fails counts, since a whole office may
    come from one, and from one that failed too often nobody gets in for a while.
    """
    now, mark = _now(), desk.equipment.document_ring.mark(origin)
    with desk.equipment.database.read() as connection:
        tried = find_attempts(connection, "sign_in", mark, HOUR, now)
        found = _good_link(connection, token)
    if tried >= MOST_SIGN_INS:
        return TOO_OFTEN
    with desk.equipment.database.write() as connection:
        if isinstance(found, Refusal):  # judged before: who tries at random keeps no writer waiting
            count_attempt(connection, "sign_in", mark, HOUR, now)
            return found
        found = _good_link(connection, token)
        if isinstance(found, Refusal):
            return found
        person, link = found
        replace_others(connection, link, now)
        settle_unsent_link(connection, person.id)
        return _begin(desk, connection, person), _lead_to(connection, person, link)


def find_visit(desk: Desk, token: str) -> Visit | None:
    """Return the visit of a session's token; None where it has ended or its person is gone."""

    found = desk.read(lambda connection: find_arrival(connection, token, _now())) if token else None
    if found is None:
        return None
    return Visit(visitor=_visitor(found), needs=_needs(desk, found), shown=found.session.shown)


def forget_word(desk: Desk, token: str) -> None:
    """Have the session's next page say nothing first: it was said.

    Where the database cannot be reached it is said once more, and the page has not failed by it.
    """
    try:
        with desk.equipment.database.write() as connection:
            show_next(connection, token, "")
    except DatabaseError as error:
        _log.warning("what a page has said was not forgotten: %s", type(error).__name__)


def end_visit(desk: Desk, token: str) -> None:
    """End a session."""
    with desk.equipment.database.write() as connection:
        end_session(connection, token)


def count_new_link(desk: Desk, origin: str, *, address: str = "", old: str = "") -> Refusal | None:
    """Count that a link was asked for; a refusal when that was too often for it, or from this origin.

    Says the same whether anybody has the address. Raises DatabaseError.
    """
    now, mark = _now(), desk.equipment.document_ring.mark
    with desk.equipment.database.write() as connection:
        same = count_attempt(connection, "new_link", mark(old or comparable(address)), HOUR, now)
        here = count_attempt(connection, "new_link_from", mark(origin), HOUR, now)
    return TOO_OFTEN if same > MOST_MAILS or here > MOST_ASKED else None


def send_new_link(desk: Desk, *, address: str = "", old: str = "", path: str = "") -> None:
    """Mail a new link to whoever has this address, or had this old link; earlier ones live until it is used.

    It leads to `path`, one of our own, else to where the old one did. To strangers nothing is sent. To be
    done after the answer: how long it takes tells who is known. A mail that did not go out is an alarm for
    the office, and a worker sends another where that can help. Raises DatabaseError.
    """
    with desk.equipment.database.write() as connection:
        link = find_link(connection, old) if old else None
        person = find_person(connection, link.person if link else comparable(address))
        if person is None or not person.email or (old and link is None):
            return
        filing = link.filing if link else None
        token = link_mails.make_own_link(desk.settings, connection, person, _now(), filing, path or None)
        letter = link_mails.write_letter(desk.settings, connection, person, person.email, token, "asked")
    error = _send(desk, letter)
    with desk.equipment.database.write() as connection:
        if error:
            link_mails.note_unsent(connection, person, error)
        else:
            settle_unsent_link(connection, person.id)


def mail_link(desk: Desk, who: str) -> str | Refusal:
    """Mail a link to somebody (id or e-mail address), at the address that the office has now; return it.

    It is a colleague who asks, and hears at once whether it went out. Raises DatabaseError.
    """
    with desk.equipment.database.write() as connection:
        reached = _find_reached(connection, who)
        if isinstance(reached, Refusal):
            return reached
        person, address = reached
        token = link_mails.make_own_link(desk.settings, connection, person, _now())
        letter = link_mails.write_letter(desk.settings, connection, person, address, token, "sent")
    error = _send(desk, letter)
    if error:
        text = f"De mail met een nieuwe link aan {person.name} is niet verstuurd: {error.dutch}."
        return Refusal(code="link_not_sent", text=text)
    with desk.equipment.database.write() as connection:
        settle_unsent_link(connection, person.id)
    return address


def make_own_link(desk: Desk, who: str) -> str | Refusal:
    """Return a link for somebody, for who runs the server: nothing is mailed. Raises DatabaseError."""
    with desk.equipment.database.write() as connection:
        reached = _find_reached(connection, who)
        if isinstance(reached, Refusal):
            return reached
        token = link_mails.make_own_link(desk.settings, connection, reached[0], _now())
        return sign_in_url(desk.settings.base_url, token)


def _send(desk: Desk, letter: Letter) -> SendingError | None:
    """Send a letter; return why it did not go out."""
    failed = None
    try:
        asyncio.run(send(desk.equipment.mail_server(), letter))
    except SendingError as error:
        failed = error
    note_sending(desk.equipment.database, failed)
    return failed


def _find_reached(connection: Connection, who: str) -> tuple[TeamMember | Contact, str] | Refusal:
    """Return somebody (id or e-mail address) with the address that the office has now."""
    person = find_person(connection, who)
    if person is None:
        return refuse_person(connection, who)
    if not person.email:
        return Refusal(code="no_email", text=f"Van '{person.id}' is geen e-mailadres bekend.")
    return person, person.email


def _now() -> datetime:
    return datetime.now(UTC)


def _good_link(connection: Connection, token: str) -> tuple[TeamMember | Contact, SignInLink] | Refusal:
    link = find_link(connection, token)
    if link is None:
        return NO_LINK
    person = find_person(connection, link.person)
    address = comparable(person.email) if person and person.email else None
    if person is None or not is_good(link, token, address, _now()):
        return BAD_LINK
    return person, link


def _begin(desk: Desk, connection: Connection, person: TeamMember | Contact) -> str:
    portal, now = desk.settings.portal, _now()
    hours = portal.team_hours if isinstance(person, TeamMember) else portal.client_hours
    return begin_session(connection, person.id, at=now, until=now + timedelta(hours=hours))


def _visitor(arrival: Arrival) -> Visitor:
    person = arrival.person
    if isinstance(person, TeamMember):
        return Visitor(id=person.id, name=person.name, kind="team", manager=arrival.manages)
    return Visitor(id=person.id, name=person.name, kind="client", language=person.language)


def _needs(desk: Desk, arrival: Arrival) -> Needs:
    asked = desk.settings.portal.second_factor and not desk.equipment.practice
    if isinstance(arrival.person, Contact) or not asked or arrival.session.proved_at is not None:
        return "nothing"
    return "code" if arrival.enrolled else "enrolment"


def _lead_to(connection: Connection, person: TeamMember | Contact, link: SignInLink) -> str:
    """Return where a link leads: to where who asked for it was going, where such as they are shown it."""
    client, filing = isinstance(person, Contact), link.filing
    if link.path and link.path.startswith(_FOR_CLIENTS) == client:
        return link.path
    if client:
        return f"/mijn/{keys_of(connection, [filing])[filing]}" if filing else "/mijn"
    return f"/opdrachten/{short_name(filing)}" if filing else "/werk"


def _office_name(connection: Connection) -> str:
    office = active_office(connection)
    return office.text.name if office else "kantoor"

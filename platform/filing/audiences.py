"""For whom somebody says that a note or a document is: what is refused of it (R45)."""

from ..audience import CLIENT, OFFICE, is_audience, roles_in
from .events import Attach
from .outcome import Refusal
from .turn import Reader


def refuse_audience(reader: Reader, audience: str | None) -> Refusal | None:
    """Refuse an audience that there is not, or a role that the template has not."""
    if audience is None:
        return None
    if not is_audience(audience):
        text = f"Een publiek '{audience}' bestaat niet. Kies uit: klant, kantoor, compliance, of rollen."
        return Refusal(code="unknown_audience", text=text)
    known = {role.id for role in reader.plan.roles}
    strange = [role for role in roles_in(audience) if role not in known]
    if strange:
        text = f"Rol '{strange[0]}' bestaat niet. Kies uit: {', '.join(sorted(known))}."
        return Refusal(code="unknown_role", text=text)
    return None


def refuse_hiding(reader: Reader, document: str, audience: str | None) -> Refusal | None:
    """Refuse to keep a document from the client that is offered to them, or to show it before it is."""
    if audience == CLIENT:
        return _refuse_showing(reader, document)
    if audience in (None, OFFICE):
        return None
    offering = next((p for p in reader.plan.phases if p.offer and document in p.offer.documents), None)
    if offering is None:
        return None
    title = reader.rules.document(document).title
    text = (
        f"'{title}' wordt in de fase '{offering.title}' aan de klant aangeboden en kan niet worden "
        "afgeschermd."
    )
    return Refusal(code="offered_to_client", text=text)


def refuse_unsigned(reader: Reader, act: Attach) -> Refusal | None:
    """Refuse to show the client at once what is signed in the office: it is not signed yet.

    Earlier versions took it (see `new_acts`).
    """
    document = act.shown.document
    signing = next((phase for phase in reader.plan.phases if document in phase.signs), None)
    if act.audience != CLIENT or signing is None:
        return None
    title = reader.rules.document(document).title
    text = (
        f"'{title}' wordt in de fase '{signing.title}' ondertekend en kan niet meteen voor de klant zijn. "
        "Voeg het toe voor kantoor."
    )
    return Refusal(code="signed_first", text=text)


def _refuse_showing(reader: Reader, document: str) -> Refusal | None:
    """Refuse to show what is reviewed or offered, or is somebody's own: its offer shows it in its time."""
    declared = reader.rules.document(document)
    shows_later = any(
        document in phase.reviews or (phase.offer is not None and document in phase.offer.documents)
        for phase in reader.plan.phases
    )
    if not shows_later and declared.of is None:
        return None
    text = (
        f"'{declared.title}' kan nu nog niet voor de klant zijn: de klant ziet het pas als het na "
        "beoordeling wordt aangeboden."
    )
    return Refusal(code="offered_to_client", text=text)

"""From what a relation lacks to where it is mended."""

from dataclasses import dataclass
from urllib.parse import urlencode

from ..service.results import Acceptance, Missing
from .tabs import BACK, READY, TABS, Tab


@dataclass(frozen=True)
class Mending:
    """What to do about something that is missing: a sentence, the tab that shows where, the sheet for it.

    `sheet` is a path below the relation's, with the field; empty where the tab says which.
    """

    text: str
    tab: Tab
    sheet: str = ""


_ADDRESS = Mending("Vraag de klant om het juiste e-mailadres en leg dat vast.", "contactpersonen")
_CONTACT = Mending("Wijs een contactpersoon aan, of geef de functie.", "contactpersonen")
_AUTHORITY = Mending(
    "Leg een bevoegdheid vast die op de dag van de start geldt, met het bewijsstuk.",
    "contactpersonen",
    "bevoegdheden/nieuw#v-contact",
)
_ROLE = Mending("Geef de rol aan een collega die deze rol mag hebben.", "rollen", "rollen/wijzigen")


def _say_acceptance(found: Acceptance) -> Mending:
    if found.status == "completed":
        return _fill_in("status", "De klantacceptatie is afgerond. Zet nu de status op actief.")
    if found.status == "ended":
        return Mending(f"De klantacceptatie is geëindigd: {found.end}. Er start niets meer.", "opdrachten")
    return MENDING["not_accepted"]


def _fill_in(field: str, text: str) -> Mending:
    return Mending(text, "gegevens", f"gegevens/wijzigen#v-{field}")


MENDING: dict[str, Mending] = {
    "not_accepted": Mending(
        "Rond eerst de klantacceptatie af; aan het eind daarvan gaat de status op actief.", "opdrachten"
    ),
    "not_active": _fill_in("status", "Kijk of de status nog klopt."),
    "no_product": Mending(
        "Leg vast dat de klant dit product afneemt, of start het niet.",
        "producten",
        "producten/nieuw#v-product",
    ),
    "no_legal_form": _fill_in("legal_form", "Vul de rechtsvorm in."),
    **{
        f"no_{name}": _fill_in(name, "Vul het nummer in.")
        for name in ("ob_number", "bsn", "rsin", "btw_id", "kvk")
    },
    "sbr_off": _fill_in("sbr_enabled", "Zet indienen via SBR aan."),
    "ideal_off": _fill_in("ideal_enabled", "Zet betalen met iDEAL aan, als de klant dat wil."),
    "shared_number": Mending("Beëindig het product bij een van de twee relaties.", "producten"),
    **dict.fromkeys(("role_unfilled", "unqualified", "four_eyes"), _ROLE),
    **dict.fromkeys(("no_primary_contact", "no_contact_with_function"), _CONTACT),
    **dict.fromkeys(("no_email", "email_invalid"), _ADDRESS),
    **dict.fromkeys(("no_authority", "only_jointly"), _AUTHORITY),
    "other_not_asked": Mending(
        "Kies bij het product een ontvanger met een functie die beiden hebben, of geef de ander die.",
        "producten",
    ),
    "no_standing_authority": Mending(
        "Leg de doorlopende machtiging vast.", "producten", "machtigingen/nieuw#v-product"
    ),
    "not_linked": Mending("Leg het verband vast.", "gegevens", "verbanden/nieuw#v-link"),
    "same_number": Mending("Kijk welk nummer klopt.", "gegevens", "gegevens/wijzigen"),
    "undeliverable_sender": Mending(
        "Laat beheer de collega importeren, of kies hier een ander.",
        "rollen",
        "rollen/wijzigen",
    ),
    "no_document": Mending("Zet het document in het dossier.", "dossier", "dossier/nieuw"),
    "no_office_number": Mending("Laat beheer het nummer van het kantoor invullen.", "gegevens"),
}
"""By the code of what is missing."""


def find_way(
    one: Missing, *, anybody: bool, acceptance: Acceptance | None = None
) -> tuple[str, str, str] | None:
    """Return what to do about what is missing, where it leads below the relation's page, and the tab there.

    To the sheet of the contact whom it is about; `anybody` says that the relation has contacts. What a
    prospect needs depends on how its `acceptance` stands. Whoever saves there comes back here.
    """
    mending = MENDING.get(one.code)
    if one.code == "not_accepted" and acceptance:
        mending = _say_acceptance(acceptance)
    if mending is None:
        return None
    asked = {BACK: READY}
    path, _, field = (mending.sheet or mending.tab).partition("#")
    if one.contact and mending is _ADDRESS:
        path, field = f"contactpersonen/{one.contact}/wijzigen", "v-email"
    elif one.contact and mending is _AUTHORITY:
        asked["contact"] = one.contact
    elif mending is _CONTACT and not anybody:
        path = "contactpersonen/nieuw"
    return mending.text, f"{path}?{urlencode(asked)}{f'#{field}' if field else ''}", TABS[mending.tab]

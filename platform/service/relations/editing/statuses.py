"""What each status of a relation stops, and who acts then (R25): told before a status is given."""

from ....office.relations.relation import RelationStatus
from ....words import RELATION_STATUS_WORDS

_STARTS_NOTHING = "Er start niets meer: geen opdracht, en ook niets dat vanzelf start."
EFFECTS: dict[RelationStatus, str] = {
    "prospect": (
        "Er start nog niets, behalve de klantacceptatie. Aan het eind daarvan gaat de status op actief."
    ),
    "active": "Alles wat is afgesproken, kan starten.",
    "leaving": (
        "Wat is afgesproken, start nog. De relatiebeheerder geeft elk product een laatste dag, en maakt de "
        "relatie vertrokken als alles af is."
    ),
    "left": (
        f"{_STARTS_NOTHING} Contactpersonen kunnen op hun pagina's nog lezen, maar niet meer antwoorden of "
        "akkoord geven. Wat nog loopt, rondt de relatiebeheerder af of annuleert het."
    ),
    "deceased": (
        f"{_STARTS_NOTHING} De relatiebeheerder legt vast wie namens de erven mag beslissen, met het "
        "bewijsstuk (zoals een verklaring van erfrecht), en beëindigt de bevoegdheid van de overledene."
    ),
    "bankrupt": (
        f"{_STARTS_NOTHING} De curator beslist voortaan: de relatiebeheerder legt die vast als "
        "contactpersoon met bevoegdheid, en beëindigt die van het bestuur."
    ),
    "in_liquidation": (
        f"{_STARTS_NOTHING} De vereffenaar beslist voortaan: de relatiebeheerder legt die vast als "
        "contactpersoon met bevoegdheid."
    ),
    "emigrated": (
        f"{_STARTS_NOTHING} De relatiebeheerder zoekt uit welke aangiften nog nodig zijn, en "
        "controleert adres en btw-nummer."
    ),
}
"""By status, in Dutch sentences."""


def tell_effects(status: str) -> list[str]:
    """Return what giving a relation this status brings about, in Dutch sentences; what runs on is a loss."""
    known = next((one for one in EFFECTS if one == status), None)
    if known is None:
        return []
    return [f"De relatie krijgt de status '{RELATION_STATUS_WORDS[known]}'. {EFFECTS[known]}"]

"""The tabs of a relation, and what addresses below it have in common."""

from typing import Literal

Tab = Literal[
    "gegevens",
    "contactpersonen",
    "producten",
    "rollen",
    "opdrachten",
    "dossier",
    "gereed",
    "wijzigingen",
]
TABS: dict[Tab, str] = {
    "gegevens": "Gegevens",
    "contactpersonen": "Contactpersonen",
    "producten": "Producten",
    "rollen": "Rollen",
    "opdrachten": "Opdrachten",
    "dossier": "Dossier",
    "gereed": "Klaar om te starten",
    "wijzigingen": "Wijzigingen",
}
BEGINNING = "begin"
"""In an address: from when nobody knows."""
BACK, READY = "terug", "gereed"
"""The parameter of a sheet that says where saving leads back to, and the tab that it can say."""

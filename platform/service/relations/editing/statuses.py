"""What each status of a relation stops, and who acts then (R25): told before a status is given."""

from sqlalchemy import Connection, select

from ....office.database.tables import OPEN, filings
from ....office.relations.relation import WORKED_FOR, RelationStatus
from ....period import Period
from ....words import RELATION_STATUS_WORDS, count_of

NAMED = 5
"""So many filings are named in a sentence; the others are counted."""
_STARTS_NOTHING = "Er start niets meer: geen opdracht, en ook niets dat vanzelf start."
EFFECTS: dict[RelationStatus, str] = {
    "prospect": (
        "Er start nog niets, behalve de klantacceptatie. De relatiebeheerder rondt die af, en maakt dan de "
        "relatie actief."
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


def tell_effects(connection: Connection, relation: str, status: str) -> list[str]:
    """Return what giving a relation this status brings about, in Dutch sentences."""
    known = next((one for one in EFFECTS if one == status), None)
    if known is None:
        return []
    told = [f"De relatie wordt {RELATION_STATUS_WORDS[known]}. {EFFECTS[known]}"]
    query = select(filings.c.title, filings.c.period).where(OPEN, filings.c.relation == relation)
    rows = [] if known in WORKED_FOR else connection.execute(query.order_by(filings.c.id)).all()
    running = [f"{title} over {Period.parse(period).words}" for title, period in rows]
    if running:
        more = len(running) - NAMED
        named = f"{', '.join(running[:NAMED])}{f' en {more} andere' if more > 0 else ''}"
        runs = count_of(len(running), "opdracht loopt", "opdrachten lopen")
        told.append(f"{runs} door, met alle termijnen: {named}. Annuleer wat niet meer nodig is.")
    return told

"""Telling that Digipoort says something else of a return than a person recorded: what it says counts."""

from sqlalchemy import Connection

from ...office.alarms import raise_alarm
from ...office.filings.deliveries import Delivery, DeliveryStatus, find_recorded
from ...words import JUDGEMENT_WORDS


def contradict(connection: Connection, there: Delivery | None, to: DeliveryStatus) -> str:
    """Raise the alarm where Digipoort says something else than was recorded; return what is said, in Dutch.

    Needs a writing connection, before the delivery goes `to` that status. Empty where both say the same.
    """
    recorded = find_recorded(connection, there) if there else None
    if there is None or recorded is None or recorded == to:
        return ""
    english = f"Digipoort says that delivery {there.number} is {to}, and somebody had recorded otherwise"
    raise_alarm(connection, "judgement_contradicted", there.filing, str(there.number), english)
    word = JUDGEMENT_WORDS["lost" if recorded == "failed" else recorded]
    return f" (Dit is de uitslag van Digipoort, en die geldt. Eerder was '{word}' {there.text}.)"

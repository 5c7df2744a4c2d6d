"""What stands outside and fails, as a visitor is told it: errors by name, so that none is imported."""

from ..words import NOT_KNOWN

AWAY = {
    "kantoor.office.database.errors.DatabaseError": "Het kantoor is even niet bereikbaar.",
    "kantoor.office.document_store.DocumentError": "Dit document kan nu niet worden gelezen.",
    "kantoor.office.filings.records.UnreadableStateError": "Deze opdracht kan nu niet worden gelezen.",
    "kantoor.keys.ring.KeyFileError": "De sleutels van het kantoor ontbreken.",
    "kantoor.keys.sealing.BrokenSealError": "Wat is bewaard, kan niet worden geopend.",
    "kantoor.runtime.reaching.OfficeStartsError": "De software wordt nog gestart.",
}
"""Nothing was done: somebody has to look, or it passes; a subclass counts as its base."""

UNSURE = {
    "kantoor.portal.acting.NoAnswerError": NOT_KNOWN,
    "kantoor.runtime.connecting.ServerAwayError": NOT_KNOWN,
    "temporalio.service.RPCError": NOT_KNOWN,
}
"""An act may have been taken: repeating it under the same id is safe."""


def find_sentence(error: Exception, table: dict[str, str]) -> str | None:
    """Return the sentence of an error's class, or of a base of it; None where it is none of these."""
    names = (f"{one.__module__}.{one.__qualname__}" for one in type(error).__mro__)
    return next((table[name] for name in names if name in table), None)

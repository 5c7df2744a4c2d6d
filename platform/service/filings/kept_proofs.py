"""What is kept as proof of what happened in a filing: the authority's answers, and what people gave.

A proof that somebody gave with an act is named by the entry of the timeline that tells it; one that was given
with a judgement, which no entry tells until the filing has gone on by it, is named beside the answers.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office.filings.deliveries import BY_HAND, Delivery, deliveries_of
from ...office.filings.filing import Filing
from ...words import JUDGEMENT_WORDS
from ..desk import Desk
from ..results import KeptAnswer
from .audiences import find_read_here, list_entries

__all__ = ["RECORDED", "find_proof", "list_answers"]

RECORDED = "vastgelegd door {name} op {day}, met bewijsstuk"
"""What a person's judgement says of itself."""

_SHORTEST = 8
_FOR_OFFICE = "Bewijsstukken zijn van het kantoor; vraag er zo nodig een kopie van."


def list_answers(connection: Connection, filing: str) -> tuple[KeptAnswer, ...]:
    """Return what is kept of the judgements of a filing's deliveries, the first first."""
    found = []
    for one in deliveries_of(connection, filing):
        judged = one.status in ("accepted", "refused")
        if one.proof:
            found.append((one.proof, _name_proof(one), judged and one.proof == one.receipt))
        if one.receipt and judged and one.receipt != one.proof:
            found.append((one.receipt, "Ontvangstbevestiging van de Belastingdienst", True))
    last = max((at for at, (_, _, receipt) in enumerate(found) if receipt), default=None)
    return tuple(
        KeptAnswer(hash=hash, title=title, receipt=at == last) for at, (hash, title, _) in enumerate(found)
    )


def find_proof(desk: Desk, name: str, wanted: str, who: str | None) -> tuple[Filing, str] | Refusal:
    """Return the filing and the whole hash of a proof that is kept there, from how its hash begins.

    Of those that are for a colleague, or for the whole office (None). Raises DatabaseError, KeyFileError and
    BrokenSealError.
    """

    def ask(connection: Connection) -> tuple[Filing, str] | Refusal:
        read = find_read_here(connection, name, who, _FOR_OFFICE)
        if isinstance(read, Refusal):
            return read
        filing, viewer = read
        given = [str(line.data.get("proof", "")) for line in list_entries(connection, desk, filing, viewer)]
        hashes = [*given, *(one.hash for one in list_answers(connection, filing.id))]
        found = _pick(hashes, wanted.strip().rstrip("…").lower())
        if found is None:
            text = "Dit bewijsstuk is er niet (meer). De tijdlijn noemt van elk bewijsstuk hoe het begint."
            return Refusal(code="unknown_proof", text=text)
        return filing, found

    return desk.read(ask)


def _pick(hashes: Sequence[str], wanted: str) -> str | None:
    """Return the one hash that begins so; a code, which is a proof too, is none."""
    found = {one for one in hashes if len(one) == 64 and one.startswith(wanted)}
    return found.pop() if len(found) == 1 and len(wanted) >= _SHORTEST else None


def _name_proof(one: Delivery) -> str:
    word = JUDGEMENT_WORDS.get("lost" if one.status == "failed" else one.status)
    if one.code != BY_HAND or word is None:
        return "Bewijs bij de uitslag die eerder is vastgelegd"
    _, _, said = RECORDED.partition(", ")
    return f"Bewijs bij de uitslag '{word}', {(one.text or '').removesuffix(f', {said}')}"

"""Recording what the authority says of a return, where Digipoort gives no final status of it.

A return that Digipoort took holds its filing until it is judged. Where that takes longer than it may, or the
status cannot be asked, a person asks the help desk or reads the authority's portal or letter, and records it
with proof. What follows the delivery asks Digipoort once more, and answers it to the filing where that says
nothing final.
"""

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from ...filing.permissions import refuse_role
from ...filing.state import DeliveryState, State
from ...filing.turn import Reader
from ...office.alarms import JUDGEMENT_WAITS, STATUS_WAITS, all_alarms
from ...office.filings.deliveries import (
    BY_HAND,
    DeliveryStatus,
    deliveries_of,
    find_delivery,
    record_judgement,
)
from ...office.people import find_member
from ...period import in_words
from ...plan import Plan
from ...words import JUDGEMENT_WORDS
from ..desk import Desk
from ..results import Refusal
from .cases import Case, look_up
from .sending import Done
from .states import read_state_of

__all__ = ["Judgement", "find_unjudged", "judge_by_hand", "list_recorded"]

Judgement = Literal["accepted", "refused", "lost"]
"""What a person records: the authority's answer, or that it says not to have the return."""

_RECORDED = "vastgelegd door {name} op {day}, met bewijsstuk"
_TAKEN: DeliveryStatus = "taken"


def judge_by_hand(
    desk: Desk, who: str, name: str, judgement: Judgement, proof: str | None, phase: str | None = None
) -> Done | Refusal:
    """Record what the authority says of the return that a filing waits for, with proof (a hash).

    Only where somebody was told that it waits too long, or where it stands still. Raises DatabaseError and
    UnreadableStateError.
    """
    found = desk.read(lambda connection: _find(connection, desk, who, name, phase))
    if isinstance(found, Refusal):
        return found
    case, number, stalled, author = found
    if proof is None:
        text = "Voeg het bewijs toe, zoals de brief of een afdruk uit het portaal van de Belastingdienst."
        return Refusal(code="proof_missing", text=text)
    said = _RECORDED.format(name=author, day=in_words(case.now.date()))
    with desk.equipment.database.write() as connection:
        there = find_delivery(connection, case.filing.id, number)
        if there is None or there.status != _TAKEN:
            return Refusal(code="judged", text="De uitslag van deze aangifte is intussen al bekend.")
        record_judgement(
            connection,
            case.filing.id,
            number,
            "failed" if judgement == "lost" else judgement,
            text=said,
            proof=proof,
            at=datetime.now(UTC),
        )
    goes_on = _RETRY if stalled else _SOON
    return Done(
        filing=case.filing.id,
        act="",
        sequence=case.filing.recorded,
        repeated=False,
        recorded=True,
        warnings=(goes_on,),
    )


_RETRY = (
    "Kies 'Opnieuw proberen' (retry). Kantoor vraagt het Digipoort dan nog eens: staat daar een uitslag, dan "
    "geldt die; anders geldt wat is vastgelegd."
)
_SOON = (
    "Kantoor vraagt het Digipoort nog eens, binnen een uur (als kantoor draait). Staat daar dan een uitslag, "
    "dan geldt die; anders geldt wat is vastgelegd, en gaat de opdracht verder."
)
_FINAL = "Is het een vergissing, leg dat dan vast als notitie bij de opdracht: te veranderen is het niet."


def find_unjudged(connection: Connection, filing: str, state: State) -> dict[str, tuple[int, bool]]:
    """Return by phase the number of each delivery that may be judged by hand, and whether it stands still."""
    waiting, follows = _find_waiting(state)
    if not waiting:
        return {}
    told = any(one.kind in (STATUS_WAITS, JUDGEMENT_WAITS) for one in all_alarms(connection, filing))
    rows = {one.phase: find_delivery(connection, filing, one.number) for one in waiting}
    return {
        one.phase: (one.number, one.phase in follows)
        for one in waiting
        if (row := rows[one.phase]) and row.status == _TAKEN and (told or one.phase in follows)
    }


def list_recorded(connection: Connection, filing: str, state: State) -> dict[str, str]:
    """Return by phase what was recorded of a delivery, in Dutch, until the filing has gone on by it."""
    waiting, follows = _find_waiting(state)
    if not waiting:
        return {}
    rows = {row.number: row for row in deliveries_of(connection, filing)}
    found = {}
    for one in waiting:
        row = rows.get(one.number)
        if row is not None and row.code == BY_HAND and row.status != _TAKEN:
            word = JUDGEMENT_WORDS["lost" if row.status == "failed" else row.status]
            goes_on = _RETRY if one.phase in follows else _SOON
            found[one.phase] = f"De uitslag '{word}' is {row.text}. {goes_on}"
    return found


def _find_waiting(state: State) -> tuple[list[DeliveryState], set[str]]:
    """Return the deliveries that wait for their judgement, and the phases where asking stands still."""
    follows = {
        one.pending.phase for one in state.case.stalls if one.pending.what == "follow" and not one.over
    }
    waiting = [one for one in state.case.deliveries if one.status == "following" or one.phase in follows]
    return waiting, follows


def _find(
    connection: Connection, desk: Desk, who: str, name: str, phase: str | None
) -> tuple[Case, int, bool, str] | Refusal:
    """Return the case, the number of the delivery that waits, whether it stands still, and who records it."""
    case = look_up(connection, who, name)
    if isinstance(case, Refusal):
        return case
    opened = read_state_of(connection, desk, case.filing)
    unjudged = find_unjudged(connection, case.filing.id, opened[1]) if opened else {}
    if phase is not None:
        unjudged = {one: found for one, found in unjudged.items() if one == phase}
    recorded = list_recorded(connection, case.filing.id, opened[1]) if opened else {}
    if not unjudged and (said := recorded if phase is None else recorded.keys() & {phase}):
        return Refusal(code="judged", text=" ".join((*(recorded[one] for one in said), _FINAL)))
    if opened is None or not unjudged:
        text = (
            "Hier is nu geen uitslag vast te leggen: kantoor vraagt Digipoort er zelf naar, en zegt het op "
            "de werklijst als de uitslag te lang uitblijft."
        )
        return Refusal(code="nothing_to_judge", text=text)
    if len(unjudged) > 1:
        text = f"Er zijn meerdere aangiften zonder uitslag; kies er één: {', '.join(unjudged)}."
        return Refusal(code="several_phases", text=text)
    ((at, (number, stalled)),) = unjudged.items()
    refusal = _refuse(*opened, at, case)
    member = find_member(connection, case.actor.id)
    return refusal or (case, number, stalled, member.name if member else case.actor.id)


def _refuse(plan: Plan, state: State, phase: str, case: Case) -> Refusal | None:
    return refuse_role(Reader(plan, state), plan.phase(phase), case.actor)

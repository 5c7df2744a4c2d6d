"""Recording what the authority says of a return, where Digipoort gives no final status of it.

A return that Digipoort took holds its filing until it is judged. Where that takes longer than it may, or the
status cannot be asked, a person asks the help desk or reads the authority's portal or letter, and records it
with proof. What follows the delivery asks Digipoort once more, and answers it to the filing where that says
nothing final.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection

from ...filing.permissions import refuse_role
from ...filing.state import State
from ...filing.turn import Reader
from ...office.filings.deliveries import find_delivery, record_judgement
from ...office.people import find_member
from ...period import in_words
from ...plan import Plan
from ..desk import Desk
from ..results import Refusal
from .cases import Case, look_up
from .kept_proofs import RECORDED
from .sending import Done, add_holder
from .states import read_state_of
from .unjudged import RETRY, SOON, TAKEN, Judgement, find_unjudged, list_recorded

__all__ = ["judge_by_hand"]


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
    said = RECORDED.format(name=author, day=in_words(case.now.date()))
    with desk.equipment.database.write() as connection:
        there = find_delivery(connection, case.filing.id, number)
        if there is None or there.status != TAKEN:
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
    goes_on = RETRY if stalled else SOON
    return Done(
        filing=case.filing.id,
        act="",
        sequence=case.filing.recorded,
        repeated=False,
        recorded=True,
        warnings=(goes_on,),
    )


_FINAL = "Is het een vergissing, leg dat dan vast als notitie bij de opdracht: te veranderen is het niet."


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
    if refusal:
        return add_holder(connection, case, at, refusal)
    member = find_member(connection, case.actor.id)
    return (case, number, stalled, member.name if member else case.actor.id)


def _refuse(plan: Plan, state: State, phase: str, case: Case) -> Refusal | None:
    return refuse_role(Reader(plan, state), plan.phase(phase), case.actor)

"""What a filing does for others: it starts one, or leaves a note for the next; and whose others they are."""

from ..plan import Phase
from .construct import Construct
from .events import Linked, NoteLeft, Started
from .issuing import awaited_of, issue, note_of, started_by
from .state import Pending
from .turn import Turn
from .waiting import await_linked


class Links(Construct):
    """Filings that are started and notes that are left; automations ask for both, an outcome for a note.

    Before a filing of others is started or watched it is looked up who is linked.
    """

    def finish(self, turn: Turn, phase: Phase) -> None:
        """Leave the note of the outcome with which a phase was completed."""
        state = turn.phase_state(phase.id)
        outcome = next((o for o in phase.outcomes if state and o.id == state.outcome), None)
        if outcome and outcome.note:
            issue(turn, "note", phase, outcome=outcome.id)


def _take_started(turn: Turn, phase: Phase, pending: Pending, result: Started) -> None:
    """Tell which filing was started, or ran already."""
    if result.new:
        turn.tell("started_another", None, phase.id, filing=result.filing)
    else:
        turn.tell("ran_already", None, phase.id, filing=result.filing)


def _take_left(turn: Turn, phase: Phase, pending: Pending, result: NoteLeft) -> None:
    """Tell for which template a note was left."""
    note = note_of(phase, pending)
    if note:
        title = turn.rules.find_message(note.message)
        turn.tell("note_left", None, phase.id, template=note.template, title=title.title if title else None)


def _take_linked(turn: Turn, phase: Phase, pending: Pending, result: Linked) -> None:
    """Go on with whoever is linked: watch the filing of each, or start one for each."""
    asked = started_by(phase, pending) if pending.automation else awaited_of(phase, pending)
    if pending.withdrawn or asked is None or asked.of is None:
        return
    if result.relations:
        turn.tell("linked_found", None, phase.id, link=asked.of, relations=", ".join(result.relations))
    else:
        turn.tell("nobody_linked", None, phase.id, link=asked.of, template=asked.template)
    if not pending.automation:
        await_linked(turn, phase, pending, result.relations)
        return
    for relation in result.relations:
        issue(turn, "start", phase, automation=pending.automation, of=relation)


LINKS = Links()
Links.results = {"started": _take_started, "left": _take_left, "linked": _take_linked}

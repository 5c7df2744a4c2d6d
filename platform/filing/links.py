"""What a filing does for others of its relation: it starts one, or leaves a note for the next."""

from ..plan import Phase
from .construct import Construct
from .events import NoteLeft, Started
from .issuing import issue, note_of
from .state import Pending
from .turn import Turn


class Links(Construct):
    """Filings that are started and notes that are left; automations ask for both, an outcome for a note."""

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


LINKS = Links()
Links.results = {"started": _take_started, "left": _take_left}

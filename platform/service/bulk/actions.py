"""Which kind of work each action of a bulk run is. What is not here is never done in bulk (R30)."""

from collections.abc import Mapping

from .acts import Acting
from .asking import Action
from .edits.editing import Editing
from .edits.fields import Fields
from .edits.products import Adding, Ending
from .edits.roles import ProcessTeams, Roles
from .edits.undoing import Undoing
from .kinds import Kind, Sending, Writing
from .moves import MovingFilings
from .recurring import Moving, Stopping
from .starts import Starting

_ACTING = Acting()
SENDING: Mapping[Action, Sending] = {
    "start": Starting(),
    "release": _ACTING,
    "hold": _ACTING,
    "resume": _ACTING,
    "reassign": _ACTING,
    "stop": Stopping(),
    "set_start": Moving(),
    "move": MovingFilings(),
}
WRITING: Mapping[Action, Writing] = {
    "set": Editing(Fields()),
    "role": Editing(Roles()),
    "team": Editing(ProcessTeams()),
    "add": Editing(Adding()),
    "end": Editing(Ending()),
    "undo": Editing(Undoing()),
}
ACTIONS: Mapping[Action, Kind] = {**SENDING, **WRITING}

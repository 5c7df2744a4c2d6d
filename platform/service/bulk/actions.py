"""Which kind of work each action of a bulk run is. What is not here is never done in bulk (R30)."""

from collections.abc import Mapping

from .acts import Acting
from .asking import Action, Kind
from .starts import Starting
from .stops import Stopping

_ACTING = Acting()
ACTIONS: Mapping[Action, Kind] = {
    "start": Starting(),
    "release": _ACTING,
    "hold": _ACTING,
    "resume": _ACTING,
    "reassign": _ACTING,
    "stop": Stopping(),
}

"""The constructs of the machine, in the order in which each of their hooks is called."""

from collections.abc import Callable

from ..plan import Phase
from .automations import AUTOMATIONS
from .chases import CHASES
from .checkpoints import CHECKPOINTS
from .construct import ActHandler, Construct, ResultHandler, Wait
from .deadlines import DEADLINES
from .deliveries import DELIVERIES
from .deliveries_by_hand import DELIVERIES_BY_HAND
from .documents import DOCUMENTS
from .facts import FACTS
from .four_eyes import FOUR_EYES
from .holds import HOLDS
from .links import LINKS
from .offers import OFFERS
from .reassigning import REASSIGNING
from .requests import REQUESTS
from .stalls import STALLS
from .tasks import TASKS
from .turn import Turn
from .waiting import WAITING
from .waiting_moves import WAITING_MOVES
from .whole_filing import WHOLE_FILING
from .work import WORK

CONSTRUCTS: tuple[Construct, ...] = (
    *(WORK, CHECKPOINTS, FACTS, DOCUMENTS),
    *(TASKS, REQUESTS, AUTOMATIONS, CHASES),  # open tasks lapse before those are made that come on completing
    *(OFFERS, DELIVERIES, DELIVERIES_BY_HAND, WAITING, LINKS, DEADLINES, STALLS, WHOLE_FILING, HOLDS),
    *(REASSIGNING, FOUR_EYES, WAITING_MOVES),
)
"""The order of commands follows from it, and is frozen like an API."""


def _with_hook(name: str) -> tuple[Construct, ...]:
    """Return the constructs that do something at a hook: the others need not be asked."""
    return tuple(c for c in CONSTRUCTS if getattr(type(c), name) is not getattr(Construct, name))


BEGIN = _with_hook("begin")
LEAVING = _with_hook("leaving")
GO_ON = _with_hook("go_on")
FINISH = _with_hook("finish")
WITHDRAW = _with_hook("withdraw")
DATES = _with_hook("dates")
WORK_ITEMS = _with_hook("work_items")

ACTS: dict[str, ActHandler] = {kind: act for c in CONSTRUCTS for kind, act in c.acts.items()}
"""What takes an act, by its kind."""

RESULTS: dict[str, ResultHandler] = {kind: take for c in CONSTRUCTS for kind, take in c.results.items()}
"""What takes the result of a command that was done, by its kind."""

FIRES: dict[int, Callable[[Turn, Phase, Wait], None]] = {
    order: fire for c in CONSTRUCTS for order, fire in c.fires.items()
}
"""What a date does when it has come."""

"""What a refusal says on a page: whoever reads it chose by titles, and never typed an id."""

from ..data import replace
from ..service.results import Refusal
from ..words import leave_ids_out

_GONE = "Wat u koos, is hier niet (meer). Kijk hoe het nu is, en kies opnieuw."
_NOBODY = "Deze persoon is hier niet, of werkt hier niet meer. Kijk hoe het nu is, en kies opnieuw."
_SAID: dict[str, str] = {
    **dict.fromkeys(("unknown_phase", "unknown_document", "unknown_version", "unknown_task"), _GONE),
    **dict.fromkeys(("unknown_request", "unknown_item", "unknown_checkpoint", "unknown_fact"), _GONE),
    **dict.fromkeys(("unknown_outcome", "unknown_role", "unknown_audience", "unknown_plan"), _GONE),
    "other_notice": _GONE,
    **dict.fromkeys(("unknown_person", "unknown_contact", "no_contact"), _NOBODY),
}
"""By code what is said of a part of a filing that a form named by its id: it was there when it was shown."""


def say_plainly(refusal: Refusal) -> Refusal:
    """Return a refusal without ids: what they name has a title, or is not there any more."""
    others = tuple(say_plainly(one) for one in refusal.others)
    return replace(refusal, text=_SAID.get(refusal.code) or leave_ids_out(refusal.text), others=others)

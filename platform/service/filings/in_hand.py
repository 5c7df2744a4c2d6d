"""What the client has in hand of a filing: offers that wait for their answer."""

from ...filing.view import View
from ...plan import Plan


def list_in_hand(plan: Plan, view: View) -> tuple[str, ...]:
    """Return the titles of the phases in which an offer is with the client."""
    return tuple(plan.phase(one.phase).title for one in view.offers if one.status == "waiting")

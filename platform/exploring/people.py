"""Who acts while a plan is explored: colleagues who each hold every role, and contacts of one client."""

from ..filing.events import Actor, ResolvedContact
from ..plan import Plan
from ..rights import RIGHTS

CLIENT = Actor(kind="contact", id="klant", may=RIGHTS)
PARTNER = Actor(kind="contact", id="klant-2", may=RIGHTS)
CONTACTS = {contact.id: contact for contact in (CLIENT, PARTNER)}

MOST_COLLEAGUES = 3
"""Somebody who did the work, somebody who looked at it, and one who did neither."""


def make_team(*plans: Plan) -> tuple[Actor, ...]:
    """Return colleagues with every role and title of plans: only the machine's own rules keep them apart."""
    roles = tuple(dict.fromkeys(role.id for plan in plans for role in plan.roles))
    asked = [
        *(role.qualification for plan in plans for role in plan.roles),
        *(phase.qualification for plan in plans for phase in plan.phases),
    ]
    titles = tuple(sorted({title for some in asked for title in some}))
    return tuple(
        Actor(kind="team", id=f"collega-{number}", roles=roles, qualifications=titles)
        for number in range(1, MOST_COLLEAGUES + 1)
    )


def resolve(*contacts: Actor) -> tuple[ResolvedContact, ...]:
    """Return contacts as an offer that goes to them finds them."""
    return tuple(ResolvedContact(contact=contact.id, may=contact.may) for contact in contacts)

"""Who acts while a plan is explored: colleagues who each hold every role, and contacts of one client."""

from collections.abc import Iterator

from ..filing.events import Actor, ResolvedContact
from ..filing.turn import Reader
from ..plan import Plan
from ..rights import RIGHTS

CLIENT = Actor(kind="contact", id="klant", may=RIGHTS)
PARTNER = Actor(kind="contact", id="klant-2", may=RIGHTS)
CONTACTS = {contact.id: contact for contact in (CLIENT, PARTNER)}

LEAST_COLLEAGUES = 3
"""Somebody who did the work, somebody who looked at it, and one who did neither."""

Barred = frozenset[tuple[int, str]]
"""Phases that somebody may not complete, because they acted in what the phase checks, by plan and id."""


class Bars:
    """From which phases an act in another one bars whoever does it (four eyes), in plans walked together."""

    def __init__(self, *plans: Plan) -> None:
        self._by_phase: dict[str, Barred] = {}
        for place, plan in enumerate(plans):
            for phase in plan.phases:
                for checked in phase.four_eyes:
                    barred = self._by_phase.get(checked, frozenset())
                    self._by_phase[checked] = barred | {(place, phase.id)}

    @property
    def kinds(self) -> int:
        """The number of phases of which no two bar from the same."""
        return len(set(self._by_phase.values()))

    @property
    def checked(self) -> frozenset[str]:
        """The phases that another one checks."""
        return frozenset(self._by_phase)

    def by_phase(self, phase: str) -> Barred:
        """Return from what an act in a phase bars."""
        return self._by_phase.get(phase, frozenset())

    def by_acts(self, reader: Reader, person: str) -> Barred:
        """Return from what somebody is barred by all that they did."""
        acted = (c.phase for c in reader.case.contributions if c.person == person)
        return frozenset().union(*map(self.by_phase, acted))


def list_counted(*plans: Plan) -> Iterator[str]:
    """Yield the phases of which it is remembered who did something in them."""
    for plan in plans:
        for phase in plan.phases:
            yield from phase.four_eyes
        yield from (document.made_in for document in plan.documents)


def make_team(*plans: Plan) -> tuple[Actor, ...]:
    """Return colleagues with every role and title of plans: only the machine's own rules keep them apart.

    There is one for each kind of work that bars from something else, and two who did none of it.
    """
    roles = tuple(dict.fromkeys(role.id for plan in plans for role in plan.roles))
    asked = [
        *(role.qualification for plan in plans for role in plan.roles),
        *(phase.qualification for plan in plans for phase in plan.phases),
    ]
    titles = tuple(sorted({title for some in asked for title in some}))
    most = max(LEAST_COLLEAGUES, Bars(*plans).kinds + 2)
    return tuple(
        Actor(kind="team", id=f"collega-{number}", roles=roles, qualifications=titles)
        for number in range(1, most + 1)
    )


def resolve(*contacts: Actor) -> tuple[ResolvedContact, ...]:
    """Return contacts as an offer that goes to them finds them."""
    return tuple(ResolvedContact(contact=contact.id, may=contact.may) for contact in contacts)

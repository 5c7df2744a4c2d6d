"""Who there is in a simulation: the people of each role of a template, and the client's contacts."""

from collections.abc import Iterator

from ..data import Struct
from ..filing.events import SYSTEM, Actor
from ..filing.outcome import Refusal
from ..plan import Plan, To
from ..rights import RIGHTS, Right
from ..runtime.activities.message_texts import FALLBACK, Person
from ..suggest import say_what_is_meant

PER_ROLE = 2
"""So many people have a role: with two, four eyes can be had by somebody of the same role."""


class Client(Struct):
    """A contact of the relation. `functions` None stands for every function that a template names.

    `jointly` is what they may only with another, as in filing.events.Actor.
    """

    id: str = "klant"
    name: str = "Sanne van Dijk"
    salutation: str = ""
    primary: bool = True
    functions: tuple[str, ...] | None = None
    may: tuple[Right, ...] = RIGHTS
    jointly: tuple[Right, ...] = ()
    language: str = FALLBACK

    @property
    def actor(self) -> Actor:
        """Return the contact as somebody who acts."""
        return Actor(kind="contact", id=self.id, may=self.may, jointly=self.jointly)

    def is_meant(self, to: To) -> bool:
        """Say whether something for `to` is for this contact."""
        if to.kind == "function":
            return self.functions is None or to.name in self.functions
        return to.kind == "primary_contact" and self.primary


def list_holders(role: str) -> tuple[str, ...]:
    """Return the ids of the people who have a role: `<role>`, `<role>-2`."""
    return (role, *(f"{role}-{number}" for number in range(2, PER_ROLE + 1)))


class Cast:
    """The people of one simulation, by id: `<role>`, `<role>-2`, and the clients by their own.

    Team members have every qualification that the template asks for.
    """

    def __init__(self, plan: Plan, clients: tuple[Client, ...]) -> None:
        self.clients = clients
        asked = [*(r.qualification for r in plan.roles), *(p.qualification for p in plan.phases)]
        titles = tuple(sorted({title for some in asked for title in some}))
        self.team: dict[str, Actor] = {}
        self._names: dict[str, str] = {SYSTEM.id: "kantoor", **{c.id: c.name for c in clients}}
        for role in plan.roles:
            for number, id in enumerate(list_holders(role.id), 1):
                self.team[id] = Actor(kind="team", id=id, roles=(role.id,), qualifications=titles)
                self._names[id] = role.title if number == 1 else f"{role.title} ({number}e)"
        self._names |= {phase.id: phase.title for phase in plan.phases if phase.id not in self._names}

    @property
    def names(self) -> dict[str, str]:
        """Return names of people and titles of phases by id, as sentences of the timeline take them."""
        return self._names

    def name_of(self, id: str) -> str:
        """Return the name of somebody; an id that is not known is its own name."""
        return self._names.get(id, id)

    def find(self, id: str) -> Actor | Refusal:
        """Return who has this id, or a refusal with near names."""
        client = next((one for one in self.clients if one.id == id), None)
        found = client.actor if client else self.team.get(id)
        if found is None and id == SYSTEM.id:
            found = SYSTEM
        if found is None:
            known = [*self.team, *(one.id for one in self.clients)]
            text = f"'{id}' doet in deze simulatie niet mee. {say_what_is_meant(id, known)}"
            return Refusal(code="unknown_person", text=text)
        return found

    def holders(self, roles: tuple[str, ...]) -> Iterator[Actor]:
        """Yield who has one of these roles, those of the first role first."""
        for role in roles:
            yield from (one for one in self.team.values() if role in one.roles)

    def readers(self, to: To) -> tuple[str, ...]:
        """Return the ids of whom a message for `to` is for; of a role its first holder."""
        if to.kind == "role":
            return tuple(one.id for one in self.holders((to.name or "",)))[:1]
        return tuple(one.id for one in self.clients if one.is_meant(to))

    def person(self, id: str) -> Person:
        """Return somebody as texts name them."""
        client = next((one for one in self.clients if one.id == id), None)
        return Person(name=self.name_of(id), salutation=client.salutation if client else "")

    def language_of(self, id: str) -> str:
        """Return the language in which somebody reads."""
        return next((one.language for one in self.clients if one.id == id), FALLBACK)

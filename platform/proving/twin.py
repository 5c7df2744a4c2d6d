"""One filing on two machines at once: which moves there are, and which pairs of states go on alike."""

from collections.abc import Hashable, Iterator
from typing import NamedTuple

from ..data import canonical
from ..exploring.answering import Move
from ..exploring.moves import Mover
from ..exploring.normal import Normal
from ..exploring.people import list_counted, make_team
from ..exploring.telling_apart import Telling
from ..filing.state import State
from ..filing.turn import Reader
from ..plan import Checkpoint, FormField, Plan


class Pair(NamedTuple):
    """The states of both machines after the same events."""

    before: State
    after: State


def tell_apart(before: Plan, after: Plan) -> tuple[Telling, Telling]:
    """Return what the two plans tell apart together, as each of them has it.

    The condition of a checkpoint or an item decides how much has to be done and nothing else, so that it
    makes no difference where both have it; where the phase or form has others, or in another order, it does.
    """
    one, other = (dict(_list_owned(plan)) for plan in (before, after))
    places = (place for place in one.keys() | other.keys() if one.get(place) != other.get(place))
    minded = frozenset(
        canonical(owner)
        for place in places
        for owner in (*one.get(place, ()), *other.get(place, ()))
        if owner.condition is not None
    )
    return Telling(before, minded=minded, beside=after), Telling(after, minded=minded, beside=before)


def _list_owned(plan: Plan) -> Iterator[tuple[tuple[str, str], tuple[Checkpoint | FormField, ...]]]:
    """Yield the checkpoints of each phase and the fields of each form, with where they are."""
    yield from ((("phase", one.id), one.checkpoints) for one in plan.phases)
    yield from ((("form", one.id), one.fields) for one in plan.forms)


class Twin:
    """Two plans of one template, with the same ids and without texts.

    What either plan tells apart is told apart: moves are those of both, and phases count in both of which
    either counts who acted there. A pair is known by the normal forms of its states together. Both name a
    colleague by what they did in the same phases; where it is not the same that they did, by who they are.
    `lasting`: who explores looks at what people see, and so at documents that nothing ahead has to do with.
    """

    def __init__(self, before: Plan, after: Plan, *, lasting: bool = True) -> None:
        self.before, self.after = before, after
        counted = frozenset(list_counted(before, after))
        tellings = tell_apart(before, after)
        plans = (before, after)
        team = make_team(*plans)
        self._movers = tuple(
            Mover(p, t, beside=other, team=team)
            for p, t, other in zip(plans, tellings, ((after,), (before,)), strict=True)
        )
        self._unreduced = tuple(
            Mover(p, t, reduced=False, team=team[:1]) for p, t in zip(plans, tellings, strict=True)
        )
        self._normals = tuple(
            Normal(p, t, counted=counted, lasting=lasting) for p, t in zip(plans, tellings, strict=True)
        )
        self._counted = counted
        self._last: tuple[Pair, tuple[Reader, Reader]] | None = None

    def read(self, pair: Pair) -> tuple[Reader, Reader]:
        """Return readers of both states; of one pair much is asked in turn."""
        if self._last is None or self._last[0] is not pair:
            self._last = pair, (Reader(self.before, pair.before), Reader(self.after, pair.after))
        return self._last[1]

    def list_moves(self, pair: Pair) -> tuple[list[Move], list[Move]]:
        """Return the moves of each machine."""
        one, other = self.read(pair)
        known = self._find_known(one) | self._find_known(other)
        return (
            list(self._movers[0].list_moves(one, known)),
            list(self._movers[1].list_moves(other, known)),
        )

    def list_asides(self, pair: Pair) -> tuple[list[Move], list[Move]]:
        """Return what one colleague who has every role, and the client, could do on each machine.

        Also what a walk need not follow, because nothing hangs on it or another act stands for it.
        """
        one, other = self.read(pair)
        return (
            list(self._unreduced[0].list_moves(one, frozenset())),
            list(self._unreduced[1].list_moves(other, frozenset())),
        )

    def find_next(self, pair: Pair) -> Move | None:
        """Return the one move by which what was begun goes on, where it is the same on both."""
        one, other = self.read(pair)
        known = self._find_known(one) | self._find_known(other)
        chains = [
            list(mover.list_chained(reader, known))
            for mover, reader in zip(self._movers, (one, other), strict=True)
        ]
        alone = len(chains[0]) == 1 and chains[0] == chains[1]
        return chains[0][0] if alone else None

    def key(self, pair: Pair) -> Hashable:
        """Return by what a pair of states is known."""
        one, other = self.read(pair)
        forms = self._normals[0].key(one), self._normals[1].key(other)
        acted = self._find_acted(one), self._find_acted(other)
        return forms if acted[0] == acted[1] else (*forms, canonical(acted))

    def key_of_acts(self, pair: Pair) -> Hashable:
        """Return by what a pair of states is known as far as it hangs on it who can do what.

        Of acts those of a delivery and of facts alone hang on the day.
        """
        one, other = self.read(pair)
        forms = self._normals[0].key_of_any_day(one), self._normals[1].key_of_any_day(other)
        today = one.now.date() if any(map(_reads_day, (one, other))) else None
        return (*forms, today, canonical((self._find_acted(one), self._find_acted(other))))

    def _find_acted(self, reader: Reader) -> list[tuple[str, str]]:
        return sorted((c.phase, c.person) for c in reader.case.contributions if c.phase in self._counted)

    def _find_known(self, reader: Reader) -> frozenset[str]:
        return frozenset(person for _, person in self._find_acted(reader))


def _reads_day(reader: Reader) -> bool:
    """Say whether an act in an active phase can hang on the day: a delivery, or a fact that is recorded."""
    active = reader.active_phases()
    recording = {name for fact in reader.plan.facts for name in fact.set_in}
    return any(phase.deliver is not None or phase.id in recording for phase in active)

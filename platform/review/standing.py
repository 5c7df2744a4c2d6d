"""How much whoever ticks a mandatory checkpoint, or records what decides a guard, is trusted with it.

Roles have no order. One that checks what others did, anywhere in the plan, is trusted with more than one that
checks nothing, and one that does not prepare with more than one that does.
"""

from collections.abc import Iterable, Iterator

from ..plan import Phase, Plan
from .documents import is_check, number_stages
from .outgoing import list_goals
from .reaching import lies_on_every_way
from .references import Renamed
from .saying import join, name, quote


def list_checking(plan: Plan) -> set[str]:
    """Return the roles that check what others did."""
    return {one.role for one in plan.phases if is_check(one)}


class Standing:
    """Compares the phases of two plans by who does them."""

    def __init__(self, before: Plan, after: Plan, renamed: Renamed) -> None:
        self.before, self.after, self.renamed = before, after, renamed

    def say_weaker(self, old: Iterable[Phase], new: Iterable[Phase], verb: str) -> str:
        """Return in which places something is now ticked or recorded (`verb`) by who is trusted less.

        '' where one of the places is as strong as one of those before.
        """
        said = [(one, [self._say_less(was, one, verb) for was in old]) for one in new]
        if not all(all(less) for _, less in said):
            return ""
        return join(f"{quote(one.title)}, {less[0]}" for one, less in said)

    def list_weaker(self, old: Iterable[Phase], new: Iterable[Phase], verb: str) -> Iterator[str]:
        """Yield each place that is weaker than all of those before."""
        for one in new:
            yield from filter(None, (self.say_weaker(old, (one,), verb),))

    def _now(self, kind: str, item: str) -> str:
        return self.renamed.get(kind, {}).get(item, item)

    def _say_less(self, old: Phase, new: Phase, verb: str) -> str:
        """Return how a phase is weaker than another; of the same one that is told by itself."""
        if new.id == self._now("phases", old.id):
            return ""
        if old.four_eyes and not new.four_eyes:
            return self._say_open(old, new)
        kept_out = [self._now("phases", one) for one in old.four_eyes]
        free = [one.id for one in self.after.phases if one.id in kept_out and one.id not in new.four_eyes]
        if free:
            worked = join(name(self.after, "phases", one) for one in free)
            return f"where who {verb} it may have worked on {worked}"
        if is_reviewing(old) and not is_reviewing(new) and not self._is_reviewed_later(old, new):
            return "where nothing is reviewed"
        had, asked = _list_titles(self.before, old), _list_titles(self.after, new)
        if had and not (asked and {*asked} <= {*had}):
            who = join(asked, "or") or "somebody without a title"
            return f"where {who} {verb} it, and not {join(had, 'or')} alone"
        role = name(self.after, "roles", new.role)
        if new.role == old.role:
            return ""
        if not new.four_eyes and self._prepares(old, new):
            return f"where {role}, who prepares, {verb} it"
        if old.role in list_checking(self.before) and new.role not in list_checking(self.after):
            return f"where {role}, who checks nothing else, {verb} it"
        return ""

    def _prepares(self, old: Phase, new: Phase) -> bool:
        """Say whether the role of a phase makes documents, and that of the other made none."""
        return old.role not in _list_preparing(self.before) and new.role in _list_preparing(self.after)

    def _say_open(self, old: Phase, new: Phase) -> str:
        """Return that four eyes do not hold in a phase, and whether its role does what they were on."""
        worked = {self._now("phases", one) for one in old.four_eyes}
        own = new.role in {one.role for one in self.after.phases if one.id in worked}
        return f"where {'one may check their own work: ' if own else ''}four eyes do not hold"

    def _is_reviewed_later(self, old: Phase, new: Phase) -> bool:
        """Say whether what one phase reviews is reviewed after another, on each way to what goes out then."""
        stages = number_stages(self.after)
        goals = [one.id for one in list_goals(self.after) if stages[one.id] > stages[new.id]]

        def reviews(document: str) -> bool:
            later = (
                one.id
                for one in self.after.phases
                if stages[one.id] > stages[new.id] and document in (*one.reviews, *one.signs)
            )
            return any(all(lies_on_every_way(self.after, one, goal) for goal in goals) for one in later)

        return all(reviews(self._now("documents", one)) for one in (*old.reviews, *old.signs))


def is_reviewing(phase: Phase) -> bool:
    """Say whether somebody approves of a document in a phase."""
    return bool(phase.reviews or phase.signs)


def _list_preparing(plan: Plan) -> set[str]:
    """Return the roles that make documents."""
    made = {one.made_in for one in plan.documents}
    return {one.role for one in plan.phases if one.id in made}


def _list_titles(plan: Plan, phase: Phase) -> tuple[str, ...]:
    roles = (one.qualification for one in plan.roles if one.id == phase.role)
    return phase.qualification or next(roles, ())

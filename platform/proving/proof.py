"""The proof of a change: each template walked as it was and as it becomes, whole and change by change."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..data import replace
from ..exploring.telling_apart import name_values
from ..filing.events import Start
from ..plan import Office, Plan
from ..plan_parts import name_part
from ..policies.starting import choose_starts
from ..review.applying import apply, stands, take_new_ids
from ..review.blanking import blank, dress, list_texts
from ..review.comparing import Difference, compare, find_renamed
from ..review.proof import MOST, ChangeProof, Claim, Newly, Outcome, Proof, Rights, TemplateProof, Way
from ..review.review import Change, Review, Side, pair_templates
from .days import have_days_alike
from .lockstep import Compared, compare_machines
from .looked_up import list_looked_up
from .newly import find_newly
from .readers import ID_READER, OFFICE_READER, find_reader
from .saying import say_ability, tell_ability, tell_parting
from .twin import tell_apart
from .unasked import take_unasked

OTHER_PERIODS = "days in other periods"
"""Not tried where what comes about by days differs, or something that no walked filing came to.

It may be alike only in the periods that are walked.
"""


class _Walks(NamedTuple):
    """The filings that are walked, and the values of which not every one is among them."""

    starts: tuple[Start, ...]
    untried: tuple[str, ...]


def prove(before: Side, after: Side, review: Review, most: int = MOST) -> Proof:
    """Return what a walk of both machines says of each template that is on both sides and changes."""
    made = []
    for two in pair_templates(before.plans, after.plans):
        old, new = before.plans.get(two.before or ""), after.plans.get(two.after or "")
        if old is None or new is None or old == new:
            continue
        mine = [one for one in review.changes if new.template in one.templates]
        made.append(_Proving(old, new, before.office, mine, most).prove())
    office = tuple(
        ChangeProof(change=one.id, outcome="elsewhere", reader=find_reader(one.part) or OFFICE_READER)
        for one in review.changes
        if not one.templates
    )
    return Proof(most=most, templates=tuple(made), office=office)


class _Proving:
    def __init__(self, old: Plan, new: Plan, office: Office, changes: Sequence[Change], most: int) -> None:
        self.office, self.changes, self.most = office, changes, most
        renamed = find_renamed(old, new)
        same_name = replace(take_new_ids(old, renamed), template=new.template)
        self.old, self.new = dress(same_name, new), new

    def prove(self) -> TemplateProof:
        whole = self._compare_whole()
        return TemplateProof(
            template=self.new.template,
            outcome=whole[0],
            states=whole[1].states,
            steps=whole[1].steps,
            filings=len(self._choose(self.old, self.new).starts),
            changes=tuple(self._prove_change(one, whole) for one in self.changes),
            rights=self._prove_rights(),
            way=whole[2],
            untried=whole[1].untried,
        )

    def _compare(self, old: Plan, new: Plan) -> tuple[Outcome, Compared, Way | None]:
        one, other = blank(old), blank(new)
        if one == other:
            return "texts", Compared(), None
        chosen = self._choose(one, other)
        found = compare_machines(one, other, chosen.starts, self.most)
        if found.parting is not None:
            return "differs", found, tell_parting(dress(old, new), new, found.parting)
        found.untried = chosen.untried
        if found.alike and not all(_is_unread(each) or _decides(each) for each in compare(one, other)):
            found.untried = (OTHER_PERIODS,)
        return ("alike" if found.alike else "inconclusive"), found, None

    def _compare_whole(self) -> tuple[Outcome, Compared, Way | None]:
        """Compare both plans; where the machine reads nothing that differs, nothing is walked."""
        if blank(self.old) != blank(self.new) and all(map(_is_unread, self._differences)):
            return "elsewhere", Compared(), None
        return self._compare(self.old, self.new)

    def _choose(self, one: Plan, other: Plan) -> _Walks:
        """Return the filings that the plans tell apart together; they begin when the older one says."""
        mine, theirs = tell_apart(one, other)
        starts, unmet = choose_starts((one, replace(other, created=one.created)), self.office, mine)
        untried = name_values((*mine.untried, *theirs.untried, *unmet))
        return _Walks(starts, untried if have_days_alike(one, other) else (*untried, OTHER_PERIODS))

    def _prove_rights(self) -> Rights:
        """Say whether nobody can newly do something: by whom the office looks up, and by a walk."""
        newly = tuple(Newly(sentence=one) for one in list_looked_up(self.old, self.new))
        old = take_unasked(self.old, self.new)
        if all(map(_is_unread, compare(old, self.new))):
            return Rights(outcome="refuted" if newly else "proved", states=0, newly=newly)
        chosen = self._choose(old, self.new)
        found = find_newly(old, self.new, chosen.starts, self.most)
        newly += tuple(
            Newly(sentence=say_ability(self.new, able), way=tell_ability(self.old, self.new, able))
            for able in found.newly
        )
        proved = found.exhausted and not chosen.untried
        outcome: Claim = "refuted" if newly else "proved" if proved else "inconclusive"
        return Rights(outcome=outcome, states=found.states, newly=newly, untried=chosen.untried)

    # --- one change ---------------------------------------------------------------------------------------

    @cached_property
    def _differences(self) -> list[Difference]:
        return compare(self.old, self.new)

    def _prove_change(self, change: Change, whole: tuple[Outcome, Compared, Way | None]) -> ChangeProof:
        """Return what one change alone does: carried out on the older plan, or taken back from the newer."""
        if change.kind == "renamed" or not change.path:
            return ChangeProof(change=change.id, outcome="elsewhere", reader=ID_READER)
        mine = [one for one in self._differences if _is_of(one, change)]
        reader = find_reader(change.part)
        if reader is not None and all(map(_is_unread, mine)):
            return ChangeProof(change=change.id, outcome="elsewhere", reader=reader)
        others = [one for one in self._differences if one not in mine]
        pairs = self._list_pairs(mine, others)
        outcome: Outcome
        outcome, found, way = next(
            (
                whole if (one, other) == (self.old, self.new) else self._compare(one, other)
                for one, other in pairs
                if stands(one) and stands(other)
            ),
            ("together", Compared(), None),
        )
        untried = found.untried if outcome == "inconclusive" else ()
        return ChangeProof(change=change.id, outcome=outcome, states=found.states, way=way, untried=untried)

    def _list_pairs(self, mine: list[Difference], others: list[Difference]) -> Iterator[tuple[Plan, Plan]]:
        if not others:
            yield self.old, self.new
            return
        yield self.old, apply(self.old, self.new, mine)
        yield apply(self.old, self.new, others), self.new


def _is_of(difference: Difference, change: Change) -> bool:
    """Say whether a difference is told by a change, or comes along with what it tells."""
    return difference.place in change.covers


def _decides(difference: Difference) -> bool:
    """Say whether a condition is another one: each of its answers is walked, and both gave the same."""
    return difference.kind == "changed" and difference.field == "condition"


def _is_unread(difference: Difference) -> bool:
    """Say whether the machine reads nothing of what differs: a text, or what others read."""
    named = difference.owner, difference.field
    is_text = difference.kind == "changed" and named[1] in (*list_texts(named[0]), "texts")
    return is_text or find_reader(name_part(*named)) is not None

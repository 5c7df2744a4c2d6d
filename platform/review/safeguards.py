"""Safeguards: what keeps a mistake from going out, and which of them a change takes away or weakens.

A delivery is looked for in the same way: what is no longer delivered is a mistake that nobody is told of.
Found by looking at both plans as a whole, apart from the sentences: a review that moves to another phase is
still there, and one that vanishes with its phase is gone, whatever else is said of the phase.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ..data import ListLine
from ..plan import Automation, Checkpoint, DateRule, FormField, Offer, Office, Phase, Plan
from ..rights import STRENGTH, TOGETHER
from .calendar import Calendar, is_later
from .choices import find_rechosen, rename_options
from .comparing import find_renamed
from .deciding import decides_guard, find_lost_by_id, find_undecided
from .documents import list_apart, list_done, list_ordered, number_stages
from .guards import Waiver, identify
from .missing import find_missing
from .narrowing import When, both, either, is_narrower, say_narrower
from .passing import find_passed, list_asked, list_kept, list_required
from .reaching import lies_on_every_way
from .references import Renamed, rename
from .saying import join, name, quote, say_moment, say_to
from .standing import Standing
from .ways_past import find_ways_past

_MOST = 4
"""So many of the questions that need no answer, or of the safeguards that a template lacks, are named."""


class Finding(ListLine):
    """A safeguard that is gone or weaker: in which template, where it was, and what that means.

    `id` is what a waiver names, of which the one that lets it pass is `waiver`.
    """

    template: str | None
    path: str
    sentence: str
    id: str
    waiver: Waiver | None = None

    @classmethod
    def of(cls, template: str | None, path: str, sentence: str) -> "Finding":
        """Return one with its id."""
        identity = identify("safeguard", template, path, sentence)
        return cls(template=template, path=path, sentence=sentence, id=identity)


def find_lost(
    template: str | None,
    before: Any,
    after: Any,
    calendar: Calendar | None = None,
    *,
    running: bool = True,
) -> tuple[Finding, ...]:
    """Return the safeguards of a plan, or of the office, that are gone or weaker.

    By the days of a calendar it is known of more that is asked on another day that it is no later. What
    only filings lose that run on the one plan and go on by the other is left out where none can.
    """
    if isinstance(before, Office):
        return tuple(_find_in_office(before, after))
    renamed = find_renamed(before, after)
    rechosen = tuple(find_rechosen(before, after, renamed))
    search = _Search(rename_options(before, rechosen), after, renamed, calendar)
    found = (*search.find(), *(find_lost_by_id(before, rechosen) if running else ()))
    return tuple(Finding.of(template, path, f"{said}.") for path, said in found)


def find_lacking(beside: Iterable[Plan], new: Plan) -> Iterator[Finding]:
    """Yield what a new template lacks that those for the same product have.

    For each product it is compared with the one of which it lacks the least: what that one lacks could be
    left out already.
    """
    lacking = [(one, find_lost(new.template, one, new, running=False)) for one in beside]
    nearest: dict[str, tuple[Plan, tuple[Finding, ...]]] = {}
    for product in new.products:
        mine = [(other, lost) for other, lost in lacking if product in other.products]
        if mine:
            other, lost = min(mine, key=lambda one: len(one[1]))
            nearest[other.template] = other, lost
    yield from (_say_lacking(other, new, lost) for other, lost in nearest.values() if lost)


def _say_lacking(other: Plan, new: Plan, lost: tuple[Finding, ...]) -> Finding:
    beside, here = quote(other.title), quote(new.title)
    said = f"What {beside} is for can now go by {here} too, without {len(lost)} of its safeguards"
    more = [f"And {len(lost) - _MOST} more."] if len(lost) > _MOST else []
    first = " ".join([*(one.sentence for one in lost[:_MOST]), *more])
    return Finding.of(new.template, "", f"{said}. Compared with {beside}: {first}")


def _find_in_office(before: Office, after: Office) -> Iterator[Finding]:
    kept = {role.id: role for role in after.roles}
    for role in before.roles:
        new = kept.get(role.id)
        if new is not None and _is_wider(role.qualification, new.qualification):
            who = join(new.qualification, "or") or "without a title"
            had = f"The holder of {quote(role.title)} had to be {join(role.qualification, 'or')}"
            said = f"{had}, and may now be {who}."
            yield Finding.of(None, f"roles.{role.id}.qualification", said)
    for function in after.function_gives_authority:
        if function not in before.function_gives_authority:
            said = f"Whoever is {quote(function)} at a client may now decide without proof of authority."
            yield Finding.of(None, "function_gives_authority", said)


class _Search:
    def __init__(self, before: Plan, after: Plan, renamed: Renamed, calendar: Calendar | None) -> None:
        self.before, self.after, self.renamed, self.calendar = before, after, renamed, calendar
        self.phases = {phase.id: phase for phase in after.phases}
        self.standing = Standing(before, after, renamed)

    def find(self) -> Iterator[tuple[str, str]]:
        """Yield where each lost safeguard was, and what its loss means."""
        for document in self.before.documents:
            yield from self._find_of_document(document.id)
        for phase in self.before.phases:
            new = self.phases.get(self._now("phases", phase.id))
            yield from self._find_four_eyes(phase, new)
            yield from self._find_checkpoints(phase, new)
            yield from self._find_requests(phase, new)
            if new is not None:
                yield from self._find_in_phase(phase, new)
        yield from self._find_questions()
        yield from find_ways_past(self.before, self.after, self.renamed)
        yield from find_missing(self.before, self.after, self.renamed)
        yield from find_passed(self.before, self.after, self.renamed)
        yield from find_undecided(self.before, self.after, self.renamed)
        yield from self._find_out_of_order()

    def _now(self, kind: str, item: str) -> str:
        return self.renamed.get(kind, {}).get(item, item)

    def _mean(self, condition: When) -> When:
        """Return a condition of before by the ids of after."""
        return rename(condition, self.renamed)  # type: ignore[no-any-return]

    # --- documents ----------------------------------------------------------------------------------------

    def _find_of_document(self, document: str) -> Iterator[tuple[str, str]]:
        now = self._now("documents", document)
        title = name(self.before, "documents", document)
        for what, verb in (("reviews", "reviewed"), ("signs", "signed within the office")):
            old = [phase for phase in self.before.phases if document in getattr(phase, what)]
            new = [phase for phase in self.after.phases if now in getattr(phase, what)]
            yield from self._compare_phases(document, f"{title} is", verb, old, new)
        sent = [phase for phase in self.before.phases if _delivers(phase, document)]
        still = [phase for phase in self.after.phases if _delivers(phase, now)]
        yield from self._compare_phases(document, f"{title} is", "delivered", sent, still)
        old = [phase for phase in self.before.phases if phase.offer and document in phase.offer.documents]
        new = [phase for phase in self.after.phases if phase.offer and now in phase.offer.documents]
        less = tuple(self._compare_phases(document, f"{title} is", "offered to the client", old, new))
        yield from less
        yield from self._find_absent(document, title)
        yield from self._find_makers(document, title)
        yield from self._compare_offers(document, old, new, told=bool(less))

    def _find_absent(self, document: str, title: str) -> Iterator[tuple[str, str]]:
        """Yield that a document may be absent where it was there, with what is then not done."""
        now = self._now("documents", document)
        new = next((one for one in self.after.documents if one.id == now), None)
        done = join(list_done(self.before, document), "or")
        if new is None or not done:
            return
        old = next(one for one in self.before.documents if one.id == document)
        path = f"documents.{document}"
        if new.optional and not old.optional:
            yield f"{path}.optional", f"{title} may now be left out, and is then not {done}"
        less = say_narrower(self.after, self._mean(old.condition), new.condition)
        if less:
            yield f"{path}.condition", f"{title} is now made, and so {done}, {less}"

    def _find_makers(self, document: str, title: str) -> Iterator[tuple[str, str]]:
        """Yield where whoever makes a document may newly do what looks at it, as it is made elsewhere."""
        now = self._now("documents", document)
        made = next((one.made_in for one in self.after.documents if one.id == now), None)
        was = self._now("phases", self.before.document(document).made_in)
        for check in list_apart(self.before, document):
            new = self.phases.get(self._now("phases", check))
            if (
                made
                and new
                and now in (*new.reviews, *new.signs)
                and was in new.four_eyes
                and made not in new.four_eyes
            ):
                where = name(self.after, "phases", made)
                could = f"Four eyes: whoever made {title} could not do {quote(new.title)}"
                said = f"{could}, and now nothing prevents it, as it is made in {where}"
                yield f"documents.{document}.made_in", said

    def _compare_phases(
        self, document: str, lead: str, verb: str, old: list[Phase], new: list[Phase]
    ) -> Iterator[tuple[str, str]]:
        path = f"documents.{document}"
        if old and not new:
            yield path, f"{lead} no longer {verb}; before, it was in {join(quote(one.title) for one in old)}"
        elif old:
            was = either(self._mean(phase.condition) for phase in old)
            less = say_narrower(
                self.after, was, either(phase.condition for phase in new), self._is_made(document)
            )
            if less:
                yield path, f"{lead} now {verb} {less}"

    def _is_made(self, document: str) -> When:
        """Return when a document is made now: what is not made needs no safeguard."""
        now = self._now("documents", document)
        return next((one.condition for one in self.after.documents if one.id == now), None)

    def _compare_offers(
        self, document: str, old: list[Phase], new: list[Phase], *, told: bool
    ) -> Iterator[tuple[str, str]]:
        title, path = name(self.before, "documents", document), f"documents.{document}"
        was, now = (
            max((STRENGTH[phase.offer.offer_as] for phase in phases if phase.offer), default=None)
            for phases in (old, new)
        )
        if was is not None and now is not None and now < was:
            words = ("gets it for information only", "has to approve it", "has to sign it")
            yield path, f"{title}: the client {words[now]}; before, the client {words[was]}"
        elif was and now is not None and not told:
            as_much = [
                [one for one in phases if one.offer and STRENGTH[one.offer.offer_as] >= was]
                for phases in (old, new)
            ]
            verb = ("offered", "approved by the client", "signed by the client")[was]
            yield from self._compare_phases(document, f"{title} is", verb, *as_much)
        for phase in old:
            other = self.phases.get(self._now("phases", phase.id))
            if phase.offer and other and other.offer:
                yield from self._compare_deciders(phase, phase.offer, other.offer)

    def _compare_deciders(self, phase: Phase, old: Offer, new: Offer) -> Iterator[tuple[str, str]]:
        path = f"phases.{phase.id}.block"
        if TOGETHER[new.to.decide] < TOGETHER[old.to.decide]:
            who = say_to(self.before, old.to)
            said = f"In {quote(phase.title)} one answer is now enough; before, it was decided on by {who}"
            yield f"{path}.to", said
        if old.forward == "by_hand" and new.forward == "automatic":
            yield (
                f"{path}.forward",
                f"{quote(phase.title)} now goes out without anybody looking; before, somebody released it",
            )

    # --- order ----------------------------------------------------------------------------------------

    def _find_out_of_order(self) -> Iterator[tuple[str, str]]:
        """Yield what guards a document, or whoever worked on it, and no longer comes first."""
        for document in self.before.documents:
            now = self._now("documents", document.id)
            then = dict.fromkeys(list_ordered(self.before, document.id))
            still = {*list_ordered(self.after, now)}
            for guard, verb, guarded, done in then:
                moved = (self._now("phases", guard), verb, self._now("phases", guarded), done)
                if moved not in still and self._comes_first(moved[2], moved[0]):
                    title, first, later = (
                        name(self.after, kind, one)
                        for kind, one in (("documents", now), ("phases", moved[2]), ("phases", moved[0]))
                    )
                    said = f"{title} is no longer {verb} in {later} before it is {done} in {first}"
                    yield f"documents.{document.id}", said
        places = number_stages(self.before)
        for phase in self.before.phases:
            for one in phase.four_eyes:
                if places.get(one, 0) < places[phase.id] and self._bars_nobody(phase.id, one):
                    titles = (name(self.after, "phases", self._now("phases", of)) for of in (phase.id, one))
                    path, (title, other) = f"phases.{phase.id}.four_eyes", titles
                    yield path, f"Four eyes: {title} now comes before {other}, so that they keep nobody out"

    def _comes_first(self, one: str, other: str) -> bool:
        """Say whether a phase that does not come after another is still there beside it."""
        places = number_stages(self.after)
        return one in places and other in places and places[one] <= places[other]

    def _bars_nobody(self, phase: str, other: str) -> bool:
        new, worked = self.phases.get(self._now("phases", phase)), self._now("phases", other)
        places = number_stages(self.after)
        return (
            new is not None
            and worked in new.four_eyes
            and worked in places
            and places[new.id] < places[worked]
        )

    # --- phases -------------------------------------------------------------------------------------------

    def _find_four_eyes(self, phase: Phase, new: Phase | None) -> Iterator[tuple[str, str]]:
        kept = new.four_eyes if new is not None else ()
        parts = {one: self._list_parts(one) for one in phase.four_eyes}
        lost = [one for one, now in parts.items() if not {*now} <= {*kept}]
        if lost:
            others = join(name(self.before, "phases", one) for one in lost)
            gone = "" if new is not None else ", and the phase is gone"
            could = f"Four eyes: whoever worked on {others} could not do {quote(phase.title)}"
            some = [part for one in lost for part in parts[one] if not {*kept}.isdisjoint(parts[one])]
            free = [name(self.after, "phases", part) for part in dict.fromkeys(some) if part not in kept]
            who = f" for whoever works on {join(free)}" if free else ""
            yield f"phases.{phase.id}.four_eyes", f"{could}, and now nothing prevents it{who}{gone}"
        if new is not None and len(lost) < len(phase.four_eyes):
            less = say_narrower(self.after, self._mean(phase.condition), new.condition)
            if less:
                said = f"Four eyes on {quote(phase.title)} now hold {less}"
                yield f"phases.{phase.id}.four_eyes", said
        if new is not None and phase.four_eyes and new.four_eyes_exception:
            yield from self._find_exception(phase, new, new.four_eyes_exception)

    def _list_parts(self, phase: str) -> list[str]:
        """Return the ids of what a phase of before is now: its own, and those that newly say so by `was`."""
        old = next((one for one in self.before.phases if one.id == phase), None)
        now = self._now("phases", phase)
        known = {self._now("phases", one.id) for one in self.before.phases} if now in self.phases else set()
        parts = (
            one.id
            for one in self.after.phases
            if one.id == now or (old and one.id not in known and one.is_same_work(old))
        )
        return [*parts] or [now]

    def _find_exception(self, phase: Phase, new: Phase, role: str) -> Iterator[tuple[str, str]]:
        """Yield that four eyes can be set aside where they could not, or newly by who did the work."""
        said = f"Four eyes in {quote(phase.title)} can now be set aside by {name(self.after, 'roles', role)}"
        own = [one for one in new.four_eyes if one in self.phases and self.phases[one].role == role]
        was = phase.four_eyes_exception
        did = {one.role for one in self.before.phases if one.id in phase.four_eyes}
        if was is None:
            said += "; before, by nobody"
        elif own and was not in did:
            worked = join(name(self.after, "phases", one) for one in own)
            said += f", who also does {worked}; before, by {name(self.before, 'roles', was)}, who does not"
        else:
            return
        yield f"phases.{phase.id}.four_eyes_exception", said

    def _find_checkpoints(self, phase: Phase, new: Phase | None) -> Iterator[tuple[str, str]]:
        for one in phase.checkpoints:
            if one.required:
                path = f"phases.{phase.id}.checkpoints.{one.id}"
                what = f"The mandatory checkpoint {quote(one.title)} of {quote(phase.title)}"
                was = self._mean(both(phase.condition, one.condition))
                kept = list_kept(self.before, self.after, one, phase, new, self.renamed)
                weaker = _say_weaker(self.after, was, kept) if kept else self._say_gone(one, new)
                if weaker is None:
                    places = [other for other, also in kept if also.required]
                    less = self.standing.say_weaker((phase,), places, "ticks")
                    weaker = f"is now in {less}" if less else self._say_let_in(phase, places)
                if weaker:
                    yield path, f"{what} {weaker}"

    def _say_let_in(self, phase: Phase, places: list[Phase]) -> str:
        """Return that whoever ticks a checkpoint in other places may newly do what looks at that work."""
        stages = number_stages(self.after)
        for check in self.before.phases:
            new = self.phases.get(self._now("phases", check.id))
            if (
                phase.id not in check.four_eyes
                or not new
                or self._now("phases", phase.id) not in new.four_eyes
            ):
                continue
            if all(one.id not in new.four_eyes and stages[one.id] < stages[new.id] for one in places):
                where = join(quote(one.title) for one in places)
                return f"is now in {where}, and whoever ticks it there may do {quote(new.title)} too"
        return ""

    def _say_gone(self, checkpoint: Checkpoint, new: Phase | None) -> str:
        """Return that a checkpoint is no more, and what has its id now: somebody has to look whether it asks
        the same.
        """
        titles = [one.title for one in new.checkpoints if one.id == checkpoint.id] if new else []
        return "".join(("is gone", *(f": what has its id says {quote(one)}" for one in titles)))

    def _find_requests(self, phase: Phase, new: Phase | None) -> Iterator[tuple[str, str]]:
        for one, request in list_required(phase):
            path = f"phases.{phase.id}.automations.{one.id}"
            asked = name(self.before, "forms", request.form)
            could = f"{quote(phase.title)} could not be completed before the client had answered {asked}"
            kept = [*self._list_kept(phase, new, request.form)]
            if not kept:
                yield path, f"{could}, and now it can"
                continue
            in_time = [
                (there, also)
                for there, also in kept
                if not _is_asked_later(rename(one.at, self.renamed), also.at, self.calendar)
            ]
            if not in_time:
                then = join((say_moment(self.after, also.at) for _, also in kept), "or")
                was = say_moment(self.before, one.at)
                yield path, f"{could}, and now it can until these are asked for, {then} instead of {was}"
                continue
            now = either(both(there.condition, also.condition) for there, also in in_time)
            less = say_narrower(self.after, self._mean(both(phase.condition, one.condition)), now)
            if less:
                yield path, f"{could}, and now it is so {less}"

    def _list_kept(self, phase: Phase, new: Phase | None, form: str) -> Iterator[tuple[Phase, Automation]]:
        """Yield where the answers to a form are waited for now: in the same phase, or newly in one that comes
        before it on every way; of a phase that is gone before what came next.
        """
        places = number_stages(self.before)
        rest = (one for one in self.before.phases if places[one.id] > places[phase.id])
        goal = new.id if new else next(self._list_still(rest), None)
        asked = {*self._list_still(one for one in self.before.phases if form in list_asked(one))}
        for there in self.after.phases:
            moved = there.id not in asked and there.id != goal
            if there is new or (moved and lies_on_every_way(self.after, there.id, goal)):
                required = list_required(there)
                yield from ((there, one) for one, also in required if also.form == self._now("forms", form))

    def _list_still(self, phases: Iterable[Phase]) -> Iterator[str]:
        """Yield the ids that phases of before have now, of those that are still there."""
        named = (self._now("phases", one.id) for one in phases)
        return (one for one in named if one in self.phases)

    def _find_questions(self) -> Iterator[tuple[str, str]]:
        """Yield the questions of required requests that need no answer any more, a form by one sentence."""
        asked = {form for one in self.after.phases for form in list_asked(one)}
        fields = [field for form in self.after.forms if form.id in asked for field in form.fields]
        for form in self.before.forms:
            phases = [quote(one.title) for one in self.before.phases if form.id in list_asked(one)]
            if not phases or self._now("forms", form.id) not in asked:
                continue
            titles = [
                quote(one.title)
                for one in form.fields
                if one.required and self._is_left_open(one, fields) and not self._decides(one)
            ]
            if titles:
                more = [f"{len(titles) - _MOST} more"] if len(titles) > _MOST else []
                could = f"{join(phases)} could not be completed before the client had answered"
                said = f"{could} in {quote(form.title)}: {join([*titles[:_MOST], *more])}; now it can"
                yield f"forms.{form.id}", said

    def _decides(self, asked: FormField) -> bool:
        """Say whether it is told that a question may be left open, as a guard hangs on the answer."""
        new = [one for form in self.after.forms for one in form.fields]
        there = any(one.id == self._now("fields", asked.id) and not one.required for one in new)
        return there and decides_guard(self.before, ("answers", asked.id))

    def _is_left_open(self, old: FormField, fields: list[FormField]) -> bool:
        named = self._now("fields", old.id)
        kept = [one for one in fields if one.required and (one.id == named or one.title == old.title)]
        now = either(one.condition for one in kept) if kept else None
        return not kept or is_narrower(self._mean(old.condition), now) is not False

    def _find_in_phase(self, phase: Phase, new: Phase) -> Iterator[tuple[str, str]]:
        if _is_wider(phase.qualification, new.qualification):
            was = join(phase.qualification, "or")
            who = join(new.qualification, "or") or "somebody without a title"
            said = f"{quote(phase.title)} was done by {was} only, and now by {who} too"
            yield f"phases.{phase.id}.qualification", said


def _delivers(phase: Phase, document: str) -> bool:
    return phase.deliver is not None and phase.deliver.document == document


def _is_asked_later(old: DateRule | str, new: DateRule | str, calendar: Calendar | None) -> bool:
    """Say whether something can be asked later than it was: never sooner than when its phase is entered."""
    if isinstance(old, str) or isinstance(new, str):
        return not isinstance(new, str)
    return old != new and is_later(old, new, calendar)


def _say_weaker(plan: Plan, was: When, kept: list[tuple[Phase, Checkpoint]]) -> str | None:
    """Return how a mandatory checkpoint is weaker, by what is left of it; None where it is not."""
    required = [both(phase.condition, one.condition) for phase, one in kept if one.required]
    if not required:
        return "is no longer mandatory"
    less = say_narrower(plan, was, either(required))
    return f"now applies {less}" if less else None


def _is_wider(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Say whether more people may do it: where none is named, anybody may."""
    return bool(old) and (not new or not set(new) <= set(old))

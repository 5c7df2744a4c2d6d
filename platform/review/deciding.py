"""What decides whether a guard applies: facts that are recorded and questions that are answered.

A guard that hangs on what nobody has to say is passed over unseen. So it is as much a safeguard that this is
said, before it, as that the guard is there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ..data import Struct, replace
from ..plan import Expression, FactDefinition, FormField, LiteralValue, Logic, Name, Plan
from ..reasoning import judge
from .choices import Rechosen
from .documents import is_handed_on, list_done, number_stages
from .passing import is_guarding, list_required
from .references import Renamed
from .saying import join, list_names, name, quote
from .standing import Standing
from .ways_past import list_past

Path = tuple[str, ...]
_MOST = 4
"""So many of the guards that hang on something are named."""
_READ_BY_NONE = ""
"""What stands for an option that no condition reads: no id is empty."""


def find_undecided(before: Plan, after: Plan, renamed: Renamed) -> Iterator[tuple[str, str]]:
    """Yield what decided a guard and need not be said any more, or later or less firmly, and a sentence.

    Also what can now be said of it by which a guard is left out.
    """
    guards, later, standing = _Guards(before), _Guards(after), Standing(before, after, renamed)
    for fact in before.facts:
        new = _find(after.facts, renamed.get("facts", {}).get(fact.id, fact.id))
        hangs = guards.say(("facts", fact.id))
        if new is not None and hangs:
            path = f"facts.{fact.id}"
            for part, said in _say_fact(guards, standing, fact, new):
                yield f"{path}.{part}", f"{quote(fact.title)} {said}; it decides on {hangs}"
            yield from _find_options(guards, "facts", fact, new, path)
            yield from _find_new_options(later, "facts", fact, new, path)
    forms = {form.id: {field.id: field for field in form.fields} for form in after.forms}
    for form in before.forms:
        asked = forms.get(renamed.get("forms", {}).get(form.id, form.id), {})
        for field in form.fields:
            answer = asked.get(renamed.get("fields", {}).get(field.id, field.id))
            hangs = guards.say(("answers", field.id))
            if answer is not None and hangs:
                path = f"forms.{form.id}.fields.{field.id}"
                if field.required and not answer.required:
                    yield (
                        f"{path}.required",
                        f"{quote(field.title)} may now be left open; it decides on {hangs}",
                    )
                yield from _find_options(guards, "answers", field, answer, path)
                yield from _find_new_options(later, "answers", field, answer, path)


def find_lost_by_id(before: Plan, rechosen: Iterable[Rechosen]) -> Iterator[tuple[str, str]]:
    """Yield which options under another id take a guard from filings that have chosen them already."""
    guards = _Guards(before)
    for one in rechosen:
        hangs = guards.say(one.name, one.before.id, [_READ_BY_NONE])
        if hangs:
            title, asked = quote(one.before.title), quote(one.asked.title)
            kept = f"Filings that run and have {title} for {asked} keep its old id, {quote(one.before.id)}"
            yield one.path, f"{kept}, and go without what {quote(one.after.id)} brings: {hangs}"


def decides_guard(plan: Plan, path: Path, options: tuple[str, ...] = ()) -> bool:
    """Say whether a guard hangs on a value; with options, whether on which of these it is."""
    guards = _Guards(plan)
    if not options:
        return bool(guards.say(path))
    return any(guards.say(path, one, [other]) for one in options for other in options if one != other)


def _find(items: tuple[FactDefinition, ...], item: str) -> FactDefinition | None:
    return next((one for one in items if one.id == item), None)


def _say_fact(
    guards: "_Guards", standing: Standing, fact: FactDefinition, new: FactDefinition
) -> Iterator[tuple[str, str]]:
    after, renamed = standing.after, standing.renamed
    if new.optional and not fact.optional:
        yield "optional", "may now be left out"
    if fact.closes_with_phase and not new.closes_with_phase:
        yield "closes_with_phase", "can now be corrected after its phase, and what was decided by it stays"
    late = _find_late(guards, after, fact, new, renamed)
    if late is not None:
        where = join(name(after, "phases", one) for one in new.set_in)
        yield "set_in", f"is now recorded in {where}, after {name(after, 'phases', late)}"
    decided = _find_decided(guards, after, fact, new, renamed)
    if fact.closes_with_phase and new.closes_with_phase and decided is not None:
        until, by = (name(after, "phases", one) for one in (_find_last(after, new), decided))
        yield "set_in", f"can now be corrected until {until}, after {by}, and what was decided by it stays"
    old, now = (
        [one for one in plan.phases if one.id in meant.set_in]
        for plan, meant in ((guards.plan, fact), (after, new))
    )
    for less in standing.list_weaker(old, now, "records"):
        yield "set_in", f"is now recorded in {less}"


def _find_late(
    guards: "_Guards", after: Plan, fact: FactDefinition, new: FactDefinition, renamed: Renamed
) -> str | None:
    """Return where a fact was recorded, or what hung on it, if it is recorded only after that now."""
    places, were = number_stages(after), number_stages(guards.plan)
    moved = {one.id: renamed.get("phases", {}).get(one.id, one.id) for one in guards.plan.phases}
    now = min((places[one] for one in new.set_in if one in places), default=0)
    was = min((were[one] for one in fact.set_in if one in were), default=0)
    hung = [one for one in guards.list_phases(("facts", fact.id)) if were[one] > was]
    first = [one for one in fact.set_in if were.get(one) == was]
    still = [moved[one] for one in (*first, *hung) if moved[one] in places]
    return next((one for one in still if places[one] < now), None)


def _find_decided(
    guards: "_Guards", after: Plan, fact: FactDefinition, new: FactDefinition, renamed: Renamed
) -> str | None:
    """Return what hangs on a fact and comes before its last place now, as it did not."""
    places, were = number_stages(after), number_stages(guards.plan)
    was, now = _find_last(guards.plan, fact), _find_last(after, new)
    for one in guards.list_phases(("facts", fact.id)):
        moved = renamed.get("phases", {}).get(one, one)
        if was and now and were[one] >= were[was] and moved in places and places[moved] < places[now]:
            return moved
    return None


def _find_last(plan: Plan, fact: FactDefinition) -> str:
    """Return the last phase in which a fact is recorded."""
    places = number_stages(plan)
    return max((one for one in fact.set_in if one in places), key=lambda one: places[one], default="")


def _find_options(
    guards: "_Guards", group: str, old: FactDefinition | FormField, new: FactDefinition | FormField, path: str
) -> Iterator[tuple[str, str]]:
    """Yield the options that can be chosen no more and by which a guard applied."""
    kept = {one.id for one in new.options}
    for option in old.options:
        if option.id not in kept and new.options:
            hangs = guards.say((group, old.id), option.id, sorted(kept))
            if hangs:
                said = (
                    f"{quote(old.title)} can no longer be {quote(option.title)}, by which there was {hangs}"
                )
                yield f"{path}.options.{option.id}", said


def _find_new_options(
    guards: "_Guards", group: str, old: FactDefinition | FormField, new: FactDefinition | FormField, path: str
) -> Iterator[tuple[str, str]]:
    """Yield the options that can newly be chosen and go without a guard that one of the others has."""
    known = {one.id for one in old.options}
    kept = [one for one in new.options if one.id in known]
    for option in new.options if kept else ():
        if option.id in known:
            continue
        hung = {one.title: guards.find((group, new.id), one.id, [option.id]) for one in kept}
        guarded = join((quote(title) for title, words in hung.items() if words), "or")
        if guarded:
            without = _shorten(words for listed in hung.values() for words in listed)
            said = f"{quote(new.title)} can now be {quote(option.title)}, which goes without what"
            yield f"{path}.options.{option.id}", f"{said} {guarded} brings: {without}"


class _Guards:
    """The guards of a plan, by the condition on which each hangs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ways = tuple(way for way in list_past(plan) if not way.ends)
        self.hanging = tuple(self._list_hanging())

    def _list_hanging(self) -> Iterator[tuple[Expression, str]]:
        """Yield a condition in which a guard applies, and what guard that is."""
        guarding = {phase.id: quote(phase.title) for phase in self.plan.phases if is_guarding(phase)}
        for phase in self.plan.phases:
            if phase.condition is not None and phase.id in guarding:
                yield phase.condition, guarding[phase.id]
            for one in phase.checkpoints:
                if one.required and one.condition is not None:
                    yield one.condition, f"the mandatory checkpoint {quote(one.title)}"
            for asking, request in list_required(phase):
                if asking.condition is not None:
                    yield asking.condition, f"the request {name(self.plan, 'forms', request.form)}"
        for document in self.plan.documents:
            looked_at = is_handed_on(self.plan, document.id) or list_done(self.plan, document.id)
            if document.condition is not None and looked_at:
                yield document.condition, f"the document {quote(document.title)}"
        for way in self.ways:
            if way.condition is not None and way.over.id in guarding:
                yield Logic(by="not", of=(way.condition,)), guarding[way.over.id]

    def list_phases(self, path: Path) -> Iterator[str]:
        """Yield the phases that are guards, or have them, by a condition that asks a value."""
        for phase in self.plan.phases:
            conditions = [one.condition for one in phase.checkpoints if one.required]
            conditions += [one.condition for one, _ in list_required(phase)]
            conditions += [phase.condition] if is_guarding(phase) else []
            conditions += [way.condition for way in self.ways if way.over is phase and is_guarding(phase)]
            if any(path in {*list_names(one)} for one in conditions):
                yield phase.id

    def find(self, path: Path, option: str | None = None, others: Iterable[str] = ()) -> list[str]:
        """Return the guards that hang on a value, or on one option and not on the others."""
        named = [(condition, words) for condition, words in self.hanging if path in {*list_names(condition)}]
        return [
            words
            for condition, words in named
            if option is None or all(_is_by(condition, path, option, other) for other in others)
        ]

    def say(self, path: Path, option: str | None = None, others: Iterable[str] = ()) -> str:
        """Return them in words; '' for none."""
        return _shorten(self.find(path, option, others))


def _shorten(words: Iterable[str]) -> str:
    """Return so many of some guards as are named, each once, and how many more there are."""
    every = [*dict.fromkeys(words)]
    more = len(every) - _MOST
    return join([*every[:_MOST], f"{more} more"] if more > 0 else every)


def _is_by(condition: Expression, path: Path, option: str, other: str) -> bool:
    """Say whether a condition can hold by one option where it does not by another."""
    but = Logic(by="not", of=(_settle(condition, path, other),))
    return judge((_settle(condition, path, option), but), {}) is not False


def _settle(part: Any, path: Path, value: str) -> Any:
    """Return a condition in which a variable has a value."""
    if isinstance(part, Name):
        return LiteralValue(value=value) if part.path == path else part
    if isinstance(part, tuple):
        return tuple(_settle(one, path, value) for one in part)
    if not isinstance(part, Struct):
        return part
    return replace(
        part, **{name: _settle(getattr(part, name), path, value) for name in part.__struct_fields__}
    )

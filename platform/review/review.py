"""A review: every change between two sides, in sentences, by template and class."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any, TypeVar

import msgspec

from ..data import ListLine, canonical, fill_in, replace
from ..plan import Office, Plan
from ..policy import Policy, is_stricter
from .blanking import blank
from .calendar import Calendar, Day
from .comparing import Difference, Two, compare
from .expected import expects_as_much, read, say_otherwise
from .guard_changes import find_guard_changes
from .guards import NO_GUARDS, Gate, Guarded, Guards, Waiver, identify
from .matching import measure_likeness
from .moving import MovesAlong, find_moves
from .policy_words import say_changed_policy, say_new_policy
from .proof import Proof
from .rules.base import Class, Told, Whom, expand
from .rules.dates import find_days
from .rules.naming import OF_TEXT
from .rules.table import find_rule, say_generic
from .runs import Runs
from .safeguards import Finding, find_lacking, find_lost
from .saying import join, quote
from .saying import name as find_title
from .wording import Piece, compare_words

VERSION = 3
"""The version of the form in which a review is written for programs."""

SHARED = frozenset({"messages", "forms", "roles", "office", "text"})
"""What several templates may have in common: a change of it is told once."""

ORDER: tuple[Class, ...] = ("legal", "timing", "flow", "staffing", "wording")
"""The classes as they are shown, the gravest first."""


class Change(ListLine):
    """One change, told in a sentence.

    `template` is None for what is the office's own, or several templates have in common; `templates` has all
    that it touches. `path` is by the ids of after, `path_before` by those of before. `days` has the days that
    move in the coming year, `words` the text word by word, `parts` what something new or gone holds.
    """

    id: str
    template: str | None
    templates: tuple[str, ...]
    path: str
    path_before: str
    kind: str
    part: str
    cls: Class = msgspec.field(name="class")
    whom: Whom = msgspec.field(name="for")
    before: Any
    after: Any
    sentence: str
    days: tuple[Day, ...] = ()
    words: tuple[Piece, ...] = ()
    parts: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    waiver: Waiver | None = None


Marked = TypeVar("Marked", Change, Finding, Guarded)


class Review(ListLine):
    """What a change of definitions means; `runs` is for what runs, `proof` what walking both
    machines says, where somebody asked for that.

    `guards` are the rules for reviews that are others, `policies_changed` and `scenarios_changed` those of
    the base that are others or gone; `policies_new` the base has not.
    """

    version: int
    base: str
    head: str
    on: date | None
    changes: tuple[Change, ...]
    safeguards: tuple[Finding, ...]
    moves: tuple[MovesAlong, ...]
    titles: dict[str, str]
    waivers_expired: tuple[Waiver, ...] = ()
    guards_changed: bool = False
    guards: tuple[Guarded, ...] = ()
    runs: Runs | None = None
    proof: Proof | None = None
    policies_changed: tuple[Guarded, ...] = ()
    scenarios_changed: tuple[Guarded, ...] = ()
    policies_new: tuple[Guarded, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing changes."""
        touched = self.runs is not None and any(one.is_touched for one in self.runs.templates)
        policies = self.policies_changed or self.policies_new
        guards = self.guards_changed or policies or self.scenarios_changed
        return not (self.changes or self.safeguards or self.moves or guards or touched)

    def tell(self, one: Change | Finding) -> str:
        """Return a sentence that stands apart from its template, with the template's title before it."""
        title = self.titles.get(one.template or "")
        return f"{title}: {one.sentence}" if title else one.sentence

    def tell_policy(self, one: Guarded) -> str:
        """Return the sentence on a policy that is another or gone; a review kept earlier has none."""
        return one.sentence or f"The policy {quote(one.name)} changes or goes."

    def tell_scenario(self, one: Guarded) -> str:
        """Return the sentence on a scenario that is another or gone."""
        return f"The scenario {quote(one.name)} {one.lost if one.is_loss else 'says otherwise'}."

    @property
    def waivers(self) -> tuple[tuple[str, Waiver], ...]:
        """Return the waivers that let something pass, each with the id of what."""
        every: list[Change | Finding | Guarded] = [*self.changes, *self.safeguards]
        every += [*self.policies_changed, *self.scenarios_changed, *self.guards]
        return tuple((one.id, one.waiver) for one in every if one.waiver)

    def trip(self, gates: Iterable[Gate]) -> tuple[str, ...]:
        """Return the sentences of what a gate does not let through: what has its class and no waiver."""
        chosen = set(gates)
        tripped = [self.tell(one) for one in self.changes if one.cls in chosen and one.waiver is None]
        if "safeguard" in chosen:
            tripped += [self.tell(one) for one in self.safeguards if one.waiver is None]
        if "policy" in chosen:
            tripped += map(self.tell_policy, _list_unwaived(self.policies_changed))
        if "scenario" in chosen:
            tripped += map(self.tell_scenario, _list_unwaived(self.scenarios_changed))
        if "guards" in chosen:
            tripped += (one.sentence for one in _list_unwaived(self.guards))
        if self.runs is not None:
            tripped += self.runs.trip(chosen)
        return tuple(tripped)


def _list_unwaived(found: Iterable[Guarded]) -> Iterator[Guarded]:
    return (one for one in found if one.waiver is None and one.is_loss)


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its name, its plans by template, its office, and what guards it.

    `scenarios` has their texts by name, `wrong_scenarios` the files of those that have errors. `roles` are
    those that any template names, also one that has no plan here.
    """

    name: str
    plans: dict[str, Plan]
    office: Office
    guards: Guards = NO_GUARDS
    policies: tuple[Policy, ...] = ()
    scenarios: Mapping[str, str] = field(default_factory=dict)
    wrong_scenarios: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()


def review(before: Side, after: Side, on: date | None) -> Review:
    """Return what changes between two sides; dates are those of the year that begins on a day.

    Without a day no dates are looked up, and no waiver holds.
    """
    return _Reviewing(before, after, on).review()


class _Reviewing:
    def __init__(self, before: Side, after: Side, on: date | None) -> None:
        self.before, self.after, self.on = before, after, on
        self.offices = Two(before.office, after.office)
        self.names = pair_templates(before.plans, after.plans)
        self.roles = before.roles.union(role.id for plan in before.plans.values() for role in plan.roles)
        self._calendars: dict[str, Calendar] = {}
        self._read = cache(read)
        self._saying: dict[str, dict[bytes | str, list[str]]] = {}

    def review(self) -> Review:
        changes = [
            *self._tell_office(),
            *(change for two in self.names for change in self._tell_template(two)),
        ]
        merged = [self._mark(change) for change in _merge(changes)]
        found = Review(
            version=VERSION,
            base=self.before.name,
            head=self.after.name,
            on=self.on,
            changes=tuple(sorted(merged, key=_order)),
            safeguards=tuple(map(self._mark, self._find_lost())),
            moves=tuple(self._find_moves()),
            titles={
                name: plan.title for side in (self.before, self.after) for name, plan in side.plans.items()
            },
            waivers_expired=tuple(filter(self._is_over, self.before.guards.waivers)),
            guards_changed=self.before.guards != self.after.guards,
            policies_changed=tuple(map(self._mark, self._find_policies())),
            scenarios_changed=tuple(map(self._mark, self._find_scenarios())),
            policies_new=tuple(self._find_new_policies()),
        )
        return msgspec.structs.replace(found, guards=tuple(map(self._mark, self._find_guards(found))))

    # --- changes ------------------------------------------------------------------------------------------

    def _tell_office(self) -> Iterator[Change]:
        yield from (self._tell(None, Told(one, roles=self.roles)) for one in compare(*self.offices))

    def _tell_template(self, two: Two) -> Iterator[Change]:
        old, new = self.before.plans.get(two.before), self.after.plans.get(two.after)
        if old is None or new is None:
            yield self._tell_whole(two, old, new)
            return
        if two.before != two.after:
            yield self._tell_whole(two, old, new)
        calendar = self._find_calendar(two.after, Two(old, new))
        found = [one for one in compare(old, new) if one.path != ("template",)]
        own, follow = _part_following(found)
        told: dict[Any, Change] = {}
        for one in own:
            change = self._tell(two.after, Told(one, calendar, self.roles))
            with_it = follow.get(one.path, [])
            covers = (change.path, *(other.place for other in with_it))
            parts = (*change.parts, *(line for other in with_it for line in _list_following(other)))
            change = msgspec.structs.replace(change, covers=covers, parts=parts)
            alike = _name_alike(one, change)
            told[alike] = _fold(told[alike], change) if alike in told else change
        yield from told.values()

    def _tell_whole(self, two: Two, old: Plan | None, new: Plan | None) -> Change:
        """Tell of a template that is new, gone, or under another name."""
        plan = new or old
        assert plan is not None
        title = quote(plan.title)
        phases = tuple(f"{number}. {phase.title}" for number, phase in enumerate(plan.phases, 1))
        if old and new:
            kind, phases = "renamed", ()
            said = (
                f"The template {title} has the id {quote(two.after)} instead of {quote(two.before)}; filings "
                f"that run go on by the old one{_say_recurrences(two, old)}"
            )
        elif new:
            kind, beside = "added", self._say_beside(plan)
            said = f"There is a new template {title}{beside}: filings of it can be started"
            sent = (one.deliver.document for one in plan.phases if one.deliver)
            delivered = [find_title(plan, "documents", one) for one in sent]
            phases += (f"It delivers {join(delivered)}.",) if delivered else ()
        else:
            kind = "removed"
            said = (
                f"The template {title} is gone: no filing of it is started any more"
                f"{_say_recurrences(two, old)}; those that run go on by the old one"
            )
        template = two.after or two.before
        cls: Class = "legal" if old and _is_expected(old) else "flow"
        cls = dict(self.before.guards.classes).get("plan.template", cls)
        return self._make(
            template, path="", path_before="", kind=kind, part="plan.template", cls=cls, whom="clients",
            before=two.before, after=two.after, said=said, parts=phases,
        )  # fmt: skip

    def _list_beside(self, plan: Plan) -> list[Plan]:
        """Return the plans that filings of a product of another go by already."""
        return [one for one in self.before.plans.values() if not {*plan.products}.isdisjoint(one.products)]

    def _say_beside(self, plan: Plan) -> str:
        """Return for which products a new template is, and which were for these before."""
        products = join(find_title(self.after.office, "products", one) for one in plan.products)
        beside = join(quote(one.title) for one in self._list_beside(plan))
        return (f" for {products}" if products else "") + (f", beside {beside}" if beside else "")

    def _tell(self, template: str | None, told: Told) -> Change:
        difference = told.difference
        rule = find_rule(difference)
        said = rule.say(told) if rule else say_generic(told)
        cls: Class = rule.classify(told) if rule else "flow"
        part = rule.part if rule else "unknown"
        is_text = cls == "wording" or (difference.owner, difference.field) in OF_TEXT
        wording = is_text and told.kind == "changed" and isinstance(told.before, str)
        if cls != "wording" or rule is None or wording:
            cls = dict(self.before.guards.classes).get(part, cls)
        return self._make(
            template,
            path=difference.place,
            path_before=difference.place_before,
            kind=difference.kind,
            part=part,
            cls=cls,
            whom=rule.address(told) if rule else "staff",
            before=_plain(difference.before, difference.kind),
            after=_plain(difference.after, difference.kind),
            said=said,
            days=_find_days(told, part),
            words=compare_words(told.before, told.after) if wording else (),
            parts=tuple(_list_parts(told, said)),
        )  # fmt: skip

    def _make(self, template: str | None, *, said: str, **fields: Any) -> Change:
        named = [template, fields["path"], fields["before"], fields["after"], fields["kind"]]
        sentence = f"{said[:1].upper()}{said[1:]}."
        identity = identify(*named)
        templates = (template,) if template else ()
        covers = (fields["path"],)
        return Change(
            id=identity, template=template, templates=templates, sentence=sentence, covers=covers, **fields
        )

    def _find_policies(self) -> Iterator[Guarded]:
        """Yield the policies that ask something else or are gone; another title asks nothing else."""
        after = {one.id: replace(one, title="") for one in self.after.policies}
        for one in self.before.policies:
            was, becomes = replace(one, title=""), after.get(one.id)
            if was != becomes:
                stricter = becomes is not None and is_stricter(was, becomes)
                yield Guarded(
                    name=one.id,
                    id=identify("policy", one.id, was, becomes),
                    stricter=stricter,
                    sentence=say_changed_policy(one, becomes),
                )

    def _find_new_policies(self) -> Iterator[Guarded]:
        before = {one.id for one in self.before.policies}
        for one in self.after.policies:
            if one.id not in before:
                identity = identify("policy", one.id, None, one)
                yield Guarded(name=one.id, id=identity, stricter=True, sentence=say_new_policy(one))

    def _find_scenarios(self) -> Iterator[Guarded]:
        """Yield the scenarios that say otherwise or are gone, and those that have another name."""
        renamed = {two.before: two.after for two in self.names if two.before and two.after}
        for name, text in sorted(self.before.scenarios.items()):
            becomes = self.after.scenarios.get(name)
            if becomes is None or (text != becomes and self._strip(text) != self._strip(becomes)):
                folder = name.partition("/")[0]
                was, is_now = self._read(text), self._read(becomes or "")
                otherwise = expects_as_much(was, is_now)
                yield Guarded(
                    name=name,
                    id=identify("scenario", name, text, becomes),
                    moved_to=self._find_moved(name, text, folder, renamed.get(folder, folder)),
                    otherwise=otherwise,
                    sentence=_say_scenario(becomes, say_otherwise(was, is_now), otherwise=otherwise),
                )

    def _find_moved(self, name: str, text: str, old: str, new: str) -> str | None:
        """Return under which other name a scenario says the same, but for the id of its template."""
        said = {text, re.sub(rf"\b{re.escape(old)}\b", new, text)} if text else ()
        rest = name.partition("/")[2]
        others = {one for each in said for one in self._list_saying(new, each)} - {name}
        return min(others, key=lambda one: (one != f"{new}/{rest}", one), default=None)

    def _list_saying(self, folder: str, text: str) -> list[str]:
        """Return the scenarios of a folder that now say the same as a text."""
        if folder not in self._saying:
            by_said: dict[bytes | str, list[str]] = {}
            for name, other in self.after.scenarios.items():
                if name.startswith(f"{folder}/"):
                    by_said.setdefault(self._strip(other), []).append(name)
            self._saying[folder] = by_said
        return self._saying[folder].get(self._strip(text), [])

    def _strip(self, text: str) -> bytes | str:
        """Return what a scenario says, whatever its layout; of one that cannot be read its text."""
        said = self._read(text)
        return text if said is None else canonical(said)

    def _mark(self, change: Marked) -> Marked:
        """Return what changes with the waiver that lets it pass, where there is one."""
        for waiver in self.before.guards.waivers:
            if waiver.change == change.id and self._lets_pass(waiver):
                return msgspec.structs.replace(change, waiver=waiver)
        return change

    def _lets_pass(self, waiver: Waiver) -> bool:
        return self.on is not None and waiver.holds(self.on)

    def _is_over(self, waiver: Waiver) -> bool:
        return not self._lets_pass(waiver) and not (self.on and waiver.is_to_come(self.on))

    def _find_guards(self, found: Review) -> Iterator[Guarded]:
        """Yield the rules for reviews that are others; a waiver names what it is about by its sentence."""
        every: tuple[Change | Finding, ...] = (*found.changes, *found.safeguards)
        told = {one.id: found.tell(one) for one in every}
        told |= {one.id: found.tell_policy(one) for one in found.policies_changed}
        told |= {one.id: found.tell_scenario(one) for one in found.scenarios_changed}
        yield from find_guard_changes(self.before.guards, self.after.guards, told)

    # --- the rest -----------------------------------------------------------------------------------------

    @cached_property
    def _both(self) -> list[tuple[str, Two]]:
        pairs = [
            (two, Two(self.before.plans.get(two.before), self.after.plans.get(two.after)))
            for two in self.names
        ]
        return [(two.after, plans) for two, plans in pairs if plans.before and plans.after]

    def _find_lost(self) -> Iterator[Finding]:
        yield from find_lost(None, *self.offices)
        for template, plans in self._both:
            if plans.before != plans.after:
                yield from find_lost(template, *plans, self._find_calendar(template, plans))
                yield from self._find_lacking(plans.after, {*plans.before.products})
        for two in self.names:
            if two.before is None:
                yield from self._find_lacking(self.after.plans[two.after])

    def _find_lacking(self, new: Plan, had: Container[str] = ()) -> Iterator[Finding]:
        """Yield what a template lacks that others of the products have that it newly is for."""
        gained = replace(new, products=tuple(one for one in new.products if one not in had))
        return find_lacking(self._list_beside(gained), gained)

    def _find_moves(self) -> Iterator[MovesAlong]:
        closing = self.before.office.closing_days != self.after.office.closing_days
        for name, plans in self._both if self.on else ():
            if closing or blank(plans.before) != blank(plans.after):
                calendar = self._find_calendar(name, plans)
                assert calendar is not None
                yield from find_moves(name, calendar)

    def _find_calendar(self, name: str, plans: Two) -> Calendar | None:
        """Return the days of a template, the same for all that is told of it; None where no day is asked."""
        if self.on is None:
            return None
        if name not in self._calendars:
            self._calendars[name] = Calendar(plans, self.offices, self.on)
        return self._calendars[name]


def _say_scenario(becomes: str | None, said: str, *, otherwise: bool) -> str:
    if otherwise:
        return said
    return "is gone" if becomes is None else f"tries less{f': {said}' if said else ''}"


def _is_expected(plan: Plan) -> bool:
    """Say whether clients or the authority miss filings that start no more: of a product, or by law."""
    return bool(plan.products) or any(one.law for one in plan.deadlines)


def _say_recurrences(two: Two, old: Plan | None) -> str:
    """Return what becomes of what starts by itself by a template that is gone, or has another id."""
    if old is None or not old.products:
        return ""
    if two.after is None:
        return ", nor by itself: its recurrences stand still"
    old_id, new_id = quote(two.before), quote(two.after)
    return f", and recurrences of {old_id} start nothing any more: each relation needs one of {new_id}"


def pair_templates(before: dict[str, Plan], after: dict[str, Plan]) -> list[Two]:
    """Return the names of each template before and after; None where there is none."""
    same = [Two(name, name) for name in after if name in before]
    old = [name for name in sorted(before) if name not in after]
    new = [name for name in sorted(after) if name not in before]
    scored = [(measure_likeness(before[a], after[b]), a, b) for a in old for b in new]
    renamed: list[Two] = []
    for score, a, b in sorted(scored, key=lambda one: (-one[0], *sorted(one[1:]))):
        if score and a in old and b in new:
            renamed.append(Two(a, b))
            old.remove(a)
            new.remove(b)
    every = [*same, *renamed, *(Two(a, None) for a in old), *(Two(None, b) for b in new)]
    return sorted(every, key=lambda two: two.after or two.before)


FOLLOWING = frozenset({"roles", "messages", "forms"})
"""Lists of a plan that hold what something else of it names."""


def _name_alike(difference: Difference, change: Change) -> Any:
    """Return what two changes have in common that are one: fields of one struct of which the same is said."""
    if not isinstance(difference.path[-1], str):
        return difference.path  # of items of a list each is one
    return difference.path[:-1], change.sentence, change.cls, change.whom, change.days


def _fold(one: Change, other: Change) -> Change:
    """Return two changes as one, named after both: what lets one of them pass does not let the other."""
    return msgspec.structs.replace(
        one,
        id=identify(one.template, one.id, other.id),
        covers=(*one.covers, *other.covers),
        parts=tuple(dict.fromkeys((*one.parts, *other.parts))),
    )


def _part_following(found: list[Difference]) -> tuple[list[Difference], dict[Any, list[Difference]]]:
    """Return the differences to tell, and by path of those what comes or goes with each.

    A role, message or form is in a plan because something of the plan names it: that is told, and what
    follows from it is told with it.
    """
    coming = [
        one
        for one in found
        if one.owner is Plan and one.field in FOLLOWING and one.kind in ("added", "removed")
    ]
    others = [one for one in found if one not in coming]
    follow: dict[Any, list[Difference]] = {}
    alone = []
    for one in coming:
        cause = next((other for other in others if _names(other, (one.before or one.after).id)), None)
        if cause is None:
            alone.append(one)
        else:
            follow.setdefault(cause.path, []).append(one)
    return [*others, *alone], follow


def _names(difference: Difference, item: str) -> bool:
    written = canonical([difference.before, difference.after])
    return f'"{item}"'.encode() in written


def _plain(value: Any, kind: str) -> Any:
    if kind == "renamed":
        return value.id
    return fill_in(value)


def _find_days(told: Told, part: str) -> tuple[Day, ...]:
    dated = hasattr(told.item, "anchor") or told.difference.owner.__name__ in ("Deadline", "DueChoice")
    if not dated or part == "deadline.title" or told.calendar is None or told.kind in ("moved", "renamed"):
        return ()
    return tuple(day for day in find_days(told) if day.before != day.after)


def _list_parts(told: Told, told_already: str = "") -> Iterator[str]:
    """Yield what something that is new or gone holds, a sentence each; nothing that is told already."""
    for inside in expand(told.difference):
        below = Told(inside, told.calendar, told.roles)
        rule = find_rule(inside)
        said = rule.say(below) if rule else say_generic(below)
        if said not in told_already:
            yield f"{said[:1].upper()}{said[1:]}."


def _list_following(difference: Difference) -> Iterator[str]:
    """Yield what a message or form holds that is new to a plan with a change; of roles nothing."""
    if difference.field != "roles" and difference.kind == "added":
        rule = find_rule(difference)
        assert rule is not None
        told = Told(difference)
        yield f"{rule.say(told)}."
        yield from _list_parts(told)


def _merge(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes, those of what templates have in common once."""
    shared: dict[Any, Change] = {}
    for change in changes:
        root, _, rest = change.path.partition(".")
        if root not in SHARED:
            yield change
            continue
        place = ("office" if root == "text" else root, rest, change.kind)
        key = (place, canonical([change.before, change.after]))
        first = shared.get(key)
        shared[key] = change if first is None else _join(first, change)
    yield from shared.values()


def _join(one: Change, other: Change) -> Change:
    """Return the same change of several templates as one; its id is that of the first that is found."""
    for_clients = "clients" if "clients" in (one.whom, other.whom) else one.whom
    named = [None, one.path, one.before, one.after, one.kind]
    return msgspec.structs.replace(
        one,
        id=identify(*named),
        template=None,
        templates=(*one.templates, *other.templates),
        cls=min(one.cls, other.cls, key=ORDER.index),
        whom=for_clients,
        sentence=other.sentence if other.whom == for_clients != one.whom else one.sentence,
    )


def _order(change: Change) -> tuple[Any, ...]:
    return (change.template or "", ORDER.index(change.cls))

"""A rule: the class of a change of one part of a plan, whom it is for, and how it is said."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Literal, get_args

from ...data import Struct
from ...linked import Link
from ...plan import (
    Automation,
    Chase,
    Checkpoint,
    CreateTask,
    DayAwaited,
    Deadline,
    Deliver,
    DueChoice,
    EntryPoint,
    Escalate,
    Expression,
    FilingAwaited,
    FormField,
    GiveUp,
    LeaveNote,
    Message,
    NoticeAwaited,
    Offer,
    Office,
    Option,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    SendMessage,
    StartFiling,
    TaxAccount,
    To,
    VatRates,
    WaitFor,
    Work,
)
from ...plan_parts import VALUES, name_part
from ..calendar import Calendar
from ..comparing import Difference, Item, Two
from ..narrowing import is_same
from ..references import NAMED
from ..saying import join, name, quote, say_to, show

Class = Literal["wording", "staffing", "flow", "timing", "legal"]
CLASSES: tuple[Class, ...] = get_args(Class)
Whom = Literal["clients", "staff", "authority", "office"]
PERIODS = {"same": "the same period", "previous": "the period before", "next": "the next period"}
"""Which period of another filing is meant."""
WHOSE: dict[Link | None, str] = {
    None: "the relation itself",
    "partner": "its partner",
    "household": "each of its household",
    "holding": "its holding",
    "subsidiary": "each subsidiary",
    "unit_head": "the head of its fiscal unit",
    "unit_member": "each member of its fiscal unit",
    "business": "each business of its own",
    "owner": "each owner",
}
"""Whose the other filing is."""


def say_whose(link: Link | None) -> str:
    """Return whose the other filing is, after what it is: nothing where it is the relation's own."""
    return f" of {WHOSE[link]}" if link else ""


@dataclass(frozen=True)
class Told:
    """A difference with what its sentence may name; `roles` are those that any template had before."""

    difference: Difference
    calendar: Calendar | None = None
    roles: frozenset[str] = frozenset()

    @property
    def before(self) -> Any:
        """Return the value before."""
        return self.difference.before

    @property
    def after(self) -> Any:
        """Return the value after."""
        return self.difference.after

    @property
    def kind(self) -> str:
        """Return how it differs."""
        return self.difference.kind

    @property
    def roots(self) -> Two:
        """Return the plans, or the offices, that are compared."""
        return self.difference.chain[0]

    def find(self, kind: type | tuple[type, ...]) -> Any:
        """Return the nearest struct of a type around the difference, as it is after; None where none is."""
        two = self.find_two(kind)
        return two.after if two else None

    def find_two(self, kind: type | tuple[type, ...]) -> Two | None:
        """Return the nearest struct of a type around the difference, before and after."""
        found = (two for two in reversed(self.difference.chain) if isinstance(two.after, kind))
        return next(found, None)

    @cached_property
    def listed(self) -> str | None:
        """Return the list of the plan that the ids of this field are of."""
        return NAMED.get((self.difference.owner, self.difference.field))

    @property
    def old(self) -> str:
        """Return the value before in words."""
        return self._told_apart[0]

    @property
    def new(self) -> str:
        """Return the value after in words."""
        return self._told_apart[1]

    @cached_property
    def _told_apart(self) -> tuple[str, str]:
        """Return both values in words; with their ids where two items have one title."""
        before, after = (
            show(root, value, self.listed)
            for root, value in zip(self.roots, (self.before, self.after), strict=True)
        )
        if before == after:
            before, after = (
                f"{before} ({quote(one)})" if one else before
                for one in (_find_id(self.before, self.listed), _find_id(self.after, self.listed))
            )
        return before, after

    @property
    def item(self) -> Any:
        """Return what was added or removed, or as it is now what was changed or renamed."""
        return self.before if self.after is None else self.after

    @property
    def item_title(self) -> str:
        """Return the title of that."""
        return quote(self.item.title)

    @property
    def root(self) -> Any:
        """Return the plan in which `item` is found."""
        return self.roots.before if self.after is None else self.roots.after

    @property
    def phase(self) -> str:
        """Return the title of the phase around the difference."""
        phase = self.find(Phase)
        return quote(phase.title) if phase else "the filing"

    @property
    def owner(self) -> str:
        """Return the title of the struct of which a field differs."""
        one = self.difference.chain[-1].after
        return quote(getattr(one, "title", None) or getattr(one, "id", None) or type(one).__name__)

    @property
    def does(self) -> str:
        """Return what the automation around the difference does."""
        one = self.find(Automation)
        return say_automation(self.root, one) if one else ""

    @property
    def reader(self) -> Whom:
        """Return whom what is around the difference speaks to: who is asked, told or waited for."""
        return "clients" if any(_is_client(find_to(self, side)) for side in (0, 1)) else "staff"

    @property
    def who(self) -> str:
        """Return who that is, at the begin of a sentence."""
        to = find_to(self)
        if to is None:
            phase = self.find(Phase)
            return f"The holder of {name(self.root, 'roles', phase.role)}" if phase else "The office"
        return "Clients" if to.kind != "role" else f"The holder of {name(self.root, 'roles', to.name)}"

    @property
    def are(self) -> str:
        """Return the verb that goes with that."""
        return "are" if self.who == "Clients" else "is"

    @property
    def waiting(self) -> str:
        """Return what ends when somebody is waited for no longer, at the begin of a sentence."""
        return f"{'The' if _of_wait(self) else 'Waiting for the'}{self.about[3:]}"

    @property
    def about(self) -> str:
        """Return what is waited for where somebody is chased."""
        one = self.find(Automation)
        phase = self.find(Phase)
        if one is not None and one.request:
            return f"the request {name(self.root, 'forms', one.request.form)} in {self.phase}"
        if one is not None and one.task:
            return f"the task {quote(one.task.title)} in {self.phase}"
        if phase is not None and phase.offer:
            return f"the offer in {self.phase}"
        if phase is not None and isinstance(phase.block, WaitFor):
            return f"the wait of {self.phase}"
        return f"the work of {self.phase}"


def _find_id(value: Any, listed: str | None) -> str | None:
    """Return the id of the item that a value names, if it names one."""
    if isinstance(value, To):
        return value.name
    return value if listed and isinstance(value, str) else None


def _is_client(to: To | None) -> bool:
    return to is not None and to.kind != "role"


def _of_wait(told: Told) -> bool:
    phase = told.find(Phase)
    return told.find(Automation) is None and phase is not None and isinstance(phase.block, WaitFor)


def find_to(told: Told, side: int = 1) -> To | None:
    """Return whom what is around a difference speaks to, before (0) or after; None is who does the phase."""
    one, phase = (two[side] if two else None for two in map(told.find_two, (Automation, Phase)))
    if one is not None:
        for part in (one.send, one.task, one.request):
            if part is not None:
                to: To = part.to
                return to
    return phase.block.to if phase is not None and isinstance(phase.block, Offer) else None


def say_automation(plan: Any, one: Automation) -> str:
    """Return what an automation does: the message ‘Uw stukken’."""
    if one.send:
        return f"the message {name(plan, 'messages', one.send.message)}"
    if one.request:
        return f"the request {name(plan, 'forms', one.request.form)}"
    if one.task:
        return f"the task {quote(one.task.title)}"
    if one.start:
        return f"the start of a filing of {quote(one.start.template)}{_for_whom(one.start.of)}"
    if one.note:
        return f"the note {name(plan, 'messages', one.note.message)}"
    return quote(one.id)


def _for_whom(link: Link | None) -> str:
    return f" for {WHOSE[link]}" if link else ""


def say_doing(plan: Any, one: Automation) -> tuple[str, str, str]:
    """Return what an automation does as a verb, the same after 'no longer' and what it does that with."""
    if one.send:
        return "sends", say_automation(plan, one), f" to {say_to(plan, one.send.to)}"
    if one.request:
        return "makes", say_automation(plan, one), f" to {say_to(plan, one.request.to)}"
    if one.task:
        return "gives", say_automation(plan, one), f" to {say_to(plan, one.task.to)}"
    if one.start:
        return "starts", f"a filing of {quote(one.start.template)}{_for_whom(one.start.of)}", ""
    return "leaves", say_automation(plan, one), ""


Say = Callable[[Told], str]
Of = Callable[[Told], Any]


@dataclass(frozen=True)
class Rule:
    """What a part of a plan promises.

    `cls` and `whom` are given, or worked out from where the part is. `promise` is what it promises, as the
    table of docs/reviewing.md has it.
    """

    owner: type[Struct]
    field: str
    cls: Class | Of
    whom: Whom | Of
    promise: str
    say: Say

    @property
    def part(self) -> str:
        """Return the name of the part of a plan, such as phase.due."""
        return name_part(self.owner, self.field)

    def classify(self, told: Told) -> Class:
        """Return the class of a difference; another order of items has that of the part, as it may decide."""
        if told.kind == "renamed":
            return "flow"
        found: Class = self.cls(told) if callable(self.cls) else self.cls
        return "flow" if told.kind == "moved" and found == "wording" else found

    def address(self, told: Told) -> Whom:
        """Return whom a difference is for."""
        found: Whom = self.whom(told) if callable(self.whom) else self.whom
        return found


class _Names(dict[str, str]):
    """What a sentence may name, worked out when it does."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told

    def __missing__(self, key: str) -> str:
        return str(getattr(self._told, key))


def fill(text: str, told: Told) -> str:
    """Return a sentence with its names filled in."""
    return text.format_map(_Names(told))


def swap(changed: str, added: str | None = None, removed: str | None = None) -> Say:
    """Return what says a change of a value, and one from or to nothing."""

    def say(told: Told) -> str:
        if told.kind == "added" and added:
            return fill(added, told)
        if told.kind == "removed" and removed:
            return fill(removed, told)
        return fill(changed, told)

    return say


def swap_condition(changed: str, added: str | None = None, removed: str | None = None) -> Say:
    """Return what says another condition, and of one that is written in another way that it is the same."""
    said = swap(changed, added, removed)
    return lambda told: f"{said(told)}, which holds in the same cases" if holds_alike(told) else said(told)


def holds_alike(told: Told) -> bool:
    """Say whether a condition is another and yet holds in the same cases."""
    meant = told.difference.meant or told.before
    conditions = isinstance(meant, get_args(Expression)) and isinstance(told.after, get_args(Expression))
    return conditions and is_same(meant, told.after)


def switch(on: str, off: str) -> Say:
    """Return what says that something holds now, or no longer."""
    return lambda told: fill(on if told.after else off, told)


def choose(lead: str, words: dict[Any, str], *, verbs: bool = False) -> Say:
    """Return what says one of a few values in words, after what they are said of; `verbs` has
    each as it is now and, after a stroke, as it was.
    """

    def say(told: Told) -> str:
        was, now = words.get(told.before, told.old), words.get(told.after, told.new)
        changed = f"{now} instead of {was}"
        if verbs:
            now, had = now.partition("|")[0], was.partition("|")[2]
            changed, was = f"{now}; before, it {had}", was.partition("|")[0]
        said = {"added": now, "removed": f"no longer {was}"}.get(told.kind, changed)
        return f"{fill(lead, told)} {said}"

    return say


def change_set(lead: str, gains: str, loses: str) -> Say:
    """Return what says which values a list gains and loses; the order where only that differs."""

    def say(told: Told) -> str:
        old, new = told.before or (), told.after or ()
        meant = told.difference.meant or old
        come = [one for one in new if one not in meant]
        go = [one for one, now in zip(old, meant, strict=True) if now not in new]
        parts = []
        if come:
            parts.append(gains.replace("[come]", _show_all(told.roots.after, come, told.listed)))
        if go:
            parts.append(loses.replace("[go]", _show_all(told.roots.before, go, told.listed)))
        if not parts:
            parts.append(f"the order is {told.new} instead of {told.old}")
        return f"{fill(lead, told)}{fill(join(parts), told)}"

    return say


def _show_all(plan: Plan | Office, items: Iterable[Any], kind: str | None) -> str:
    return join(show(plan, one, kind) for one in items)


def items(noun: str, where: str, added: str | Say, removed: str | Say) -> Say:
    """Return what says that an item of a list is new, gone, under another id, or that their order differs."""

    def say(told: Told) -> str:
        place = fill(where, told)
        if told.kind == "moved":
            return f"The {noun}s{place} come in another order: {join(_list_moved(told))}"
        if told.kind == "renamed":
            title = quote(getattr(told.after, "title", told.after.id))
            new, old = quote(told.after.id), quote(told.before.id)
            asked = ""
            if isinstance(told.after, Option):
                two = (f"{quote(one.title)} ({one.id})" for one in (told.before, told.after))
                asked = f", and to them {join(two)} are two choices"
            return (
                f"The {noun} {title}{place} has the id {new} instead of {old}; filings that run keep the old "
                f"one{asked}"
            )
        text = added if told.kind == "added" else removed
        return text(told) if callable(text) else fill(text, told)

    return say


def _list_moved(told: Told) -> Iterator[str]:
    """Yield what is in another place between the others, as few as say it."""
    side = told.difference.chain[-1].after
    known = {name_key(one): one for one in getattr(side, told.difference.field)}
    matcher = SequenceMatcher(None, told.difference.meant, told.after, autojunk=False)
    stay = {
        told.after[n] for block in matcher.get_matching_blocks() for n in range(block.b, block.b + block.size)
    }
    for place, one in enumerate(told.after):
        if one not in stay:
            title = quote(getattr(known.get(one), "title", None) or one)
            before = told.after[place - 1] if place else None
            other = quote(getattr(known.get(before), "title", None) or before) if place else ""
            yield f"{title} now comes after {other}" if place else f"{title} now comes first"


def name_key(item: Any) -> Any:
    """Return the id of an item; of what has none, nothing."""
    return getattr(item, "id", None)


def say_qualification(lead: str) -> Say:
    """Return what says which title somebody must have: any one of those that are named."""

    def say(told: Told) -> str:
        old, new = join(told.before or (), "or"), join(told.after or (), "or")
        if new and old:
            return f"{fill(lead, told)} has to be {new} instead of {old}"
        if new:
            return f"{fill(lead, told)} now has to be {new}"
        return f"{fill(lead, told)} no longer has to be {old}: no title is asked"

    return say


def is_unused(told: Told, role: str) -> bool:
    """Say whether no template had a role before, nor one to which its work goes when nobody has it."""
    stands_in = {one.id: one.fallback for one in told.roots.after.roles}
    known = told.roles.union(one.id for one in told.roots.before.roles)
    tried: set[str] = set()
    asked: str | None = role
    while asked is not None and asked not in tried:
        if asked in known:
            return False
        tried.add(asked)
        asked = stands_in.get(asked)
    return True


def say_role(told: Told, role: str, title: str | None = None) -> str:
    """Return the title of a role, and that no template had it: then nobody may have it."""
    title = title or name(told.root, "roles", role)
    return f"{title} (a role that no template had)" if is_unused(told, role) else title


def is_legal(told: Told) -> bool:
    """Say whether the deadline around a difference is one of the law, before or after."""
    two = told.find_two(Deadline)
    sides: tuple[Any, ...] = two or (told.item,)
    return any(isinstance(one, Deadline) and one.law for one in sides)


SAID_WHOLE = (EntryPoint, TaxAccount, VatRates, DueChoice, NoticeAwaited, FilingAwaited, DayAwaited)
"""Items whose own sentence says all that they hold."""
SAID: dict[type[Struct], tuple[str, ...]] = {
    Phase: ("role",),
    Automation: ("at", "condition"),
    SendMessage: ("message", "to"),
    CreateTask: ("title", "to"),
    Request: ("form", "to"),
    StartFiling: ("template", "of"),
    LeaveNote: ("message",),
    Checkpoint: ("required",),
    Outcome: ("then", "end"),
    Remind: ("every_days", "at_most"),
    Escalate: ("on", "role"),
    GiveUp: ("on", "then", "end"),
    FormField: ("kind", "required"),
}
"""What the sentence of an item itself says of what it holds."""
SILENT = {
    (Phase, "block"),
    (Message, "texts"),
    *((Automation, part) for part in ("send", "task", "request", "start", "note")),
    *((owner, "chase") for owner in (Automation, Work, Offer, Deliver, WaitFor)),
}
"""Parts of which the sentence of the item says what they are, and those of what they hold the rest."""
NEEDED = {(Offer, "offer_as"), (Request, "required")}
"""What is said of something new though it is as it is where nothing is written."""
LOST = {
    Phase: {"due", "checkpoints", "automations", "reviews", "signs", "back_to", "outcomes", "block"},
    Offer: {"documents"},
    Deliver: {"document"},
    WaitFor: {"awaited"},
    Chase: {"remind", "escalate", "give_up"},
}
"""What is said of something that is gone: what nobody does any more. Of the rest the opposite is not true."""


def expand(difference: Difference) -> Iterator[Difference]:
    """Yield what an item that was added or removed holds, however deep, a difference for each of its parts.

    What is of another kind than it was is told as one that is new, and what it held as gone.
    """
    old, new = difference.before, difference.after
    if isinstance(old, Struct) and isinstance(new, Struct) and type(old) is not type(new):
        yield from _open(difference, old, is_new=False)
        yield from _open(difference, new, is_new=True)
    elif difference.kind in ("added", "removed"):
        yield from _open(difference, old if new is None else new, is_new=new is not None)


def _list_items(value: Any) -> Iterator[tuple[str | None, Any]]:
    """Yield the structs of a list or by key, else the value; with the key where it has one."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, tuple) and value and isinstance(value[0], Struct):
        yield from ((None, one) for one in value)
    else:
        yield None, value


def _open(difference: Difference, item: Any, *, is_new: bool) -> Iterator[Difference]:
    if not isinstance(item, Struct) or isinstance(item, (*SAID_WHOLE, *VALUES)):
        return
    kind = type(item)
    defaults = dict(zip(item.__struct_fields__[::-1], item.__struct_defaults__[::-1], strict=False))
    chain = (*difference.chain, Two(item, item))
    for field in item.__struct_fields__:
        value = getattr(item, field)
        if field in ("id", "title", *SAID.get(kind, ())) or value == ():
            continue
        if field in defaults and defaults[field] == value and not (is_new and (kind, field) in NEEDED):
            continue
        if not is_new and field not in LOST.get(kind, ()):
            continue
        for key, one in _list_items(value):
            was, now = (None, one) if is_new else (one, None)
            step = () if key is None else (Item(key, None) if not is_new else Item(None, key),)
            path = (*difference.path, field, *step)
            inside = Difference(path, "added" if is_new else "removed", was, now, chain, kind, field)
            if (kind, field) not in SILENT:
                yield inside
            deeper = (kind, field) != (Outcome, "note") if is_new else field == "block"
            if deeper:
                yield from _open(inside, one, is_new=is_new)

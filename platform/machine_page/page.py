"""Write docs/machine.md."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from inspect import getdoc
from typing import Any, NamedTuple

from ..filing.advance import entering
from ..filing.commands import ANSWERED_BY
from ..filing.construct import Construct, Order
from ..filing.events import Act, Result, TaskDone
from ..filing.offers import status_of
from ..filing.outcome import Refusal
from ..filing.registry import ACTS, CONSTRUCTS
from ..plan import Deliver, Offer, Phase
from . import prose
from .exploring import Change, Effect, Tried, explore
from .plans import PLANS
from .variations import Varied, find_step_refusals, vary_all

TAKEN = "✓"
HOOKS = ("begin", "go_on", "leaving", "finish", "withdraw", "dates", "obstacles", "work_items")
AT_THE_START = {"phase": "pending", "deadline": "open"}
"""How things stand that there are from the start."""


class Drawn(NamedTuple):
    """What the machine was seen to do."""

    tried: list[Tried]
    varied: list[Varied]
    door: list[tuple[str, Refusal]]
    changes: set[Change]
    states: int


@cache
def draw() -> Drawn:
    """Explore every plan and return what was seen."""
    tried: list[Tried] = []
    changes: set[Change] = set()
    for plan in PLANS:
        of_plan, changed = explore(plan)
        tried += of_plan
        changes |= changed
    notes = (t for t in tried if t.move.name == "note" and isinstance(t.answer, Effect))
    note = next(t for t in notes if t.reader.state.journal.in_flight)
    states = len({id(one.reader) for one in tried})
    return Drawn(tried, list(vary_all(tried)), list(find_step_refusals(note)), changes, states)


def machine_page() -> str:
    """Return `docs/machine.md`."""
    drawn = draw()
    tried = drawn.tried
    parts = (
        prose.THEORY.format(plans=len(PLANS), states=drawn.states, moves=len(tried)),
        *(prose.CONSTRUCTS, _constructs()),
        *(prose.ACTS, _acts_by_phase(tried)),
        *(prose.OFFERS, _acts_by_offer(tried)),
        *(prose.DELIVERIES, _acts_by_delivery(tried)),
        *(prose.VARIED, _make_variation_table(drawn.varied)),
        *(prose.RESULTS, _results(tried)),
        *(prose.DATES, _dates()),
        *(prose.PICTURES, _pictures(drawn.changes)),
        *(prose.REFUSALS, _refusals(drawn)),
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _constructs() -> str:
    rows = []
    for construct in CONSTRUCTS:
        hooks = [f"*{hook}*: {_first_line(getattr(construct, hook))}" for hook in _own_hooks(construct)]
        names = _codes([*construct.acts, *construct.results])
        rows.append(
            (f"`{_module(type(construct))}`", _first_line(type(construct)), names, "<br>".join(hooks))
        )
    return _table(("module", "what", "takes", "hooks"), rows)


def _own_hooks(construct: Construct) -> list[str]:
    return [hook for hook in HOOKS if hook in vars(type(construct))]


def _acts_by_phase(tried: Iterable[Tried]) -> str:
    columns = (
        "not reached",
        "active work",
        "active offer",
        "active delivery",
        "active wait",
        "completed",
        "skipped",
    )
    cells = _collect(tried, _how_the_phase_stands)
    does = _effects(one for one in tried if isinstance(one.move.event, Act))
    rows = [
        (f"`{name}`", does.get(name, ""), *(_cell(cells.get((name, column))) for column in columns))
        for name in _in_order({name for name, _ in cells})
    ]
    rest = [(f"`{name}`", does[name], *("",) * len(columns)) for name in ("note", "cancel")]
    return _table(("act", "does", *columns), rows + rest)


def _how_the_phase_stands(one: Tried) -> str | None:
    phase = _phase_of(one)
    if phase is None or one.reader.case.ended:
        return None
    status = one.reader.status(phase.id)
    block = {"work": "work", "offer": "offer", "deliver": "delivery", "wait": "wait"}[phase.block.kind]
    return {"pending": "not reached", "active": f"active {block}"}.get(status, status)


def _acts_by_offer(tried: Iterable[Tried]) -> str:
    columns = ("preparing", "standing_still", "to_release", "sending", "waiting")

    def column(one: Tried) -> str | None:
        phase = _phase_of(one)
        if phase is None or not isinstance(phase.block, Offer) or phase not in one.reader.active_phases():
            return None
        offer = one.reader.offer_state(phase.id)
        return status_of(one.reader, phase, offer) if offer else None

    return _matrix(tried, column, columns)


def _acts_by_delivery(tried: Iterable[Tried]) -> str:
    columns = ("none yet", "delivering", "following", "failed")

    def column(one: Tried) -> str | None:
        active = [p for p in one.reader.active_phases() if isinstance(p.block, Deliver)]
        named = _phase_of(one)
        if not active or one.move.name not in ("back", "cancel", "retry") or named not in (None, *active):
            return None
        delivery = one.reader.delivery_state(active[0].id)
        return delivery.status if delivery else "none yet"

    return _matrix(tried, column, columns)


def _matrix(tried: Iterable[Tried], column: Callable[[Tried], str | None], columns: tuple[str, ...]) -> str:
    cells = _collect(tried, column)
    names = _in_order({name for name, _ in cells})
    rows = [(f"`{name}`", *(_cell(cells.get((name, c))) for c in columns)) for name in names]
    return _table(("act", *columns), rows)


def _collect(
    tried: Iterable[Tried], column: Callable[[Tried], str | None]
) -> dict[tuple[str, str], set[str]]:
    """Return what acts gave: taken or a code, by name and column."""
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in tried:
        place = column(one) if isinstance(one.move.event, Act) else None
        if place is not None:
            cells[one.move.name, place].add(one.answer.code if isinstance(one.answer, Refusal) else TAKEN)
    return cells


def _make_variation_table(varied: Iterable[Varied]) -> str:
    codes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in varied:
        codes[one.how][one.refusal.code].add(one.act)
    rows = [
        (how, f"`{code}`", _codes(_in_order(names)))
        for how, by_code in codes.items()
        for code, names in sorted(by_code.items())
    ]
    return _table(("said otherwise", "refused", "act"), rows)


def _results(tried: Iterable[Tried]) -> str:
    results: dict[tuple[int, bool, str, str], list[Tried]] = defaultdict(list)
    for one in tried:
        event = one.move.event
        if isinstance(event, Result):
            pending = next(p for p in one.reader.state.journal.in_flight if p.number == event.number)
            order = list(ANSWERED_BY).index(pending.what)
            about = f"{pending.what} {pending.purpose}" if pending.purpose else pending.what
            results[order, pending.withdrawn, about, one.move.name].append(one)
    rows = []
    for (_, withdrawn, about, name), taken in sorted(results.items()):
        command = f"`{about}`, withdrawn" if withdrawn else f"`{about}`"
        rows.append((command, f"`{name}`", _effects(taken)[name] or "nothing"))
    return _table(("command", "result", "does"), rows)


def _dates() -> str:
    enter = (f"`{Order.ENTER.name}`", f"`{_module(entering)}`", _first_line(entering), "Enter the phase.")
    owners = {order: construct for construct in CONSTRUCTS for order in construct.fires}
    rows = [
        (f"`{order.name}`", f"`{_module(type(c))}`", _first_line(c.dates), _first_line(c.fires[order]))
        for order, c in sorted(owners.items())
    ]
    return _table(("order", "module", "waits", "does"), [enter, *rows])


def _pictures(changes: Iterable[Change]) -> str:
    parts = []
    for thing, (title, words) in prose.THINGS.items():
        arrows: dict[tuple[str, str], set[str]] = defaultdict(set)
        for change in changes:
            if change.thing == thing:
                arrows[change.before or "[*]", change.after or "[*]"].add(change.cause)
        lines = ["stateDiagram-v2"]
        if thing in AT_THE_START:
            lines.append(f"    [*] --> {AT_THE_START[thing]} : start")
        for (before, after), causes in sorted(arrows.items()):
            lines.append(f"    {before} --> {after} : {', '.join(sorted(causes))}")
        body = "\n".join(lines)
        parts.append(f"### {title}\n\n{words}\n\n```mermaid\n{body}\n```")
    return "\n\n".join(parts)


def _refusals(drawn: Drawn) -> str:
    sentences: dict[str, str] = {}
    acts: dict[str, set[str]] = defaultdict(set)
    for one in drawn.tried:
        if isinstance(one.answer, Refusal):
            sentences.setdefault(one.answer.code, one.answer.text)
            acts[one.answer.code].add(one.move.name)
    for varied in drawn.varied:
        sentences.setdefault(varied.refusal.code, varied.refusal.text)
        acts[varied.refusal.code].add(varied.act)
    for name, refusal in drawn.door:
        sentences.setdefault(refusal.code, refusal.text)
        acts[refusal.code].add(name)
    everything = {one.move.name for one in drawn.tried if isinstance(one.move.event, Act)}
    rows = []
    for code, sentence in sorted(sentences.items()):
        door = [name for name, refusal in drawn.door if refusal.code == code]
        names = _codes(_in_order(acts[code] - set(door)))
        of = "every act" if acts[code] >= everything else ", ".join([*door, *([names] if names else [])])
        rows.append((f"`{code}`", sentence, of))
    return _table(("code", "sentence", "of"), rows)


def _phase_of(one: Tried) -> Phase | None:
    """Return the phase that an act is about, if it is about one."""
    reader, event = one.reader, one.move.event
    if isinstance(event, TaskDone):
        return reader.rules.find_phase(event.task.partition(".")[0])
    request = getattr(event, "request", None)
    if isinstance(request, str):
        return reader.rules.find_phase(request.partition(".")[0])
    shown = getattr(event, "shown", None)
    name = reader.rules.document(shown.document).made_in if shown else getattr(event, "phase", None)
    return reader.rules.find_phase(name) if name else None


def _effects(tried: Iterable[Tried]) -> dict[str, str]:
    """Return what moves do themselves, by name: told, issued, and how the phase is left."""
    told: dict[str, dict[str, None]] = defaultdict(dict)
    for one in tried:
        if isinstance(one.answer, Effect):
            does = told[one.move.name]
            does.update(dict.fromkeys(f"`{word}`" for word in one.answer.told))
            does.update(dict.fromkeys(f"→ `{command}`" for command in one.answer.commands))
            if one.answer.leaving:
                does[f"*{one.answer.leaving}*"] = None
    marks = {"`": 0, "→": 1, "*": 2}
    return {name: " ".join(sorted(does, key=lambda d: marks[d[0]])) for name, does in told.items()}


def _in_order(names: Iterable[str]) -> list[str]:
    """Return names of moves in the order of the table of acts."""
    kinds = list(ACTS)
    return sorted(names, key=lambda name: (kinds.index(name.split()[0]), name))


def _cell(answers: set[str] | None) -> str:
    if not answers:
        return ""
    codes = _codes(sorted(answers - {TAKEN}))
    return " ".join(part for part in (TAKEN if TAKEN in answers else "", codes) if part)


def _codes(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _module(of: Any) -> str:
    return str(of.__module__).rpartition(".")[2]


def _first_line(of: Any) -> str:
    return (getdoc(of) or "").partition("\n")[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(machine_page())

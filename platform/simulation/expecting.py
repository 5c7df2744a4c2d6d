"""What a scenario expects, beside what there is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from ..compiler.language.scenario import EXPECT_KEYS, Expect
from ..filing.events import AnyEvent
from ..office.overviews.sentences import SENTENCES
from ..plan import Plan
from ..suggest import ask_if_meant, nearest
from .engine import Simulation
from .story import Line, Mail, Refused
from .telling import Teller

NO = "no"
NOT_KNOWN = "unknown"
NEVER = 0


@dataclass(frozen=True)
class Seen:
    """How much of a story was there when the step before was over."""

    lines: int = 0
    mails: int = 0
    refusals: int = 0

    @classmethod
    def of(cls, told: Teller) -> "Seen":
        """Return how much was written down."""
        return cls(len(told.lines), len(told.mails), len(told.refusals))


Difference = tuple[str, str]
"""What was expected, and what is."""


Keeps = Callable[[str, Plan, Sequence[AnyEvent]], str | None]
"""Says how a policy, by its id, is broken by the events of a filing of a plan; None where it is kept."""


def keep_none(policy: str, plan: Plan, events: Sequence[AnyEvent]) -> str:
    """Say that there are no policies where a scenario is played."""
    return "there are no policies here"


def find_actual(
    wanted: Expect, simulation: Simulation, seen: Seen, keeps: Keeps = keep_none
) -> Difference | None:
    """Return what was expected and what is there instead; None where it is as expected."""
    since, told = Seen() if wanted.ever else seen, simulation.told
    key = next((key for key in EXPECT_KEYS if getattr(wanted, key) is not None), None)
    if key is None:
        return f"one of {', '.join(EXPECT_KEYS)}", "none of them"
    name = str(getattr(wanted, key))
    match key:
        case "message":
            return _compare_mails(wanted, name, told.mails[since.mails :])
        case "timeline":
            return _compare_lines(wanted, name, told.lines[since.lines :])
        case "refused":
            return _compare_refusals(wanted, name, told.refusals[since.refusals :])
        case "policy":
            broken = keeps(name, simulation.plan, simulation.tell().events)
            return (f"policy {name} kept", broken) if broken else None
        case "started":
            return _compare_started(wanted, name, told.lines[since.lines :])
        case _:
            return _compare_state(wanted, key, name, simulation)


def _compare_mails(wanted: Expect, name: str, mails: list[Mail]) -> Difference | None:
    found = [one for one in mails if one.message == name and wanted.to in (None, one.to)]
    fitting = [one for one in found if _contains(wanted, f"{one.subject}\n{one.body}")]
    said = f"message {name}" + (f" to {wanted.to}" if wanted.to else "") + _say_part(wanted)
    if found and not fitting and wanted.times is None:
        return (
            said,
            f"'{_find_nearest(wanted.contains or '', found[-1])}' in the message of {found[-1].at:%Y-%m-%d}",
        )
    others = [f"{one.message} to {one.to} ({one.at:%Y-%m-%d})" for one in (found or mails)]
    return _count(wanted, said, len(fitting), others)


def _find_nearest(part: str, mail: Mail) -> str:
    """Return the line of a message that looks most like a text that is not in it."""
    lines = [line.strip() for line in (mail.subject, *mail.body.splitlines()) if line.strip()]
    return next(iter(get_close_matches(part, lines, n=1, cutoff=0)), "")


def _compare_lines(wanted: Expect, name: str, lines: list[Line]) -> Difference | None:
    if name not in SENTENCES:
        return f"the word {name} on the timeline", f"unknown timeline word; {say_near(name, SENTENCES)}"
    found = [one for one in lines if one.what == name]
    fitting = [one for one in found if _contains(wanted, one.text)]
    others = [one.text for one in found] or list(dict.fromkeys(one.what for one in lines))
    return _count(wanted, f"{name} on the timeline{_say_part(wanted)}", len(fitting), others)


def say_near(name: str, known: Iterable[str]) -> str:
    """Return the word that is near, or where they all are."""
    near = nearest(name, known)
    return ask_if_meant(name, near) if near else "docs/machine.md has them"


def _compare_refusals(wanted: Expect, name: str, refusals: list[Refused]) -> Difference | None:
    fitting = [one for one in refusals if one.code == name and _contains(wanted, one.text)]
    others = [f"{one.act}: {one.code} ({one.text})" for one in refusals]
    return _count(wanted, f"a refusal {name}{_say_part(wanted)}", len(fitting), others)


def _compare_started(wanted: Expect, name: str, lines: list[Line]) -> Difference | None:
    started = [str(one.data.get("filing", "")) for one in lines if one.what == "started_another"]
    fitting = [one for one in started if name in one.split("/")]
    return _count(wanted, f"a filing of {name} that starts", len(fitting), started)


def _compare_state(wanted: Expect, key: str, name: str, simulation: Simulation) -> Difference | None:
    """Compare how it stands: a phase, a date, a fact, an item, work, the end."""
    view = simulation.view
    match key:
        case "phase":
            phase = next((one for one in view.phases if one.id == name), None)
            status = phase.status if phase else NO
            told = f"{wanted.value or 'active'}" + _say_round(wanted.round)
            now = status + _say_round(phase.round if phase and wanted.round is not None else None)
            return _differ(f"phase {name}", told, now)
        case "item":
            items = {item.id: item.status for one in view.requests for item in one.items}
            return _differ(f"item {name}", wanted.value or "open", items.get(name, NO))
        case "fact":
            fact = next((one for one in view.facts if one.id == name), None)
            actual = fact.text if fact else NO
            values = (actual, str(fact.value) if fact else NO)
            return None if str(wanted.value) in values else (f"fact {name} {wanted.value}", actual)
        case "deadline" | "target" | "begins":
            kind = {"begins": "begin"}.get(key, key)
            days = {
                one.id: one.day for one in simulation.told.dates if one.until is None and one.kind == kind
            }
            return _differ(f"{key} {name}", wanted.value, _say_day(days, name))
        case "task":
            tasks = [one.id for one in simulation.scene.work if one.kind == "task"]
            there = any(name in (one, *one.split(".")) for one in tasks)
            return _be_there(wanted, f"task {name}", there, tasks)
        case "work":
            roles = [role for one in simulation.scene.work for role in one.roles]
            return _be_there(wanted, f"work of {name}", name in roles, sorted(set(roles)))
        case "ended":
            end = simulation.state.case.ended
            actual = NO if view.ended is None else _say_end(view.ended, end)
            return _differ("ended", name, actual)
        case _:
            return _differ("planner", name, view.planner)


def _say_end(ended: str, end: Any) -> str:
    named = getattr(end, "end", None)
    return str(named) if named else ended


def _say_day(days: dict[str, date | None], name: str) -> str:
    if name not in days:
        return NO
    day = days[name]
    return day.isoformat() if day else NOT_KNOWN


def _say_round(round: int | None) -> str:
    return "" if round is None else f", round {round}"


def _say_part(wanted: Expect) -> str:
    return f" with '{wanted.contains}'" if wanted.contains else ""


def _contains(wanted: Expect, text: str) -> bool:
    return wanted.contains is None or " ".join(wanted.contains.split()) in " ".join(text.split())


def _differ(what: str, expected: Any, actual: Any) -> Difference | None:
    if str(expected) == str(actual):
        return None
    return f"{what} {expected}", f"{actual}"


def _be_there(wanted: Expect, what: str, there: bool, others: list[str]) -> Difference | None:
    if there == (wanted.times != NEVER):
        return None
    return ("no " if wanted.times == NEVER else "") + what, ", ".join(_shorten(others)) or "nothing"


def _count(wanted: Expect, what: str, found: int, others: list[str]) -> Difference | None:
    """Compare how often something was seen: at least once, or exactly so many times."""
    if found == wanted.times if wanted.times is not None else found:
        return None
    expected = what if wanted.times is None else f"{what}, {wanted.times} times"
    actual = ", ".join(_shorten(others)) or "nothing"
    return expected, actual if not found else f"{found} times: {actual}"


def _shorten(many: list[str]) -> Iterator[str]:
    yield from many[:6]
    if len(many) > 6:
        yield f"and {len(many) - 6} more"

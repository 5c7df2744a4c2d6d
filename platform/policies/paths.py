"""The way to a breach, for people: numbered steps of an invented filing, and the scenario that goes it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from ..compiler.language.scenario import Scenario
from ..exploring.people import CONTACTS, make_team
from ..filing.events import Act, AnyEvent, Attach, Start, Tick
from ..filing.outcome import Refusal, Step
from ..filing.placing import find_role
from ..filing.state import State
from ..filing.step import step
from ..office.overviews.sentences import sentence
from ..period import in_words
from ..plan import Office, Plan
from ..policy import Policy
from ..simulation.recording import Recorded, UnrecordableError, write_trial
from ..simulation.replacing import Replacing
from ..simulation.scenarios import run_scenario
from .following import keeps_of
from .judging import Breach

COLLEAGUES = ("Ruud Smit", "Eva de Boer", "Tom Jansen", "Lies Visser", "Bram Mulder", "Nora Bos")
"""The names of the colleagues who act in an invented filing; of more than these the number is said."""


class Line(NamedTuple):
    """One numbered step: the day, the move, and the sentences of the timeline that it gave."""

    number: int
    day: date
    move: str
    sentences: tuple[str, ...]


def list_steps(plan: Plan, breach: Breach) -> tuple[Line, ...]:
    """Return the steps of a breach, the start as number 0; the machine takes them again."""
    names, versions = name_people(plan), name_versions(breach.events)
    lines = []
    for number, (event, taken) in enumerate(replay(plan, breach.events)):
        said = say_entries(taken, names, versions, first=number == 0)
        move = "start" if number == 0 else breach.names[number - 1]
        lines.append(Line(number, event.at.date(), move, said))
    return tuple(lines)


def say_entries(
    taken: Step, names: dict[str, str], versions: dict[str, str], *, first: bool
) -> tuple[str, ...]:
    """Return the sentences of the timeline that a step gave; that of the start only of the first one."""
    return tuple(
        sentence(entry.what, _say_versions(entry.data, versions), names, entry.by)
        for entry in taken.entries
        if entry.what != "started" or first
    )


def name_versions(events: tuple[AnyEvent, ...]) -> dict[str, str]:
    """Return which version each content is of its own document; exploring numbers all contents in one row."""
    made: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, Attach):
            made.setdefault(event.shown.document, []).append(event.shown.hash)
    return {content: f"versie {n}" for contents in made.values() for n, content in enumerate(contents, 1)}


def _say_versions(data: Any, versions: dict[str, str]) -> Any:
    """Return what the timeline tells with the names of versions for their contents."""
    if isinstance(data, str):
        return versions.get(data, data)
    if isinstance(data, dict):
        return {key: _say_versions(value, versions) for key, value in data.items()}
    return [_say_versions(one, versions) for one in data] if isinstance(data, list | tuple) else data


def describe_start(start: Start) -> str:
    """Return the invented relation and period of a filing, in Dutch."""
    form = str(start.relation["legal_form"]).replace("_", " ")
    own = [name for name, value in (*start.relation.items(), *start.product.items()) if value is True]
    more = "".join(f", {name}" for name in own if name != "natural_person")
    return f"{start.filing.template} {start.period.code} van een verzonnen {form}{more}"


def write_failing(plan: Plan, office: Office, policy: Policy, breach: Breach) -> Recorded:
    """Return a scenario that goes the way to a breach and expects the policy to be kept, and nothing else.

    It fails on this plan, and passes on one that keeps the policy; who acts is in it where the way hangs on
    that. Raises UnrecordableError, with why, where it would not fail: a scenario cannot tell everything.
    """
    last, keeps = breach.events[-1].at.date(), keeps_of((policy,))
    notes: tuple[str, ...] = ()
    for says_who in (False, True):
        recorded = write_trial(
            plan,
            breach.events,
            last,
            policy.title,
            Replacing.nothing(),
            [{"policy": policy.id}],
            says_who=says_who,
        )
        if run_scenario(Scenario.model_validate(recorded.data), plan, office, keeps).failures:
            return Recorded(recorded.text, recorded.notes)
        notes += recorded.notes
    untold = "; ".join(dict.fromkeys(notes)) or "its days or answers fall otherwise when it is played"
    raise UnrecordableError(f"what the way hangs on is lost in a scenario: {untold}")


def replay(plan: Plan, events: tuple[AnyEvent, ...]) -> Iterator[tuple[AnyEvent, Step]]:
    """Yield each event of a path with the step that the machine takes by it."""
    state: State | None = None
    for event in events:
        taken = step(plan, state, event)
        if isinstance(taken, Refusal):
            raise ValueError(f"the machine refuses a step of the path: {taken.text}")
        yield event, taken
        state = taken.state


def name_people(plan: Plan) -> dict[str, str]:
    """Return the Dutch words for who acts in an invented filing, and the titles of phases, by id."""
    team = [one.id for one in make_team(plan)]
    people = {id: id.replace("-", " ") for id in team} | dict(zip(team, COLLEAGUES, strict=False))
    contacts = {id: "de klant" if id == "klant" else "een andere contactpersoon" for id in CONTACTS}
    return {"kantoor": "kantoor", **{p.id: p.title for p in plan.phases}, **people, **contacts}


def say_move(plan: Plan, line: Line, event: AnyEvent) -> str:
    """Return a step as people read it, in Dutch."""
    if isinstance(event, Tick):
        first = f"{in_words(line.day)}; tot dan doet niemand iets."
    else:
        first = f"{in_words(line.day)}."
    who = say_who(plan, event)
    named = (f"{who}:",) if who and not any(who in one for one in line.sentences) else ()
    return " ".join((first, *named, *(_end(one) for one in line.sentences)))


def say_who(plan: Plan, event: AnyEvent) -> str:
    """Return in Dutch who does a step: a contact, or a colleague with the role whose work it is.

    Empty where nobody does, or the system.
    """
    if not isinstance(event, Act) or event.by.kind == "system":
        return ""
    name = name_people(plan).get(event.by.id, event.by.id)
    role = find_role(plan, event) if event.by.kind == "team" else None
    title = next((one.title for one in plan.roles if one.id == role), "")
    return f"{name}, {_lower(title)}" if title else name


def _lower(title: str) -> str:
    """Return a title as a sentence has it: without its capital, unless that is of an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _end(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."

"""What is asked of a bulk run: an action with its values, and how both are told."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from ...period import Period, in_words, say_over
from ...plan import Model
from ...words import ACTION_WORDS, FREQUENCY_WORDS
from ..filings.move_verdicts import ACTIVE, MoveWish
from ..names import short_digest

Action = Literal[
    "start",
    "release",
    "hold",
    "resume",
    "reassign",
    "stop",
    "set_start",
    "move",
    "set",
    "role",
    "team",
    "add",
    "end",
    "undo",
]
"""Nobody reviews, approves or signs in bulk: that is looked at one by one."""
EDITS: tuple[Action, ...] = ("set", "role", "team", "add", "end", "undo")
"""What edits relations: written at once, and what can be undone."""


class Asked(Model):
    """An action with its values; which relations it is for is frozen in the lines.

    `template` and `period` (a code) narrow what is acted on, and are needed for a start; `person` is whose
    work is given to `to`, `until` the day to which a filing is held, `start_date` the day of a start, also of
    one that is moved. `title` is the template's, kept with it.

    `how` is the move of filings, to a plan by its digest once it was worked out, and `origin` the plan that
    they are on, where only those of one are moved; `when_safe` has those that move later do it by themselves.

    Of edits `title` is that of the field, role, process team or product. `value` is as it was typed, `to` has
    the role, `period` is the first one of a product that is added, `until` the last day of one that ends;
    `run` is the one that is undone.
    """

    action: Action
    template: str = ""
    title: str = ""
    period: str = ""
    start_date: date | None = None
    recurring: bool = False
    without_automations: bool = False
    anyway: bool = False
    until: date | None = None
    person: str = ""
    to: str = ""
    reason: str = ""
    how: MoveWish | None = None
    origin: str = ""
    when_safe: bool = False
    field: str = ""
    value: str = ""
    role: str = ""
    process_team: str = ""
    product: str = ""
    sub_number: str = ""
    frequency: str = ""
    run: int = 0


def describe(asked: Asked, names: Mapping[str, str]) -> str:
    """Return in Dutch what is asked; `names` are those of colleagues by id."""
    if asked.action in EDITS:
        return _describe_edit(asked, names)
    about = [asked.title] if asked.title else []
    if asked.period:
        about.append(say_over(Period.parse(asked.period).words))
    said = " ".join([*about, ACTION_WORDS[asked.action]])
    more = []
    if asked.start_date:
        more.append(f"startdatum {in_words(asked.start_date)}")
    if asked.how:
        more.append(f"naar {_name_plan(asked.how.to)}")
    if asked.origin:
        more.append(f"van {_name_plan(asked.origin)}")
    if asked.when_safe:
        more.append("zodra het kan")
    if asked.recurring:
        more.append("daarna automatisch voor elke volgende periode")
    if asked.until:
        more.append(f"tot {in_words(asked.until)}")
    if asked.person:
        more.append(f"van {names.get(asked.person, asked.person)} aan {names.get(asked.to, asked.to)}")
    return ", ".join([said[:1].upper() + said[1:], *more])


def _name_plan(name: str) -> str:
    return "het actieve plan" if name == ACTIVE else f"plan {short_digest(name)}"


def _describe_edit(asked: Asked, names: Mapping[str, str]) -> str:
    match asked.action:
        case "set":
            return f"{asked.title}: {asked.value or 'leeg'}"
        case "role":
            return f"Rol {asked.title} geven aan {names.get(asked.to, asked.to)}"
        case "team":
            return f"Rollen geven aan procesteam {asked.title}"
        case "add":
            sub_number = f" {asked.sub_number}" if asked.sub_number else ""
            first = Period.parse(asked.period)
            often = FREQUENCY_WORDS[first.kind]
            return f"Product {asked.title}{sub_number} toevoegen, per {often} vanaf {first.words}"
        case "end":
            last = f", laatste dag {in_words(asked.until)}" if asked.until else ""
            return f"Product {asked.title} beëindigen{last}"
    return f"Bulkactie {asked.run} terugdraaien"

"""What is asked of a bulk run: an action with its values, and how both are told."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from ...period import Period, in_words
from ...plan import Model
from ...words import ACTION_WORDS

Action = Literal["start", "release", "hold", "resume", "reassign", "stop"]
"""Nobody reviews, approves or signs in bulk: that is looked at one by one."""


class Asked(Model):
    """An action with its values; which relations it is for is frozen in the lines.

    `template` and `period` (a code) narrow what is acted on, and are needed for a start; `person` is whose
    work is given to `to`, `until` the day to which a filing is held. `title` is the template's, kept with it.
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


def describe(asked: Asked, names: Mapping[str, str]) -> str:
    """Return in Dutch what is asked; `names` are those of colleagues by id."""
    about = [asked.title] if asked.title else []
    if asked.period:
        about.append(f"over {Period.parse(asked.period).words}")
    said = " ".join([*about, ACTION_WORDS[asked.action]])
    more = []
    if asked.action == "start" and asked.start_date:
        more.append(f"startdatum {in_words(asked.start_date)}")
    if asked.recurring:
        more.append("daarna automatisch voor elke volgende periode")
    if asked.until:
        more.append(f"tot {in_words(asked.until)}")
    if asked.person:
        more.append(f"van {names.get(asked.person, asked.person)} aan {names.get(asked.to, asked.to)}")
    return ", ".join([said[:1].upper() + said[1:], *more])

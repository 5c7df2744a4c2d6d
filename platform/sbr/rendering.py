"""The rendering of a report for the client, in Dutch (R23): a text and a page that stands by itself.

What every report shows is made here: whose it is, over when, what to pay and how. A report's own templates
extend `frame.txt.j2` and `frame.html.j2` with its figures. The same input gives the same characters.
"""

import textwrap
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from .payment import PaymentAdvice, group_digits
from .wording import day_in_words, days_in_words, format_euros, period_in_words

WIDTH = 78
_FRAMES = Path(__file__).parent / "templates"
_SIGNS = {"pay": 1, "wait": 1, "refund": -1, "nothing": 0}


@dataclass(frozen=True, slots=True)
class Rendering:
    """What the client reads: plain text, at most 78 characters a line, and one HTML page."""

    text: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every rendering shows. `relation` and `office` are the names that the client knows.

    `authority` is named with its article: de Belastingdienst. `details` are lines of label and text that say
    whose the report is, with numbers masked where they may hold a BSN. `total` is the outcome in whole euros,
    to pay when positive; `sha256` the digest of the instance.
    """

    title: str
    relation: str
    office: str
    authority: str
    start: date
    end: date
    details: tuple[tuple[str, str], ...]
    total: int
    payment: PaymentAdvice
    sha256: str


def render(templates: Path, name: str, frame: Frame, **figures: object) -> Rendering:
    """Render `name`.txt.j2 and `name`.html.j2 of a report's own folder, which extend the frames.

    Raises ValueError when the payment advice is about another amount than the total.
    """
    if not _agrees(frame):
        raise ValueError("the payment advice is about another amount than the report")
    known = {
        "frame": frame,
        "relation": " ".join(frame.relation.split()),
        "office": " ".join(frame.office.split()),
        "payment": frame.payment,
        "period": period_in_words(frame.start, frame.end),
        "days": days_in_words(frame.start, frame.end),
        **figures,
    }
    environment = _environment(templates)
    return Rendering(
        text=environment.get_template(f"{name}.txt.j2").render(known),
        page=environment.get_template(f"{name}.html.j2").render(known),
    )


def wrap(text: str) -> str:
    """Break a text into lines of at most 78 characters, inside a word only where the word alone is longer."""
    return textwrap.fill(text, WIDTH, break_on_hyphens=False)


def _agrees(frame: Frame) -> bool:
    """Say whether the payment advice is about the total, by amount and direction."""
    sign = (frame.total > 0) - (frame.total < 0)
    return frame.payment.amount == abs(frame.total) and _SIGNS.get(frame.payment.direction, sign) == sign


@cache
def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([templates, _FRAMES]),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": day_in_words,
        "euros": format_euros,
        "groups": group_digits,
        "wrap": wrap,
    }
    return environment

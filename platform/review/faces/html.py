"""A review as one HTML page: read on a telephone as on a wide screen, without a script."""

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from ...drawing.svg import draw_svg
from ..comparing import Two
from ..review import Review
from ..wording import shorten
from .grouping import (
    WHOM,
    group_changes,
    list_days,
    say_guards,
    say_id,
    say_totals,
    say_waiver,
    say_where,
    shows_words,
)
from .proof import tell_change, tell_template
from .saying_runs import HEADING, say_counts, say_more, tell_running


def write_html(review: Review, pictures: dict[str, Two]) -> str:
    """Return a review as a page; a page that says so where nothing changes."""
    drawn = {name: [_embed(draw_svg(plan)) for plan in two] for name, two in pictures.items()}
    return _load_template().render(
        review=review,
        groups=list(group_changes(review)),
        pictures=drawn,
        totals=say_totals(review),
        guards=list(say_guards(review)),
        whom=WHOM,
        say_where=say_where,
        say_id=say_id,
        say_waiver=say_waiver,
        list_days=list_days,
        shorten=shorten,
        shows_words=shows_words,
        tell_template=lambda name: list(tell_template(review, name)),
        tell_change=lambda change: tell_change(review, change),
        running=HEADING,
        say_counts=say_counts,
        say_more=say_more,
        tell_running=tell_running,
    )


def _embed(svg: str) -> str:
    """Return a picture as an address that holds it: its names are its own, and nothing in it can run."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode('utf-8', 'replace')).decode()}"


@cache
def _load_template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html.j2")

"""A story as a calendar in plain text, in Dutch: by day what happens, what is read, which dates there are."""

import textwrap
from collections.abc import Iterator

from ..period import in_words
from ..words import FREQUENCY_WORDS, WORK_WORDS, describe_state
from .days import Row, rows_by_day
from .story import Story

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
WIDTH = 100
STOPPED_WORDS = {
    "ended": "De opdracht is afgesloten.",
    "until": "De gevraagde laatste dag is bereikt; de opdracht loopt nog.",
    "at_rest": "Er gebeurt vanzelf niets meer; de opdracht loopt nog.",
}


def calendar_lines(story: Story, *, mails: bool = False) -> Iterator[str]:
    """Yield a story as text: heading, days, how it ends; with `mails` each message whole."""
    yield from _head(story)
    days = rows_by_day(story)
    width = max((len(row.who) for rows in days.values() for row in rows), default=0)
    for day, rows in days.items():
        yield ""
        yield f"{WEEKDAYS[day.weekday()]} {in_words(day)}"
        last = ("", "")
        for row in rows:
            shown = row._replace(time="" if row.time == last[0] else row.time)
            if (row.time, row.who) == last:
                shown = shown._replace(who="")
            yield from _say(shown, width, whole=mails)
            last = (row.time, row.who or last[1])
    yield ""
    yield from _tail(story)


def _head(story: Story) -> Iterator[str]:
    yield f"{story.plan.title} over {story.start.period.words}"
    yield about(story)
    for note in story.notes:
        yield from textwrap.wrap(f"Let op: {note}", WIDTH)


def about(story: Story) -> str:
    """Return whose filing is simulated, in Dutch."""
    relation, product = story.start.relation, story.start.product
    natural = str(relation.get("legal_form") or "").replace("_", " ")
    frequency = next((w for k, w in FREQUENCY_WORDS.items() if k == product.get("frequency")), "")
    more = ", ".join(filter(None, (natural, f"per {frequency}" if frequency else "")))
    return f"Simulatie voor {relation.get('name') or relation['number']} ({relation['number']}): {more}"


def say_state(story: Story) -> str:
    """Return the state of the filing at the end, in Dutch."""
    view = story.view
    end = f", {view.end_title}" if view.end_title else ""
    return f"Stand op {in_words(story.now.date())}: {describe_state(view.planner, view.ended)}{end}."


def _tail(story: Story) -> Iterator[str]:
    yield f"{STOPPED_WORDS[story.stopped]} {say_state(story)}"
    for item in story.view.work:
        if item.kind != "escalated":  # the same work, for one role more
            missing = f": {'; '.join(item.missing)}" if item.missing else ""
            text = f"Open ({WORK_WORDS[item.kind]}): {item.title}{missing}"
            yield from textwrap.wrap(text, WIDTH, subsequent_indent="      ")


def _say(row: Row, width: int, *, whole: bool) -> Iterator[str]:
    lead = "  ====   " if row.sort == "date" else f"  {row.time:5}  {row.who:{width}}  "
    indent = " " * len(lead)
    text = f"> {row.text}" if row.sort == "mail" else row.text
    yield from textwrap.wrap(text, max(WIDTH, len(lead) + 40), initial_indent=lead, subsequent_indent=indent)
    if whole and row.mail:
        for paragraph in row.mail.body.splitlines():
            yield f"{indent}| {paragraph}".rstrip()

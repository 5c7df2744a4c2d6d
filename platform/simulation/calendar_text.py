"""Stories as a calendar in plain text, in Dutch: by day what happens, what is read, which dates there are."""

import textwrap
from collections.abc import Iterator

from ..period import WEEKDAY_NAMES, in_words
from ..words import FREQUENCY_WORDS, WORK_WORDS, describe_state
from .days import Row, rows_by_day
from .story import Story

WIDTH = 100
STOPPED_WORDS = {
    "ended": "De opdracht is afgesloten.",
    "until": "De gevraagde laatste dag is bereikt; de opdracht loopt nog.",
    "at_rest": "Er gebeurt vanzelf niets meer; de opdracht loopt nog.",
}


def calendar_lines(*stories: Story, mails: bool = False) -> Iterator[str]:
    """Yield stories of one template as text: heading, days, how each ends; `mails`: each message whole."""
    yield from _head(stories)
    days = rows_by_day(*stories)
    width = max((len(row.who) for rows in days.values() for row in rows), default=0)
    for day, rows in days.items():
        yield ""
        yield f"{WEEKDAY_NAMES[day.weekday()]} {in_words(day)}"
        last = ("", "")
        for row in rows:
            shown = row._replace(time="" if row.time == last[0] else row.time)
            if (row.time, row.who) == last:
                shown = shown._replace(who="")
            yield from _say(shown, width, whole=mails)
            last = (row.time, row.who or last[1])
    for story in stories:
        yield ""
        if len(stories) > 1:
            yield f"{story.start.period.words}:"
        yield from _tail(story)


def say_heading(stories: tuple[Story, ...]) -> str:
    """Return what stories are of: a filing, or those of one template over all these periods, in Dutch."""
    first, last = (story.start.period.words for story in (stories[0], stories[-1]))
    return f"{stories[0].plan.title} over {first}" + (f" tot en met {last}" if len(stories) > 1 else "")


def list_notes_of(stories: tuple[Story, ...]) -> tuple[str, ...]:
    """Return what whoever asked for the stories should know of them, each thing once."""
    return tuple(dict.fromkeys(note for story in stories for note in story.notes))


def _head(stories: tuple[Story, ...]) -> Iterator[str]:
    yield say_heading(stories)
    yield about(stories[0])
    for note in list_notes_of(stories):
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

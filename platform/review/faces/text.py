"""A review as text for a terminal or a log."""

from collections.abc import Iterator
from textwrap import wrap

from ...tables import align
from ..calendar import Day
from ..review import Change, Review
from ..wording import Piece, shorten
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
from .proof import Said, tell_change, tell_template
from .saying_runs import HEADING, say_counts, say_more, tell_running

WIDTH = 100
MOST_DAYS = 4
_SIGNS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}", "left_out": "{}"}


def write_text(review: Review) -> str:
    """Return a review as text; nothing where nothing changes."""
    if review.is_empty:
        return ""
    return "".join(f"{line}\n" for line in _write(review))


def _write(review: Review) -> Iterator[str]:
    yield plain(f"{review.base} → {review.head}: {say_totals(review)}")
    for said in say_guards(review):
        yield from _fill(said, "")
    for waiver in review.waivers_expired:
        yield from _fill(
            f"The waiver of {waiver.change} by {waiver.owner} expired on {waiver.until.isoformat()}.", ""
        )
    for group in group_changes(review):
        yield ""
        yield plain(group.heading)
        for finding in group.safeguards:
            yield from _fill(f"SAFEGUARD  {finding.sentence} ({say_id(finding)})", "  ")
        for told_so in tell_template(review, group.template):
            yield from _write_proof(told_so, "    - " if told_so.below else "  PROOF      ")
        for cls, changes in group.classes:
            yield f"  {cls}"
            for change in changes:
                yield from _write_change(change)
                if proved := tell_change(review, change):
                    yield from _write_proof(proved, "      proof: ")
        if group.moves:
            yield "  dates that move along"
            for moved in group.moves:
                yield from _fill(moved.sentence, "    ")
        if group.runs:
            yield f"  {HEADING}: {say_counts(group.runs.counts)}"
            for told in tell_running(group.runs):
                yield from _fill(told.sentence, "    ")
                for detail in (*told.details, f"{told.opening}: {', '.join(told.names)}{say_more(told)}."):
                    yield from _fill(detail, "      ")


def _write_change(change: Change) -> Iterator[str]:
    yield from _fill(f"{change.sentence} ({WHOM[change.whom]}; {change.id})", "    ")
    for more in (say_where(change), say_waiver(change)):
        if more:
            yield from _fill(more, "        ")
    if shows_words(change):
        yield from _fill(_mark(shorten(change.words)), "      | ")
    for part in change.parts:
        yield from _fill(f"- {part}", "      ")
    if len(change.days) > 1:
        yield from _write_days(change.days)


def _write_proof(said: Said, lead: str) -> Iterator[str]:
    yield from _fill(f"{lead.lstrip()}{said.sentence}", " " * (len(lead) - len(lead.lstrip())))
    for step in said.steps:
        yield from _fill(step, "          ")


def _write_days(days: tuple[Day, ...]) -> Iterator[str]:
    rows = [(period, f"{old} → {new}") for period, old, new in list_days(days[:MOST_DAYS])]
    yield from (f"      {line}" for line in align(rows))
    if len(days) > MOST_DAYS:
        yield f"      and {len(days) - MOST_DAYS} periods more of the coming year"


def plain(text: str) -> str:
    """Return a text in which no sign means anything to a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _mark(pieces: tuple[Piece, ...]) -> str:
    return "".join(_SIGNS[piece.kind].format(piece.text) for piece in pieces)


def _fill(text: str, indent: str) -> list[str]:
    """Return a text as lines; an id stays in one piece, since people type it."""
    words = plain(" ".join(text.split()))
    return wrap(words, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)

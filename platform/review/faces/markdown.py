"""A review as Markdown for one comment on a pull request: it fits, and no sign of a definition is markup.

What does not fit is left out from the least needed on: pictures, then days and texts; then what templates
have alike is told once, and of that what is of least weight is left out. The comment says so.
"""

import re
from collections.abc import Iterable, Iterator

from ...drawing.markdown import escape, table
from ...drawing.mermaid import draw_mermaid
from ..comparing import Two
from ..review import ORDER, Change, Review
from ..safeguards import Finding
from ..saying import count
from ..wording import Piece, shorten
from .grouping import (
    WHOM,
    Group,
    group_changes,
    list_days,
    say_guards,
    say_totals,
    say_waiver,
    say_where,
    shows_words,
)
from .proof import Said, tell_change, tell_template
from .saying_runs import HEADING, say_counts, say_more, tell_running

MOST = 65_536
"""Signs of a comment on GitHub; GitLab takes more."""
MOST_OF_ONE = 6_000
"""Signs of what is folded away below one change."""
MOST_ALIKE = 3
"""Templates that are named where many have a sentence in common."""
ROOM_OF_REST = 100
"""Signs for what says how many sentences did not fit."""
MARK = "<!-- kantoor diff -->"
"""By which a comment of ours is found again."""

_JOINER = "\u2060"
_LINKS = re.compile(r"(?<=[@#!%^:/.\-~$&])(?=\w)|(?<=[0-9a-fA-F]{6})(?=[0-9a-fA-F])|(?<=:)(?=/)|(?<=w)(?=w)")
"""Places at which a joiner that nobody sees keeps a host from making a mention, a link or a commit."""

_INVENTED = re.compile("[0-9a-f]{12}")

_LEFT_OUT = "Not everything fits into a comment: {}. `kantoor diff --format html` shows all."


def write_markdown(review: Review, pictures: dict[str, Two], most: int = MOST) -> str:
    """Return a review as Markdown of at most so many signs; nothing where nothing changes.

    `pictures` has the plans of the templates to draw, before and after.
    """
    if review.is_empty:
        return ""
    for left_out, drawn, folded in (
        ("", pictures, True),
        ("the pictures are left out", {}, True),
        ("pictures, days and texts are left out", {}, False),
    ):
        text = "\n".join(_write(review, drawn, left_out, folded=folded)) + "\n"
        if len(text) <= most:
            return text
    return _cut(review, most)


def _cut(review: Review, most: int) -> str:
    """Return every sentence once, with how many templates it is of; as many as fit, the gravest first."""
    said = "what templates have alike is told once, and pictures, days and texts are left out"
    lines = [MARK, "", f"**{safe(say_totals(review))}**", "", _LEFT_OUT.format(said), ""]
    lines += [line for said in say_guards(review) for line in (safe(said), "")]
    told = list(_gather(review))
    size = sum(len(line) + 1 for line in lines) + ROOM_OF_REST
    for number, line in enumerate(told):
        size += len(line) + 1
        if size > most:
            lines += ["", f"**And {count(len(told) - number, 'sentence')} more, of less weight.**"]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _gather(review: Review) -> Iterator[str]:
    """Yield a line for each sentence: safeguards first, then what runs, then changes class by class."""
    found: dict[tuple[str, str], list[Change | Finding]] = {}
    every: tuple[Change | Finding, ...] = (*review.safeguards, *review.changes)
    for one in every:
        sort = "⚠️ **Safeguard:** " if isinstance(one, Finding) else f"**{one.cls}:** "
        found.setdefault((sort, one.sentence), []).append(one)
    for (sort, sentence), alike in found.items():
        if not sort.startswith("⚠️"):
            continue
        yield f"- {sort}{safe(sentence)} {_say_of(review, alike)}"
    yield from (f"- {safe(said)}" for said in _list_expired(review))
    for runs in review.runs.templates if review.runs else ():
        if runs.is_touched:
            yield f"- **What runs:** {safe(runs.title)}: {safe(say_counts(runs.counts))}"
    for cls in ORDER:
        for (sort, sentence), alike in found.items():
            if sort == f"**{cls}:** ":
                yield f"- {sort}{safe(sentence)} {_say_of(review, alike)}"


def _say_of(review: Review, alike: list[Change | Finding]) -> str:
    """Say of which templates a sentence is, and by which ids: some of them, and how many more there are."""
    names = dict.fromkeys(name for one in alike for name in _list_templates(one))
    shown = [review.titles.get(name, name) for name in names][:MOST_ALIKE]
    more = f" and {len(names) - MOST_ALIKE} more" if len(names) > MOST_ALIKE else ""
    of = f"in {count(len(names), 'template')}: {', '.join(shown)}{more};" if names else ""
    ids = ", ".join(f"`{one.id}`" for one in alike[:MOST_ALIKE])
    waived = sum(one.waiver is not None for one in alike)
    return f"<sub>{safe(of)} {ids}{f', {waived} waived' if waived else ''}</sub>"


def _list_expired(review: Review) -> Iterator[str]:
    for waiver in review.waivers_expired:
        yield f"The waiver of {waiver.change} by {waiver.owner} expired on {waiver.until.isoformat()}."


def _list_templates(one: Change | Finding) -> tuple[str, ...]:
    if isinstance(one, Change):
        return one.templates
    return (one.template,) if one.template else ()


def _write(review: Review, pictures: dict[str, Two], left_out: str, *, folded: bool) -> Iterator[str]:
    yield MARK
    yield ""
    yield f"**{safe(say_totals(review))}**, from {safe(review.base)} to {safe(review.head)}"
    yield ""
    if left_out:
        yield from (_LEFT_OUT.format(left_out), "")
    for said in say_guards(review):
        yield from (safe(said), "")
    for said in _list_expired(review):
        yield from (safe(said), "")
    for group in group_changes(review):
        yield from _write_group(review, group, pictures, folded=folded)


def _write_group(review: Review, group: Group, pictures: dict[str, Two], *, folded: bool) -> Iterator[str]:
    yield f"### {safe(group.heading)}"
    yield ""
    for finding in group.safeguards:
        yield f"- ⚠️ **Safeguard:** {safe(finding.sentence)} {_write_id(finding)}"
    if group.safeguards:
        yield ""
    for whole in tell_template(review, group.template):
        yield from _write_proof(whole, "  " if whole.below else "", folded=folded)
    yield ""
    for cls, changes in group.classes:
        yield from (f"**{cls}**", "")
        for change in changes:
            yield from _write_change(change, folded=folded)
            if proved := tell_change(review, change):
                yield from _write_proof(proved, "  ", folded=folded)
        yield ""
    if group.moves:
        lines = [f"- {safe(one.sentence)}" for one in group.moves]
        said = f"{count(len(lines), 'date')} that move along"
        yield from _fold(said, lines, "") if folded else (f"{said}.", "")
    if group.runs:
        yield from (f"**{HEADING}**: {safe(say_counts(group.runs.counts))}", "")
        for told in tell_running(group.runs):
            yield f"- {safe(told.sentence)}"
            if folded:
                names = f"- {told.opening}: {', '.join(map(_write_name, told.names))}{say_more(told)}."
                yield from _fold("which", [*(f"- {safe(one)}" for one in told.details), names], "  ")
        yield ""
    if group.template in pictures:
        for word, plan in zip(("before", "after"), pictures[group.template], strict=True):
            fenced = ["```mermaid", *draw_mermaid(plan).splitlines(), "```"]
            yield from _fold(f"The picture {word}", fenced, "")


def _write_change(change: Change, *, folded: bool) -> Iterator[str]:
    notes = [WHOM[change.whom], say_where(change), say_waiver(change)]
    said = "; ".join(safe(note) for note in notes if note)
    yield f"- {safe(change.sentence)} <sub>{said}; `{change.id}`</sub>"
    if not folded:
        return
    if shows_words(change):
        yield from _fold("word by word", _write_words(shorten(change.words)), "  ")
    if change.parts:
        verb = "is gone with it" if change.kind == "removed" else "it holds"
        yield from _fold(f"what {verb}", [f"- {safe(part)}" for part in change.parts], "  ")
    if len(change.days) > 1:
        rows = table(("period", "before", "after"), list_days(change.days)).splitlines()
        yield from _fold(f"{count(len(change.days), 'day')} of the coming year", rows, "  ")


def _write_proof(said: Said, indent: str, *, folded: bool) -> Iterator[str]:
    yield f"{indent}- {'' if said.below else '🔎 '}{safe(said.sentence)}"
    if folded and said.steps:
        yield from _fold("the way", [f"- {safe(one)}" for one in said.steps], f"{indent}  ")


def _write_id(one: Finding) -> str:
    """Return the id of a safeguard, whole, so that a waiver can name it, with the waiver that it has."""
    waived = say_waiver(one)
    return f"<sub>`{one.id}`{safe(f'; {waived}') if waived else ''}</sub>"


def _write_name(name: str) -> str:
    """Return the name of a filing or relation; an invented id stays whole, so that it can be looked up."""
    return f"`{name}`" if _INVENTED.fullmatch(name) else safe(name)


def _write_words(pieces: Iterable[Piece]) -> list[str]:
    marks = {"same": "{}", "gone": "~~{}~~", "new": "**{}**", "left_out": "{}"}
    text = "".join(_mark(piece, marks[piece.kind]) for piece in pieces)
    return [line.strip() + "  " for line in text.splitlines() if line.strip()]


def _mark(piece: Piece, mark: str) -> str:
    """Return a stretch of a text with marks around its words, line by line: marks do not go over an end."""
    lines = []
    for line in piece.text.split("\n"):
        words = line.strip()
        left = line[: len(line) - len(line.lstrip())] if words else line
        right = line[len(line.rstrip()) :] if words else ""
        lines.append(f"{left}{mark.format(safe(words))}{right}" if words else line)
    return "\n".join(lines)


def _fold(summary: str, lines: Iterable[str], indent: str) -> Iterator[str]:
    """Yield what is shown only when somebody opens it."""
    inside = list(lines)
    if sum(map(len, inside)) > MOST_OF_ONE and not inside[0].startswith("```"):
        size, kept = 0, []
        for line in inside:
            size += len(line)
            if size > MOST_OF_ONE:
                break
            kept.append(line)
        inside = [*kept, "", "… the rest is in `kantoor diff --format html`"]
    yield f"{indent}<details><summary>{safe(summary)}</summary>"
    yield ""
    yield from (f"{indent}{line}".rstrip("\n") for line in inside)
    yield ""
    yield f"{indent}</details>"
    yield ""


def safe(text: str) -> str:
    """Return a text in which no sign is markup, and that no host turns into a link or a mention."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return _BEGINS.sub(r"\1\\\2", escape(_LINKS.sub(_JOINER, shown)))


_BEGINS = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))")

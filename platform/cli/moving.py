"""`kantoor filing move`: a filing that runs, to another plan of its template; and how, for one and many."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..review.kept import KeptReview, KeptReviewError, read_kept
from ..service.desk import Desk
from ..service.filings.acts import Outcome
from ..service.filings.move_verdicts import ACTIVE, MoveLine, MoveWish, can_be_asked
from ..service.filings.moving import Carried, move_filing, preview_move, withdraw_move
from ..service.names import short_digest
from ..service.releasing.reviewed_moves import move_reviewed, preview_reviewed
from ..words import VERDICT_WORDS
from .acting import tell
from .desk import ask_desk, at_desk, unwrap_result
from .failures import NO, WRONG_USE, DutchFailure
from .options import Person, a_filing, act_id, as_format
from .printing import print_result, say

MEANT = {
    "not_manager": "Geef dat recht op de server: kantoor portal manager PERSON.",
    "unknown_plan": "Zie `kantoor plans`.",
    "several_plans": "Schrijf meer van het plan, zoals `kantoor plans` het toont.",
    "move_changed": "Bekijk het opnieuw met --dry-run.",
    "other_plan": "Bekijk het opnieuw met --dry-run.",
    "not_reviewed": "Beoordeel het opnieuw met kantoor diff … --office --out BESTAND.",
    "not_in_force": "Zie `kantoor plans`; kantoor deploy --review publiceert wat is beoordeeld, en in een "
    "reeks kiest --relation de relaties.",
    "move_cannot": "Zie --back-to, --phase en --without.",
    "move_later": "Herhaal de handeling als dat over is, of vraag er nu om met --when-safe.",
}

_WISHES = (
    click.option(
        "--to",
        default=ACTIVE,
        metavar="DIGEST|active",
        help="The plan, or the start of its digest as `kantoor plans` prints it; default: the active one.",
    ),
    click.option("--back-to", metavar="PHASE", help="The phase of that plan to which the work goes back."),
    click.option(
        "--phase",
        "phases",
        multiple=True,
        metavar="OLD=NEW",
        help="A phase that has another id in that plan; may be repeated.",
    ),
    click.option(
        "--drop",
        "dropped",
        multiple=True,
        metavar="PHASE.AUTOMATION",
        help="A dated automation of an active phase that does not run this time; may be repeated.",
    ),
    click.option(
        "--keep",
        "kept",
        multiple=True,
        metavar="PHASE.AUTOMATION",
        help="A dated automation of an active phase that stays on its day; may be repeated.",
    ),
    click.option(
        "--without",
        multiple=True,
        metavar="SAFEGUARD",
        help="A safeguard that the office does without, as the refusal names it; may be repeated.",
    ),
    click.option("--reason", default="", metavar="TEXT", help="Why, for the timeline."),
    click.option(
        "--when-safe",
        is_flag=True,
        help="Where something is on its way: have it move by itself at its next safe point.",
    ),
)


def _read_review(context: click.Context, parameter: click.Parameter, value: Path | None) -> KeptReview | None:
    """Return the review that a file holds. Raises DutchFailure where it holds none."""
    try:
        return None if value is None else read_kept(value.read_bytes())
    except OSError:
        raise DutchFailure(f"{value} is niet te lezen", WRONG_USE) from None
    except KeptReviewError:
        hint = "Maak een nieuwe met kantoor diff … --office --out BESTAND."
        raise DutchFailure(
            f"{value} is geen beoordeling die deze versie van kantoor kan lezen", WRONG_USE, hint
        ) from None


by_review = click.option(
    "--review",
    "reviewed",
    callback=_read_review,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Move as the review told it that `kantoor diff … --office --out FILE` kept.",
)

_ASKING = (
    click.option("--dry-run", is_flag=True, help="Only show what would happen."),
    click.option(
        "--as",
        "who",
        type=Person(),
        envvar="KANTOOR_AS",
        metavar="PERSON",
        help="Who moves: a team member with the right beheer (or KANTOOR_AS); not needed with --dry-run.",
    ),
    click.option("--mark", metavar="MARK", help="What --dry-run printed: this is done, and nothing else."),
    click.option("--withdraw", is_flag=True, help="Take back a move that waits (--when-safe)."),
)


def how(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say to which plan filings go, and how."""
    return _add(_WISHES, command)


def _add(options: Iterable[Callable[..., Any]], command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    return _add(_ASKING, command)


def read_wish(to: str, phases: tuple[str, ...], said: dict[str, Any]) -> MoveWish:
    """Return how filings are moved, as it was typed."""
    pairs = [one.partition("=") for one in phases]
    if not all(old and new for old, _, new in pairs):
        raise DutchFailure("schrijf bij --phase OUD=NIEUW", WRONG_USE)
    if len({old for old, _, _ in pairs}) < len(pairs):
        raise DutchFailure("geef bij --phase elke fase van het oude plan één keer", WRONG_USE)
    return MoveWish(to=to, phases={old: new for old, _, new in pairs}, **said)


def refuse_choices(wish: MoveWish) -> None:
    """Refuse what a review did not tell: it says itself where filings go, and how. Raises DutchFailure."""
    if wish != MoveWish(reason=wish.reason):
        text = "--review zegt zelf naar welk plan en hoe; laat --to, --phase en andere keuzes weg"
        raise DutchFailure(text, WRONG_USE)


def _require_shown(who: str | None, mark: str | None) -> tuple[str, str]:
    """Return who moves and what was shown to them."""
    person = _require_actor(who)
    if mark is None:
        raise DutchFailure(
            "Bekijk eerst met --dry-run wat het doet, en geef met --mark op wat daar staat.", WRONG_USE
        )
    return person, mark


def _require_actor(who: str | None) -> str:
    if who is None:
        raise DutchFailure("Zeg met --as PERSON wie handelt, of zet KANTOOR_AS.", WRONG_USE)
    return who


@click.command("move")
@a_filing
@how
@_asking
@by_review
@act_id
@as_format
def move_command(
    filing_name: str,
    reviewed: KeptReview | None,
    to: str,
    phases: tuple[str, ...],
    dry_run: bool,
    who: str | None,
    mark: str | None,
    withdraw: bool,
    when_safe: bool,
    act_id: str | None,
    form: str,
    **said: Any,
) -> None:
    """Move FILING to another plan of its template, newer or older; the way back is the same command.

    With --dry-run it shows the verdict, its reasons, and everything that the move does, with a mark. The move
    is asked for by that mark: it does what was shown, or is refused. With --when-safe it may wait: the filing
    does it by itself as soon as nothing is on its way, unless it would do anything else by then.

    With --review no mark is needed: it does what the review told of this filing, to the plan that was
    reviewed and is in force, and is refused where that would be anything else by now.
    """
    if reviewed is not None and (mark or withdraw):
        other = "--mark" if mark else "--withdraw"
        raise DutchFailure(f"kies --review of {other}: een verplaatsing gaat op een van beide", WRONG_USE)
    if withdraw:
        _withdraw(filing_name, who, act_id)
        return
    wish = read_wish(to, phases, said)
    if reviewed is not None:
        refuse_choices(wish)
    if dry_run:
        line = unwrap_result(
            ask_desk(
                lambda desk: (
                    preview_move(desk, filing_name, wish, who, when_safe=when_safe)
                    if reviewed is None
                    else preview_reviewed(desk, filing_name, reviewed, who, when_safe=when_safe)
                )
            ),
            MEANT,
        )
        print_result(form, line, partial(_lines, by_mark=reviewed is None))
        if not can_be_asked(line.verdict, when_safe):
            raise click.exceptions.Exit(NO)
        return
    person, shown = (_require_actor(who), "") if reviewed is not None else _require_shown(who, mark)

    async def work(desk: Desk) -> Carried:
        if reviewed is not None:
            return await move_reviewed(
                desk, person, filing_name, reviewed, wish.reason, act_id, when_safe=when_safe
            )
        return await move_filing(desk, person, filing_name, wish, shown, act_id, when_safe=when_safe)

    carried = at_desk(work)
    did = "Wordt verplaatst zodra het kan" if when_safe else "Verplaatst"
    tell(carried.outcome, f"{did}: {filing_name}", MEANT)
    for text in carried.effects:
        say(f"  {text}")


def _withdraw(filing_name: str, who: str | None, act_id: str | None) -> None:
    person = _require_actor(who)

    async def work(desk: Desk) -> Outcome:
        return await withdraw_move(desk, person, filing_name, act_id)

    tell(at_desk(work), f"Ingetrokken: de verplaatsing van {filing_name}", MEANT)


def _lines(line: MoveLine, *, by_mark: bool) -> Iterator[str]:
    plans = f"van {short_digest(line.from_plan)} naar {short_digest(line.to_plan)}"
    yield f"{line.name}: {VERDICT_WORDS[line.verdict]} ({plans})"
    later = line.verdict == "later"
    shown = [effect.text for effect in line.effects]
    if later or not shown:
        yield from (f"  {reason.text}" for reason in line.reasons)
    if later and line.mark:
        yield "  Zodra het kan, zoals de opdracht nu staat:"
    if line.mark and not shown:
        yield "  Het werk en de dagen van nu blijven zoals ze zijn."
    yield from (f"  {text}" for text in shown)
    if line.mark:
        yield _say_mark(line.mark, when_safe=later) if by_mark else _NOT_YET


_NOT_YET = "Er is nog niets gedaan; zonder --dry-run wordt zo verplaatst."


def _say_mark(mark: str, *, when_safe: bool) -> str:
    if when_safe:
        return f"Er is nog niets gedaan; vraag dit met --when-safe --mark {mark}."
    return f"Er is nog niets gedaan; verplaats zo met --mark {mark}."

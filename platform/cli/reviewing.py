"""Commands for who reviews a change of definitions: diff."""

import os
import sys
from datetime import date
from pathlib import Path

import click
from msgspec.structs import replace

from ..compiler.cache import find_folder
from ..compiler.reports.text import summary, text
from ..files import write_whole
from ..review.guards import GATES, Gate
from ..review.intent import Declared, IntentError, list_undeclared, read_intent
from ..review.kept import KeptReview, KeptReviewError, keep_review, read_kept, write_kept
from ..review.proof import MOST
from ..review.review import Review, Side, review
from ..review.revisions import RevisionError
from ..review.runs import RUNNING_GATES
from ..review.sides import NotCompiledError, Source, find_sources, load_sides
from ..service.releasing.git import revision_of
from .failures import NO, OUTSIDE, WRONG_USE, Failure
from .options import IsoDay
from .progress import show_work

FORMS = ("text", "markdown", "html", "json")


def read_gates(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[Gate, ...]:
    """Return the gates that were named; an empty list is told. Raises BadParameter for one that is none."""
    if value is not None and not value.strip(" ,"):
        click.echo("--fail-on names nothing: no gate is set", err=True)
    words = [word.strip() for word in (value or "").split(",") if word.strip()]
    for word in words:
        if word not in GATES:
            raise click.BadParameter(f"unknown class '{word}': choose from {', '.join(GATES)}")
    return tuple(gate for gate in GATES if gate in words)


def read_kept_file(
    context: click.Context, parameter: click.Parameter, value: Path | None
) -> KeptReview | None:
    """Return the review that a file holds. Raises BadParameter where it holds none."""
    try:
        return None if value is None else read_kept(value.read_bytes())
    except OSError as error:
        raise click.BadParameter(f"{value} cannot be read: {error.strerror}") from None
    except KeptReviewError as error:
        hint = "make a new one with kantoor diff … --out FILE"
        raise click.BadParameter(f"{value} cannot be read: {error}; {hint}") from None


means = click.option(
    "--means",
    "intended",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Exit 1 when anything changes that FILE does not declare: ids, classes, templates, a line each.",
)


def load_intent(file: Path | None) -> tuple[Declared, ...] | None:
    """Return what a file declares; None without one. Raises Failure."""
    if file is None:
        return None
    try:
        return read_intent(file.read_text("utf-8"))
    except IntentError as error:
        raise Failure(f"{file}: {error}", WRONG_USE, error.hint) from None
    except UnicodeError:
        raise Failure(f"{file} cannot be read: expected text in UTF-8", WRONG_USE) from None
    except OSError as error:
        hint = "Write in it what the change means to change, a line each; an empty file declares nothing."
        raise Failure(f"{file} cannot be read: {error.strerror}", WRONG_USE, hint) from None


definitions_folder = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("definitions"),
    show_default=True,
    help="The folder with the definitions, in the repository.",
)

snapshot_days = click.option(
    "--snapshot-days",
    "days",
    type=click.IntRange(min=0),
    default=7,
    show_default=True,
    help="How old a snapshot may be: by an older one the gates for what runs let nothing pass.",
)


@click.command()
@click.argument("base", required=False)
@click.argument("head", required=False)
@definitions_folder
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option(
    "--fail-on",
    "gates",
    metavar="CLASS,…",
    callback=read_gates,
    help=f"Exit 1 when a change of these classes has no waiver: {', '.join(GATES)}. The last three are about"
    " what runs: what cannot move or could not be judged, the latter alone, and what would not start.",
)
@click.option(
    "--prove", "proves", is_flag=True, help="Walk both machines: what behaves alike, what goes differently."
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST,
    show_default=True,
    metavar="N",
    help="States after which one walk of --prove stops, and is inconclusive.",
)
@means
@click.option("--office", "of_office", is_flag=True, help="Say what becomes of what runs in this office.")
@click.option(
    "--snapshot",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Say it of what ran when `kantoor snapshot` wrote FILE.",
)
@snapshot_days
@click.option(
    "--on",
    type=IsoDay(),
    metavar="DATE",
    help="Compare the dates of the year from this day; default: today.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the review in FILE too, over what is there, for `kantoor deploy --review FILE`; it names"
    " nobody. Nothing is kept where a gate was tripped.",
)
@click.option(
    "--show",
    "kept",
    callback=read_kept_file,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Show a review that --out kept, and compare nothing.",
)
@click.pass_context
def diff(
    context: click.Context,
    base: str | None,
    head: str | None,
    folder: Path,
    form: str,
    gates: tuple[Gate, ...],
    proves: bool,
    most: int,
    intended: Path | None,
    of_office: bool,
    file: Path | None,
    days: int,
    on: date | None,
    out: Path | None,
    kept: KeptReview | None,
) -> None:
    """Say what changes from BASE to HEAD, for clients, staff, dates and law.

    BASE and HEAD are revisions of Git or folders with definitions; without HEAD, BASE is compared with the
    folder as it is now, saved or committed or not. BASE..HEAD is one argument for both; BASE...HEAD is what
    HEAD changed since it left BASE.

    Each change is a sentence with a class: legal, timing, flow, staffing or wording. A safeguard that is
    removed or weakened is told apart, and is a gate of its own. Nothing is printed when nothing changes, but
    by html and json, which then say so.

    With --prove both machines are walked in lockstep: of each change is said that filings behave alike over
    so many states, or the shortest filing that goes differently, and of each template whether somebody can
    now do what they could not before. A walk that stopped before its end is inconclusive.

    With --office or --snapshot each running filing of a changed template gets a verdict: it moves now, at its
    next safe point, stays, or cannot; and relations that would lack something are named before the change is.

    \b
    Exit status:
      0  both sides were compared, and no gate of --fail-on was tripped
      1  a gate was tripped, something changes that --means does not declare, or one side has errors
         (of scenarios those of HEAD alone, so that a change can mend them)
      2  wrong use: no such revision or folder
      3  Git is missing or failed
    """
    if of_office and file:
        raise click.UsageError("--office and --snapshot exclude each other")
    if kept is not None:
        others = (base, out, file, on, intended)
        if any(one is not None for one in others) or of_office or gates or proves:
            raise click.UsageError("--show shows what was kept: it takes --format alone")
        print_report(_render(form, kept.review))
        return
    if base is None:
        raise click.UsageError("say what to compare with: BASE, a revision of Git or a folder")
    check_gates(gates, of_office or file is not None)
    intent = load_intent(intended)
    sources = _find(base, head, folder)
    before, after = _load(sources)
    today = on or date.today()
    with show_work("comparing"):
        found = review(before, after, today)
    if of_office or file:
        from .snapshots import judge  # it loads the office, which most comparisons do without

        with show_work("looking at what runs"):
            found = replace(found, runs=judge(before, after, file, today, days))
    if proves:
        from ..proving.proof import prove  # it loads the machine, which most comparisons do without

        with show_work("walking both machines"):
            found = replace(found, proof=prove(before, after, found, most))
    print_report(_render(form, found, (before, after)))
    undeclared = list_undeclared(found, intent) if intent is not None else ()
    for one in undeclared:
        click.echo(f"not declared in {intended}: {one}", err=True)
    tripped = found.trip(gates)
    _say_tripped(found, gates)
    for side in (before, after):
        if side.wrong_scenarios:
            names = ", ".join(side.wrong_scenarios)
            click.echo(f"scenarios of {side.name} have errors, which kantoor check tells: {names}", err=True)
    if tripped or undeclared or after.wrong_scenarios:
        if out is not None:
            click.echo(f"the review was not kept in {out}", err=True)
        context.exit(NO)
    if out is not None:
        first, last = (one.revision or revision_of(one.folder) for one in sources)
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, write_kept(keep_review(before, after, found, (first, last), gates)))


def check_gates(gates: tuple[Gate, ...], looks: bool) -> None:
    """Refuse a gate for what runs where nobody looks at that. Raises UsageError."""
    about = [gate for gate in gates if gate in RUNNING_GATES]
    if about and not looks:
        raise click.UsageError(f"--fail-on {about[0]} is about what runs, and nothing says what does")


def _say_tripped(found: Review, gates: tuple[Gate, ...]) -> None:
    """Say what the gates do not let through: how many changes of which classes, and what of what runs."""
    classes = [one for one in gates if one not in RUNNING_GATES and found.trip([one])]
    number = len(found.trip(classes))
    if number:
        kinds = "change" if number == 1 else "changes"
        click.echo(f"{number} {kinds} of a class that has to be looked at: {', '.join(classes)}", err=True)
    for sentence in found.runs.trip(gates) if found.runs else ():
        click.echo(sentence, err=True)


def load_both(base: str, head: str | None, folder: Path) -> tuple[Side, Side]:
    """Return both sides, compiled; diagnostics of one that has errors are shown. Raises Failure."""
    return _load(_find(base, head, folder))


def _find(base: str, head: str | None, folder: Path) -> tuple[Source, Source]:
    try:
        return find_sources(base, head, folder)
    except RevisionError as error:
        raise Failure(str(error), OUTSIDE if error.outside else WRONG_USE, error.hint) from None


def _load(sources: tuple[Source, Source]) -> tuple[Side, Side]:
    try:
        return load_sides(sources, find_folder(os.environ))
    except NotCompiledError as error:
        click.echo(text(error.checked), nl=False, err=True)
        raise Failure(str(error), NO, summary(error.checked)) from None


def _render(form: str, found: Review, sides: tuple[Side, Side] | None = None) -> str:
    """Return a review in a form; pictures are in it where both sides are at hand.

    Of the forms the one that is asked for is loaded: the others draw, or fill pages.
    """
    if form == "json":
        from ..review.faces.json import write_json

        return write_json(found)
    if form == "text":
        from ..review.faces.text import write_text

        return write_text(found)
    from ..review.pictures import find_pictures

    pictures = find_pictures(*sides, found) if sides else {}
    if form == "markdown":
        from ..review.faces.markdown import write_markdown

        return write_markdown(found, pictures)
    from ..review.faces.html import write_html

    return write_html(found, pictures)


def print_report(report: str) -> None:
    """Write a report as UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(report.encode("utf-8", "replace"))


commands: list[click.Command] = [diff]

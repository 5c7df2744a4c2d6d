"""`kantoor review`: what is looked at before a change is merged, as the action of a host runs it."""

import os
import re
from datetime import date
from pathlib import Path

import click

from ..files import write_whole
from ..review.guards import GATES, Gate
from ..review.revisions import Repository, RevisionError, refuse_link
from ..review.sides import OFFICE
from ..service.reviewing.changes import review_change, say_not_compared
from ..service.reviewing.closed_filings import ClosedFilingsError
from ..service.reviewing.comments import BOT, HostError, PullRequest, find_pull_request, keep_comment
from .failures import NO, OUTSIDE, WRONG_USE, Failure
from .options import IsoDay
from .policing import most_states
from .progress import show_work
from .reviewing import check_gates, load_intent, means, read_gates, snapshot_days
from .snapshots import read_what_runs_of
from .what_if import read_closed_of, refuse_file

SAID = {
    "made": "the comment was made",
    "renewed": "the comment was renewed",
    "unchanged": "the comment is as it was",
    "outdated": "the pull request has a newer revision: its comment is left alone",
    "not_allowed": "::warning::The comment could not be written: the token may not. The summary has it.",
}


@click.command()
@click.argument("base")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("definitions"),
    show_default=True,
    help="The folder with the definitions as the change has them.",
)
@click.option(
    "--snapshot",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What runs in the office, as `kantoor snapshot` wrote it; of a file in the repository that of BASE.",
)
@snapshot_days
@click.option(
    "--closed",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Closed filings, as `kantoor snapshot --closed` wrote them: say what the change would have done.",
)
@click.option(
    "--fail-on",
    "gates",
    metavar="CLASS,…",
    callback=read_gates,
    help=f"As of kantoor diff: {', '.join(GATES)}.",
)
@means
@most_states
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the comment."
)
@click.option("--comment", is_flag=True, help="Keep one comment on the pull request of this workflow.")
@click.option(
    "--author",
    metavar="LOGIN",
    help=f"Whose comment it is; default: {BOT} at GitHub, who the token is of at GitLab.",
)
@click.option("--on", type=IsoDay(), metavar="DATE", help="As of kantoor diff.")
@click.pass_context
def review(
    context: click.Context,
    base: str,
    folder: Path,
    file: Path | None,
    days: int,
    closed: Path | None,
    gates: tuple[Gate, ...],
    intended: Path | None,
    most: int,
    out: Path | None,
    comment: bool,
    author: str | None,
    on: date | None,
) -> None:
    """Check, try, hold and compare the definitions with BASE, as before a merge.

    Prints what is wrong as workflow commands of GitHub, which shows them at the lines. --comment takes the
    pull request from the environment of the workflow and writes by GITHUB_TOKEN; or the merge request from
    that of a pipeline of GitLab, and writes by GITLAB_TOKEN. There is one comment, which is written over each
    time.

    \b
    Exit status:
      0  no errors, no scenario fails, policies hold, no gate was tripped, all changes are declared (--means)
      1  one of these is not so, or nothing could be compared
      2  wrong use: no such revision, or no pull request to comment on
      3  Git or the host of the pull request failed
    """
    where = find_pull_request(os.environ) if comment else None
    for secret in ("GITHUB_TOKEN", "GITLAB_TOKEN"):
        os.environ.pop(secret, None)  # no program that is begun from here gets it
    if comment and where is None:
        hint = (
            "It needs GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_EVENT_PATH of a workflow for pull requests,"
            " or GITLAB_TOKEN in a pipeline for merge requests."
        )
        raise Failure("there is no pull request to comment on", WRONG_USE, hint)
    try:
        check_gates(gates, file is not None)
        runs = read_what_runs_of(file, _read_of_base(base, folder, file)) if file else None
        happened = read_closed_of(closed, _read_of_base(base, folder, closed)) if closed else None
        today = on or date.today()
        if intended is not None:
            refuse_link(intended, folder)
        with show_work("reviewing"):
            intent = load_intent(intended)
            made = review_change(base, folder, runs, gates, today, days, happened, intent, most)
    except RevisionError as error:
        _keep(say_not_compared(str(error)), folder, out, where, author)
        raise Failure(str(error), OUTSIDE if error.outside else WRONG_USE, error.hint) from None
    except ClosedFilingsError as error:
        assert closed is not None, "there is no other file of closed filings"
        _keep(say_not_compared(str(error)), folder, out, where, author)
        raise refuse_file(closed, error) from None
    except Exception as error:  # an older comment that is clean must not outlive it
        why = error.message if isinstance(error, click.ClickException) else "the review itself failed"
        _keep(say_not_compared(why), folder, out, where, author)
        raise
    for line in made.annotations:
        click.echo(line)
    _keep(made.comment, folder, out, where, author)
    failed = [one.name for one in made.steps if not one.passed]
    click.echo(f"not as it should be: {', '.join(failed)}" if failed else "all is as it should be", err=True)
    context.exit(NO if failed else 0)


def _mark_of(folder: Path) -> str:
    """Return what the comment on the definitions in a folder begins with: there may be several folders."""
    return f"<!-- kantoor review {re.sub('[^a-z0-9/_-]+|--+', '.', folder.as_posix().lower())[:200]} -->"


def _label_comment(comment: str, folder: Path, revision: str) -> str:
    """Return a comment under its mark, with the revision that it is about where that is known."""
    about = f"Of {revision}.\n" if re.fullmatch("[0-9a-f]{40,64}", revision) else ""
    return f"{_mark_of(folder)}\n{about}\n{comment}"


def _keep(
    comment: str, folder: Path, out: Path | None, where: PullRequest | None, author: str | None
) -> None:
    """Write the comment where it was asked for. Raises Failure."""
    body = _label_comment(comment, folder, where.head if where else "")
    if out is not None:
        write_whole(out, body.encode())
    if where is not None:
        try:
            click.echo(SAID[keep_comment(where, body, _mark_of(folder), author)], err=True)
        except HostError as error:
            raise Failure(f"the comment could not be written: {error}", OUTSIDE) from None


def _read_of_base(base: str, folder: Path, file: Path) -> bytes:
    """Return the content of a file: as BASE has it where it is in the repository.

    Raises RevisionError and Failure.
    """
    if not (Path(base) / OFFICE).is_file():
        repository = Repository(folder)
        if repository.holds(file):
            return repository.read_file(base, file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}", WRONG_USE) from None


commands: list[click.Command] = [review]

"""Keeping an office in an archive and putting it back: backup, restore."""

from collections.abc import Iterator
from pathlib import Path

import click

from ..local.keeping import BackedUp, Restored, back_up
from ..local.keeping import restore as put_back
from ..settings import load_settings
from .options import as_format
from .printing import print_result
from .progress import show_bar, show_work


@click.command(
    help="Write the whole office into one archive, also while it runs.\n\n"
    "TARGET is a folder, which is made where it is missing, or a new file that ends in .tar. "
    "It holds the keys and the settings with their "
    "passwords, so whoever has it can read everything and deliver in the office's name: keep it as you keep "
    "those."
)
@click.argument("target", type=click.Path(path_type=Path))
@as_format
def backup(form: str, target: Path) -> None:
    """Copy database, Temporal's file, documents and keys, in the order that makes it one point."""
    with show_bar() as bar:
        done = back_up(
            load_settings(), target, lambda done, total: bar(f"copying {done}/{total}", done, total)
        )
    print_result(form, done, _backup_lines)


@click.command(
    help="Put an office back from such an archive.\n\n"
    "FILE was written by kantoor backup; it goes to KANTOOR_HOME. Every part is compared with its digest "
    "before anything is written. A home that holds an office is refused."
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--over",
    metavar="HOME",
    type=click.Path(path_type=Path),
    help="The home, named once more: what is there is set aside, not deleted.",
)
@as_format
def restore(form: str, file: Path, over: Path | None) -> None:
    """Check the archive, write it, and say what to do about what happened since."""
    with show_work("comparing every part and putting it back"):
        done = put_back(file, load_settings, over)
    print_result(form, done, _restore_lines)


commands: list[click.Command] = [backup, restore]


def _backup_lines(done: BackedUp) -> Iterator[str]:
    yield f"{done.file}: the office as of {done.moment:%Y-%m-%d %H:%M:%S} UTC, {done.documents} documents"
    yield "It holds the office's keys: keep it as safe as those."
    if not done.server:
        yield "The Temporal server is elsewhere, and so is its own backup."


def _restore_lines(done: Restored) -> Iterator[str]:
    yield f"{done.home}: the office as of {done.moment:%Y-%m-%d %H:%M:%S} UTC, {done.documents} documents"
    yield f"It is the office named {done.office[:8]}."
    if done.instead_of not in (None, done.office):
        yield f"ANOTHER office was there, named {done.instead_of[:8]}: it is set aside whole."
    for kept in done.aside:
        yield f"set aside: {kept}"
    if done.kept_settings:
        yield "The settings file in use was kept; the archive's was left in it."
    yield "Until kantoor up --here has run, it can be read, and nothing can be done in it: --here says that"
    yield "the office that it is a copy of is stopped for good."
    yield "What happened after that moment is not in it. Run kantoor up --here, and in another terminal:"
    yield "  kantoor doctor           names what filings and the server know and this office lacks"
    yield "  kantoor doctor --revive  fetches the steps that filings still know, starts again what is lost"
    yield "Digipoort is asked before anything is delivered: where it has a delivery of the same number since"
    yield "that moment which this office does not know, nothing is sent until a person has looked."
    yield "Never run it beside the office that it is a copy of: both would deliver."

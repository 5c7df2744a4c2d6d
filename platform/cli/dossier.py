"""`kantoor dossier …`: the documents that clients sent in, by relation."""

from pathlib import Path

import click

from ..files import make_private
from ..service.dossier import dossier as read_dossier
from ..service.dossier import dossier_document
from ..service.lists import dossier_table
from .desk import ask_desk, unwrap_result
from .failures import WRONG_USE, DutchFailure
from .options import as_format
from .printing import print_list


@click.group(help="Dossiers: list and write the documents that clients sent in.")
def dossier() -> None:
    """Collect the commands on dossiers."""


@dossier.command("list")
@click.argument("relation")
@as_format
def list_(relation: str, form: str) -> None:
    """List the documents of RELATION, the latest first."""
    lines = unwrap_result(ask_desk(lambda desk: read_dossier(desk, relation)))
    print_list(form, lines, dossier_table, "Het dossier is leeg.")


@dossier.command()
@click.argument("relation")
@click.argument("document")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File or folder to write to; default: named after it."
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def get(relation: str, document: str, out: Path | None, force: bool) -> None:
    """Write DOCUMENT of RELATION to a file: by its name, or by its hash as `dossier list` prints it."""
    found = ask_desk(lambda desk: dossier_document(desk, relation, document))
    name, content = unwrap_result(found)
    safe = Path(name).name or "document"
    file = out / safe if out and out.is_dir() else out or Path(safe)
    if file.exists() and not force:
        raise DutchFailure(f"{file} bestaat al; --force overschrijft het", WRONG_USE)
    make_private(file)
    file.write_bytes(content)
    click.echo(str(file))


commands: list[click.Command] = [dossier]

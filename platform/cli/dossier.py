"""`kantoor dossier …`: the documents of a relation, what clients sent in and what colleagues put there."""

from pathlib import Path

import click

from ..files import make_private
from ..plan import DossierKind
from ..service.lists import dossier_table
from ..service.relations.dossier import Sort, dossier_document, put_document
from ..service.relations.dossier import dossier as read_dossier
from ..words import DOSSIER_KIND_WORDS, SENT_WORD
from .desk import ask_desk, read_upload, unwrap_result
from .failures import WRONG_USE, DutchFailure
from .groups import Group
from .options import OneOf, RelationNumber, a_file, as_format, as_person
from .printing import print_list


@click.group(cls=Group, help="Dossiers: list and write the documents of a relation, and put one there.")
def dossier() -> None:
    """Collect the commands on dossiers."""


@dossier.command("list")
@click.argument("relation", type=RelationNumber())
@click.option(
    "--kind",
    type=OneOf(DOSSIER_KIND_WORDS | {"sent": SENT_WORD}),
    help="Only of this kind; sent is by the client.",
)
@click.option("--year", type=click.IntRange(1900, 2199), help="Only about this year.")
@as_format
def list_(relation: str, kind: Sort | None, year: int | None, form: str) -> None:
    """List the documents of RELATION, the latest first: all, or of a kind and about a year."""
    lines = unwrap_result(ask_desk(lambda desk: read_dossier(desk, relation, kind, year)))
    narrowed = kind is not None or year is not None
    nothing = (
        "In het dossier is niets van deze soort of over dit jaar." if narrowed else "Het dossier is leeg."
    )
    print_list(form, lines, dossier_table, nothing)


@dossier.command()
@click.argument("relation", type=RelationNumber())
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


@dossier.command()
@click.argument("relation", type=RelationNumber())
@click.argument("file", type=a_file)
@click.option("--kind", type=OneOf(DOSSIER_KIND_WORDS), required=True, help="What it is.")
@click.option(
    "--year",
    type=click.IntRange(1900, 2199),
    help="The year that it is about, of a broken book year the one in which it ends; left out: of no year.",
)
@click.option("--for-client", is_flag=True, help="The client reads it too; otherwise it is the office's.")
@as_person
@as_format
def add(
    who: str, relation: str, file: Path, kind: DossierKind, year: int | None, for_client: bool, form: str
) -> None:
    """Put FILE into the dossier of RELATION: a pdf, a photo, an office file or text of at most 20 MB."""
    upload = read_upload(file)
    made = unwrap_result(
        ask_desk(lambda desk: put_document(desk, who, relation, upload, kind, year, for_client=for_client))
    )
    print_list(form, (made,), dossier_table, "")


commands: list[click.Command] = [dossier]

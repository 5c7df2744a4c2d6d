"""`kantoor relation …`: relations in and out, lists, one relation, and what is missing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path

import click

from ..period import in_words
from ..service.clients.new_links import send_links
from ..service.lists import relation_table
from ..service.overviews.insights import FilterRefusal, Sort, list_relations
from ..service.relations import links, relations
from ..service.relations.relations import Imported, NotImported, describe_import, list_problems
from ..service.results import Readiness, Refusal
from ..service.upkeep.first_steps import read_first_step
from ..tables import write_csv
from ..words import SORT_WORDS, count_of
from .desk import ask_desk, make_refusal_failure, unwrap_result
from .failures import NO, WRONG_USE, DutchFailure
from .groups import Group
from .options import (
    OfficeDay,
    OneOf,
    RelationNumber,
    as_format,
    as_person,
    far_days_anyway,
    on_day,
    read_some_numbers,
)
from .printing import print_json, print_result, print_table, warn
from .progress import show_progress, show_work
from .relation_page import lines_of

_NEXT = (
    "Hierna: `kantoor relation ready` zegt wat er bij een relatie ontbreekt, `kantoor portal link PERSOON` "
    "geeft een link om in te loggen, en `kantoor start` start de eerste opdrachten."
)
TAKE_A_DAY = {"which_link": "Geef met --from de eerste dag van het verband op."}
AGREE = {"costs": "Voeg --yes toe om het toch te doen."}
TAKE_ANOTHER = {"export_there": "Kies een andere map, of overschrijf de bestanden met --force."}


@click.group(
    cls=Group, help="Relations: import, export, link, remove, list, show, and check what is missing."
)
def relation() -> None:
    """Collect the commands on relations."""


@relation.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what it would do, and what it would take away.")
@click.option("--yes", is_flag=True, help="Import despite its warnings: lost data, guessed letters.")
@click.option(
    "--links/--no-links",
    "sends_links",
    default=True,
    help="Mail a new link to whoever has another e-mail address now and something that waits for them.",
)
@as_format
def import_(folder: Path, dry_run: bool, yes: bool, sends_links: bool, form: str) -> None:
    """Add and update relations, people, roles and products from the CSV files in FOLDER.

    All of it or nothing: when a row is wrong, every mistake is shown with file, line and column, and the
    office stays as it was. What it takes away from work that goes on, such as the roles of a colleague who
    left, is told first and done with --yes. Links in mails die with the address that they were sent to.
    docs/import.md shows the files.
    """
    unless: relations.Unless | None = "always" if dry_run else None if yes else "losses"
    with show_progress() as progress:
        result, step = ask_desk(
            lambda desk: (
                relations.import_relations(desk, folder, progress, unless),
                read_first_step(desk),
            )
        )
    if isinstance(result, Refusal):
        raise make_refusal_failure(result)
    if isinstance(result, NotImported):
        print_result(form, result, list_problems)
        count = count_of(len(result.problems), "fout", "fouten")
        raise DutchFailure(f"niets geïmporteerd: {count} in {folder}", NO)
    if form == "text":
        for warning in result.warnings:
            warn(str(warning))
        for loss in result.losses:
            warn(loss)
    print_result(form, result, describe_import)
    if result.readdressed:
        _send_links(result, sends_links)
    if dry_run:
        if form == "text":
            click.echo("proef: er is niets geïmporteerd")
    elif not result.done:
        count = count_of(len(result.losses), "punt", "punten")
        raise DutchFailure(
            f"niets geïmporteerd: {count} om eerst te beoordelen",
            NO,
            "Voeg --yes toe om het toch te doen.",
        )
    elif form == "text" and step == "start":
        click.echo(_NEXT, err=True)


@relation.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@as_format
def export(folder: Path, force: bool, form: str) -> None:
    """Write everything that `import` reads to CSV files in FOLDER. They hold personal data in the clear."""
    with show_work("relaties schrijven"):
        answer = ask_desk(lambda desk: relations.export_relations(desk, folder, overwrite=force))
    result = unwrap_result(answer, TAKE_ANOTHER)
    for text in result.left_out:
        warn(text)
    print_result(form, result.rows, partial(_exported_lines, folder))


@relation.command()
@click.argument("number", type=RelationNumber())
@click.option("--yes", is_flag=True, help="Remove it; without this it only says who would go, with what.")
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@as_format
def remove(number: str, yes: bool, dry_run: bool, form: str) -> None:
    """Remove relation NUMBER, that came in by mistake; not one for which anything was ever started.

    Its contacts who serve no other relation go with it. Who would go is told first, and done with --yes.
    """
    answer = ask_desk(lambda desk: relations.remove(desk, number, agreed=yes, dry_run=dry_run))
    gone, done = unwrap_result(answer, AGREE), "zou verdwijnen" if dry_run else "verwijderd"
    print_result(form, gone, lambda found: (f"{name}: {count} {done}" for name, count in found.items()))
    if dry_run and form == "text":
        click.echo("proef: er is niets verwijderd")


_a_link = click.argument("link", metavar="LINK")
_other = click.argument("other", metavar="OTHER")
_despite = click.option("--yes", is_flag=True, help="Despite what it tells of filings that wait by the link.")


@relation.command()
@click.argument("number", type=RelationNumber())
@_a_link
@_other
@click.option("--from", "since", type=OfficeDay(), required=True, metavar="DATE", help="The first day.")
@click.option(
    "--until", type=OfficeDay(), metavar="DATE", help="The last day; default: until further notice."
)
@far_days_anyway
@_despite
@as_person
@as_format
def link(
    who: str, number: str, link: str, other: str, since: date, until: date | None, form: str, **consents: bool
) -> None:
    """Record that OTHER is the LINK of relation NUMBER: its partner, holding, owner, or another.

    LINK is partner, household, holding, subsidiary, unit_head, unit_member, business or owner. Both relations
    show it, each from its side. Given again with the same first day it changes the last day.
    """
    which, anyway, agreed = (number, link, other, since, until), consents["anyway"], consents["yes"]
    answer = ask_desk(lambda desk: links.link(desk, who, *which, anyway=anyway, agreed=agreed))
    print_result(form, unwrap_result(answer, AGREE), lambda noted: (noted.text,))


@relation.command()
@click.argument("number", type=RelationNumber())
@_a_link
@_other
@click.option(
    "--from", "since", type=OfficeDay(), metavar="DATE", help="Its first day, where there are several."
)
@_despite
@as_person
@as_format
def unlink(who: str, number: str, link: str, other: str, since: date | None, yes: bool, form: str) -> None:
    """Take away that OTHER is the LINK of relation NUMBER, recorded by mistake.

    Of what has ended give the last day instead, with `relation link` and --until.
    """
    answer = ask_desk(lambda desk: links.unlink(desk, who, number, link, other, since, agreed=yes))
    print_result(form, unwrap_result(answer, TAKE_A_DAY | AGREE), lambda noted: (noted.text,))


@relation.command("list", context_settings={"ignore_unknown_options": True})  # for a filter with a minus
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("--sort", type=OneOf(SORT_WORDS), default="number", help="In which order.")
@on_day
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="How to print them."
)
def list_(filter_text: str, sort: Sort, on: date | None, form: str) -> None:
    """List relations: all, or those that FILTER finds, as in 'product:aangifte-btw -status:vertrokken'.

    Space is and, comma is or, minus is not. docs/filters.md has all fields, in Dutch and English.
    """
    found = ask_desk(lambda desk: list_relations(desk, filter_text, on, sort))
    if isinstance(found, FilterRefusal):
        told = [
            f"{one.text} [{one.code}]\n  {filter_text}\n  {' ' * one.at}{'^' * one.length}"
            for one in found.all
            if isinstance(one, FilterRefusal)
        ]
        raise DutchFailure("\n".join(told), NO)
    if form == "json":
        print_json(found)
    elif form == "csv":
        click.echo(write_csv(relation_table(found)), nl=False)
    elif found:
        print_table(relation_table(found))
    else:
        click.echo("Er zijn geen relaties gevonden.")


@relation.command()
@click.argument("number", type=RelationNumber())
@click.option("--numbers", is_flag=True, help="Show identifying numbers in full.")
@on_day
@as_format
def show(number: str, numbers: bool, on: date | None, form: str) -> None:
    """Show one relation: identity, contacts and authority, roles, products, filings, and what is missing."""
    answer = ask_desk(lambda desk: relations.show_relation(desk, number, on, numbers=numbers))
    print_result(form, unwrap_result(answer), lines_of)


@relation.command()
@click.argument("numbers", nargs=-1, callback=read_some_numbers)
@click.option("--template", help="Only for this template; all published ones that fit by default.")
@on_day
@as_format
def ready(numbers: tuple[str, ...], template: str | None, on: date | None, form: str) -> None:
    """List everything that a filing would lack, for the relations NUMBERS (default: all).

    Judged as of the day on which each starts next, unless a day is given.

    What is only advised stops no start, and is told as 'advies'. Of a template for a product that a relation
    does not take only that is said, unless it was asked for. Exit status 1 when something is missing.
    """
    answer = ask_desk(lambda desk: relations.check_readiness(desk, numbers, template, on))
    found = unwrap_result(answer, status=WRONG_USE)
    print_result(form, found, _readiness_lines if template is None else _every_readiness_line)
    if form == "text" and not found:
        click.echo("Er zijn geen relaties gevonden.")
    if any(one.missing for one in (_list_taken(found) if template is None else found)):
        raise click.exceptions.Exit(NO)


def _send_links(result: Imported, sends: bool) -> None:
    """Mail new links to those whose earlier ones are dead, and tell of each of them."""
    for one in ask_desk(lambda desk: send_links(desk, result.readdressed, sends=sends and result.done)):
        what = f"nieuwe link gestuurd naar {one.address}" if one.address else one.problem
        what = what or ("krijgt een nieuwe link" if sends else "krijgt geen nieuwe link")
        warn(f"{one.contact} ({one.name}): ander e-mailadres; wacht op antwoord: {one.waiting}; {what}")


def _exported_lines(folder: Path, rows: dict[str, int]) -> Iterator[str]:
    for name, count in rows.items():
        yield f"{folder / name}: {count_of(count, 'rij', 'rijen')}"


def _list_taken(found: Iterable[Readiness]) -> list[Readiness]:
    """Return what is about products that the relation takes; all of a relation that takes none."""
    by_relation = groupby(found, key=lambda one: one.relation)
    each = [list(of_one) for _, of_one in by_relation]
    return [one for of_one in each for one in ([t for t in of_one if _is_taken(t)] or of_one)]


def _is_taken(one: Readiness) -> bool:
    return all(missing.code != "no_product" for missing in one.missing)


def _readiness_lines(found: Sequence[Readiness]) -> Iterator[str]:
    """Yield what lacks, relation by relation, and in one line what each does not take."""
    for number, of_one in groupby(found, key=lambda one: one.relation):
        each = list(of_one)
        unknown = next((m for one in each for m in one.missing if m.code == "no_relation"), None)
        if unknown:
            yield f"{number}: {unknown.text} [{unknown.code}]"
            continue
        taken = [one for one in each if _is_taken(one)]
        others = [one.template for one in each if one not in taken]
        yield from _every_readiness_line(taken)
        if others:
            yield f"{number} neemt niet af: {', '.join(others)}"


def _every_readiness_line(found: Iterable[Readiness]) -> Iterator[str]:
    for one in found:
        start = f" (start op {', '.join(map(in_words, one.days))})" if one.days else ""
        yield f"{one.relation} {one.template}{start}: {'' if one.missing else 'gereed'}".rstrip()
        for missing in one.missing:
            yield f"  - {missing.text} [{missing.code}]"
        for advice in one.advice:
            yield f"  - advies: {advice.text} [{advice.code}]"


commands: list[click.Command] = [relation]

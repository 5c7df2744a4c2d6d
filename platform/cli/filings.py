"""`kantoor filing …` and `kantoor task …`: look at one filing, and act on it."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import click

from ..filing.outcome import Refusal
from ..filing.view import View
from ..office.filings import Filing
from ..office.planner import STATE_WORDS
from ..period import Period, in_words
from ..service import reading
from ..service.acts import Acts, Outcome
from ..service.attaching import Attached
from ..service.attaching import attach as attach_file
from ..service.desk import Desk
from ..service.reading import FilingPage
from ..service.vat import Wrong
from .desk import act_id, as_format, as_person, at_desk, in_phase, print_json, print_table, refused, tell
from .failures import NO, WRONG_USE, Failure

PHASE_WORDS = {
    "pending": "nog niet",
    "active": "nu",
    "completed": "klaar",
    "skipped": "overgeslagen",
}

a_filing = click.argument("filing_name", metavar="FILING")
seen_hash = click.option(
    "--hash",
    "seen",
    metavar="DOCUMENT=HASH",
    multiple=True,
    help="Exactly this version; default: the current.",
)


@click.group()
def filing() -> None:
    """Filings: list, show and act on one. FILING is template/relation/period, as in `filing list`."""


@filing.command("list")
@click.option("--template", metavar="TEMPLATE")
@click.option("--relation", metavar="NUMBER")
@click.option("--period", metavar="PERIOD")
@as_format
def list_(template: str | None, relation: str | None, period: str | None, form: str) -> None:
    """List filings with what the planner says of them."""

    async def ask(desk: Desk) -> tuple[list[Filing], date]:
        return reading.filings(desk, template, relation, period), desk.now().date()

    found, today = at_desk(ask)
    if form == "json":
        print_json(found)
        return
    rows = [
        (
            f.id.removeprefix("filing/"),
            f.title,
            STATE_WORDS[f.shown(today)],
            ", ".join(f.phases),
            in_words(f.due) if f.due else "",
        )
        for f in found
    ]
    print_table(("opdracht", "titel", "stand", "fase", "uiterlijk"), rows)


@filing.command()
@a_filing
@as_format
def show(filing_name: str, form: str) -> None:
    """Show one filing: phases, checkpoints, documents, deadlines and the whole timeline."""

    async def ask(desk: Desk) -> FilingPage | Refusal:
        return reading.filing_page(desk, filing_name)

    page = at_desk(ask)
    if isinstance(page, Refusal):
        raise refused(page)
    if form == "json":
        print_json(page)
    else:
        click.echo("\n".join(_page(page)))


@filing.command()
@a_filing
@click.option("--document", metavar="DOCUMENT", help="Which one, where there are several.")
@click.option("--bytes", "raw", is_flag=True, help="The document itself instead of its readable rendering.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; default: a name of its own.")
def document(filing_name: str, document: str | None, raw: bool, out: Path | None) -> None:
    """Write what the client reads of a document (HTML) to a file, to open in a browser."""

    async def ask(desk: Desk) -> tuple[str, bytes] | Refusal:
        return reading.document_bytes(desk, filing_name, document, rendering=not raw)

    found = at_desk(ask)
    if isinstance(found, Refusal):
        raise refused(found)
    name, content = found
    file = out / name if out and out.is_dir() else out or Path(name)
    file.write_bytes(content)
    click.echo(str(file))


@filing.command()
@a_filing
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--document", metavar="DOCUMENT", help="Which document; needed only where there are several.")
@as_person
@act_id
def attach(filing_name: str, file: Path, document: str | None, who: str, act_id: str | None) -> None:
    """Attach FILE: for a VAT return the figures (docs/figures.md), of which the return is made."""

    async def work(desk: Desk) -> Attached | Wrong | Refusal:
        return await attach_file(desk, who, filing_name, file, document, act_id)

    result = at_desk(work)
    if isinstance(result, Refusal):
        raise refused(result)
    if isinstance(result, Wrong):
        for mistake in result.mistakes:
            click.echo(mistake, err=True)
        raise Failure("nothing was made or attached", NO)
    for warning in result.warnings:
        click.echo(f"let op: {warning}", err=True)
    tell(result.outcome, f"Toegevoegd: {result.shown.document} ({result.shown.hash})")
    if result.text:
        click.echo(f"\n{result.text}")


@filing.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def check(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Tick CHECKPOINT."""
    _act(who, act_id, lambda acts: acts.check(filing_name, checkpoint, phase), f"Afgevinkt: {checkpoint}")


@filing.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def uncheck(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Untick CHECKPOINT; possible until the phase is completed."""
    said = f"Vinkje weggehaald: {checkpoint}"
    _act(who, act_id, lambda acts: acts.uncheck(filing_name, checkpoint, phase), said)


@filing.command()
@a_filing
@in_phase
@seen_hash
@as_person
@act_id
def complete(
    filing_name: str, phase: str | None, seen: tuple[str, ...], who: str, act_id: str | None
) -> None:
    """Complete the phase that is active; a review is bound to the documents as they are now."""
    hashes = _hashes(seen)
    _act(who, act_id, lambda acts: acts.complete(filing_name, phase, hashes), "Fase afgerond")


@filing.command()
@a_filing
@click.option("--reason", required=True, help="Why; it stands on the timeline.")
@in_phase
@as_person
@act_id
def back(filing_name: str, reason: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Send the work back to the phase that the template names."""
    _act(who, act_id, lambda acts: acts.back(filing_name, reason, phase), "Teruggestuurd")


@filing.command()
@a_filing
@in_phase
@as_person
@act_id
def release(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Release an offer that is forwarded to the client by hand."""
    _act(who, act_id, lambda acts: acts.release(filing_name, phase), "Vrijgegeven")


@filing.command()
@a_filing
@click.argument("answer", type=click.Choice(["approve", "sign", "reject", "not-deliver"]))
@click.option("--reason", default="", help="Needed to reject, to record for a client, and not to deliver.")
@click.option("--for", "contact", metavar="CONTACT", help="Record the answer of this contact.")
@click.option(
    "--proof",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --for: a file that proves it, such as a note of the telephone call or an e-mail.",
)
@in_phase
@seen_hash
@as_person
@act_id
def decide(
    filing_name: str,
    answer: str,
    reason: str,
    contact: str | None,
    proof: Path | None,
    phase: str | None,
    seen: tuple[str, ...],
    who: str,
    act_id: str | None,
) -> None:
    """Decide on an offer: as the client, or as a colleague with --for, --reason and --proof."""
    kinds: dict[str, Literal["approve", "sign", "reject", "not_deliver"]] = {
        "approve": "approve",
        "sign": "sign",
        "reject": "reject",
        "not-deliver": "not_deliver",
    }
    hashes = _hashes(seen)

    async def work(desk: Desk) -> Outcome:
        stored = _stored(desk, proof)
        return await Acts(desk, who, act_id).decide(
            filing_name,
            kinds[answer],
            phase=phase,
            reason=reason,
            contact=contact,
            proof=stored,
            seen=hashes,
        )

    tell(at_desk(work), f"Vastgelegd: {answer}")


@filing.command()
@a_filing
@click.argument("text")
@as_person
@act_id
def note(filing_name: str, text: str, who: str, act_id: str | None) -> None:
    """Write TEXT on the timeline."""
    _act(who, act_id, lambda acts: acts.note(filing_name, text), "Genoteerd")


@filing.command()
@a_filing
@click.option("--reason", required=True, help="Why; it stands on the timeline.")
@as_person
@act_id
def cancel(filing_name: str, reason: str, who: str, act_id: str | None) -> None:
    """Cancel the filing."""
    _act(who, act_id, lambda acts: acts.cancel(filing_name, reason), "Geannuleerd")


@filing.command()
@a_filing
@in_phase
@as_person
@act_id
def retry(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Try again what stands still."""
    _act(who, act_id, lambda acts: acts.retry(filing_name, phase), "Opnieuw geprobeerd")


@click.group()
def task() -> None:
    """Tasks: finish one."""


@task.command()
@a_filing
@click.argument("task_id", metavar="TASK")
@click.option("--code", help="The code that the task asks for.")
@click.option(
    "--document",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The document it asks for.",
)
@as_person
@act_id
def done(
    filing_name: str, task_id: str, code: str | None, file: Path | None, who: str, act_id: str | None
) -> None:
    """Finish TASK of FILING, with the proof that it asks for."""

    async def work(desk: Desk) -> Outcome:
        proof = code or _stored(desk, file)
        return await Acts(desk, who, act_id).task_done(filing_name, task_id, proof)

    tell(at_desk(work), f"Taak gedaan: {task_id}")


def _act(who: str, act_id: str | None, do: Callable[[Acts], Awaitable[Outcome]], done: str) -> None:
    async def work(desk: Desk) -> Outcome:
        return await do(Acts(desk, who, act_id))

    tell(at_desk(work), done)


def _stored(desk: Desk, file: Path | None) -> str | None:
    """Put a proof into the document store and return its hash."""
    return desk.equipment.documents.put(file.read_bytes(), "application/octet-stream") if file else None


def _hashes(seen: tuple[str, ...]) -> dict[str, str] | None:
    found = dict(one.split("=", 1) for one in seen if "=" in one)
    if len(found) < len(seen):
        raise Failure("--hash takes DOCUMENT=HASH, as `kantoor filing show` prints them", WRONG_USE)
    return found or None


def _page(page: FilingPage) -> Iterator[str]:
    found = page.filing
    words = Period.parse(found.period).words
    yield f"{found.title} over {words}, relatie {found.relation}: {STATE_WORDS[found.shown(page.today)]}"
    yield f"plan {found.plan[:12]}, gestart op {in_words(found.start_date)}"
    if page.view:
        yield from _phases(page.view)
        yield from _papers(page.view)
    yield "tijdlijn:"
    yield from (f"  {line.at:%d-%m-%Y %H:%M}  {line.who}: {line.text}" for line in page.timeline)


def _phases(view: View) -> Iterator[str]:
    yield "fasen:"
    for phase in view.phases:
        due = f", streefdatum {in_words(phase.due)}" if phase.due else ""
        yield f"  {phase.id}: {phase.title} ({PHASE_WORDS[phase.status]}{due})"
        if phase.status == "active":
            for point in phase.checkpoints:
                tick = "x" if point.by else " "
                required = "" if point.required else " (facultatief)"
                yield f"    [{tick}] {point.id}: {point.title}{required}"
    yield "open:"
    for item in view.work:
        missing = f" - ontbreekt: {'; '.join(item.missing)}" if item.missing else ""
        yield f"  {item.id}: {item.title}{missing}"


def _papers(view: View) -> Iterator[str]:
    yield "termijnen:"
    for deadline in view.deadlines:
        yield f"  {deadline.title}: {in_words(deadline.due)}"
    yield "documenten:"
    for paper in view.documents:
        shown = f"{paper.shown.hash}" if paper.shown else "nog niet toegevoegd"
        yield f"  {paper.id}: {paper.title} ({shown})"


commands: list[click.Command] = [filing, task]

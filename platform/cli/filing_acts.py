"""What people do to a filing, as commands of `kantoor filing` and `kantoor task`."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from ..filing.outcome import Refusal
from ..service.acts import Acts, Answer, Outcome
from ..service.attaching import Attached
from ..service.attaching import attach as attach_file
from ..service.desk import Desk
from ..service.figures import FiguresRefused
from .desk import a_filing, act_id, as_person, at_desk, in_phase, refused, tell
from .failures import WRONG_USE, Failure

KINDS: dict[str, Answer] = {
    "approve": "approve",
    "sign": "sign",
    "reject": "reject",
    "not-deliver": "not_deliver",
}
ANSWER_WORDS = {
    "approve": "akkoord",
    "sign": "ondertekend",
    "reject": "afgekeurd",
    "not-deliver": "besloten om niet in te dienen",
}

GIVE_PHASE = {"several_phases": "Geef mee: --phase PHASE."}
GIVE_REASON = {"reason_missing": "Geef mee: --reason TEXT."}
GIVE_DOCUMENT = {"which_document": "Geef mee: --document DOCUMENT."}
GIVE_PROOF = {"proof_missing": "Geef mee: --code CODE of, als een document gevraagd is, --document FILE."}
"""By a refusal's code: the options that bring what it asks for."""

seen_hash = click.option(
    "--hash",
    "seen",
    metavar="DOCUMENT=HASH",
    multiple=True,
    help="Exactly this version was seen (its hash as in `filing show`); by default the current one.",
)


@click.command()
@a_filing
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--document", metavar="DOCUMENT", help="Which document; needed only where there are several.")
@as_person
@act_id
def attach(filing_name: str, file: Path, document: str | None, who: str, act_id: str | None) -> None:
    """Attach FILE to the filing.

    For a VAT return FILE holds the figures (docs/figures.md); the return is made of them, and shown as the
    client will read it. When the figures are wrong, every mistake is shown with its place, and nothing is
    attached.
    """

    async def work(desk: Desk) -> Attached | FiguresRefused | Refusal:
        return await attach_file(desk, who, filing_name, file, document, act_id)

    result = at_desk(work)
    if isinstance(result, FiguresRefused):
        click.echo("\n".join(result.mistakes), err=True)
    if isinstance(result, Refusal):
        raise refused(result, GIVE_DOCUMENT)
    for warning in result.warnings:
        click.echo(f"let op: {warning}", err=True)
    tell(result.outcome, f"Toegevoegd: {result.shown.document} ({result.shown.hash})")
    if result.text:
        click.echo(f"\n{result.text}")


@click.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def check(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Tick CHECKPOINT."""
    _act(who, act_id, lambda acts: acts.check(filing_name, checkpoint, phase), f"Afgevinkt: {checkpoint}")


@click.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def uncheck(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Untick CHECKPOINT; possible until the phase is completed."""
    said = f"Vinkje weggehaald: {checkpoint}"
    _act(who, act_id, lambda acts: acts.uncheck(filing_name, checkpoint, phase), said)


@click.command()
@a_filing
@in_phase
@seen_hash
@as_person
@act_id
def complete(
    filing_name: str, phase: str | None, seen: tuple[str, ...], who: str, act_id: str | None
) -> None:
    """Complete the phase that is active; a review is bound to the documents as they are."""
    hashes = _hashes(seen)
    _act(who, act_id, lambda acts: acts.complete(filing_name, phase, hashes), "Fase afgerond")


@click.command()
@a_filing
@click.option("--reason", required=True, help="Why; it stands on the timeline.")
@in_phase
@as_person
@act_id
def back(filing_name: str, reason: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Send the work back to the phase that the template names."""
    _act(who, act_id, lambda acts: acts.back(filing_name, reason, phase), "Teruggestuurd")


@click.command()
@a_filing
@in_phase
@as_person
@act_id
def release(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Release an offer that is forwarded to the client by hand."""
    _act(who, act_id, lambda acts: acts.release(filing_name, phase), "Vrijgegeven")


@click.command()
@a_filing
@click.argument("answer", type=click.Choice(["approve", "sign", "reject", "not-deliver"]))
@click.option("--reason", default="", help="Why: to reject, with --for, and for not-deliver.")
@click.option("--for", "contact", metavar="CONTACT", help="Record what this contact answered; with --proof.")
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
    """Decide on what was offered: as the client, or as a colleague with --for, --reason and --proof.

    not-deliver is the office's own decision, with --reason: the filing ends.
    """
    if answer == "not-deliver" and (contact or proof):
        raise Failure("not-deliver is the office's own decision: leave out --for and --proof", WRONG_USE)
    if proof and not contact:
        raise Failure("--proof goes with --for", WRONG_USE)
    hashes = _hashes(seen)

    async def work(desk: Desk) -> Outcome:
        stored = _stored(desk, proof)
        return await Acts(desk, who, act_id).decide(
            filing_name,
            KINDS[answer],
            phase=phase,
            reason=reason,
            contact=contact,
            proof=stored,
            seen=hashes,
        )

    lacking = _lacking({"--for CONTACT": contact, "--reason TEXT": reason.strip(), "--proof FILE": proof})
    tell(at_desk(work), f"Vastgelegd: {ANSWER_WORDS[answer]}", GIVE_PHASE | GIVE_REASON | lacking)


@click.command()
@a_filing
@click.argument("text")
@as_person
@act_id
def note(filing_name: str, text: str, who: str, act_id: str | None) -> None:
    """Write TEXT on the filing's timeline."""
    _act(who, act_id, lambda acts: acts.note(filing_name, text), "Genoteerd")


@click.command()
@a_filing
@click.option("--reason", required=True, help="Why; it stands on the timeline.")
@as_person
@act_id
def cancel(filing_name: str, reason: str, who: str, act_id: str | None) -> None:
    """Cancel the filing: nothing is delivered and nobody is asked for anything any more."""
    _act(who, act_id, lambda acts: acts.cancel(filing_name, reason), "Geannuleerd")


@click.command()
@a_filing
@in_phase
@as_person
@act_id
def retry(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Try again what stands still (`kantoor work` shows it as 'staat stil')."""
    _act(who, act_id, lambda acts: acts.retry(filing_name, phase), "Opnieuw geprobeerd")


@click.command()
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
    """Finish TASK of FILING, with the proof that it asks for; `kantoor work` names it."""
    if code and file:
        raise Failure("a task asks for one proof: --code or --document", WRONG_USE)

    async def work(desk: Desk) -> Outcome:
        proof = code or _stored(desk, file)
        return await Acts(desk, who, act_id).task_done(filing_name, task_id, proof)

    tell(at_desk(work), f"Taak gedaan: {task_id}", GIVE_PROOF)


def _act(who: str, act_id: str | None, do: Callable[[Acts], Awaitable[Outcome]], done: str) -> None:
    async def work(desk: Desk) -> Outcome:
        return await do(Acts(desk, who, act_id))

    tell(at_desk(work), done, GIVE_PHASE | GIVE_REASON)


def _lacking(options: dict[str, object]) -> dict[str, str]:
    """Return what a colleague adds to record a client's answer: those of the options that were not given."""
    lacking = ", ".join(option for option, given in options.items() if not given)
    return dict.fromkeys(("contact_missing", "proof_missing"), f"Geef mee: {lacking}.")


def _stored(desk: Desk, file: Path | None) -> str | None:
    """Put a proof into the document store and return its hash."""
    if file is None:
        return None
    content = file.read_bytes()
    if not content:
        raise Failure(f"{file} is empty: that proves nothing", WRONG_USE)
    return desk.equipment.documents.put(content, "application/octet-stream")


def _hashes(seen: tuple[str, ...]) -> dict[str, str] | None:
    found = dict(one.split("=", 1) for one in seen if "=" in one)
    if len(found) < len(seen):
        raise Failure("--hash takes DOCUMENT=HASH, as `kantoor filing show` prints them", WRONG_USE)
    return found or None


on_filings: list[click.Command] = [
    *(attach, check, uncheck, complete, back, release, decide, note, cancel, retry)
]
on_tasks: list[click.Command] = [done]

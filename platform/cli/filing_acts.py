"""What people do to a filing, as commands of `kantoor filing` and `kantoor task`."""

from datetime import date
from pathlib import Path

import click

from ..audience import OFFICE, for_roles
from ..service.desk import Desk
from ..service.filings.acts import Acts, Answer, Outcome
from ..service.filings.attaching import Attached, attach
from ..service.filings.figures import FiguresRefused
from ..service.filings.proofs import keep_proof
from ..service.filings.rejected import refuse_same_version
from ..service.filings.unjudged import Judgement
from ..service.results import Refusal
from ..service.uploads import Upload
from ..words import ANSWER_WORDS, DECIDED_WORDS, JUDGEMENT_WORDS, READER_WORDS
from .acting import act, tell
from .desk import at_desk, read_upload, unwrap_result
from .failures import WRONG_USE, DutchFailure
from .hints import (
    GIVE_DOCUMENT,
    GIVE_OUTCOME,
    GIVE_PAST_LEGAL_DAY,
    GIVE_PHASE,
    GIVE_PROOF,
    GIVE_REASON,
    GIVE_SAME_VERSION,
    give_lacking,
)
from .moving import move_command
from .options import OfficeDay, OneOf, Person, a_file, a_filing, act_id, as_person, far_days_anyway, in_phase
from .printing import say, warn
from .request_acts import acts as request_acts

ANSWERS: dict[str, Answer] = {
    "approve": "approve",
    "sign": "sign",
    "reject": "reject",
    "not-deliver": "not_deliver",
}
ANSWERS_TYPED = {**DECIDED_WORDS, "approve": "akkoord", "not-deliver": "niet indienen"}
"""How answers are typed: as a key of ANSWERS, or in Dutch."""

seen_hash = click.option(
    "--hash",
    "seen",
    metavar="DOCUMENT=HASH",
    multiple=True,
    help="The version that was seen (the hash that `filing show` prints); default: the current one.",
)


for_whom = click.option("--for", "whom", type=OneOf(READER_WORDS), help="Who may read it; default: office.")
for_role = click.option(
    "--for-role", "roles", multiple=True, metavar="ROLE", help="Only this role; may be repeated."
)


def _read_audience(whom: str | None, roles: tuple[str, ...]) -> str | None:
    """Return the audience that was typed; None for the office."""
    if whom and roles:
        raise DutchFailure("geef --for of --for-role op, niet beide", WRONG_USE)
    return for_roles(roles) if roles else None if whom == OFFICE else whom


@click.command("attach")
@a_filing
@click.argument("file", type=a_file)
@click.option("--document", metavar="DOCUMENT", help="Which document; needed only where there are several.")
@for_whom
@for_role
@as_person
@act_id
def attach_command(
    filing_name: str,
    file: Path,
    document: str | None,
    whom: str | None,
    roles: tuple[str, ...],
    who: str,
    act_id: str | None,
) -> None:
    """Attach FILE to the filing.

    For a VAT return FILE holds the figures (docs/figures.md); the return is made of them, and shown as the
    client will read it. When the figures are wrong, every mistake is shown with its place, and nothing is
    attached.
    """
    audience = _read_audience(whom, roles)
    answer: Attached | Refusal = at_desk(
        lambda desk: attach(desk, who, filing_name, file, document, act_id, audience)
    )
    if isinstance(answer, FiguresRefused):
        say("\n".join(answer.mistakes), err=True)
    result = unwrap_result(answer, GIVE_DOCUMENT)
    for warning in result.warnings:
        warn(warning)
    tell(result.outcome, f"Toegevoegd: {result.shown.document} ({result.shown.hash})")
    if result.text:
        say(f"\n{result.text}")


@click.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def check(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Tick CHECKPOINT."""
    act(who, act_id, lambda acts: acts.check(filing_name, checkpoint, phase), f"Afgevinkt: {checkpoint}")


@click.command()
@a_filing
@click.argument("checkpoint")
@in_phase
@as_person
@act_id
def uncheck(filing_name: str, checkpoint: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Untick CHECKPOINT; possible until the phase is completed."""
    done = f"Niet meer afgevinkt: {checkpoint}"
    act(who, act_id, lambda acts: acts.uncheck(filing_name, checkpoint, phase), done)


@click.command()
@a_filing
@click.option("--outcome", metavar="OUTCOME", help="How the phase ends, where the template gives a choice.")
@click.option("--same-version", is_flag=True, help="Also with the very version that the client rejected.")
@in_phase
@seen_hash
@as_person
@act_id
def complete(
    filing_name: str,
    outcome: str | None,
    same_version: bool,
    phase: str | None,
    seen: tuple[str, ...],
    who: str,
    act_id: str | None,
) -> None:
    """Complete the phase that is active; a review or signature is bound to the documents as they are."""
    hashes = _hashes(seen)
    done = f"Fase afgerond: {outcome}" if outcome else "Fase afgerond"

    async def work(desk: Desk) -> Outcome:
        same = None if same_version else refuse_same_version(desk, who, filing_name, phase)
        return same or await Acts(desk, who, act_id).complete(filing_name, phase, hashes, outcome)

    tell(at_desk(work), done, GIVE_PHASE | GIVE_OUTCOME | GIVE_SAME_VERSION)


@click.command()
@a_filing
@click.option("--reason", required=True, help="The reason, shown on the timeline.")
@in_phase
@as_person
@act_id
def back(filing_name: str, reason: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Send the work back to the phase that the template names."""
    act(who, act_id, lambda acts: acts.back(filing_name, reason, phase), "Teruggestuurd")


@click.command()
@a_filing
@in_phase
@as_person
@act_id
def release(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Release an offer that is forwarded to the client by hand."""
    act(who, act_id, lambda acts: acts.release(filing_name, phase), "Vrijgegeven")


@click.command()
@a_filing
@click.argument("answer", type=OneOf(ANSWERS_TYPED), metavar="ANSWER")
@click.option("--reason", default="", help="Why: to reject, with --for, and for not-deliver.")
@click.option("--for", "contact", metavar="CONTACT", help="Record what this contact answered; with --proof.")
@click.option(
    "--proof",
    type=a_file,
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

    ANSWER is approve, sign, reject or not-deliver, or its Dutch word: akkoord, ondertekend, afgekeurd.
    not-deliver is the office's own decision, with --reason: the filing ends.
    """
    if answer == "not-deliver" and (contact or proof):
        raise DutchFailure(
            "not-deliver is een besluit van het kantoor zelf; laat --for en --proof weg", WRONG_USE
        )
    if proof and not contact:
        raise DutchFailure("--proof kan alleen samen met --for", WRONG_USE)
    hashes = _hashes(seen)
    brought = _read(proof)

    async def work(desk: Desk) -> Outcome:
        kept = _keep(desk, brought)
        return await Acts(desk, who, act_id).decide(
            filing_name,
            ANSWERS[answer],
            phase=phase,
            reason=reason,
            contact=contact,
            proof=kept,
            seen=hashes,
        )

    lacking = {"--for CONTACT": contact, "--reason TEXT": reason.strip(), "--proof FILE": proof}
    hints = GIVE_PHASE | GIVE_REASON | give_lacking(lacking)
    tell(at_desk(work), f"Vastgelegd: {ANSWER_WORDS[ANSWERS[answer]]}", hints)


@click.command("delivered")
@a_filing
@click.option(
    "--on", required=True, type=OfficeDay(), metavar="DAY", help="The day on which it was delivered."
)
@click.option("--proof", required=True, type=a_file, help="What proves it, such as the acknowledgement.")
@click.option("--reference", default="", metavar="TEXT", help="The authority's reference.")
@in_phase
@as_person
@act_id
def record_delivery(
    filing_name: str, on: date, proof: Path, reference: str, phase: str | None, who: str, act_id: str | None
) -> None:
    """Record that a document was delivered elsewhere: one that kantoor cannot deliver itself."""

    brought = _read(proof)

    async def work(desk: Desk) -> Outcome:
        kept = _keep(desk, brought)
        acts = Acts(desk, who, act_id)
        return await acts.record_delivery(filing_name, on, kept, reference=reference, phase=phase)

    tell(at_desk(work), "Vastgelegd: ingediend", GIVE_PHASE)


@click.command("judged")
@a_filing
@click.argument("judgement", type=OneOf(JUDGEMENT_WORDS))
@click.option("--proof", type=a_file, help="What proves it: the letter, or a print of the portal.")
@in_phase
@as_person
def judge(filing_name: str, judgement: Judgement, proof: Path | None, phase: str | None, who: str) -> None:
    """Record what the authority says of a return of which Digipoort gives no final status.

    JUDGEMENT is accepted, refused, or lost where the authority says that it has not got the return; or its
    Dutch word. Possible once the work list says that it takes too long, or where it stands still. After lost
    the return can be delivered again with `filing retry`, or the filing cancelled.
    """
    brought = _read(proof)

    async def work(desk: Desk) -> Outcome:
        kept = _keep(desk, brought)
        return await Acts(desk, who).judge_by_hand(filing_name, judgement, kept, phase)

    hints = GIVE_PHASE | {"proof_missing": "Geef op: --proof FILE."}
    tell(at_desk(work), f"Vastgelegd: {JUDGEMENT_WORDS[judgement]}", hints)


@click.command("fact", context_settings={"ignore_unknown_options": True})
@a_filing
@click.argument("fact")
@click.argument("value")
@click.option("--reason", default="", help="Why it is corrected; needed where it was recorded before.")
@in_phase
@far_days_anyway
@as_person
@act_id
def record_fact(
    filing_name: str,
    fact: str,
    value: str,
    reason: str,
    phase: str | None,
    anyway: bool,
    who: str,
    act_id: str | None,
) -> None:
    """Record FACT (its id or title) as VALUE; what hangs on it (dates, conditions) follows at once.

    VALUE is a date (31-12-2025 or 2025-12-31), an amount (1.234,56), a number, a text, ja or nee, or an
    option by its id or title.
    """
    done = f"Vastgelegd: {fact}"
    act(
        *(who, act_id),
        lambda acts: acts.record_fact(filing_name, fact, value, phase, reason, anyway=anyway),
        done,
    )


@click.command()
@a_filing
@click.argument("text")
@for_whom
@for_role
@as_person
@act_id
def note(
    filing_name: str, text: str, whom: str | None, roles: tuple[str, ...], who: str, act_id: str | None
) -> None:
    """Write TEXT on the filing's timeline."""
    audience = _read_audience(whom, roles)
    act(who, act_id, lambda acts: acts.note(filing_name, text, audience), "Genoteerd")


@click.command()
@a_filing
@click.option("--reason", required=True, help="The reason, shown on the timeline.")
@as_person
@act_id
def cancel(filing_name: str, reason: str, who: str, act_id: str | None) -> None:
    """Cancel the filing: nothing more is delivered, and nobody is asked for anything."""
    act(who, act_id, lambda acts: acts.cancel(filing_name, reason), "Geannuleerd")


@click.command()
@a_filing
@click.option("--reason", required=True, help="The reason, shown on the timeline.")
@click.option("--until", type=OfficeDay(), metavar="DAY", help="The day on which it goes on by itself.")
@far_days_anyway
@click.option("--past-legal-day", is_flag=True, help="Also where a statutory deadline ends before DAY.")
@as_person
@act_id
def hold(
    filing_name: str, reason: str, until: date | None, who: str, act_id: str | None, **consents: bool
) -> None:
    """Hold the filing: nothing goes out and nothing begins until `resume`, or until DAY.

    A return or mail that waits for its server waits on; the answer tells what may have left before. Statutory
    deadlines go on.
    """

    async def work(desk: Desk) -> Outcome:
        return await Acts(desk, who, act_id).hold(filing_name, reason, until, **consents)

    tell(at_desk(work), "Aangehouden", GIVE_REASON | GIVE_PAST_LEGAL_DAY)


@click.command()
@a_filing
@as_person
@act_id
def resume(filing_name: str, who: str, act_id: str | None) -> None:
    """Resume a filing that is held; reminders count from today."""
    act(who, act_id, lambda acts: acts.resume(filing_name), "Hervat")


@click.command()
@a_filing
@click.argument("role")
@click.argument("person", type=Person(), required=False)
@click.option("--back", is_flag=True, help="Give it back to who holds the role.")
@click.option("--reason", required=True, help="The reason, shown on the timeline.")
@click.option("--anyway", is_flag=True, help="Also where four eyes keep PERSON from completing some of it.")
@as_person
@act_id
def reassign(
    filing_name: str,
    role: str,
    person: str | None,
    back: bool,
    reason: str,
    anyway: bool,
    who: str,
    act_id: str | None,
) -> None:
    """Give the work of ROLE in this filing to PERSON, or --back.

    PERSON holds the role for the relation, or has the title that the role and its phases ask for.
    """
    if (person is None) != back:
        raise DutchFailure("geef een medewerker op, of --back om het werk terug te geven", WRONG_USE)
    done = "Teruggegeven" if back else f"Overgedragen aan {person}"
    act(who, act_id, lambda acts: acts.reassign(filing_name, role, person, reason, anyway=anyway), done)


@click.command()
@a_filing
@click.argument("person", type=Person())
@click.option("--reason", required=True, help="The reason, shown on the timeline.")
@in_phase
@as_person
@act_id
def waive(
    filing_name: str, person: str, reason: str, phase: str | None, who: str, act_id: str | None
) -> None:
    """Make an exception to four eyes: let PERSON complete a phase although they did the work.

    For who holds the role that the template names for it; never for oneself.
    """
    act(who, act_id, lambda acts: acts.waive(filing_name, person, reason, phase), "Uitzondering gegeven")


@click.command()
@a_filing
@in_phase
@as_person
@act_id
def retry(filing_name: str, phase: str | None, who: str, act_id: str | None) -> None:
    """Retry what is stalled (`kantoor work` shows it as 'staat stil')."""
    act(who, act_id, lambda acts: acts.retry(filing_name, phase), "Opnieuw geprobeerd")


@click.command()
@a_filing
@click.argument("kind", metavar="KIND")
@click.option("--document", "file", type=a_file, required=True, help="The notice itself, as proof.")
@click.option("--reason", required=True, help="How it was received, shown on the timeline.")
@click.option("--date", "day", type=OfficeDay(), required=True, help="The date of the notice.")
@click.option("--reference", help="The reference (kenmerk) of the notice.")
@in_phase
@far_days_anyway
@as_person
@act_id
def notice(
    filing_name: str,
    kind: str,
    file: Path,
    reason: str,
    day: date,
    reference: str | None,
    phase: str | None,
    anyway: bool,
    who: str,
    act_id: str | None,
) -> None:
    """Record by hand that a notice of this KIND was received, for which the filing waits.

    `kantoor inbox add` does it for any relation, and finds the filing itself.
    """

    letter = read_upload(file)

    async def work(desk: Desk) -> Outcome:
        proof = keep_proof(desk, letter)
        return await Acts(desk, who, act_id).notice(
            *(filing_name, kind, day),
            reason=reason,
            document=proof,
            reference=reference,
            phase=phase,
            anyway=anyway,
        )

    tell(at_desk(work), f"Vastgelegd: {kind}", GIVE_PHASE | GIVE_REASON | GIVE_PROOF)


@click.command()
@a_filing
@click.argument("task_id", metavar="TASK")
@click.option("--code", help="The code that the task asks for.")
@click.option(
    "--document",
    "file",
    type=a_file,
    help="The document it asks for.",
)
@as_person
@act_id
def finish_task(
    filing_name: str, task_id: str, code: str | None, file: Path | None, who: str, act_id: str | None
) -> None:
    """Finish TASK of FILING, with the proof that it asks for; `kantoor work` names it."""
    if code and file:
        raise DutchFailure("geef --code of --document op, niet beide", WRONG_USE)
    brought = _read(file)

    async def work(desk: Desk) -> Outcome:
        proof = code or _keep(desk, brought)
        return await Acts(desk, who, act_id).task_done(filing_name, task_id, proof)

    tell(at_desk(work), f"Taak afgerond: {task_id}", GIVE_PROOF)


def _read(file: Path | None) -> Upload | None:
    """Read a file that was given as a proof; raises DutchFailure where it is not one that is taken."""
    return read_upload(file) if file else None


def _keep(desk: Desk, brought: Upload | None) -> str | None:
    """Keep a proof and return its hash."""
    return keep_proof(desk, brought) if brought else None


def _hashes(seen: tuple[str, ...]) -> dict[str, str] | None:
    found = dict(one.split("=", 1) for one in seen if "=" in one)
    if len(found) < len(seen):
        raise DutchFailure(
            "schrijf bij --hash DOCUMENT=HASH, zoals `kantoor filing show` ze toont", WRONG_USE
        )
    return found or None


_ON_FILINGS = (
    *(attach_command, check, uncheck, record_fact, complete, back, release, decide),
    *(record_delivery, judge, note, notice, cancel, hold, resume, reassign, waive, retry),
    move_command,
)
acts: dict[str, dict[str, click.Command]] = {
    "filing": {command.name or "": command for command in _ON_FILINGS},
    "task": {"done": finish_task},
    "request": request_acts,
}

"""What people do about requests of data, as commands of `kantoor request`."""

from pathlib import Path

import click

from ..service.desk import Desk
from ..service.filings.acts import Acts, Outcome
from ..service.filings.proofs import keep_document, keep_proof
from ..service.filings.requests import read_answer_file
from .acting import act, tell
from .desk import at_desk, read_upload, unwrap_result
from .failures import WRONG_USE, DutchFailure
from .hints import GIVE_REASON, give_lacking
from .options import a_file, a_filing, act_id, as_person

a_request = click.argument("request_name", metavar="REQUEST")
an_item = click.argument("item", required=False, metavar="[ITEM]")


@click.command()
@a_filing
@a_request
@an_item
@click.option("--file", "answers", type=a_file, help="The answers to a form: a YAML or JSON file, by field.")
@click.option("--document", "files", type=a_file, multiple=True, help="A document for ITEM; may be repeated.")
@click.option("--for", "contact", metavar="CONTACT", help="Record what this contact answered.")
@click.option("--proof", type=a_file, help="With --for: a file that proves it; documents prove themselves.")
@as_person
@act_id
def answer(
    filing_name: str,
    request_name: str,
    item: str | None,
    answers: Path | None,
    files: tuple[Path, ...],
    contact: str | None,
    proof: Path | None,
    who: str,
    act_id: str | None,
) -> None:
    """Answer REQUEST of FILING: a form with --file, an ITEM of a list with --document.

    As the client, or as a colleague with --for. `kantoor request show FILING REQUEST` names the questions.
    """
    if bool(answers) == bool(files):
        raise DutchFailure("geef --file op voor een formulier, of --document voor een stuk", WRONG_USE)
    values = unwrap_result(read_answer_file(answers), status=WRONG_USE) if answers else None
    given, proved = [read_upload(file) for file in files], read_upload(proof) if proof else None

    async def work(desk: Desk) -> Outcome:
        documents = tuple(keep_document(desk, file) for file in given)
        kept = keep_proof(desk, proved) if proved else None
        return await Acts(desk, who, act_id).answer(
            filing_name,
            request_name,
            values=values,
            item=item,
            documents=documents,
            contact=contact,
            proof=kept,
        )

    hints = give_lacking({"--for CONTACT": contact, "--proof FILE": proof})
    tell(at_desk(work), f"Ontvangen: {request_name}{f' {item}' if item else ''}", hints)


@click.command()
@a_filing
@a_request
@an_item
@as_person
@act_id
def accept(filing_name: str, request_name: str, item: str | None, who: str, act_id: str | None) -> None:
    """Accept what came in for REQUEST, or for ITEM of it; it counts as complete from then on."""
    act(who, act_id, lambda acts: acts.accept_item(filing_name, request_name, item), "Geaccepteerd")


@click.command("send-back")
@a_filing
@a_request
@an_item
@click.option("--reason", required=True, help="What is wrong with it; shown on the timeline.")
@as_person
@act_id
def send_back(
    filing_name: str, request_name: str, item: str | None, reason: str, who: str, act_id: str | None
) -> None:
    """Send back what came in for REQUEST, or for ITEM of it; the client is asked for it again."""
    act(
        who,
        act_id,
        lambda acts: acts.send_back_item(filing_name, request_name, item, reason),
        "Teruggestuurd",
    )


@click.command("not-applicable")
@a_filing
@a_request
@an_item
@click.option("--reason", default="", help="Why; a colleague always gives it.")
@as_person
@act_id
def not_applicable(
    filing_name: str, request_name: str, item: str | None, reason: str, who: str, act_id: str | None
) -> None:
    """Say that REQUEST, or ITEM of it, does not apply: a colleague, or the client where it is optional."""

    async def work(desk: Desk) -> Outcome:
        return await Acts(desk, who, act_id).not_applicable(filing_name, request_name, item, reason)

    tell(at_desk(work), "Niet van toepassing", GIVE_REASON)


acts: dict[str, click.Command] = {
    command.name or "": command for command in (answer, accept, send_back, not_applicable)
}

"""Bulk runs: what somebody asks for many at once is shown first, then confirmed, then followed."""

from typing import Any

from starlette.responses import Response

from ...service.bulk import reading, runs
from ...service.bulk.asking import EDITS
from ...service.bulk.reading import RunPage
from ...service.bulk.selecting import Chosen
from ...service.bulk.telling import say_cancelled, say_saved
from ...service.filings.move_verdicts import point_to
from ...service.lists import bulk_table
from ...service.results import Refusal, gather_refusals
from ...words import ACTION_WORDS, BULK_STEP_WORDS, FORESEEN_WORDS, LINE_WORDS, RUN_WORDS, say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..csv_file import answer_csv
from ..drafts import lead_back, lead_with, open_draft
from ..filtering import address_of, read_page
from ..page import Page
from .bulk_form import FIELDS, name_fields, read_asked

NEW = "/bulk/nieuw"
SHOWN = {"kan": "ready", "al-zo": "already", "kan-niet": "not_ready"}
"""What can be asked for of the lines of a dry run, as the address says it."""
LONGEST = {"relaties": 50_000, "reden": 1000, "filter": 2000}
"""Signs of what is typed, by field."""
NO_FILTER = Refusal(
    code="nothing_selected",
    text="Zonder filter zijn dit alle relaties. Typ hieronder een filter, of vink relaties aan.",
)


def list_all(call: Call) -> Response:
    """Show a page of the bulk runs."""
    return show(
        call,
        "bulk_list.html.j2",
        found=reading.list_runs(call.desk, read_page(call)),
        words=RUN_WORDS,
        turn=lambda page: address_of("/bulk", pagina=page),
    )


def ask_new(call: Call) -> Response:
    """Show the form of a new bulk run, with what was typed: a reason or a name is in no address."""
    call = open_draft(call, NEW)
    left_out = ("undo",) if call.me.manager else ("undo", "move")
    return show(
        call,
        "bulk_new.html.j2",
        choices=reading.read_choices(call.desk),
        given={name: call.read_text(name) for name in FIELDS},
        refusal=call.told.refusal,
        actions={action: word for action, word in ACTION_WORDS.items() if action not in left_out},
    )


def ask_for_chosen(call: Call) -> Response:
    """Lead to the form for the relations that were ticked in a list, or for all that its filter finds."""
    if call.read_text("keuze") != "alles":
        return lead_with(call, ask_new, NEW, relaties=" ".join(call.read_texts("relatie")))
    if not call.read_text("filter"):
        return lead_back(call, ask_new, NEW, refusal=NO_FILTER)
    return lead_with(call, ask_new, NEW, filter=call.read_text("filter"))


def prepare(call: Call) -> Response:
    """Work out what was asked, and show it: nothing is done yet."""
    given = {name: call.read_text(name) for name in FIELDS}
    chosen = Chosen(numbers=given["relaties"], filter=given["filter"])
    asked, wrong = read_asked(given)
    for name, most in LONGEST.items():
        long = say_too_long(given[name], most)
        wrong += [Refusal(code="long_text", text=long, field=name)] if long else []
    if asked is None or wrong:
        unmet = runs.find_wrong(call.desk, asked, chosen)
        known = {one.field for one in wrong}
        wrong += [one for one in name_fields(asked, given, unmet) if one.field not in known]
        return lead_back(call, ask_new, NEW, refusal=gather_refusals(*wrong))
    found = runs.prepare(call.desk, call.me.id, asked, chosen, call.act_id)
    if isinstance(found, Refusal):
        return lead_back(call, ask_new, NEW, refusal=gather_refusals(*name_fields(asked, given, found)))
    return go(call, f"/bulk/{found}")


def show_run(call: Call) -> Response:
    """Show a bulk run with a page of its lines."""
    call = open_draft(call, f"/bulk/{call.path['number']}")
    return _show_run(call)


def change_run(call: Call) -> Response:
    """Confirm, pause, resume or cancel a bulk run."""
    number, doing = _read_number(call), call.read_text("doen")
    desk, who = call.desk, call.me.id
    if doing == "bevestigen":
        typed = call.read_text("aantal")
        count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1
        refusal = call.acting.run(runs.confirm(desk, who, number, count))
        word = _say_confirmed(call, number)
    elif doing == "pauzeren":
        refusal, word = runs.pause(desk, who, number), "Gepauzeerd: er wordt niets nieuws begonnen."
    elif doing == "hervatten":
        refusal, word = call.acting.run(runs.resume(desk, who, number)), "De bulkactie gaat verder."
    elif doing == "annuleren":
        refusal = runs.cancel(desk, who, number)
        word = _say_cancelled(call, number)
    elif doing == "terugdraaien":
        return _go_to(call, runs.prepare_undo(desk, who, number, call.act_id))
    elif doing == "opnieuw":
        return _go_to(call, runs.prepare_again(desk, who, number, call.act_id))
    else:
        not_there()
    if refusal is not None:
        if refusal.code == "other_number":
            refusal = Refusal(code=refusal.code, text=refusal.text, field="aantal")
        return _lead_back(call, refusal)
    return go(call, f"/bulk/{number}", word)


def _say_confirmed(call: Call, number: int) -> str:
    """Return what confirming came to: edits are written by now."""
    found = reading.read_run(call.desk, number)
    if isinstance(found, RunPage) and found.run.asked.action in EDITS:
        return say_saved(found.run)
    return "De bulkactie wordt uitgevoerd."


def _say_cancelled(call: Call, number: int) -> str:
    found = reading.read_run(call.desk, number)
    return f"Geannuleerd. {say_cancelled(found.run)}" if isinstance(found, RunPage) else "Geannuleerd."


def _go_to(call: Call, made: int | Refusal) -> Response:
    """Show the run that was worked out from another, or why there is none."""
    return _lead_back(call, made) if isinstance(made, Refusal) else go(call, f"/bulk/{made}")


def _lead_back(call: Call, refusal: Refusal) -> Response:
    return lead_back(call, show_run, f"/bulk/{call.path['number']}", refusal=refusal, status=409)


def download(call: Call) -> Response:
    """Return all lines of a bulk run as a file."""
    number = _read_number(call)
    lines = reading.read_lines(call.desk, number)
    if isinstance(lines, Refusal):
        not_there()
    return answer_csv(f"bulk-{number}.csv", bulk_table(lines))


def _show_run(call: Call) -> Response:
    number, shown = _read_number(call), call.query.get("proef", "")
    status = call.query.get("uitkomst", "")
    foreseen: Any = SHOWN.get(shown)
    page = reading.read_run(call.desk, number, read_page(call), foreseen=foreseen, status=status)
    if not isinstance(page, RunPage):
        not_there()
    base = f"/bulk/{number}"
    return show(
        call,
        "bulk_run.html.j2",
        page=page,
        run=page.run,
        edits=page.run.asked.action in EDITS,
        refusal=call.told.refusal,
        base=base,
        shown={foreseen: (name, FORESEEN_WORDS[foreseen]) for name, foreseen in SHOWN.items()},
        line_words=LINE_WORDS,
        foreseen_words=FORESEEN_WORDS,
        run_words=RUN_WORDS,
        step_words=BULK_STEP_WORDS,
        asked_for=shown or status,
        address=lambda **which: address_of(base, **which),
        turn=lambda to: address_of(base, proef=shown, uitkomst=status, pagina=to),
        moves=page.run.asked.action == "move" and call.me.manager,
        say=lambda text: point_to(text, "kies dat dan bij ‘Verplaatsen’ van de opdracht zelf."),
    )


def _read_number(call: Call) -> int:
    number = call.path["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        not_there()
    return int(number)


PAGES = (
    Page("/bulk", "team", list_all),
    Page(NEW, "team", ask_new),
    Page(NEW, "team", prepare, "POST"),
    Page("/bulk/kies", "team", ask_for_chosen, "POST", form=NEW),
    Page("/bulk/{number}", "team", show_run),
    Page("/bulk/{number}", "team", change_run, "POST"),
    Page("/bulk/{number}/csv", "team", download),
)

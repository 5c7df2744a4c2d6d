"""The scenes of a month, in order; each says what happens and shows it."""

import asyncio
from datetime import datetime
from pathlib import Path

from ...compiler.compilation import compile_definitions
from ...compiler.reports.text import summary
from ...compiler.reports.text import text as diagnostics_text
from ...filing.outcome import Refusal
from ...mail.catcher import list_caught
from ...office.filings.deliveries import Delivery
from ...period import Period
from ...service.overviews import reading
from ...service.relations.relations import Imported, describe_import, import_relations
from ...service.releasing.deploying import (
    Deployable,
    Deployed,
    Mistaken,
    deploy,
    describe_published,
    read_definitions,
)
from ...service.starting.starting import Selection, Wish, start
from . import players, printing
from .players import INFORMED, LOST, MONTHLY, PHONED, REFUSED, REJECTS, SILENT
from .stage import PERIOD, TEMPLATE, DemoFailedError, Stage, filing_name

DEFINITIONS = Path(__file__).parents[2] / "definitions"
STARTER = "marieke"
FLYING = ("sending", "unknown", "taken")
"""What a delivery is between its first byte and the authority's judgement."""


async def deploying(stage: Stage) -> None:
    """Check the shipped definitions and publish their plans."""
    stage.say("   $ kantoor check")
    compiled = compile_definitions(DEFINITIONS)
    if compiled.errors:
        raise DemoFailedError(diagnostics_text(compiled))
    stage.say(f"   {summary(compiled)}")
    stage.say("   $ kantoor deploy")
    ready = read_definitions(DEFINITIONS)
    if not isinstance(ready, Deployable):
        raise DemoFailedError(ready.report)
    result = deploy(stage.desk, ready, "demo")
    if isinstance(result, Mistaken):
        raise DemoFailedError(result.report)
    assert isinstance(result, Deployed), "nobody else publishes here, and there is no review"
    for plan in result.plans:
        stage.say(f"   {describe_published(plan)}")


async def importing(stage: Stage) -> None:
    """Import relations and people, and show what one of them lacks."""
    stage.say(f"   $ kantoor relation import {printing.folder(players.SAMPLE)}")
    result = import_relations(stage.desk, players.SAMPLE)
    if isinstance(result, Refusal):
        raise DemoFailedError(result.text)
    if not isinstance(result, Imported):
        raise DemoFailedError("\n".join(map(str, result.problems)))
    for line in describe_import(result):
        stage.say(f"   {line}")


async def starting(stage: Stage) -> None:
    """Start the return for January for all relations that file monthly, first as a dry run."""
    wish = Wish(
        template=TEMPLATE,
        period=Period.parse(PERIOD),
        selection=Selection(product="aangifte-btw", frequency="month"),
        start_date=datetime(2025, 12, 31).date(),
        recurring=True,
    )
    stage.say(f"   $ kantoor start {TEMPLATE} --period {PERIOD} --product aangifte-btw --frequency month \\")
    stage.say(f"       --date 2025-12-31 --recurring --as {STARTER} --dry-run")
    planned = await start(stage.desk, STARTER, wish, dry_run=True)
    if not isinstance(planned, Refusal):
        stage.say(printing.render_starts(planned))
        planned = await stage.persist(lambda: start(stage.desk, STARTER, wish, dry_run=False))
    if isinstance(planned, Refusal):
        raise DemoFailedError(planned.text)
    await stage.wait_for("ten filings", lambda: sum(f.recorded > 0 for f in stage.filings(PERIOD)) == 10)
    stage.say("\n   the same without --dry-run: started; every following month starts automatically")


async def waiting_for_february(stage: Stage) -> None:
    """Let January go by: clients are asked for their papers, February's filings start automatically."""
    stage.say("   $ kantoor practice run --until 2026-02-01")
    await stage.set_until(datetime(2026, 2, 1, 18))
    await stage.wait_for("February's filings", lambda: len(stage.filings("2026-02")) == len(MONTHLY))
    for relation in MONTHLY:
        await stage.wait_for_phase(filing_name(relation), "verzamelen")
    asked = list_caught(stage.desk.settings.mailbox)
    started = len(stage.filings("2026-02"))
    stage.say(f"   {started} filings for February started automatically on 31 January")
    stage.say(f"   {len(asked)} messages went out; the first one reads:\n")
    stage.say("\n".join(f"     {line}" for line in asked[0].text.splitlines()))


async def working(stage: Stage) -> None:
    """The team collects, prepares and reviews; every return then goes to its client by itself."""
    await stage.set_until(datetime(2026, 2, 3, 9))
    found = reading.work(stage.desk, "sanne")
    if isinstance(found, Refusal):
        raise DemoFailedError(found.text)
    stage.say("   $ kantoor work --as sanne   (three of its columns)\n" + printing.work(found))
    stage.say(f"\n   {len(MONTHLY)} returns are collected, made and reviewed at once …")
    await players.each(stage, "the team", MONTHLY, players.collect, players.prepare, players.review)
    stage.say(f"\n   {len(MONTHLY)} returns made from figures, reviewed by somebody else and offered")


async def deciding(stage: Stage) -> None:
    """Clients decide; the worker is killed while returns are on their way."""
    await stage.set_until(datetime(2026, 2, 4, 9))
    await players.reject(stage, REJECTS, "De omzet van project Zuid ontbreekt nog.")
    stage.say("   Kees Vermeer rejects: 'De omzet van project Zuid ontbreekt nog.'")
    note = "4 februari, Marieke belde Jan Peters: akkoord met de aangifte over januari."
    await players.phone(stage, PHONED, note)
    stage.say("   Jan Peters approves by telephone; Marieke records it with reason and proof")
    by_themselves = tuple(r for r in MONTHLY if r not in {REJECTS, SILENT, INFORMED, PHONED})
    stage.say(
        f"   {len(by_themselves)} clients approve; Hugo Bos says nothing; Wietske Elzinga is informed only,"
    )
    stage.say("   under a standing authority, with two working days to object")
    # Looked for while they approve: afterwards the last return may have landed already.
    await asyncio.gather(players.each(stage, "the clients", by_themselves, players.approve), killing(stage))
    await going_on(stage)


async def killing(stage: Stage) -> None:
    """Kill the worker with a return in flight.

    The answer to one return is lost by the script, which keeps it in flight for seconds. On a machine that
    was too busy to see even that, all are judged when we look: then the worker is killed all the same.
    """
    returning = set(MONTHLY) - {REJECTS, SILENT, INFORMED}
    seen: list[Delivery] = []

    def seen_flying() -> bool:
        deliveries = stage.deliveries()
        seen[:] = [d for d in deliveries if d.status in FLYING]
        return bool(seen) or find_judged(stage) >= returning

    await stage.wait_for("a return in flight", seen_flying)
    stage.office.kill("worker")
    stage.say(f"   {printing.describe_kill(len(seen))}")


async def going_on(stage: Stage) -> None:
    """See everything go on."""
    expected = set(MONTHLY) - {REJECTS, SILENT, INFORMED}
    await stage.wait_for("all returns judged", lambda: find_judged(stage) >= expected)
    deliveries = stage.deliveries()
    stage.say(
        f"   it runs again, and they went on: {sum(d.status == 'accepted' for d in deliveries)} accepted, "
        f"{sum(d.status == 'refused' for d in deliveries)} refused;"
    )
    stage.say(
        f"   the answer to {LOST}'s return was lost on the way; kantoor asked for it and did not send twice"
    )


async def correcting(stage: Stage) -> None:
    """The rejected and the refused return are corrected and approved; who was informed did not object."""
    refused = next(d for d in stage.deliveries() if d.status == "refused")
    stage.say(f"   the Belastingdienst on {REFUSED}: '{refused.text}' ({refused.code})")

    async def correct(stage: Stage, relation: str) -> None:
        await players.prepare(stage, relation, "-verbeterd")

    await players.each(stage, "the corrections", (REJECTS, REFUSED), correct, players.review, players.approve)
    accepted = set(MONTHLY) - {SILENT}
    await stage.set_until(datetime(2026, 2, 10, 9))
    await stage.wait_for("the corrected returns", lambda: find_judged(stage, "accepted") >= accepted)
    stage.say("   both made again from other figures, reviewed, approved, delivered and accepted")
    stage.say("   Wietske Elzinga did not object within two working days: hers is delivered too")


async def finishing(stage: Stage) -> None:
    """Receipts are filed and filings closed; who stays silent is reminded and escalated by the clock."""
    await players.each(stage, "the team", tuple(r for r in MONTHLY if r != SILENT), players.finish)
    stage.say("   $ kantoor practice run --until 2026-02-25")
    await stage.set_until(datetime(2026, 2, 25, 18))
    await stage.wait_for("the escalation", lambda: "escalated" in list_timeline_words(stage, SILENT))
    words = list_timeline_words(stage, SILENT)
    stage.say(f"   nine filings are closed; Hugo Bos was reminded {words.count('reminded')} times, then")
    stage.say(
        "   escalated to the accountant, three working days before the last day. Silence is never approval."
    )


async def showing(stage: Stage) -> None:
    """Show the planner and one whole timeline."""
    grids = reading.planner_grids(stage.desk, "aangifte-btw", 2026)
    if isinstance(grids, Refusal):
        raise DemoFailedError(grids.text)
    stage.say("   $ kantoor planner")
    for one in grids:
        stage.say(printing.grid(one))
    page = reading.filing_page(stage.desk, filing_name(REFUSED))
    if isinstance(page, Refusal):
        raise DemoFailedError(page.text)
    shown = f"$ kantoor filing show {filing_name(REFUSED)}   (its timeline alone)"
    stage.say(f"\n   {shown}\n{printing.timeline(page.timeline)}")


def find_judged(stage: Stage, *statuses: str) -> set[str]:
    """Return the relations with a delivery in one of these statuses: judged, when none is named."""
    wanted = statuses or ("accepted", "refused")
    return {d.relation for d in stage.deliveries() if d.status in wanted}


def list_timeline_words(stage: Stage, relation: str) -> list[str]:
    """Return what happened to a relation's filing: the stable word of each timeline entry."""
    page = reading.filing_page(stage.desk, filing_name(relation))
    return [] if isinstance(page, Refusal) else [line.what for line in page.timeline]

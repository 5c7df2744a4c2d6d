"""The players: the office's team and its clients, acting as the commands let them."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

from ...filing.view import PhaseView
from ...service.filings.acts import Acts, Outcome
from ...service.filings.attaching import Attached, attach
from ...service.filings.proofs import keep_proof
from ...service.results import Refusal
from ...service.uploads import Upload, check_upload
from .stage import DemoFailedError, Stage, filing_name

Step = Callable[[Stage, str], Awaitable[None]]

SAMPLE = Path(__file__).parents[1] / "sample"
MONTHLY = tuple(str(number) for number in range(1001, 1011))
"""Those who file by the month and are ready."""

REJECTS, SILENT, REFUSED, INFORMED, PHONED, LOST = "1004", "1005", "1006", "1007", "1008", "1009"
BOOKKEEPERS = {relation: ("joost", "sanne")[int(relation) % 2] for relation in MONTHLY}
REVIEWER, MANAGER = "tom", "marieke"
CLIENTS = {
    "1001": "c-anja",
    "1002": "c-piet",
    "1003": "c-mia",
    "1004": "c-kees",
    "1005": "c-hugo",
    "1006": "c-ilse",
    "1008": "c-jan",
    "1009": "c-bram",
    "1010": "c-elif",
}


async def collect(stage: Stage, relation: str) -> None:
    """The bookkeeper has everything and says so."""
    await complete(stage, filing_name(relation), "verzamelen", BOOKKEEPERS[relation])


async def prepare(stage: Stage, relation: str, figures: str = "") -> None:
    """The bookkeeper makes the return of figures, and finishes the phase."""
    await stage.wait_for_phase(filing_name(relation), "opstellen")
    who = BOOKKEEPERS[relation]
    file = SAMPLE / "figures" / f"{relation}{figures}.csv"
    act_id = uuid4().hex

    async def attach_figures() -> object:
        result = await attach(stage.desk, who, filing_name(relation), file, act_id=act_id)
        return result.outcome if isinstance(result, Attached) else result

    await stage.until_known(who, attach_figures)
    await complete(stage, filing_name(relation), "opstellen", who)


async def review(stage: Stage, relation: str) -> None:
    """Somebody else reviews exactly this return; with that it goes to the client by itself."""
    await complete(stage, filing_name(relation), "controle", REVIEWER)


async def approve(stage: Stage, relation: str) -> None:
    """The client approves what was shown."""
    await _wait_for_offer(stage, relation)
    await stage.act(CLIENTS[relation], lambda acts: acts.decide(filing_name(relation), "approve"))


async def reject(stage: Stage, relation: str, reason: str) -> None:
    """The client says no, and why."""
    await _wait_for_offer(stage, relation)
    name = filing_name(relation)
    await stage.act(CLIENTS[relation], lambda acts: acts.decide(name, "reject", reason=reason))


def a_file(name: str, content: bytes) -> Upload:
    """Return a file as it is taken from whoever brings one."""
    file = check_upload(name, content)
    if isinstance(file, Refusal):
        raise DemoFailedError(file.text)
    return file


async def phone(stage: Stage, relation: str, note: str) -> None:
    """A team member who did not prepare the return records what the client said, with reason and proof."""
    await _wait_for_offer(stage, relation)
    proof = keep_proof(stage.desk, a_file("telefoonnotitie.txt", note.encode()))
    name, client = filing_name(relation), CLIENTS[relation]
    await stage.act(
        MANAGER,
        lambda acts: acts.decide(name, "approve", contact=client, reason="Telefonisch akkoord", proof=proof),
    )


async def finish(stage: Stage, relation: str) -> None:
    """The bookkeeper files the receipt and closes."""
    await complete(stage, filing_name(relation), "afronden", BOOKKEEPERS[relation])


async def complete(stage: Stage, name: str, phase: str, who: str) -> None:
    """Tick what a phase of a filing asks for and complete it."""
    await stage.wait_for_phase(name, phase)
    points = [c.id for c in _phase(stage, name, phase).checkpoints if c.required and not c.by]
    for point in points:
        await stage.act(who, partial(_tick, name=name, point=point, phase=phase))
    await stage.act(who, lambda acts: acts.complete(name, phase))


async def each(stage: Stage, what: str, relations: tuple[str, ...], *steps: Step) -> None:
    """Play the same steps for several relations at once, as people in an office work.

    `what` names them all, for whoever waits: how many steps are done is counted.
    """
    done = 0

    async def one(relation: str) -> None:
        nonlocal done
        for step in steps:
            await step(stage, relation)
            done += 1

    async with stage.narrate(what, lambda: f"; {done} of {len(relations) * len(steps)} steps done"):
        await asyncio.gather(*(one(relation) for relation in relations))


def _tick(acts: Acts, *, name: str, point: str, phase: str) -> Awaitable[Outcome]:
    return acts.check(name, point, phase)


async def _wait_for_offer(stage: Stage, relation: str) -> None:
    """Wait until the client was sent what they are to decide on."""

    def waiting() -> bool:
        view = stage.view(filing_name(relation))
        return view is not None and any(offer.status == "waiting" for offer in view.offers)

    await stage.wait_for(f"the offer to {relation}", waiting)


def _phase(stage: Stage, name: str, phase: str) -> PhaseView:
    view = stage.view(name)
    found = next((p for p in view.phases if p.id == phase), None) if view else None
    if found is None:
        raise DemoFailedError(f"{name} has no phase {phase}")
    return found

"""`make chaos` in short: one round, a few filings, each program killed; and what its checks find."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.chaos.evidence import Evidence
from bench.chaos.kills import PROGRAMS
from bench.chaos.people import Manners
from bench.chaos.printed import report
from bench.chaos.proof import CHECKS
from bench.chaos.run import Ran, Wanted, run

SHORT = Wanted(
    seed=5,
    rounds=1,
    filings=5,
    informed=1,
    kills=len(PROGRAMS),
    day=0.2,
    manners=Manners(thinking=0.2, clumsy=0.3),
)


def violations(ran: Ran) -> dict[str, list[str]]:
    return {title: found for title, check in CHECKS.items() if (found := list(check(ran)))}


def falsified(ran: Ran, change: Callable[[Evidence], dict[str, object]]) -> Ran:
    return replace(ran, evidence=replace(ran.evidence, **change(ran.evidence)))


def without_last(name: str) -> Callable[[Evidence], dict[str, object]]:
    return lambda evidence: {name: getattr(evidence, name)[:-1]}


def other_bytes(evidence: Evidence) -> dict[str, object]:
    first, *others = evidence.journal
    return {"journal": (replace(first, sha256="0" * 64), *others)}


def twice_taken(evidence: Evidence) -> dict[str, object]:
    return {"journal": (*evidence.journal, replace(evidence.journal[0], kenmerk="another"))}


def unmarked_repeat(evidence: Evidence) -> dict[str, object]:
    return {"caught": (*evidence.caught, replace(evidence.caught[0], repeated=False))}


def stale_record(evidence: Evidence) -> dict[str, object]:
    first, *others = evidence.filings
    return {"filings": (first.model_copy(update={"state_digest": "0" * 64}), *others)}


def act_lost(evidence: Evidence) -> dict[str, object]:
    last = next(line for line in reversed(evidence.timeline) if line.what == "checkpoint_ticked")
    return {"timeline": tuple(line for line in evidence.timeline if line != last)}


def act_doubled(evidence: Evidence) -> dict[str, object]:
    last = next(line for line in reversed(evidence.timeline) if line.what == "checkpoint_ticked")
    return {"timeline": (*evidence.timeline, replace(last, sequence=last.sequence + 1000))}


def crashed(evidence: Evidence) -> dict[str, object]:
    return {"said": (*evidence.said, "The worker ended (status 70); it starts again in 1 s.")}


FALSE_RECORDS = {
    "every filing ended as its story says": [without_last("filings")],
    "recorded state and view are the workflow's own": [stale_record],
    "no acknowledged act lost, none doubled": [act_lost, act_doubled],
    "every delivery made once, byte for byte": [without_last("journal"), other_bytes, twice_taken],
    "only what was agreed was delivered": [without_last("deliveries")],
    "every message arrived, repeats by kills only, marked": [without_last("caught"), unmarked_repeat],
    "no alarms, no crashes of its own": [crashed],
}


@pytest.mark.timeout(300)
def test_a_short_run_is_proved_and_each_false_record_is_found(tmp_path):
    ran = asyncio.run(run(SHORT, tmp_path / "home", lambda line: None))
    text, count = report(ran)
    assert count == 0, text
    assert ran.kills
    assert any(sent.unknown for sent in ran.memory.sent)
    assert any(sent.repeated for sent in ran.memory.sent)
    assert set(CHECKS) == set(FALSE_RECORDS)
    for title, changes in FALSE_RECORDS.items():
        for change in changes:
            assert title in violations(falsified(ran, change)), change

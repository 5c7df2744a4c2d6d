"""Which programs of the office answer, from when each was last heard of (`office.programs`)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from ...office.programs import Heard, Program
from ...plan import Model

WORKER_PATIENCE = timedelta(seconds=90)
"""A worker that has not looked for longer than this does not run; it looks every 20 seconds."""

ProgramName = Literal["portal", "worker", "temporal", "mail", "digipoort"]


class ProgramLine(Model):
    """Whether a program answers; `at` is since when it does not, or when it last did. Real time."""

    name: ProgramName
    state: Literal["answers", "silent", "unknown"]
    at: datetime | None = None


def judge_programs(heard: Mapping[Program, Heard], now: datetime) -> tuple[ProgramLine, ...]:
    """Say of each program whether it answers; `now` is real time.

    These pages do: somebody reads them. Of the Temporal server nobody knows it while no worker asks it.
    """
    looked = heard["worker"].answered_at
    if looked is None or looked > now - WORKER_PATIENCE:
        worker = ProgramLine(name="worker", state="answers" if looked else "unknown")
    else:
        worker = ProgramLine(name="worker", state="silent", at=looked)
    server = _judge("temporal", heard["temporal"])
    if worker.state != "answers":
        server = ProgramLine(name="temporal", state="unknown")
    portal = ProgramLine(name="portal", state="answers")
    return portal, worker, server, _judge("mail", heard["mail"]), _judge("digipoort", heard["digipoort"])


def _judge(name: Program, heard: Heard) -> ProgramLine:
    if heard.silent_since is not None:
        return ProgramLine(name=name, state="silent", at=heard.silent_since)
    if heard.answered_at is None:
        return ProgramLine(name=name, state="unknown")
    return ProgramLine(name=name, state="answers", at=None if name == "temporal" else heard.answered_at)

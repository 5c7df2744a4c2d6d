"""What was found is kept: plans and policies that did not change are not walked again.

A result is named after all that it follows from: the plan, the office, the policies, and the code that walks.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec

from ..data import Struct, canonical, digest_of, read
from ..files import make_folder, write_whole
from ..filing.events import AnyEvent, Start
from ..plan import Office, Plan
from ..policy import Policy
from .completing import Stuck
from .holding import MOST_STATES, Found, hold_policies
from .judging import Breach
from .watching import Broken


class _KeptBreach(Struct):
    policy: str
    names: tuple[str, ...]
    events: tuple[AnyEvent, ...]
    said: str
    about: str | None = None


class _Kept(Struct):
    template: str
    starts: tuple[Start, ...]
    breaches: tuple[_KeptBreach, ...]
    applied: tuple[str, ...]
    closes: bool
    stuck: tuple[Stuck, ...]
    states: int
    steps: int
    exhaustive: bool
    days_to_act: int
    untried: tuple[str, ...] = ()


def find_cache() -> Path:
    """Return the folder in which results are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "kantoor" / "policies"


def hold_kept(
    plan: Plan, office: Office, policies: Iterable[Policy], folder: Path | None, most: int = MOST_STATES
) -> Found:
    """Return what was found for a plan and policies, from the folder where it is kept there."""
    policies = tuple(policies)
    kept = find_kept(plan, office, policies, folder, most)
    if kept is not None:
        return kept
    content = _write(hold_policies(plan, office, policies, most))
    if folder is not None:
        with suppress(OSError):  # what cannot be kept is found again next time
            make_folder(folder)
            write_whole(folder / f"{name_result(plan, office, policies, most)}.json", content)
    return _read(content)


def find_kept(
    plan: Plan, office: Office, policies: Iterable[Policy], folder: Path | None, most: int = MOST_STATES
) -> Found | None:
    """Return what is kept for a plan and policies, or None."""
    if folder is None:
        return None
    try:
        return _read((folder / f"{name_result(plan, office, tuple(policies), most)}.json").read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def name_result(plan: Plan, office: Office, policies: tuple[Policy, ...], most: int) -> str:
    """Return the digest of all that a result follows from."""
    return digest_of(canonical((_digest_code(), plan, office, policies, most)))


@lru_cache(maxsize=1)
def _digest_code() -> str:
    """Return the digest of the code that finds results: the machine, who walks it, and the leaves below."""
    own = Path(__file__).parent.parent
    folders = [own, *(own / name for name in ("filing", "exploring", "policies", "simulation"))]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    return digest_of(b"\0".join(file.read_bytes() for file in files))


def _read(content: bytes) -> Found:
    """Return what is kept. Raises MsgspecError where it cannot be read."""
    kept = read(content, _Kept)
    return Found(
        template=kept.template,
        starts=kept.starts,
        breaches=tuple(Breach(b.policy, b.names, b.events, Broken(b.said, b.about)) for b in kept.breaches),
        applied=frozenset(kept.applied),
        closes=kept.closes,
        stuck=kept.stuck,
        states=kept.states,
        steps=kept.steps,
        exhaustive=kept.exhaustive,
        days_to_act=kept.days_to_act,
        untried=kept.untried,
    )


def _write(found: Found) -> bytes:
    """Return what was found as it is kept."""
    kept = _Kept(
        template=found.template,
        starts=found.starts,
        breaches=tuple(
            _KeptBreach(policy=b.policy, names=b.names, events=b.events, said=b.how.said, about=b.how.about)
            for b in found.breaches
        ),
        applied=tuple(sorted(found.applied)),
        closes=found.closes,
        stuck=found.stuck,
        states=found.states,
        steps=found.steps,
        exhaustive=found.exhaustive,
        days_to_act=found.days_to_act,
        untried=found.untried,
    )
    return canonical(kept)

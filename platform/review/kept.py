"""A review that is kept as a file: what was compared, what was told, and by what a deploy knows it again.

It names nobody: filings that run and relations have the invented ids of a snapshot.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from ..data import ListLine, canonical, decoder, digest_of, write_schema
from ..plan import digest
from ..policy import Policy
from .comparing import Two
from .guards import Gate
from .review import Review, Side
from .runs import Runs

VERSION = 2
"""The version of the file; it goes up when a program that reads it has to change."""


class KeptReview(ListLine):
    """What a file holds.

    `revisions` are those of Git of both sides, empty where a side is at none, with '+' where its folder held
    changes. `plans` has the digests before and after of each template whose plan changes, None where there is
    no such plan; `office` those of what belongs to no template. `proofs` is the digest of the policies and
    scenarios of the side after. `gates` are those that let it pass. `digest` is that of all the rest, so
    that a file that was edited is known.
    """

    kind: Literal["kantoor_review"]
    version: int
    digest: str
    revisions: tuple[str, str]
    plans: dict[str, tuple[str | None, str | None]]
    office: tuple[str, str]
    proofs: str
    gates: tuple[Gate, ...]
    review: Review


class KeptReviewError(Exception):
    """A file is not a review that this version reads; the message says why."""


def keep_review(
    before: Side, after: Side, found: Review, revisions: tuple[str, str], gates: tuple[Gate, ...]
) -> KeptReview:
    """Return a review as it is kept. Of `found`, what names filings and relations is left out."""
    names = sorted({*before.plans, *after.plans})
    both = {name: Two(before.plans.get(name), after.plans.get(name)) for name in names}
    kept = KeptReview(
        kind="kantoor_review",
        version=VERSION,
        digest="",
        revisions=revisions,
        plans={
            name: (two.before and digest(two.before), two.after and digest(two.after))
            for name, two in both.items()
            if two.before != two.after
        },
        office=(digest(before.office), digest(after.office)),
        proofs=digest_proofs(after.policies, after.scenarios),
        gates=gates,
        review=replace(found, runs=found.runs and _hide_names(found.runs)),
    )
    return put_digest(kept)


def digest_proofs(policies: Iterable[Policy], scenarios: Mapping[str, str]) -> str:
    """Return the digest of what definitions are tried by: policies, and the texts of scenarios by name."""
    return digest_of(canonical([sorted(policies, key=lambda one: one.id), dict(scenarios)]))


def _hide_names(runs: Runs) -> Runs:
    return replace(
        runs,
        templates=tuple(
            replace(
                one,
                filings=tuple(replace(filing, filing=None, people=()) for filing in one.filings),
                lacking=tuple(replace(lacking, numbers=()) for lacking in one.lacking),
            )
            for one in runs.templates
        ),
    )


def put_digest(kept: KeptReview) -> KeptReview:
    """Return a review with the digest of what its file holds."""
    return replace(kept, digest=_digest(msgspec.json.decode(msgspec.json.encode(kept))))


def _digest(content: dict[str, Any]) -> str:
    """Return the digest of what a file holds, whatever its layout, but for the digest itself."""
    return digest_of(canonical({key: value for key, value in content.items() if key != "digest"}))


def write_kept(kept: KeptReview) -> bytes:
    """Return the content of its file, by the schema that `make_schema` returns."""
    return msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n"


def read_kept(content: bytes | str) -> KeptReview:
    """Return the review that a file holds. Raises KeptReviewError."""
    try:
        head = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise KeptReviewError("it is not a kept review") from None
    if not isinstance(head, dict) or head.get("kind") != "kantoor_review":
        raise KeptReviewError("it is not a kept review")
    if head.get("version") != VERSION:
        raise KeptReviewError(f"it is of version {head.get('version')!r}, and this kantoor reads {VERSION}")
    try:
        kept: KeptReview = decoder(KeptReview).decode(content)
    except msgspec.ValidationError as error:
        raise KeptReviewError(f"it is damaged: {error}") from None
    if kept.digest != _digest(head):
        raise KeptReviewError("it was edited: its content is not the one that its digest names")
    return kept


def make_schema() -> str:
    """Return the JSON Schema of the file."""
    return write_schema(KeptReview, "Kept review")


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())

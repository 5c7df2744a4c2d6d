"""The timeline of a filing in Dutch: what the machine wrote in stable words, said as people read it (R45)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, bindparam, func, select, union_all

from ...audience import OFFICE, Viewer, is_for
from ...clock import ZONE
from ...period import in_words
from ...plan import Model, Plan, Scalar
from ..database.columns import among
from ..database.questions import Question
from ..database.tables import contacts, plans, team, timeline
from ..filings.filing import find_filing
from ..filings.words import Seal, entry_place, open_words
from ..plans import find_plan
from .client_sentences import address
from .sentences import PLANS, sentence

DIGEST_SHOWN = 12
"""So much of a digest an entry has (`filing/saying_moves.py`), and of a revision a sentence."""


class TimelineLine(Model):
    """One entry as it is shown: `who` is a name, `text` a Dutch sentence; `at` is office time."""

    sequence: int
    index: int
    at: datetime
    by: str
    who: str
    what: str
    phase: str | None
    text: str
    data: dict[str, Scalar]
    audience: str = OFFICE


def timeline_of(
    connection: Connection, filing: str, open_sealed: Seal | None = None, viewer: Viewer | None = None
) -> tuple[TimelineLine, ...]:
    """Return what happened to a filing, in order: everything, or what is for a `viewer`.

    What people wrote freely is left out without `open_sealed`. Raises KeyFileError and BrokenSealError when
    it cannot be opened.
    """
    rows = ENTRIES.ask(connection, filing=filing)
    found = find_filing(connection, filing)
    plan = find_plan(connection, found.plan) if found else None
    names = {
        **({phase.id: phase.title for phase in plan.phases} if plan else {}),
        **_name_people(connection, rows),
        **_name_plans(connection, rows),
    }
    client = viewer.id if viewer and viewer.client else None
    reader = _Reader(client, plan, found.view, rows) if client and plan and found else None
    return tuple(
        _line(row, names, open_sealed, reader)
        for row in rows
        if viewer is None or is_for(row["audience"], viewer, row["by"])
    )


def _read_entries(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return sorted((row._asdict() for row in rows), key=lambda row: (row["sequence"], row["index"]))


def _line(
    row: Mapping[str, Any],
    names: Mapping[str, str],
    open_sealed: Seal | None,
    reader: "_Reader | None",
) -> TimelineLine:
    """Return an entry; to a client without the reasons of decisions that they did not give themselves."""
    place = entry_place(row["filing"], row["sequence"], row["index"])
    data = open_words(row["data"], row["said"], place, open_sealed)
    if reader and row["what"] == "decided" and row["by"] != reader.id:
        data.pop("reason", None)  # of a colleague how they know it, of another contact what they think of it
    return TimelineLine(
        **{key: row[key] for key in ("sequence", "index", "at", "by", "what", "phase")},
        data=data,
        who=_say_who(row["by"], data, names),
        text=reader.address(row, data, names) if reader else sentence(row["what"], data, names, row["by"]),
        audience=row["audience"] or OFFICE,
    )


def _say_who(by: str, data: Mapping[str, Scalar], names: Mapping[str, str]) -> str:
    """Return who did it, and in whose place where they stood in for a colleague."""
    who, absent = names.get(by, by), data.get("in_place_of")
    return f"{who} (voor {names.get(str(absent), str(absent))})" if absent else who


class _Reader:
    """A client who reads a filing, with what of its documents entries are about."""

    def __init__(
        self, id: str, plan: Plan, view: Mapping[str, Any] | None, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        self.id = id
        self._titles = name_versions((row["what"], row["data"]) for row in rows)
        self._offered = name_offered(plan)
        titles = {one.id: one.title for one in plan.documents}
        self._own = {
            offer["phase"]: tuple(titles[one] for one in share["documents"])
            for offer in (view or {}).get("offers", ())
            for share in offer.get("shares", ())
            if share["contact"] == id
        }

    def address(self, row: Mapping[str, Any], data: dict[str, Any], names: Mapping[str, str]) -> str:
        """Return an entry to them; where each decides for their own documents, what is theirs alone."""
        what, phase = row["what"], row["phase"] or ""
        offered = pick_versions(data, self._titles) or self._offered.get(phase, ())
        if what == "offer_released" and phase in self._own:
            data, offered = {**data, "to": self.id}, self._own[phase]
        return address(what, data, names, reader=self.id, by=row["by"], offered=offered)


def name_versions(entries: Iterable[tuple[str, Mapping[str, Scalar]]]) -> dict[str, str]:
    """Return the titles of documents by the hash of each version that was attached."""
    return {
        str(data.get("hash")): str(data["title"]) for what, data in entries if what == "document_attached"
    }


def pick_versions(data: Mapping[str, Scalar], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of the documents of which an entry names versions."""
    hashes = str(data.get("hashes", "")).split(", ")
    return tuple(dict.fromkeys(titles[one] for one in hashes if one in titles))


def name_offered(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the titles of what phases offer, by phase."""
    titles = {one.id: one.title for one in plan.documents}
    return {
        phase.id: tuple(titles[one] for one in phase.offer.documents) for phase in plan.phases if phase.offer
    }


def _name_people(connection: Connection, rows: Iterable[Mapping[Any, Any]]) -> dict[str, str]:
    """Return the names of whom entries are by or may be about, by id: not of all that the office knows."""
    words = {part for row in rows for value in row["data"].values() for part in str(value).split(", ")}
    named = sorted(words | {row["by"] for row in rows})
    both = (select(table.c.id, table.c.name).where(among(table.c.id, named)) for table in (contacts, team))
    return {row.id: row.name for row in connection.execute(union_all(*both))}


def _name_plans(connection: Connection, rows: Iterable[Mapping[Any, Any]]) -> dict[str, str]:
    """Return what people call the plans that entries name, by the beginning of a digest: when and by whom.

    The time is real: a plan is published by the clock on the wall, in a practice office too.
    """
    named = {str(row["data"][key]) for row in rows for key in PLANS if key in row["data"]}
    if not named:
        return {}
    beginning = func.substr(plans.c.digest, 1, DIGEST_SHOWN)
    query = select(beginning.label("name"), plans.c.published_at, plans.c.author, plans.c.revision)
    found = connection.execute(query.where(among(beginning, sorted(named))))
    return {row.name: _call_plan(row.published_at, row.author, row.revision) for row in found}


def _call_plan(published_at: datetime, author: str, revision: str) -> str:
    at = published_at.astimezone(ZoneInfo(ZONE))
    by = f" door {author}" if author else ""
    of = f" (revisie {revision[:DIGEST_SHOWN]})" if revision else ""
    return f"het plan van {in_words(at.date())} {at:%H:%M}{by}{of}"


ENTRIES = Question(
    select(timeline).where(timeline.c.filing == bindparam("filing", type_=String)), _read_entries, "filing"
)
"""The entries of a filing as the machine wrote them, in order, with what people wrote still sealed."""

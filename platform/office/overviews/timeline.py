"""The timeline of a filing in Dutch: what the machine wrote in stable words, said as people read it (R45)."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ...audience import OFFICE, Viewer, is_for
from ...period import in_words
from ...plan import Model, Scalar
from ...words import COMMAND_WORDS, DECIDED_WORDS, ENDED_WORDS, PURPOSE_WORDS, REACHED_WORDS, WAY_WORDS
from ..database.tables import contacts, team, timeline
from ..filings.filing import find_filing
from ..filings.words import Seal, entry_place, open_words
from ..plans import plan_by_digest

SENTENCES: dict[str, tuple[str, ...]] = {
    "started": ("{title} over {period} is gestart", " (automatiseringen uit: {without_automations})"),
    "phase_entered": ("Fase '{title}' is begonnen", " (voor de {round}e keer)"),
    "phase_completed": ("Fase '{title}' is afgerond", ": {outcome}"),
    "phase_passed_over": ("Fase '{title}' is overgeslagen: de uitkomst leidt er niet langs",),
    "phase_skipped": ("Fase '{title}' is overgeslagen: niet van toepassing",),
    "sent_back": ("Teruggestuurd van '{title}'", " naar '{to}'", ": {reason}"),
    "checkpoint_ticked": ("Afgevinkt: {title}",),
    "checkpoint_unticked": ("Niet meer afgevinkt: {title}",),
    "document_attached": ("Document '{title}' is toegevoegd", " ({hash})", "; let op: {remarks}"),
    "document_reviewed": ("Document '{title}' is beoordeeld", " ({hash})"),
    "document_signed": ("Document '{title}' is ondertekend", " ({hash})"),
    "offer_stands_still": ("In de fase '{title}' kan nog niets worden aangeboden", ". {reason}"),
    "offer_released": (
        "De aanbieding in de fase '{title}' is vrijgegeven",
        ", {way}",
        ", aan {to}",
        " ({hashes})",
    ),
    "recipients_changed": (
        "De ontvangers van de aanbieding in de fase '{title}' zijn gewijzigd",
        "; erbij: {joined}",
        "; niet meer: {left}",
    ),
    "offer_unanswerable": (
        "Op de aanbieding in de fase '{title}' kan nu niet worden geantwoord",
        ". {reason}",
    ),
    "informed": ("De klant is geïnformeerd", "; doorlopende machtiging tot en met {standing_until}"),
    "decided": (
        "{contact} heeft in de fase '{title}' {answer}",
        ": {reason}",
        " (bewijsstuk: {proof})",
        " ({hashes})",
    ),
    "fact_recorded": ("Gegeven '{title}' vastgelegd", ": {value}", "; reden: {reason}"),
    "fact_corrected": ("Gegeven '{title}' gecorrigeerd", " van {before} in {value}", "; reden: {reason}"),
    "task_made": ("Taak aangemaakt: {title}",),
    "task_done": ("Taak afgerond: {title}", " (bewijsstuk: {proof})"),
    "task_lapsed": ("Taak vervallen: {title}",),
    "request_made": ("Uitgevraagd: {title}",),
    "request_answered": (
        "Ontvangen: {title}",
        ", {item}",
        ", namens {contact}",
        " (nagekomen: {late})",
        " (bewijsstuk: {proof})",
        " ({hashes})",
    ),
    "item_accepted": ("Geaccepteerd: {item}", " ({title})"),
    "item_sent_back": ("Teruggestuurd: {item}", " ({title})", ": {reason}"),
    "item_not_applicable": ("Niet van toepassing: {item}", " ({title})", ": {reason}"),
    "noted": ("Notitie: {text}",),
    "message_sent": (
        "Bericht '{title}' ({purpose}) verstuurd",
        " aan {to}",
        " (mogelijk dubbel: {repeated})",
    ),
    "message_withdrawn": ("Bericht '{title}' ({purpose}) niet meer verstuurd", ": {reason}"),
    "reminded": ("Herinnering {number} bij '{title}'",),
    "escalated": ("Fase '{title}' blijft liggen: geëscaleerd naar de rol {role_title}",),
    "escalated_asked": ("'{title}' blijft uit: geëscaleerd naar de rol {role_title}",),
    "deadline_missed": ("Termijn '{title}' is verstreken", " op {due}"),
    "delivering": ("'{title}' wordt ingediend", " (poging {attempt})", " ({hash})"),
    "delivered": ("Aangeleverd bij Digipoort", " onder kenmerk {reference}"),
    "delivered_by_hand": (
        "'{title}' is buiten kantoor om ingediend",
        " op {on}",
        " (bewijsstuk: {proof})",
    ),
    "accepted": ("Geaccepteerd", ": {text}", " ({code})"),
    "refused": ("Geweigerd", ": {text}", " ({code})"),
    "stands_still": ("Niet gelukt: {command}", ". {reason}"),
    "left_undone": ("Niet meer gedaan, omdat de opdracht is afgesloten: {command}", ". {reason}"),
    "notice_received": (
        "Bericht '{notice}' van {on} is ontvangen",
        ": {reason}",
        " (bewijsstuk: {proof})",
    ),
    "filing_reached": ("{filing} {reached}",),
    "day_came": ("Fase '{title}' heeft gewacht tot {day}",),
    "given_up": ("Fase '{title}' wacht niet langer: er is niets gekomen tot {day}",),
    "started_another": ("{filing} is gestart",),
    "ran_already": ("{filing} liep al",),
    "note_left": ("Notitie '{title}' klaargezet voor de volgende {template}",),
    "held": ("Aangehouden", " tot {until}", ": {reason}"),
    "resumed": ("Hervat",),
    "reassigned": ("Werk van de rol {role_title} overgedragen aan {contact}", ": {reason}"),
    "assigned_back": ("Werk van de rol {role_title} teruggegeven aan wie de rol heeft", ": {reason}"),
    "retried": ("'{title}' is opnieuw geprobeerd",),
    "filing_ended": ("Afgesloten ({how})", ": {title}", "; reden: {reason}"),
}
"""By the machine's word: parts of the sentence; one with data that the entry lacks is left out."""

_OWN_DECISION = ("{Answer} in de fase '{title}'", ": {reason}", " ({hashes})")
"""A decision by the person who is named before it: their name is not said again."""

_VALUES: dict[str, dict[str, str]] = {
    "way": WAY_WORDS,
    "answer": DECIDED_WORDS,
    "how": ENDED_WORDS,
    "purpose": PURPOSE_WORDS,
    "command": COMMAND_WORDS,
    "reached": REACHED_WORDS,
}


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
    query = (
        select(timeline).where(timeline.c.filing == filing).order_by(timeline.c.sequence, timeline.c.index)
    )
    rows = connection.execute(query).mappings().all()
    names = {**_phase_titles(connection, filing), **_people(connection)}
    client = viewer is not None and viewer.client
    return tuple(
        _line(dict(row), names, open_sealed, to_client=client)
        for row in rows
        if viewer is None or is_for(row["audience"], viewer, row["by"])
    )


def _line(
    row: Mapping[str, Any], names: Mapping[str, str], open_sealed: Seal | None, *, to_client: bool
) -> TimelineLine:
    place = entry_place(row["filing"], row["sequence"], row["index"])
    data = open_words(row["data"], row["said"], place, open_sealed)
    if to_client and row["what"] == "decided" and data.get("contact") != row["by"]:
        data.pop("reason", None)  # a colleague wrote how they know it, for the office
    return TimelineLine(
        **{key: row[key] for key in ("sequence", "index", "at", "by", "what", "phase")},
        data=data,
        who=_say_who(row["by"], data, names),
        text=sentence(row["what"], data, names, row["by"]),
        audience=row["audience"] or OFFICE,
    )


def sentence(what: str, data: Mapping[str, Scalar], names: Mapping[str, str], by: str | None = None) -> str:
    """Return an entry in Dutch; a word that is not known is printed plainly with its data.

    `names` gives titles of phases and names of people by their ids; `by` is who is named before the sentence.
    """
    said = {key: _say_value(key, value, names) for key, value in data.items()}
    if "answer" in said:
        said["Answer"] = said["answer"].capitalize()
    if said.get("round") == "1":
        del said["round"]
    own = what == "decided" and by is not None and data.get("contact") == by
    parts = _OWN_DECISION if own else SENTENCES.get(what)
    if parts is None:
        return f"{what} " + ", ".join(f"{key}: {value}" for key, value in said.items()) if said else what
    return "".join(part.format(**said) for part in parts if _fields(part) <= said.keys())


def _say_who(by: str, data: Mapping[str, Scalar], names: Mapping[str, str]) -> str:
    """Return who did it, and in whose place where they stood in for a colleague."""
    who, absent = names.get(by, by), data.get("in_place_of")
    return f"{who} (voor {names.get(str(absent), str(absent))})" if absent else who


def _fields(part: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", part))


def _say_value(key: str, value: Scalar, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    text = str(value)
    if key in _VALUES:
        return _VALUES[key].get(text, text)
    if key in ("to", "contact", "joined", "left"):
        return ", ".join(names.get(one, one) for one in text.split(", "))
    if key in ("hash", "hashes", "rendering", "proof"):
        return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1…", text)
    if key in ("due", "standing_until", "on", "day", "until"):
        return _render_day(text)
    return text


def _render_day(text: str) -> str:
    try:
        return in_words(date.fromisoformat(text))
    except ValueError:
        return text


def _phase_titles(connection: Connection, filing: str) -> dict[str, str]:
    found = find_filing(connection, filing)
    published = plan_by_digest(connection, found.plan) if found else None
    return {phase.id: phase.title for phase in published.plan.phases} if published else {}


def _people(connection: Connection) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in (contacts, team):
        names |= {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}
    return names

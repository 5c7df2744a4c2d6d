"""What the machine wrote on the timeline in stable words, as Dutch sentences: for a record, a simulation."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from ...period import in_words, say_over
from ...plan import Scalar
from ...words import (
    COMMAND_WORDS,
    DECIDED_WORDS,
    ENDED_WORDS,
    LOST_WORDS,
    PURPOSE_WORDS,
    REACHED_WORDS,
    RELATION_LINK_WORDS,
    WAY_WORDS,
    say_id,
)

SENTENCES: dict[str, tuple[str, ...]] = {
    "started": ("{title} {over} is gestart", " (automatiseringen uit: {without_automations})"),
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
    "informed": (
        "De klant is geïnformeerd",
        "; bezwaar maken kan tot en met {object_until}",
        "; doorlopende machtiging tot en met {standing_until}",
    ),
    "unopposed": ("In de fase '{title}' heeft de klant op tijd geen bezwaar gemaakt",),
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
    "nothing_to_await": ("Er is geen {template} om op te wachten; fase '{title}' gaat verder",),
    "nothing_to_await_there": ("Bij relatie {relation} is er geen {template} om op te wachten",),
    "linked_found": ("Verbonden als {link}: relatie {relations}",),
    "nobody_linked": ("Er is geen {link} vastgelegd: geen {template} om te volgen of te starten",),
    "day_came": ("Fase '{title}' heeft gewacht tot {day}",),
    "given_up": ("Fase '{title}' wacht niet langer: er is niets gekomen tot {day}",),
    "started_another": ("{filing} is gestart",),
    "ran_already": ("{filing} liep al",),
    "note_left": ("Notitie '{title}' klaargezet voor de volgende {template}",),
    "held": ("Aangehouden", " tot {until}", ": {reason}"),
    "resumed": ("Hervat",),
    "reassigned": ("Werk van de rol {role_title} overgedragen aan {contact}", ": {reason}"),
    "assigned_back": ("Werk van de rol {role_title} teruggegeven aan wie de rol heeft", ": {reason}"),
    "four_eyes_waived": (
        "Uitzondering op vier ogen: {contact} mag de fase '{title}' afronden",
        ": {reason}",
    ),
    "retried": ("'{title}' is opnieuw geprobeerd",),
    "moved": (
        "Verplaatst naar een ander plan",
        ": van {from_plan} naar {to_plan}",
        ", zoals op {asked} is gevraagd",
        ": {reason}",
    ),
    "move_asked": (
        "Gevraagd om verplaatsing naar een ander plan zodra dat kan",
        ": van {from_plan} naar {to_plan}",
        ", in plaats van naar {instead_of}",
        ": {reason}",
    ),
    "move_withdrawn": ("De gevraagde verplaatsing naar een ander plan is ingetrokken", ": {to_plan}"),
    "move_dropped": (
        "De gevraagde verplaatsing naar een ander plan gaat niet door",
        " ({to_plan})",
        ": {text}",
    ),
    "moved_phase": ("Gaat verder als fase '{after}', dat was '{before}'",),
    "moved_lost": ("Door het verplaatsen vervalt {lost}", " '{title}'"),
    "moved_kept": ("Bij het verplaatsen gebleven op {day}: {title}",),
    "moved_without": ("Na het verplaatsen geldt niet meer: {safeguard}",),
    "filing_ended": ("Afgesloten ({how})", ": {title}", "; reden: {reason}"),
}
"""By the machine's word: parts of the sentence; one with data that the entry lacks is left out."""

_OWN_DECISION = ("{Answer} in de fase '{title}'", ": {reason}", " ({hashes})")
"""A decision by the person who is named before it: their name is not said again."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

PLANS = ("from_plan", "to_plan", "instead_of")
"""The data that are the beginning of a plan's digest."""

_VALUES: dict[str, dict[str, str]] = {
    "way": WAY_WORDS,
    "answer": DECIDED_WORDS,
    "how": ENDED_WORDS,
    "purpose": PURPOSE_WORDS,
    "command": COMMAND_WORDS,
    "reached": REACHED_WORDS,
    "lost": LOST_WORDS,
    "link": {str(one): word for one, word in RELATION_LINK_WORDS.items()},
}


def sentence(what: str, data: Mapping[str, Scalar], names: Mapping[str, str], by: str | None = None) -> str:
    """Return an entry in Dutch; a word that is not known is printed plainly with its data.

    `names` gives titles of phases, and what people and plans are called, by their ids; `by`
    is who is named before the sentence.
    """
    said = say_values(data, names)
    if "answer" in said:
        said["Answer"] = said["answer"].capitalize()
    if "period" in said:
        said["over"] = say_over(said["period"])
    if said.get("round") == "1":
        del said["round"]
    own = what == "decided" and by is not None and data.get("contact") == by
    parts = _OWN_DECISION if own else SENTENCES.get(what)
    if parts is None:
        return f"{what} " + ", ".join(f"{key}: {value}" for key, value in said.items()) if said else what
    return fill_in(parts, said)


def say_values(data: Mapping[str, Scalar], names: Mapping[str, str]) -> dict[str, str]:
    """Return the data of an entry as people read them: words, names and days."""
    return {key: _say_day(_say_value(key, value, names)) for key, value in data.items()}


def fill_in(parts: Iterable[str], said: Mapping[str, str]) -> str:
    """Return the parts of a sentence of which all data are there, filled in."""
    return "".join(part.format(**said) for part in parts if find_fields((part,)) <= said.keys())


def find_fields(parts: Iterable[str]) -> set[str]:
    """Return the data that parts of a sentence are filled in with."""
    return {one for part in parts for one in re.findall(r"{(\w+)}", part)}


def _say_value(key: str, value: Scalar, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    text = str(value)
    if key in _VALUES:
        return _VALUES[key].get(text, text)
    if key in ("to", "contact", "joined", "left"):
        return ", ".join(names.get(one, one) for one in text.split(", "))
    if key == "notice":
        return say_id(text)
    if key in PLANS:
        return names.get(text, f"plan {text}")
    if key in ("hash", "hashes", "rendering", "proof"):
        return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1…", text)
    return text


def _say_day(text: str) -> str:
    """Return a day in words; anything else as it is.

    It is not by the key: a day that a new entry tells would be read as computers write it.
    """
    try:
        return in_words(date.fromisoformat(text)) if _DAY.fullmatch(text) else text
    except ValueError:
        return text

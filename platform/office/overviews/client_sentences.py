"""What of the timeline is for a client, as sentences to the one who reads it.

They name what was offered and no phase, which is named for colleagues, and have no hashes.
"""

from collections.abc import Mapping, Sequence

from ...plan import Scalar
from ...words import join_in_dutch
from .sentences import fill_in, say_values, sentence

READER = "u"

CLIENT_SENTENCES: dict[str, tuple[str, ...]] = {
    "request_made": ("Wij vroegen om: {title}",),
    "request_answered": ("Ontvangen", " van {contact}", ": {title}", ", {item}", " (nagekomen: {late})"),
    "item_accepted": ("In orde: {item}", " ({title})"),
    "item_sent_back": ("Teruggestuurd: {item}", " ({title})", ": {reason}"),
    "offer_released": ("{title} {is_are} klaargezet", " voor {to}", ", {way}"),
    "offer_taken_back": ("{title} {is_are} teruggenomen; u krijgt bericht van een nieuwe versie",),
    "informed": (
        "Ter informatie verstuurd: {title}",
        "; bezwaar maken kan tot en met {object_until}",
        "; de doorlopende machtiging geldt tot en met {standing_until}",
    ),
    "decided": ("{contact} heeft {answer}: {title}",),
    "delivered_by_hand": ("{title} is ingediend", " op {on}"),
    "accepted": ("Ingediend en geaccepteerd",),
    "noted": ("Wij schreven u: {text}",),
}
"""By the machine's word, as `SENTENCES`; `offer_taken_back` is read from what happened."""

_OWN_DECISION = ("U hebt {answer}: {title}", "; u schreef: {reason}")
_OFFERS = ("offer_released", "offer_taken_back", "informed", "decided")


def address(
    what: str,
    data: Mapping[str, Scalar],
    names: Mapping[str, str],
    *,
    reader: str,
    by: str,
    offered: Sequence[str] = (),
) -> str:
    """Return an entry to the contact who reads it; `offered` are the titles of the documents it is about."""
    told = {**data, "is_are": "zijn" if len(offered) > 1 else "is"}
    if what in _OFFERS and offered:
        told["title"] = join_in_dutch(offered)
    if what == "request_answered" and by == reader:
        told.setdefault("contact", reader)
    parts = CLIENT_SENTENCES.get(what)
    if what == "decided" and told.get("contact") == reader:
        parts = _OWN_DECISION
    if parts is None:
        return sentence(what, data, names, by)
    return fill_in(parts, say_values(told, {**names, reader: READER}))

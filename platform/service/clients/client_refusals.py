"""Why something that a client did was not taken, as a client reads it.

The machine speaks to colleagues: it names phases, roles, who works here and why work is held. None of that is
for a client, so no sentence of it reaches one: a code has words here, and what has none is told in general.
"""

from collections.abc import Mapping

from ..filings.acts import Outcome
from ..results import Refusal

STALE = "Wij hebben intussen een nieuwere versie klaargezet. Lees die eerst; uw besluit is niet vastgelegd."
_GONE_ON = "Wij zijn intussen verdergegaan: dit wordt u niet meer gevraagd. Kijk wat er nu staat."
_NOT_THEIRS = "Volgens onze administratie doet een ander bij u dit. Klopt dat niet, bel ons dan."
_ENDED = "Deze opdracht is afgesloten. Bel ons als er toch nog iets is."
_GENERAL = "Dit is niet gelukt: er is niets vastgelegd. Bel ons, dan kijken wij mee."

WORDS: Mapping[str, str] = {
    "act_id_used": "Dit formulier was al verstuurd. Open de pagina opnieuw als u nog iets wilt veranderen.",
    "already_answered": "Uw antwoord was al vastgelegd.",
    "document_missing": "Kies eerst een bestand.",
    "held": "Wij houden deze opdracht even aan. U hoeft nu niets te doen.",
    "invalid_answers": "Niet alle antwoorden kloppen. Kijk ze na en verstuur ze opnieuw.",
    "item_required": "Dit is nodig. Bel ons als u het niet hebt.",
    "proof_missing": "Geef de code of het bestand waar wij om vragen.",
    "reason_missing": "Schrijf erbij waarom.",
    "task_is_done": "Dit is al afgerond.",
    **dict.fromkeys(("stale_document", "unknown_document", "unknown_version"), STALE),
    **dict.fromkeys(("no_authority", "wrong_person", "wrong_role", "no_longer_asked"), _NOT_THEIRS),
    **dict.fromkeys(("not_their_relation", "unknown_person"), _NOT_THEIRS),
    **dict.fromkeys(("no_offer", "not_offered", "phase_not_active", "several_phases"), _GONE_ON),
    **dict.fromkeys(("unknown_phase", "unknown_request", "unknown_item", "unknown_task"), _GONE_ON),
    **dict.fromkeys(("ended", "not_started"), _ENDED),
}
"""By the code of the refusal."""


def tell_client(outcome: Outcome) -> Outcome:
    """Return the outcome of an act of a client, a refusal in words of their own."""
    if not isinstance(outcome, Refusal):
        return outcome
    return Refusal(code=outcome.code, text=WORDS.get(outcome.code, _GENERAL))

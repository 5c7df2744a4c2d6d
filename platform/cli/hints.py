"""By a refusal's code: the options that bring what it asks for, or the command that does."""

from collections.abc import Mapping

WHATEVER_COMMAND = {
    "not_deployed": "Publiceer ze met `kantoor deploy`.",
    "relation_recurs": "Stoppen: `kantoor recurrence stop NAME`.",
    "filing_planned": "Ander begin of niet starten: `kantoor recurrence set-start` of `stop`.",
    "no_rendering": "Geef op: --bytes.",
    "no_pilot": "Een pilot begint met `kantoor deploy --pilot`.",
    "delivery_runs": "Blijft de uitslag lang uit: `kantoor filing judged`.",
    "far_day": "Is dit zo bedoeld, voeg dan --anyway toe.",
    "own_eyes": "Toch overdragen: --anyway.",
    "nobody_ready": "Wat ontbreekt: `kantoor relation ready`.",
}
SEE = {
    "people": "`kantoor relation export` schrijft wie er zijn in team.csv en contacts.csv.",
    "relations": "Zie `kantoor relation list`.",
    "filings": "Zie `kantoor filing list`.",
    "recurrences": "Zie `kantoor recurrence list`.",
    "dossier": "Zie `kantoor dossier list`.",
}
"""By the list that a refusal sends people to."""
GIVE_PHASE = {"several_phases": "Geef op: --phase PHASE."}
GIVE_REASON = {"reason_missing": "Geef op: --reason TEXT."}
GIVE_OUTCOME = {"outcome_missing": "Geef op: --outcome OUTCOME."}
GIVE_PAST_LEGAL_DAY = {"past_legal_day": "Toch zo lang: --past-legal-day."}
GIVE_SAME_VERSION = {"same_version": "Toch dezelfde: --same-version."}
GIVE_DOCUMENT = {"which_document": "Geef op: --document DOCUMENT."}
GIVE_PROOF = {"proof_missing": "Geef op: --code CODE of, als een document gevraagd is, --document FILE."}


def give_lacking(options: Mapping[str, object]) -> dict[str, str]:
    """Return what a colleague adds to record a client's answer: those of the options that were not given."""
    lacking = ", ".join(option for option, given in options.items() if not given)
    return dict.fromkeys(("contact_missing", "proof_missing"), f"Geef op: {lacking}.")

"""What office people read of what went wrong outside: the office stands still, or a file cannot be written.

Whoever runs the office reads the sentences of the errors themselves, which are English.
"""

import errno
from collections.abc import Sequence
from pathlib import Path

_IS_A_COPY = (
    "in deze map ligt een kopie van het kantoor: lezen kan hier, maar er kan niets worden gedaan, want het "
    "origineel kan nog draaien. Vraag wie het kantoor beheert; kantoor up zegt wat er te doen is"
)
_SENTENCES = {
    "kantoor.runtime.office_mark.OtherOfficeError": (
        "hier draait een ander kantoor dan dat van deze map. Vraag wie het kantoor beheert; kantoor doctor "
        "zegt wat er in te stellen is"
    ),
    "kantoor.runtime.office_mark.NotYetUpError": _IS_A_COPY,
    "kantoor.office.own_home.CopiedHomeError": _IS_A_COPY,
    "kantoor.runtime.reaching.OfficeStartsError": (
        "het kantoor wordt nog gestart, en er is nog niets gedaan: probeer het zo opnieuw"
    ),
    "kantoor.runtime.connecting.ServerAwayError": (
        "het kantoor staat stil of is niet te bereiken. Wie het beheert, start het met kantoor up; kantoor "
        "doctor zegt wat eraan scheelt"
    ),
    "kantoor.office.database.errors.NoOfficeError": (
        "er is geen kantoor in {place}: zet {setting} op waar het wel is, of maak er een met kantoor up "
        "(om te werken) of kantoor practice init (om te oefenen)"
    ),
    "kantoor.office.database.errors.DatabaseLockedError": (
        "een ander programma schrijft nu in de administratie; probeer het opnieuw"
    ),
    "kantoor.office.database.errors.SchemaOlderError": (
        "de administratie is van een oudere versie van kantoor; kantoor up werkt die bij"
    ),
}
"""By the name of an error, so that this module imports none; a sentence takes in what the error knows."""

_OF_FILES = {
    errno.ENOENT: "bestaat niet",
    errno.EACCES: "mag hier niet worden gelezen of geschreven",
    errno.EPERM: "mag hier niet worden gelezen of geschreven",
    errno.EROFS: "staat op een schijf waarop niet mag worden geschreven",
    errno.EISDIR: "is een map, en moet een bestand zijn",
    errno.ENOTDIR: "ligt in wat geen map is",
    errno.EEXIST: "bestaat al",
    errno.ENAMETOOLONG: "heeft een te lange naam",
    errno.ENOSPC: "kon niet worden geschreven: de schijf is vol",
    errno.EDQUOT: "kon niet worden geschreven: de schijf is vol",
}


def explain_in_dutch(error: Exception, names: Sequence[str]) -> str | None:
    """Return what office people read of an error with its class and bases in `names`; None without Dutch."""
    sentence = next((_SENTENCES[name] for name in names if name in _SENTENCES), None)
    if sentence is not None:
        facts = vars(error)
        place = "de database" if facts.get("setting") == "KANTOOR_DATABASE_URL" else facts.get("place")
        return sentence.format_map(facts | {"place": place})
    if isinstance(error, OSError) and error.filename is not None and error.errno in _OF_FILES:
        missing = find_missing_folder(error)
        return f"de map {missing} bestaat niet" if missing else f"{error.filename} {_OF_FILES[error.errno]}"
    return None


def find_missing_folder(error: OSError) -> Path | None:
    """Return the folder that is missing where a file was not found for want of it; None otherwise."""
    folder = Path(str(error.filename)).parent
    return folder if error.errno == errno.ENOENT and not folder.exists() else None

"""Absence, stand-ins and titles as Dutch words."""

from collections.abc import Mapping

from ...office.presence import EVERY_ROLE, Stretch
from ...office.presence_changes import Change, Dates
from ...period import in_words


def say_change(change: Change, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Return what was changed, and how it was; `names` are of members and `titles` of roles, by id."""
    before, after = (_say_dates(one, names, titles) if one else None for one in (change.before, change.after))
    if after is None:
        return f"verwijderd: {before}"
    return f"{after} (was: {before})" if before else after


def _say_dates(dates: Dates, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    days = Stretch(dates.since, dates.until)
    empty = dates.until is not None and dates.until < dates.since
    when = f"vervallen (zou ingaan op {in_words(dates.since)})" if empty else say_days(days)
    if dates.qualification:
        return f"titel {dates.qualification} {when}"
    if dates.stand_in is None:
        return f"afwezigheid {when}"
    which = "" if dates.role in (None, EVERY_ROLE) else f" in de rol {titles.get(dates.role, dates.role)}"
    return f"waarneming door {names.get(dates.stand_in, dates.stand_in)}{which} {when}"


def say_days(days: Stretch) -> str:
    """Return from when to when, or on which day."""
    if days.until == days.since:
        return f"op {in_words(days.since)}"
    until = f" tot en met {in_words(days.until)}" if days.until else ""
    return f"vanaf {in_words(days.since)}{until}"

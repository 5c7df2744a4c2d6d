"""What somebody asks to have simulated, as they type it: the period, who it is for, what goes wrong."""

from typing import Literal, get_args

from ..compiler.dutch import find_value
from ..context import LEGAL_FORMS
from ..data import Scalar
from ..period import Period, PeriodKind
from ..plan import Office, Plan
from ..sbr.digipoort.statuses import TABLE, Meaning
from ..suggest import ask_if_meant, nearest
from ..typed import TypedError, read_period
from .habits import SILENT, ClientHabits, OfficeHabits, Pace, People
from .starting import FLAGS, invent_product, invent_relation
from .world import Verdict

FREQUENCIES: tuple[PeriodKind, ...] = get_args(PeriodKind)
EXAMPLES: dict[PeriodKind, str] = {
    "month": "2027-01",
    "quarter": "2027-Q1",
    "half_year": "2027-H1",
    "year": "2027",
    "four_weeks": "2027-P01",
    "book_year": "2026-07..2027-06",
    "range": "2027-03-01..2027-04-15",
    "none": "2027-03-15",
}
"""How a period of each kind is written."""
_KINDS: dict[Meaning, Literal["refused", "failed"]] = {Meaning.REFUSED: "refused", Meaning.FAILED: "failed"}
_TEXTS = {"refused": "Niet verwerkbaar", "failed": "Technische fout"}


class WishError(ValueError):
    """What was asked cannot be simulated; the message says why in English, `help` what is possible."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def read_period_of(plan: Plan, office: Office, written: str) -> Period:
    """Read the period of a filing of a template, of a kind that it has. Raises WishError."""
    kinds = list_kinds(plan, office)
    possible = f"Write {' or '.join(f'{EXAMPLES[kind]} ({kind})' for kind in kinds)}."
    try:
        period = read_period(written)
    except TypedError:
        raise WishError(f"'{written}' is not a period", possible) from None
    if period.kind not in kinds:
        text = f"'{plan.template}' does not run over a {period.kind}, which {period.code} is"
        raise WishError(text, possible)
    return period


def list_year(period: Period) -> tuple[Period, ...]:
    """Return the periods of one kind that begin in the calendar year in which a period begins, in order.

    One that stands for no stretch of its own, or is as long as somebody said, is alone.
    """
    if period.kind in ("none", "range"):
        return (period,)
    first = period
    while first.previous().start.year == period.start.year:
        first = first.previous()
    found = [first]
    while found[-1].next().start.year == period.start.year:
        found.append(found[-1].next())
    return tuple(found)


def list_kinds(plan: Plan, office: Office) -> tuple[PeriodKind, ...]:
    """Return the kinds of period over which a template runs."""
    if plan.period != "by_product":
        return (plan.period,)
    frequencies = {f for one in office.products if one.id in plan.products for f in one.frequencies}
    return tuple(kind for kind in FREQUENCIES if kind in frequencies)


def read_invented(
    plan: Plan, office: Office, period: Period, written: str
) -> tuple[dict[str, Scalar], dict[str, Scalar]]:
    """Return relation and product of what was typed: a legal form, a frequency, and what is true of them.

    True can be `foreign`, `kor`, `fiscal_unit` and each yes-or-no field of the office. Without a legal form
    it is a bv. Raises WishError.
    """
    own = [field.id for field in office.fields if field.type == "yes_no"]
    form, frequency, true = "bv", period.kind, list[str]()
    for word in filter(None, (part.strip().lower() for part in written.split(","))):
        if word in LEGAL_FORMS:
            form = word
        elif word in FREQUENCIES:
            if word != period.kind:
                text = f"'{word}' does not go with the period {period.code}, which is a {period.kind}"
                raise WishError(text, f"Leave '{word}' out, or give a period that is a {word}.")
        elif word in (*FLAGS, *own):
            true.append(word)
        elif " " in (apart := " ".join(word.split())):
            raise WishError(f"'{word}' is more than one word", f"Write commas: {apart.replace(' ', ',')}.")
        else:
            known = (*LEGAL_FORMS, *FREQUENCIES, *FLAGS, *own)
            near = find_value(word, known) or nearest(word, known)
            meant = f"; {ask_if_meant(word, near)}" if near else ""
            possible = f"Legal forms: {', '.join(LEGAL_FORMS)}. Frequencies: {', '.join(FREQUENCIES)}. "
            raise WishError(
                f"'{word}' is not a legal form, frequency or field{meant}",
                f"{possible}True of it can be: {', '.join((*FLAGS, *own))}.",
            )
    relation = invent_relation(office, form) | {field: True for field in own if field in true}
    product = invent_product(office, plan, frequency) | {flag: True for flag in FLAGS if flag in true}
    return relation, product


def read_verdict(code: str) -> Verdict:
    """Return what the authority says by a status code of Digipoort that is final and not good.

    Raises WishError.
    """
    bad = {known: _KINDS[meaning] for known, meaning in TABLE.items() if meaning in _KINDS}
    kind = bad.get(code.strip())
    if kind is None:
        near = nearest(code, bad)
        meant = f"; {ask_if_meant(code, near)}" if near else ""
        listed = ", ".join(f"{known} ({what})" for known, what in sorted(bad.items()))
        raise WishError(
            f"'{code}' is not a code with which a delivery ends badly{meant}", f"Codes: {listed}."
        )
    return Verdict(kind=kind, code=code.strip(), text=_TEXTS[kind])


def make_people(
    *, silent: bool = False, reject: Literal["once", "always"] | None = None, pace: Pace = "at_once"
) -> People:
    """Return the usual people, with a client who is silent, or rejects once or each time."""
    office = OfficeHabits(pace=pace)
    if silent:
        return People(office=office, client=SILENT)
    decides: dict[str | None, Literal["approve", "reject_once", "reject"]] = {
        "once": "reject_once",
        "always": "reject",
    }
    return People(office=office, client=ClientHabits(decides=decides.get(reject, "approve")))


def list_notes(plan: Plan, *, refuse: bool) -> tuple[str, ...]:
    """Return what whoever asked should know: what they asked for that this template cannot show, in Dutch."""
    delivers = any(phase.deliver and not phase.deliver.by_hand for phase in plan.phases)
    if refuse and not delivers:
        return ("Dit werkproces dient niet zelf in bij een dienst: een weigering komt er niet in voor.",)
    return ()

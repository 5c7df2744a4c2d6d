"""What `kantoor bulk` prepares: starts, acts, edits of relations; nothing is done before it is confirmed."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from ..period import Period
from ..review.kept import KeptReview
from ..service.bulk import runs
from ..service.bulk.asking import Action, Asked
from ..service.bulk.reviewed import prepare_reviewed
from ..service.bulk.selecting import Chosen
from ..service.desk import Desk
from ..service.results import Refusal
from ..words import ACTION_WORDS
from .bulk_showing import show_run
from .desk import ask_desk, unwrap_result
from .moving import MEANT, by_review, how, read_wish, refuse_choices
from .options import (
    OfficeDay,
    OneOf,
    PeriodOf,
    Person,
    act_id,
    as_format,
    as_person,
    far_days_anyway,
    some_relations,
)
from .progress import show_work

F = TypeVar("F", bound=Callable[..., Any])

HINTS = {"unusual": "Is dit zo bedoeld, voeg dan --anyway toe.", "no_date": "Geef de startdatum met --date."}
ACTS = {act: ACTION_WORDS[act] for act in ("release", "hold", "resume", "reassign", "stop")}


def for_whom(command: F) -> F:
    """Add the options that select relations."""
    for option in (
        click.option(
            "--filter",
            "filter_",
            metavar="FILTER",
            default="",
            help="All relations that a filter finds, as in `kantoor relation list FILTER`.",
        ),
        some_relations,
    ):
        command = option(command)
    return command


def prepares(name: str) -> Callable[[F], click.Command]:
    """Return what makes a function a command that prepares a run for selected relations."""

    def decorate(function: F) -> click.Command:
        return click.command(name)(for_whom(as_person(act_id(as_format(function)))))

    return decorate


@prepares("start")
@click.argument("template")
@click.option("--period", required=True, type=PeriodOf(), metavar="PERIOD", help="As of `kantoor start`.")
@click.option("--date", "day", type=OfficeDay(), help="Start date; default: today.")
@click.option("--recurring", is_flag=True, help="Start every following period automatically.")
@click.option(
    "--without-automations", is_flag=True, help="Switch automations off, except offers and reminders."
)
@click.option("--anyway", is_flag=True, help="Also for a period or date that is unlikely.")
def start(
    template: str,
    period: Period,
    relations: tuple[str, ...],
    filter_: str,
    day: date | None,
    recurring: bool,
    without_automations: bool,
    anyway: bool,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare the start of TEMPLATE for many relations: nothing is started before it is confirmed."""
    asked = Asked(
        action="start",
        template=template,
        period=period.code,
        start_date=day,
        recurring=recurring,
        without_automations=without_automations,
        anyway=anyway,
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@prepares("move")
@click.argument("template")
@click.option("--all", "everywhere", is_flag=True, help="Every filing of TEMPLATE that runs.")
@click.option(
    "--from", "origin", default="", metavar="DIGEST", help="Only those on this plan; see `kantoor plans`."
)
@how
@by_review
def move(
    template: str,
    reviewed: KeptReview | None,
    everywhere: bool,
    relations: tuple[str, ...],
    filter_: str,
    origin: str,
    to: str,
    phases: tuple[str, ...],
    reason: str,
    when_safe: bool,
    who: str,
    act_id: str | None,
    form: str,
    **said: Any,
) -> None:
    """Prepare the move of many filings of TEMPLATE to another plan, each wholly or not at all.

    It shows what would become of each; nothing is moved before it is confirmed. See `kantoor filing move`.
    With --review nothing is prepared where any of these filings would become something else than was told.
    """
    chosen = _choose(relations, filter_)
    if everywhere:
        chosen = chosen.model_copy(update={"template": template})
    wish = read_wish(to, phases, said)
    asked = Asked(
        action="move", template=template, how=wish, origin=origin, reason=reason, when_safe=when_safe
    )
    if reviewed is None:
        _prepare(asked, chosen, who, act_id, form)
        return
    refuse_choices(wish)
    _show_made(lambda desk: prepare_reviewed(desk, who, asked, chosen, reviewed, act_id), form)


@prepares("act")
@click.argument("action", type=OneOf(ACTS), metavar="ACTION")
@click.option(
    "--template", metavar="TEMPLATE", default="", help="Only filings or recurrences of this template."
)
@click.option("--period", type=PeriodOf(), metavar="PERIOD", help="Only filings over this period.")
@click.option("--reason", default="", metavar="TEXT", help="Why: for hold and reassign.")
@click.option("--until", type=OfficeDay(), help="With hold: the day on which they go on by themselves.")
@click.option(
    "--from",
    "person",
    type=Person(),
    metavar="PERSON",
    default="",
    help="With reassign: whose work it is.",
)
@click.option("--to", type=Person(), metavar="PERSON", default="", help="With reassign: who gets it.")
@far_days_anyway
def act(
    action: Action,
    relations: tuple[str, ...],
    filter_: str,
    template: str,
    period: Period | None,
    reason: str,
    until: date | None,
    person: str,
    to: str,
    anyway: bool,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare an act on many filings: release, hold, resume, reassign; or stop their recurrences."""
    asked = Asked(
        action=action,
        template=template,
        period=period.code if period else "",
        reason=reason,
        until=until,
        person=person,
        to=to,
        anyway=anyway,
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@prepares("set")
@click.argument("field")
@click.argument("value")
def set_field(
    field: str,
    value: str,
    relations: tuple[str, ...],
    filter_: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare giving FIELD the VALUE: sbr_enabled, ideal_enabled or a field of the office's own."""
    asked = Asked(action="set", field=field, value=value)
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@prepares("role")
@click.argument("role")
@click.option("--to", required=True, type=Person(), metavar="PERSON", help="Who gets it.")
def give_role(
    role: str,
    to: str,
    relations: tuple[str, ...],
    filter_: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare giving ROLE to a colleague."""
    _prepare(Asked(action="role", role=role, to=to), _choose(relations, filter_), who, act_id, form)


@prepares("team")
@click.argument("name")
def give_team(
    name: str, relations: tuple[str, ...], filter_: str, who: str, act_id: str | None, form: str
) -> None:
    """Prepare giving the roles of the process team NAME; roles that it has not, stay as they are."""
    _prepare(Asked(action="team", process_team=name), _choose(relations, filter_), who, act_id, form)


@prepares("add")
@click.argument("product")
@click.option("--frequency", required=True, metavar="KIND", help="month, quarter, year...")
@click.option("--period", required=True, type=PeriodOf(), metavar="PERIOD", help="The first one.")
@click.option("--sub-number", default="", metavar="NUMBER", help="Such as B01, where it has several.")
def add_product(
    product: str,
    frequency: str,
    period: Period,
    sub_number: str,
    relations: tuple[str, ...],
    filter_: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare adding PRODUCT to relations that do not take it."""
    asked = Asked(
        action="add", product=product, frequency=frequency, period=period.code, sub_number=sub_number
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@prepares("end")
@click.argument("product")
@click.option("--until", required=True, type=OfficeDay(), help="The last day.")
def end_product(
    product: str,
    until: date,
    relations: tuple[str, ...],
    filter_: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare ending PRODUCT on its last day."""
    _prepare(
        Asked(action="end", product=product, until=until), _choose(relations, filter_), who, act_id, form
    )


@prepares("set-start")
@click.option("--date", "day", required=True, type=OfficeDay(), help="The day on which they start.")
@click.option("--template", metavar="TEMPLATE", default="", help="Only what starts of this template.")
@click.option("--period", type=PeriodOf(), metavar="PERIOD", help="Only where this period is next.")
@click.option("--past-legal-day", is_flag=True, help="Also where a statutory deadline ends before that day.")
def set_start(
    day: date,
    template: str,
    period: Period | None,
    past_legal_day: bool,
    relations: tuple[str, ...],
    filter_: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare moving the next start of what is planned or recurs, to before the one after it."""
    asked = Asked(
        action="set_start",
        template=template,
        period=period.code if period else "",
        start_date=day,
        anyway=past_legal_day,
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@click.command("undo")
@click.argument("number", type=int, metavar="RUN")
@as_person
@act_id
@as_format
def undo(number: int, who: str, act_id: str | None, form: str) -> None:
    """Prepare taking back what RUN edited, where nobody changed it since."""
    _show_made(lambda desk: runs.prepare_undo(desk, who, number, act_id), form)


def _choose(relations: tuple[str, ...], filter_: str) -> Chosen:
    return Chosen(numbers=" ".join(relations), filter=filter_)


def _prepare(asked: Asked, chosen: Chosen, who: str, act_id: str | None, form: str) -> None:
    _show_made(lambda desk: runs.prepare(desk, who, asked, chosen, act_id), form)


def _show_made(work: Callable[[Desk], int | Refusal], form: str) -> None:
    with show_work("reeks voorbereiden"):
        made = ask_desk(work)
    show_run(unwrap_result(made, HINTS | MEANT), form)


commands: list[click.Command] = [
    *(start, act, move, set_field, give_role, give_team, add_product, end_product, set_start, undo),
]

"""Starting for many: the candidates that `kantoor start` works out, kept as lines."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ...filing.outcome import Refusal, gather_refusals
from ...office.bulk import Foreseen, Line, LineStatus, Outcome
from ...office.office_clock import office_now
from ...office.plans import plans_in_force
from ...period import Period
from ..desk import Desk
from ..starting.candidates import Candidate, Result, candidates
from ..starting.candidates import Line as Told
from ..starting.starting import try_each
from ..starting.wishes import Selection, Taking, Wish, refuse_by_plan
from .asking import Asked
from .guarding import tell_fault
from .kinds import By, Judged, come_to, make_line
from .naming import name_template

FORESEEN: dict[Result, Foreseen] = {
    "starts": "ready",
    "planned": "ready",
    "runs_already": "already",
    "not_ready": "not_ready",
}
CAME_TO: dict[Result, LineStatus] = {
    "starts": "done",
    "planned": "done",
    "runs_already": "already",
    "not_ready": "refused",
}


class Starting:
    """Starting filings for a period, or having them start by themselves."""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with its template's title and its day (today, where all may leave it out).

        It is refused without template or period.
        """
        template = Refusal(code="no_template", text="Kies een werkproces om te starten.")
        period = Refusal(code="no_period", text="Kies een periode om te starten.")
        lacks = gather_refusals(asked.template or template, asked.period or period)
        if lacks:
            return lacks
        in_force = [one for one in plans_in_force(connection).list_all() if one.template == asked.template]
        named, today = name_template(connection, asked), office_now(connection).date()
        refused = [refuse_by_plan(_wish(asked, Selection()), one.plan, today) for one in in_force]
        if refused and all(refused):  # whoever is chosen
            return refused[0] or named
        if (
            isinstance(named, Refusal)
            or asked.start_date
            or any(one.plan.start == "on_date" for one in in_force)
        ):
            return named
        return named.model_copy(update={"start_date": today})

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each relation and number that is meant."""
        return _list(desk, connection, who, _wish(asked, Selection(relations=numbers)))

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return what would happen now; that a period is unusual was judged before."""
        exactly = tuple(
            Taking(relation=o.relation, product=o.product, sub_number=o.sub_number) for o in lines
        )
        wish = _wish(asked, Selection(exactly=exactly)).model_copy(update={"anyway": True})
        return _list(desk, connection, who, wish)

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Start; what an earlier attempt started is started."""
        found = [judged.work for _, judged in lines]
        told = await try_each(desk, _wish(asked, Selection()), found)
        return [_settle(line, one, by) for (line, _), one in zip(lines, told, strict=True)]


def _wish(asked: Asked, selection: Selection) -> Wish:
    return Wish(
        template=asked.template,
        period=Period.parse(asked.period),
        selection=selection,
        start_date=asked.start_date,
        recurring=asked.recurring,
        without_automations=asked.without_automations,
        anyway=asked.anyway,
    )


def _list(desk: Desk, connection: Connection, who: str, wish: Wish) -> list[Judged] | Refusal:
    found = candidates(connection, who, wish, desk.equipment.reports.identity_needs())
    return found if isinstance(found, Refusal) else [_make_judged(one) for one in found]


def _make_judged(one: Candidate) -> Judged:
    line = one.line
    text = line.text.partition(";")[0] if line.result == "runs_already" else line.text.removesuffix(one.since)
    return Judged(
        make_line(
            line.relation,
            FORESEEN[line.result],
            text,
            product=one.product,
            sub_number=line.sub_number,
            filing=line.filing,
            since=one.since,
            advice=line.advice,
        ),
        one,
    )


def _settle(line: Line, told: Told | Exception, by: By) -> Outcome:
    if isinstance(told, Exception):
        return tell_fault(line, told)
    if told.result == "runs_already" and by.again:
        return come_to(line, "done", line.text.replace("start nu", "gestart", 1))
    if told.result == "not_ready" and by.again:  # its filing may have begun, and not be recorded yet
        return come_to(line, "unknown", told.text)
    return come_to(line, CAME_TO[told.result], told.text)

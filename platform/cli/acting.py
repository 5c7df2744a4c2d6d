"""Acting on a filing from a command: print the outcome of the act, or end the command."""

from collections.abc import Awaitable, Callable, Mapping

import click

from ..service.desk import Desk
from ..service.filings.acts import Acts, Done, NotRunning, Outcome, Unknown
from ..service.results import Refusal
from .desk import at_desk, make_refusal_failure
from .failures import OUTSIDE, DutchFailure, Failure
from .hints import GIVE_OUTCOME, GIVE_PHASE, GIVE_REASON
from .printing import warn

AGAIN = " (was al gedaan)"
LATER = "; lijsten en tijdlijn worden nog bijgewerkt"


def act(
    who: str,
    act_id: str | None,
    do: Callable[[Acts], Awaitable[Outcome]],
    done: str,
) -> None:
    """Let a person act, and tell the outcome; see `tell`."""

    async def work(desk: Desk) -> Outcome:
        return await do(Acts(desk, who, act_id))

    tell(at_desk(work), done, GIVE_PHASE | GIVE_REASON | GIVE_OUTCOME)


def tell(outcome: Outcome, done: str, hints: Mapping[str, str] | None = None) -> None:
    """Tell the outcome of an act; end with exit 1 when it was refused, 3 when it is not known.

    `hints` are those of `refused`.
    """
    if isinstance(outcome, Refusal):
        raise make_refusal_failure(outcome, hints)
    if not isinstance(outcome, Done):
        raise make_unknown_failure(outcome)
    click.echo(f"{done}{AGAIN if outcome.repeated else ''}{'' if outcome.recorded else LATER}")
    for warning in outcome.warnings:
        warn(warning)


def make_unknown_failure(result: NotRunning | Unknown) -> Failure:
    """Return the failure (exit 3) that ends a command when it is not known whether the act arrived."""
    if isinstance(result, NotRunning):
        text = (
            f"de opdracht is niet gevonden op de Temporal-server ({result.workflow_id}); zie kantoor doctor"
        )
        return DutchFailure(text, OUTSIDE)
    again = f"Herhaal de handeling met --id {result.act}; er wordt dan niets dubbel uitgevoerd."
    if result.unattended and not result.fault:
        text = "de handeling is nog niet verwerkt: het kantoor wordt nog gestart, of staat stil"
        return DutchFailure(f"{text} (zie kantoor doctor)", OUTSIDE, again)
    text = "onbekend of de handeling is verwerkt"
    if result.fault:
        text += "; de opdracht staat stil door een fout in de software (zie kantoor doctor)"
    return DutchFailure(text, OUTSIDE, again)

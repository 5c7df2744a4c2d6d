"""Attaching a document to a filing: figures become a return, other files are stored as they are."""

import asyncio
from pathlib import Path

from ..filing.events import Shown
from ..filing.outcome import Refusal
from ..filing.state import State
from ..plan import Model
from ..runtime.client import filing_state
from .acts import Acts, Outcome
from .cases import Case, look_up
from .desk import Desk
from .vat import Made, Wrong, make_return

VAT_REPORT = "omzetbelasting"
OTHER_TYPE = "application/octet-stream"


class Attached(Model):
    """What came of the act, with what was made of the file; `text` is how the client reads it."""

    outcome: Outcome
    shown: Shown
    text: str = ""
    warnings: tuple[str, ...] = ()


async def attach(
    desk: Desk, who: str, filing: str, file: Path, document: str | None = None, act_id: str | None = None
) -> Attached | Wrong | Refusal:
    """Attach a file as a document of the filing, as `who`. Raises OSError when the file cannot be read.

    With a report the file holds figures (docs/figures.md), of which instance and rendering are made. An act
    that was taken before is not made anew: its return would bear another time.
    """
    content = await asyncio.to_thread(file.read_bytes)
    case = desk.read(lambda connection: look_up(connection, who, filing))
    if isinstance(case, Refusal):
        return case
    name = document or _only_document(case)
    if isinstance(name, Refusal):
        return name
    found = next((d for d in case.plan.documents if d.id == name), None)
    made: Made | None = None
    if found and found.report == VAT_REPORT:
        result = make_return(desk, case, name, content, file.name)
        if isinstance(result, Wrong):
            return result
        made = result
        shown = await _taken_before(desk, case, act_id, made.shown)
    else:
        shown = Shown(document=name, hash=desk.equipment.documents.put(content, OTHER_TYPE))
    outcome = await Acts(desk, who, act_id).attach(filing, shown)
    return Attached(
        outcome=outcome,
        shown=shown,
        text=made.text if made else "",
        warnings=made.warnings if made else (),
    )


async def _taken_before(desk: Desk, case: Case, act_id: str | None, shown: Shown) -> Shown:
    """Return what was attached under this act's id, if it was, so that repeating it says the same."""
    if act_id is None:
        return shown
    state = await filing_state(await desk.client(), case.filing.id)
    if not isinstance(state, State) or all(answered.id != act_id for answered in state.answered):
        return shown
    current = next((d.shown for d in state.documents if d.id == shown.document), None)
    return current or shown


def _only_document(case: Case) -> str | Refusal:
    active = {phase.id for phase in case.view.phases if phase.status == "active"}
    here = [d.id for d in case.plan.documents if d.made_in in active]
    everywhere = [d.id for d in case.plan.documents]
    names = here or everywhere
    if len(names) == 1:
        return names[0]
    text = f"Noem het document: {', '.join(names)}." if names else "Deze opdracht kent geen documenten."
    return Refusal(code="which_document", text=text)

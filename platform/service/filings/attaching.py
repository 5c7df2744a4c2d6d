"""Attaching a document to a filing: figures become a return, other files are stored as they are."""

import asyncio
import hashlib
from pathlib import Path

from ...filing.events import Shown
from ...filing.outcome import Refusal
from ...plan import Document, Model
from ..desk import Desk
from ..uploads import check_upload
from .acts import Acts
from .cases import Case, look_up
from .figures import FiguresRefused, MadeDocument, make_document, read_document
from .sending import Facts, Outcome


class Attached(Model):
    """The outcome of the act, with what was attached; `text` is how the client reads it."""

    outcome: Outcome
    shown: Shown
    text: str = ""
    warnings: tuple[str, ...] = ()


async def attach(
    desk: Desk,
    who: str,
    filing: str,
    file: Path,
    document: str | None = None,
    act_id: str | None = None,
    audience: str | None = None,
) -> Attached | FiguresRefused | Refusal:
    """Attach a file as a document of the filing, as `who`. Raises OSError when the file cannot be read.

    With a report the file holds figures (docs/figures.md), of which instance and rendering are made: once,
    since a return contains the moment at which it was made. Repeating the act attaches that same return.
    """
    content = await asyncio.to_thread(file.read_bytes)
    whom = {"audience": audience} if audience else {}
    made: list[MadeDocument | FiguresRefused] = []

    def ask_tracing(found: Document | None) -> dict[str, bool]:
        return {"traced": True} if found and found.source else {}

    def make(case: Case) -> Facts | Refusal:
        name = document or _only_document(case)
        if isinstance(name, Refusal):
            return name
        found = next((d for d in case.plan.documents if d.id == name), None)
        if found is None or found.report is None:
            judged = check_upload(file.name, content)
            if isinstance(judged, Refusal):
                return judged
            # An unknown document is the machine's to refuse, with the names of the known ones.
            stored = desk.equipment.documents.put(content, judged.media_type) if found else _hash(content)
            return {"shown": Shown(document=name, hash=stored), **whom, **ask_tracing(found)}
        report = desk.equipment.reports.get(found.report)
        if report is None:
            return _unknown_report(found.report)
        result = make_document(desk, case, report, name, content, str(file))
        made.append(result)
        if isinstance(result, FiguresRefused):
            return result
        return {"shown": result.shown, "remarks": result.remarks, **whom, **ask_tracing(found)}

    shown, outcome = await Acts(desk, who, act_id).attach(
        filing, make, document=document, content=_hash(content), **whom
    )
    new = made[0] if made else None
    if isinstance(new, FiguresRefused):
        return new
    if shown is None:
        assert isinstance(outcome, Refusal)
        return outcome
    refused = isinstance(outcome, Refusal)  # and then the document may not exist
    if new and new.shown != shown:
        new = None  # the filing had taken this act, which the office did not know any more
    if new or refused:
        text = new.text if new else ""
    else:
        text = await asyncio.to_thread(_read_again, desk, who, filing, shown)
    return Attached(outcome=outcome, shown=shown, text=text, warnings=new.warnings if new else ())


def _read_again(desk: Desk, who: str, filing: str, shown: Shown) -> str:
    """Return how the client reads what was made before of figures; empty for other documents."""
    case = desk.read(lambda connection: look_up(connection, who, filing))
    if isinstance(case, Refusal):
        return ""
    # The act was refused where the plan has no such document.
    name = next((d.report for d in case.plan.documents if d.id == shown.document), None)
    report = desk.equipment.reports.get(name) if name else None
    return read_document(desk, case, report, shown) if report else ""


def _unknown_report(name: str) -> Refusal:
    text = (
        f"Voor het rapport '{name}' kan hier geen aangifte worden gemaakt; "
        "dien de aangifte in met uw fiscale software."
    )
    return Refusal(code="unknown_report", text=text)


def _only_document(case: Case) -> str | Refusal:
    active = {phase.id for phase in case.view.phases if phase.status == "active"}
    made = {d.id for d in case.view.documents if d.made}
    everywhere = [d.id for d in case.plan.documents if d.id in made]
    here = [d.id for d in case.plan.documents if d.id in made and d.made_in in active]
    names = here or everywhere
    if len(names) == 1:
        return names[0]
    text = f"Kies een document: {', '.join(names)}." if names else "Bij deze opdracht horen geen documenten."
    return Refusal(code="which_document", text=text)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

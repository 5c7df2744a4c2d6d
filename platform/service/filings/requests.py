"""What is asked of clients as people read it: with what was answered, from the recorded state of a filing."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from ...answers import Value
from ...compiler.nodes import Node
from ...compiler.source import read_file
from ...fact_values import say_money
from ...filing.outcome import Refusal
from ...filing.requests import request_is_named
from ...filing.state import State
from ...filing.view import ItemView, RequestView, view
from ...period import in_words
from ...plan import FormField, Model, Plan
from ..desk import Desk
from .cases import find_by_name
from .states import read_state_of

MOST_BYTES = 1_000_000


class AnswerLine(Model):
    """A question of a form with what was answered, in words; None where it was not."""

    id: str
    title: str
    required: bool
    help: str | None
    choices: tuple[str, ...]
    answer: str | None


class RequestPage(Model):
    """A request with its items and, for a form, its questions and answers."""

    id: str
    phase: str
    title: str
    intro: str | None
    kind: Literal["form", "list"]
    required: bool
    made: datetime
    items: tuple[ItemView, ...]
    answers: tuple[AnswerLine, ...]


class Part(Model):
    """A part of a list: at most `size` requests, after the one with this id, the last of the part before."""

    size: int
    after: str | None = None


def list_requests(
    desk: Desk, name: str, request: str | None = None, part: Part | None = None
) -> tuple[RequestPage, ...] | Refusal:
    """Return the requests of a filing, or those that are named, in order: all of them, or a part.

    Raises DatabaseError, and UnreadableStateError when the recorded state cannot be opened.
    """

    def ask(connection: Connection) -> tuple[RequestPage, ...] | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        found = read_state_of(connection, desk, filing)
        asked = view(*found).requests if found else ()
        named = [one for one in asked if request is None or request_is_named(one.id, request)]
        if found and (named or request is None):
            return tuple(make_request_page(*found, one) for one in _take(named, part))
        if request is None:
            return ()
        known = ", ".join(f"{one.id} ('{one.title}')" for one in asked)
        text = f"Uitvraag '{request}' bestaat niet. {f'Kies uit: {known}.' if known else ''}".rstrip()
        return Refusal(code="unknown_request", text=text)

    return desk.read(ask)


def _take(found: list[RequestView], part: Part | None) -> list[RequestView]:
    """Return the requests of a part; one that is after nothing there is begins with the first."""
    if part is None:
        return found
    place = next((n for n, one in enumerate(found, 1) if one.id == part.after), 0)
    return found[place : place + part.size]


def read_answer_file(file: Path) -> dict[str, Any] | Refusal:
    """Return the answers that a YAML or JSON file holds, by field. Raises OSError."""
    wrong = "Schrijf per vraag een regel, zoals 'woning: ja'."
    if file.stat().st_size > MOST_BYTES:
        return Refusal(code="wrong_file", text=f"{file.name} is te groot. {wrong}")
    reading = read_file(file, file.name)
    if reading.diagnostics or reading.node is None:
        line = f", regel {reading.diagnostics[0].span.line}" if reading.diagnostics else ""
        return Refusal(code="wrong_file", text=f"{file.name}{line}: dit is niet te lezen. {wrong}")
    written = _plain(reading.node)
    if not isinstance(written, dict):
        return Refusal(code="wrong_file", text=f"{file.name}: dit zijn geen antwoorden. {wrong}")
    return written


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(child) for child in node.value]
    return node.value


def make_request_page(plan: Plan, state: State, seen: RequestView) -> RequestPage:
    """Return a request with what was answered, from a state."""
    form = plan.form(seen.form)
    values = next(one.values for one in state.case.requests if one.id == seen.id)
    asked = form.fields if form.kind == "form" else ()
    return RequestPage(
        id=seen.id,
        phase=plan.phase(seen.phase).title,
        title=seen.title,
        intro=form.intro,
        kind=seen.kind,
        required=seen.required,
        made=seen.made,
        items=seen.items,
        answers=tuple(
            AnswerLine(
                id=field.id,
                title=field.title,
                required=field.required,
                help=field.help,
                choices=tuple(option.id for option in field.options),
                answer=say_answer(field, values[field.id]) if field.id in values else None,
            )
            for field in asked
        ),
    )


def say_answer(field: FormField, value: Value) -> str:
    """Return an answer as people read it."""
    titles = {option.id: option.title for option in field.options}
    if isinstance(value, tuple):
        return ", ".join(titles.get(one, one) for one in value) or "geen"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return say_money(value) if field.kind == "money" else str(value)
    if field.kind == "date":
        return in_words(date.fromisoformat(value))
    return titles.get(value, value)

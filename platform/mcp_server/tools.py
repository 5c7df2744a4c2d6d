"""What an assistant can ask: the tools, each a method whose text tells an assistant when to use it."""

import json
from threading import Lock
from typing import Annotated, Any, Literal

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from ..compiler.explain import UnknownNameError, explain, list_names
from ..compiler.reports.json import as_json
from ..compiler.reports.text import summary, text
from .comparing import CannotCompareError, tell_difference
from .folder import Folder, OutsideError
from .holding import CannotHoldError, tell_policies
from .simulating import CannotSimulateError, Wish, tell_simulation

MOST = 100
"""Diagnostics in one answer: an assistant mends those first."""
MOST_TEXT = 60_000


_ChangesAsked = Annotated[
    dict[str, str | None] | None,
    Field(
        description="Files as they would be, by path below the folder, such as"
        " {'workflows/btw-aangifte.yaml': '…'}; null for one that would be removed. They are read with all"
        " others and not saved. Leave it out for the folder as it is."
    ),
]


class Checked(BaseModel):
    """What a check found."""

    errors: int
    warnings: int
    definitions: int
    diagnostics: list[dict[str, Any]] = Field(description="At most 100, in the order of their places.")
    left_out: int = Field(description="How many diagnostics more there are.")


class Tools:
    """The tools of one folder; one check at a time, since a check takes all of a processor."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = Lock()

    def check(self, changes: _ChangesAsked = None) -> Annotated[CallToolResult, Checked]:
        """Check the definitions, as `kantoor check` does: errors and warnings, with place and what to do.

        Call it after every edit. No errors and no warnings means that the definitions compile.
        """
        try:
            with self._lock:
                found = self._folder.check(changes)
        except OutsideError as error:
            raise ToolError(str(error)) from None
        diagnostics = json.loads(as_json(found))
        checked = Checked(
            errors=len(found.errors),
            warnings=len(found.diagnostics) - len(found.errors),
            definitions=found.count,
            diagnostics=diagnostics[:MOST],
            left_out=max(0, len(diagnostics) - MOST),
        )
        shown = _shorten(text(found))
        return CallToolResult(
            content=[TextContent(type="text", text=f"{shown}{summary(found)}\n")],
            structured_content=checked.model_dump(),
        )

    def explain(
        self,
        name: Annotated[
            str,
            Field(
                description="A code (K201), a construct (offer), a variable (filing.link) or a key"
                " (offer.chase); empty for a list of what can be explained."
            ),
        ] = "",
    ) -> str:
        """Explain a diagnostic's code, a construct, a variable or a key of the language, with an example."""
        try:
            return explain(name.strip()) if name.strip() else list_names()
        except UnknownNameError as error:
            raise ToolError(f"{error}; call explain without a name for a list") from None

    def simulate(
        self,
        template: Annotated[str, Field(description="The id of a template, such as btw-aangifte.")],
        period: Annotated[str, Field(description="2027-01, 2027-Q1 or 2027, as the template takes it.")],
        relation: Annotated[
            str,
            Field(
                description="Who the filing is for, invented: a legal form and what is true of it, such as"
                " 'bv,foreign'; a bv when left out."
            ),
        ] = "",
        client: Annotated[
            Literal["usual", "silent", "rejects_once", "rejects_always"],
            Field(description="How the client reacts to what is asked and offered."),
        ] = "usual",
        refuse: Annotated[
            str, Field(description="The code with which the authority refuses, such as 510; empty for none.")
        ] = "",
        mails: Annotated[bool, Field(description="Whether each message is shown whole.")] = False,
        changes: _ChangesAsked = None,
    ) -> str:
        """Show a filing day by day: phases, messages, reminders, deadlines, in Dutch. Nothing is sent.

        Call it after a change to the flow or the dates, to see what people and the client would meet.
        """
        wish = Wish(template, period, relation, client, refuse, mails)
        try:
            with self._lock:
                return _shorten(tell_simulation(self._folder.check(changes), wish))
        except (OutsideError, CannotSimulateError) as error:
            raise ToolError(str(error)) from None

    def diff(
        self,
        base: Annotated[
            str,
            Field(
                description="A revision of Git to compare with, such as main or HEAD~1; leave it out to"
                " compare the folder as it is with `changes`."
            ),
        ] = "",
        prove: Annotated[
            bool,
            Field(description="Also walk both machines: what behaves alike, who can newly do what. Slower."),
        ] = False,
        changes: _ChangesAsked = None,
    ) -> str:
        """Say what a change means, as `kantoor diff` does: sentences for clients, staff, dates and law.

        Call it before a change is handed over, and tell a person each safeguard and each change of law that
        it names. A change of texts alone is one of wording.
        """
        try:
            with self._lock:
                return _shorten(tell_difference(self._folder, base.strip(), changes, proves=prove))
        except (OutsideError, CannotCompareError) as error:
            raise ToolError(_shorten(str(error))) from None

    def policies(
        self,
        template: Annotated[
            str, Field(description="The id of a template, such as btw-aangifte; empty for all.")
        ] = "",
        changes: _ChangesAsked = None,
    ) -> str:
        """Hold the office's policies against every state of its templates, as `kantoor policies` does.

        Call it after a change to the flow. Of each that is broken it shows the shortest way there, in Dutch.
        """
        try:
            with self._lock:
                return _shorten(tell_policies(self._folder.check(changes), template.strip()))
        except (OutsideError, CannotHoldError) as error:
            raise ToolError(str(error)) from None

    def all(self) -> tuple[Any, ...]:
        """Return the tools that are offered. A new one is a method, and a name below."""
        return (self.check, self.explain, self.simulate, self.diff, self.policies)


def _shorten(report: str) -> str:
    if len(report) <= MOST_TEXT:
        return report
    return report[:MOST_TEXT].rpartition("\n")[0] + "\n… (the rest is left out)\n"

"""The server for assistants, on standard input and output."""

from collections.abc import Callable
from functools import partial, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import create_model

from .folder import Folder
from .resources import LANGUAGE, list_examples, read_example, read_language
from .tools import Tools

INSTRUCTIONS = f"""\
Definitions of the workflows of a Dutch accountancy office, as YAML files in one folder. Read {LANGUAGE}
before you write any: it is the whole language. After every edit call check and mend what it finds; call
explain for a code that is not clear. Titles and texts are Dutch, as an accountant writes to a client; keys
are English. The shipped templates are resources to learn from.
"""

DescribeError = Callable[[Exception], str]
"""What to tell of an error that nobody expected: a sentence, without any of its values."""


def make_server(folder: Path, describe_error: DescribeError) -> MCPServer[None]:
    """Return the server of a folder. Whatever goes wrong in it is one sentence for the assistant."""
    tools: list[Tool] = []
    for tool in Tools(Folder(folder)).all():
        tools.append(_make_tool(_guard(tool, ToolError, describe_error)))
    server: MCPServer[None] = MCPServer(
        "kantoor",
        title="kantoor",
        instructions=INSTRUCTIONS,
        version=version("kantoor"),
        tools=tools,
        log_level="CRITICAL",  # its log shows tracebacks; what goes wrong is in the answer
    )
    _add_text(server, LANGUAGE, "language", "The whole language", read_language, describe_error)
    for one in list_examples():
        read = partial(read_example, one.template)
        _add_text(server, one.uri, one.template, f"Shipped template: {one.title}", read, describe_error)
    return server


def serve(folder: Path, describe_error: DescribeError) -> None:
    """Serve an assistant on standard input and output until it leaves."""
    make_server(folder, describe_error).run("stdio")


def _make_tool(call: Callable[..., Any]) -> Tool:
    """Return a tool that refuses what it does not know: an assistant that guesses an argument hears so."""
    tool = Tool.from_function(call, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    known = tool.fn_metadata.arg_model
    strict = create_model(known.__name__, __base__=known, __cls_kwargs__={"extra": "forbid"})
    tool.fn_metadata = tool.fn_metadata.model_copy(update={"arg_model": strict})
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


def _add_text(
    server: MCPServer[None], uri: str, name: str, title: str, read: Callable[[], str], describe: DescribeError
) -> None:
    guarded = _guard(read, ResourceError, describe)
    server.add_resource(FunctionResource(uri=uri, name=name, title=title, mime_type="text/plain", fn=guarded))


def _guard(
    call: Callable[..., Any], expected: type[Exception], describe: DescribeError
) -> Callable[..., Any]:
    """Return a call whose unexpected errors are of the expected type, with a sentence and no values."""

    def call_guarded(*values: Any, **named: Any) -> Any:
        try:
            return call(*values, **named)
        except expected:
            raise
        except Exception as error:
            raise expected(describe(error)) from None

    return call_guarded if isinstance(call, partial) else wraps(call)(call_guarded)

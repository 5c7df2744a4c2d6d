"""The server for assistants, as a process over stdio, asked by the SDK's own client."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import CallToolResult, TextContent, TextResourceContents

from kantoor.compiler.constructs import list_constructs
from kantoor.compiler.diagnostics import all_codes
from kantoor.context import VARIABLES
from kantoor.policies.keeping import find_cache

from ..shipped import compile_shipped

ROOT = Path(__file__).parents[2]
SERVE = ["-m", "kantoor.cli", "mcp"]


pytestmark = pytest.mark.xdist_group("mcp_server")
on_one_server = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the office of this module lies, and nothing else."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(ROOT / "definitions", folder / "office/definitions")
    return folder


@pytest.fixture
def office(folder: Path) -> Path:
    """An office's folder with the shipped definitions as they are shipped, whatever a test before did."""
    for left in folder.glob("*"):
        if left.name != "office":
            left.unlink()
    shutil.rmtree(folder / "office/definitions", ignore_errors=True)
    shutil.copytree(ROOT / "definitions", folder / "office/definitions")
    return folder / "office"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(folder: Path) -> AsyncIterator[Client]:
    """A client of one server, which serves the office to the tests of this module one after the other."""
    began: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def hold() -> None:  # the SDK's client wants to be left by the task that entered it
        async with served(folder / "office") as client:
            began.set_result(client)
            await over.wait()

    holding = asyncio.create_task(hold())
    await asyncio.wait({holding, began}, return_when=asyncio.FIRST_COMPLETED)
    if not began.done():
        await holding
    yield began.result()
    over.set()
    await holding


@asynccontextmanager
async def served(office: Path, folder: str = "definitions") -> AsyncIterator[Client]:
    """Start the server as a process, and leave it; nothing that it says on the way is a traceback."""
    errors = office / "errors"
    program = StdioServerParameters(
        command=sys.executable,
        args=["-c", _RUN, str(errors), *SERVE[1:], folder],
        cwd=office,
        env={"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]},
    )
    async with Client(program, read_timeout_seconds=60) as client:
        yield client
    assert "Traceback" not in errors.read_text("utf-8")


_RUN = """
import os, runpy, sys
os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Runs a module with standard error in a file: the client's own way needs one that is open all the time."""


def said(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def read(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


@on_one_server
async def test_an_assistant_mends_a_definition_by_what_check_and_explain_say(
    office: Path, client: Client
) -> None:
    file = office / "definitions/workflows/btw-aangifte.yaml"
    right = file.read_text("utf-8")
    file.write_text(right.replace("role: fiscaal", "role: fiskaal"), "utf-8")
    result = await client.call_tool("check", {})
    assert not result.is_error
    assert said(result).endswith("definitions, 1 error\n")
    found = result.structured_content or {}
    (diagnostic,) = found["diagnostics"]
    assert (found["errors"], diagnostic["code"], diagnostic["help"]) == (
        1,
        "K201",
        "did you mean 'fiscaal'?",
    )
    assert diagnostic["path"] == "definitions/workflows/btw-aangifte.yaml"
    explained = await client.call_tool("explain", {"name": diagnostic["code"]})
    assert said(explained).startswith("K201: unknown role (error)\n")
    file.write_text(right, "utf-8")
    result = await client.call_tool("check", {})
    assert said(result).endswith("definitions, no errors\n")
    assert (result.structured_content or {})["diagnostics"] == []


@on_one_server
async def test_changes_are_checked_with_the_rest_and_not_saved(office: Path, client: Client) -> None:
    before = {file: file.read_bytes() for file in sorted(office.rglob("*.yaml"))}
    text_of = (office / "definitions/roles/fiscaal.yaml").read_text("utf-8")
    wrong = await client.call_tool("check", {"changes": {"roles/fiscaal.yaml": text_of + "titel: x\n"}})
    assert "definitions/roles/fiscaal.yaml:" in said(wrong)
    assert "error[K120]: unknown key 'titel'" in said(wrong)
    gone = await client.call_tool("check", {"changes": {"roles/fiscaal.yaml": None}})
    assert "error[K201]: unknown role 'fiscaal'" in said(gone)
    moved = {"roles/fiscaal.yaml": None, "roles/belasting.yaml": text_of}
    assert "unknown role 'fiscaal'" in said(await client.call_tool("check", {"changes": moved}))
    assert said(await client.call_tool("check", {"changes": {"roles/nieuw.yaml": text_of}})) != ""
    assert {file: file.read_bytes() for file in sorted(office.rglob("*.yaml"))} == before


@on_one_server
async def test_changes_outside_the_folder_or_beyond_measure_are_refused(office: Path, client: Client) -> None:
    paths = [
        "../er.yaml",
        "/etc/er.yaml",
        "roles/../../er.yaml",
        "roles\\x.yaml",
        "office.txt",
        "",
        ".",
        "a\0.yaml",
    ]
    for path in paths:
        result = await client.call_tool("check", {"changes": {path: "title: x\n"}})
        assert result.is_error
        assert f"invalid path '{path}'" in said(result)
    many = {f"roles/rol-{number}.yaml": "title: x\n" for number in range(1001)}
    assert "at most 1000 files" in said(await client.call_tool("check", {"changes": many}))
    long = {"roles/rol.yaml": "#" * 5_000_001}
    assert "5000000 characters" in said(await client.call_tool("check", {"changes": long}))
    name = await client.call_tool("check", {"changes": {f"roles/{'x' * 300}.yaml": "title: x\n"}})
    assert "cannot be a file here: File name too long" in said(name)
    assert sorted(file.name for file in office.parent.iterdir()) == ["office"]


@on_one_server
async def test_nothing_is_read_through_a_link_that_leads_out(office: Path, client: Client) -> None:
    secret = office.parent / "geheim.yaml"
    secret.write_text("wachtwoord: abc123\n", "utf-8")
    (office / "definitions/roles/geheim.yaml").symlink_to(secret)
    for changes in (None, {"roles/ander.yaml": "title: Ander\n"}):
        result = await client.call_tool("check", {"changes": changes})
        assert result.is_error
        assert "'roles/geheim.yaml' is a link that leads out of the folder" in said(result)
        assert "abc123" not in said(result)


@on_one_server
async def test_nothing_is_written_through_a_link_within_the_folder(office: Path, client: Client) -> None:
    (office / "definitions/roles/zelfde.yaml").symlink_to(office / "definitions/roles/fiscaal.yaml")
    (office / "definitions/products/nog-eens").symlink_to(office / "definitions/products")  # round and round
    before = (office / "definitions/roles/fiscaal.yaml").read_bytes()
    result = await client.call_tool("check", {"changes": {"roles/zelfde.yaml": "title: Zelfde\nx: 1\n"}})
    assert "unknown key 'x'" in said(result)
    assert (office / "definitions/roles/fiscaal.yaml").read_bytes() == before


@on_one_server
async def test_an_assistant_sees_what_a_change_does_to_a_filing(office: Path, client: Client) -> None:
    file = office / "definitions/workflows/btw-aangifte.yaml"
    never = file.read_text("utf-8").replace("every_days: 3", "every_days: 1")
    asked = {"template": "btw-aangifte", "period": "2027-01", "client": "silent"}
    offered = {tool.name for tool in (await client.list_tools()).tools}
    assert offered == {"check", "explain", "simulate", "diff", "policies"}
    now, then = [
        said(await client.call_tool("simulate", {**asked, "changes": changes}))
        for changes in (None, {"workflows/btw-aangifte.yaml": never})
    ]
    assert "Aangifte btw" in now
    assert now != then
    for wrong, answer in (
        ({**asked, "template": "btw"}, "there is no template 'btw'"),
        ({**asked, "period": "volgend jaar"}, "'volgend jaar' is not a period"),
        (
            {**asked, "changes": {"workflows/btw-aangifte.yaml": "title: x\n"}},
            "'btw-aangifte' has errors",
        ),
        ({**asked, "changes": {"office.yaml": "x: 1\n"}}, "mend what check finds first"),
    ):
        result = await client.call_tool("simulate", wrong)
        assert result.is_error
        assert answer in said(result)


@on_one_server
async def test_an_assistant_hears_what_a_change_means_and_which_policy_it_breaks(
    office: Path, client: Client
) -> None:
    file = office / "definitions/workflows/icp-opgaaf.yaml"
    right = file.read_text("utf-8")
    slower = {"workflows/icp-opgaaf.yaml": right.replace("every_days: 3", "every_days: 5")}
    told = " ".join(said(await client.call_tool("diff", {"changes": slower})).split())
    assert told.startswith("the folder → the folder with changes: 1 change (1 timing)")
    assert "after 5 days instead of 3" in told
    same = await client.call_tool("diff", {"changes": {"workflows/icp-opgaaf.yaml": right}})
    assert said(same) == "Nothing changes in what the definitions mean.\n"
    subprocess.run(["git", "init", "-q"], cwd=office, check=True)
    subprocess.run(["git", "add", "."], cwd=office, check=True)
    named = ["-c", "user.name=Ans", "-c", "user.email=ans@kantoor.example"]
    subprocess.run(["git", *named, "commit", "-qm", "Eerst"], cwd=office, check=True)
    file.write_text(slower["workflows/icp-opgaaf.yaml"], "utf-8")
    since = " ".join(said(await client.call_tool("diff", {"base": "HEAD", "prove": True})).split())
    assert since.startswith("HEAD → the folder: ")
    assert "after 5 days instead of 3" in since
    assert "PROOF" in since
    shutil.rmtree(office / ".git")

    lone = {"workflows/icp-opgaaf.yaml": right.replace("    four_eyes: [verzamelen, opstellen]\n", "")}
    assert lone["workflows/icp-opgaaf.yaml"] != right
    broken = await client.call_tool("policies", {"template": "icp-opgaaf", "changes": lone})
    assert "opsteller-beoordeelt-niet icp-opgaaf: broken in" in said(broken)
    assert "9 policies on 1 template, 1 broken" in said(broken)
    kept = {file.name for file in find_cache().iterdir()}
    assert len(kept) > 1  # also of the edits that would mend it
    again = await client.call_tool("policies", {"template": "icp-opgaaf", "changes": lone})
    assert said(again) == said(broken)
    assert {file.name for file in find_cache().iterdir()} == kept
    for tool, wrong, answer in (
        ("diff", {}, "say what to compare with"),
        ("diff", {"base": "main", "head": "newer"}, "Extra inputs are not permitted"),
        ("diff", {"base": "main"}, "in a Git repository. Leave base out and give changes"),
        ("diff", {"base": str(ROOT / "definitions")}, "is not in a Git repository"),
        ("diff", {"changes": {"office.yaml": "x: 1\n"}}, "unknown key 'x'"),
        ("policies", {"template": "btw"}, "there is no template 'btw'"),
        ("policies", {"changes": {"office.yaml": "x: 1\n"}}, "mend what check finds first"),
    ):
        result = await client.call_tool(tool, wrong)
        assert result.is_error
        assert answer in said(result)


@on_one_server
async def test_explain_lists_and_says_what_is_near_and_the_whole_language_is_one_text(
    office: Path, client: Client
) -> None:
    listed = said(await client.call_tool("explain", {}))
    assert all(code in listed for code in all_codes())
    wrong = await client.call_tool("explain", {"name": "offer.chse"})
    assert wrong.is_error
    assert "did you mean 'offer.chase'?" in said(wrong)
    language = await read(client, "kantoor://language")
    assert language == (ROOT / "docs/language.md").read_text("utf-8")
    assert all(f"### {one.name}: " in language for one in list_constructs())
    assert all(f"`{group}.{name}`" in language for group, names in VARIABLES.items() for name in names)


@on_one_server
async def test_the_shipped_templates_are_resources_with_all_that_they_use(
    office: Path, client: Client
) -> None:
    shipped = sorted(file.stem for file in (ROOT / "definitions/workflows").glob("*.yaml"))
    resources = (await client.list_resources()).resources
    uris = [resource.uri for resource in resources]
    assert uris == ["kantoor://language", *(f"kantoor://templates/{name}" for name in shipped)]
    assert resources[1].title == "Shipped template: Aangifte inkomstenbelasting"
    texts = {name: await read(client, f"kantoor://templates/{name}") for name in shipped}
    with pytest.raises(MCPError, match="Unknown resource"):
        await client.read_resource("kantoor://templates/../../../etc/passwd")
    plans = compile_shipped().plans
    for name, whole in texts.items():
        assert whole.startswith(f"# --- workflows/{name}.yaml\n")
        for message in plans[name].messages:
            assert (ROOT / f"definitions/messages/{message.id}.yaml").read_text("utf-8") in whole
        assert all(f"# --- forms/{form.id}.yaml\n" in whole for form in plans[name].forms)


@on_one_server
async def test_what_nobody_can_answer_is_a_sentence_and_a_thousand_mistakes_are_told_in_part(
    office: Path, client: Client
) -> None:
    keys = "".join(f"sleutel_{number}: 1\n" for number in range(300))
    unknown = await client.call_tool("simulate_everything", {})
    assert (unknown.is_error, said(unknown)) == (True, "Unknown tool: simulate_everything")
    wrong = await client.call_tool("check", {"changes": "alles"})
    assert wrong.is_error
    result = await client.call_tool("check", {"changes": {"roles/fiscaal.yaml": f"title: x\n{keys}"}})
    found: dict[str, Any] = result.structured_content or {}
    assert len(found["diagnostics"]) == 100
    assert found["errors"] + found["warnings"] == 100 + found["left_out"]
    assert len(said(result)) < 70_000
    shutil.rmtree(office / "definitions")
    gone = await client.call_tool("check", {})
    assert gone.is_error
    assert "the folder definitions is gone" in said(gone)


async def test_a_repository_serves_the_definitions_in_it(office: Path) -> None:
    async with served(office, ".") as client:
        sound = await client.call_tool("check", {})
        assert not sound.is_error
        assert (sound.structured_content or {})["errors"] == 0
        wrong = await client.call_tool("check", {"changes": {"office.yaml": "x: 1\n"}})
        assert "unknown key 'x'" in said(wrong)


async def test_a_check_says_what_kantoor_check_says(office: Path) -> None:
    file = office / "definitions/workflows/suppletie.yaml"
    file.write_text(file.read_text("utf-8").replace("back_to: opstellen", "back_to: opstelen"), "utf-8")
    async with served(office, str(office / "definitions")) as client:
        result = said(await client.call_tool("check", {}))
    done = subprocess.run(
        [sys.executable, "-m", "kantoor.cli", "check"], cwd=office, capture_output=True, text=True, timeout=60
    )
    assert result == done.stdout + done.stderr


def test_what_is_no_message_is_passed_over_and_the_end_of_input_is_the_end(office: Path) -> None:
    first = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    lines = [
        "geen json",
        "{}",
        '{"jsonrpc": "2.0"}',
        "\ud800".encode("utf-8", "replace").decode(),
        json.dumps(first),
    ]
    done = subprocess.run(
        [sys.executable, *SERVE],
        cwd=office,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in done.stdout.splitlines())


def test_interrupting_it_ends_it_at_once(office: Path) -> None:
    with subprocess.Popen(
        [sys.executable, *SERVE],
        cwd=office,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        program.stdin.flush()
        assert program.stdout.readline()  # it serves
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130  # also while standard input stays open
        assert program.stderr
        assert program.stderr.read() == "interrupted\n"


def test_a_folder_that_is_not_there_is_said_before_anything_is_served(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *SERVE, "nergens"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: no such folder: 'nergens'\n")


def test_only_serving_reads_the_sdk() -> None:
    commands = [["check"], ["mcp", "--help"], ["explain", "K201"], ["draw", "suppletie"]]
    program = (
        f"import sys; from kantoor.cli.main import execute; [execute(words) for words in {commands!r}];"
        "sys.exit(any(name.split('.')[0] in ('mcp', 'starlette', 'temporalio') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr

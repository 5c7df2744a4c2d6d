"""The secrets of TLS connections are written nowhere: one module makes every context."""

import ast
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kantoor.sbr.digipoort.practice_certificates import make_test_authority
from kantoor.service.reviewing.comments import HostError, PullRequest, keep_comment
from kantoor.tls import make_server_context

PLATFORM = Path(__file__).parents[1] / "platform"
OWN_CONTEXTS = {"SSLContext", "create_default_context", "_create_default_https_context"}
CLIENTS = {"httpx", "requests", "urllib3"}
OPENERS = {"urlopen", "build_opener", "HTTPSConnection", "ClientSession"}


def breaches(text: str) -> Iterator[str]:
    """Yield what in a module makes a context of TLS, or has a library make one with its own defaults."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = {word.arg for word in node.keywords} | {
                getattr(one.func, "id", "") for one in node.args if isinstance(one, ast.Call)
            }
            if name in OWN_CONTEXTS or (name in OPENERS and not given & {"context", "HTTPSHandler"}):
                yield name
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in CLIENTS)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from {(node.module or "").partition(".")[0]} & CLIENTS


def test_only_one_module_makes_contexts_of_tls_and_no_library_makes_its_own() -> None:
    found = {
        file.relative_to(PLATFORM).as_posix(): [*breaches(file.read_text())]
        for file in PLATFORM.rglob("*.py")
    }
    assert {name: uses for name, uses in found.items() if uses} == {"tls.py": ["SSLContext", "SSLContext"]}


@pytest.mark.parametrize(
    "text",
    [
        "import ssl\nssl.create_default_context()",
        "from urllib.request import urlopen\nurlopen('https://kantoor.example')",
        "from urllib.request import build_opener\nbuild_opener(NoRedirect)",
        "import httpx",
        "import aiohttp\naiohttp.ClientSession()",
    ],
)
def test_what_makes_its_own_context_is_found(text: str) -> None:
    assert [*breaches(text)]


class Host(BaseHTTPRequestHandler):
    """A host that answers every question with an empty list."""

    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.headers["Authorization"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")

    def do_POST(self) -> None:
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_token_of_a_repository_goes_over_a_connection_whose_secrets_are_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = make_test_authority(tmp_path / "certificates")
    context = make_server_context()
    context.load_cert_chain(files.certificate("server"), files.key("server"))
    Host.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    secrets = tmp_path / "secrets"
    monkeypatch.setenv("SSLKEYLOGFILE", str(secrets))
    monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        where = PullRequest(f"https://localhost:{server.server_port}", "kantoor/definities", 7, "geheim")
        with pytest.raises(HostError, match="500"):
            keep_comment(where, "klaar", "<!-- kantoor -->")
    finally:
        server.shutdown()
        server.server_close()
    assert Host.asked == ["Bearer geheim"]
    assert not secrets.exists()

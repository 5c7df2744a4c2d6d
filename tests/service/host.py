"""A stand-in for the host of a pull request: its REST interface for comments, over real HTTP.

`python -m tests.service.host TOKEN AUTHOR [forbidden|limited]` prints its address, and answers until it is
ended: as GitHub, and as GitLab does. The comments are in the answer to GET /comments; there are a hundred of
others before ours.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN, AUTHOR = sys.argv[1:3] if len(sys.argv) > 2 else ("", "")
FORBIDDEN, LIMITED = sys.argv[3:] == ["forbidden"], sys.argv[3:] == ["limited"]
HEAD = "a" * 40
"""The revision that the pull request has."""
COMMENTS: list[dict[str, Any]] = [
    {
        "id": number,
        "user": {"login": "somebody"},
        "author": {"username": "somebody"},
        "body": "<!-- kantoor review definitions -->",
    }
    for number in range(100)
]
PULL_REQUESTS = ("/repos/kantoor/definities/pulls/7", "/projects/12/merge_requests/7")
LISTS = ("/repos/kantoor/definities/issues/7/comments", "/projects/12/merge_requests/7/notes")
ONE = r"(?:/repos/kantoor/definities/issues/comments|/projects/12/merge_requests/7/notes)/(\d+)"


class Handler(BaseHTTPRequestHandler):
    """Answers as the host does, for one repository and one pull request."""

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path == "/comments":
            self.answer(200, COMMENTS)
        elif self.is_allowed() and path.path in PULL_REQUESTS:
            self.answer(200, {"head": {"sha": HEAD}, "sha": HEAD})
        elif self.is_allowed() and path.path == "/user":
            self.answer(200, {"username": AUTHOR})
        elif self.is_allowed() and path.path in LISTS:
            asked = parse_qs(path.query)
            size, page = int(asked["per_page"][0]), int(asked["page"][0])
            self.answer(200, COMMENTS[size * (page - 1) : size * page])
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        if not self.is_allowed() or FORBIDDEN or LIMITED or self.path not in LISTS:
            self.answer(403, {})
            return
        by = {"user": {"login": AUTHOR}, "author": {"username": AUTHOR}}
        comment = {"id": len(COMMENTS), **by, "body": self.read()["body"], "writes": 1}
        COMMENTS.append(comment)
        self.answer(201, comment)

    def do_PATCH(self) -> None:
        self.renew("/repos")

    def do_PUT(self) -> None:
        self.renew("/projects")

    def renew(self, under: str) -> None:
        found = re.fullmatch(ONE, self.path) if self.path.startswith(under) else None
        if not self.is_allowed() or FORBIDDEN or found is None:
            self.answer(403, {})
            return
        comment = COMMENTS[int(found[1])]
        comment["body"] = self.read()["body"]
        comment["writes"] += 1
        self.answer(200, comment)

    def is_allowed(self) -> bool:
        if self.path.startswith("/repos"):
            return self.headers["Authorization"] == f"Bearer {TOKEN}"
        return self.headers["PRIVATE-TOKEN"] == TOKEN

    def read(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status: int, said: Any) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if LIMITED:
            self.send_header("X-RateLimit-Remaining", "0")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()

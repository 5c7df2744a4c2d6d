"""One comment on a pull request, kept up to date, by the REST interface that GitHub has."""

import json
import ssl
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from ...tls import make_client_context

SECONDS = 20
PAGE = 100
MOST_PAGES = 30
USUAL_API = "https://api.github.com"
BOT = "github-actions[bot]"
"""Who writes with the token that a workflow gets."""

Kept = Literal["made", "renewed", "unchanged", "not_allowed", "outdated"]


class HostError(Exception):
    """The host did not answer as it should; the message has no secret and nothing of what it said."""


class PullRequest(NamedTuple):
    """A pull request at its host, and the secret by which is written there."""

    api: str
    repository: str
    number: int
    token: str
    head: str = ""
    """The revision that the workflow runs for; empty where that is not told."""

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"PullRequest({self.repository}#{self.number})"


def find_pull_request(environment: Mapping[str, str]) -> PullRequest | None:
    """Return the pull request that a workflow runs for, by its environment; None where it runs for none."""
    token, repository = environment.get("GITHUB_TOKEN"), environment.get("GITHUB_REPOSITORY")
    event = environment.get("GITHUB_EVENT_PATH")
    if not (token and repository and event):
        return None
    try:
        told = json.loads(Path(event).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    about = told.get("pull_request") if isinstance(told, dict) else None
    number = about.get("number") if isinstance(about, dict) else None
    if not isinstance(number, int):
        return None
    head = about.get("head") if isinstance(about, dict) else None
    revision = str(head.get("sha") or "") if isinstance(head, dict) else ""
    return PullRequest(environment.get("GITHUB_API_URL") or USUAL_API, repository, number, token, revision)


def keep_comment(where: PullRequest, body: str, mark: str, author: str = BOT) -> Kept:
    """Write a comment, or write it over the one of `author` that begins with a mark.

    `not_allowed` where the token may not write, as that of a pull request from a fork; `outdated` where the
    pull request has another revision by now, whose comment is left alone. Raises HostError.
    """
    try:
        if where.head and where.head != _find_head(where):
            return "outdated"
        for comment in _list_comments(where):
            user = comment.get("user")
            mine = isinstance(user, dict) and user.get("login") == author
            if mine and str(comment.get("body", "")).startswith(mark):
                if comment["body"] == body:
                    return "unchanged"
                _ask(where, "PATCH", f"issues/comments/{int(comment['id'])}", {"body": body})
                return "renewed"
        _ask(where, "POST", f"issues/{where.number}/comments", {"body": body})
    except _NotAllowedError:
        return "not_allowed"
    return "made"


def _find_head(where: PullRequest) -> str:
    found = _ask(where, "GET", f"pulls/{where.number}")
    head = found.get("head") if isinstance(found, dict) else None
    if not isinstance(head, dict) or not isinstance(head.get("sha"), str):
        raise HostError("the host answered with something that is not a pull request")
    return str(head["sha"])


def _list_comments(where: PullRequest) -> Iterator[dict[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        found = _ask(where, "GET", f"issues/{where.number}/comments?per_page={PAGE}&page={page}")
        if not isinstance(found, list):
            raise HostError("the host answered with something that is not a list of comments")
        yield from (one for one in found if isinstance(one, dict))
        if len(found) < PAGE:
            return


class _NotAllowedError(Exception):
    """The token may not do this."""


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirection: the token goes to the host that was named, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _tls() -> ssl.SSLContext:
    context = make_client_context()
    context.load_default_certs()
    return context


def _ask(where: PullRequest, method: str, path: str, said: dict[str, str] | None = None) -> Any:
    address = f"{where.api.rstrip('/')}/repos/{quote(where.repository)}/{path}"
    if urlsplit(address).scheme not in ("http", "https"):
        raise HostError("the address of the host is not an http address")
    request = Request(  # noqa: S310  the scheme was looked at
        address,
        method=method,
        data=None if said is None else json.dumps(said).encode(),
        headers={
            "Authorization": f"Bearer {where.token}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "User-Agent": "kantoor",
        },
    )
    try:
        with build_opener(_NoRedirect, HTTPSHandler(context=_tls())).open(request, timeout=SECONDS) as answer:
            return json.loads(answer.read())
    except HTTPError as error:
        told = error.headers
        limited = "retry-after" in told or told.get("x-ratelimit-remaining") == "0"
        if error.code == 403 and not limited:
            raise _NotAllowedError from None
        raise HostError(f"the host answered {error.code}") from None
    except (URLError, HTTPException, OSError, ValueError):
        raise HostError("the host did not answer") from None

"""One comment on a pull request, kept up to date, by the REST interfaces of GitHub and GitLab."""

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


class _Host(NamedTuple):
    """Where a kind of host has what is asked of it, and where in its answers what is read."""

    pull_request: str
    head: tuple[str, ...]
    comments: str
    comment: str
    renew: str
    author: tuple[str, ...]
    secret: tuple[str, str]
    """The header with the token, and what stands before it."""


_HOSTS = {
    "github": _Host(
        pull_request="repos/{repository}/pulls/{number}",
        head=("head", "sha"),
        comments="repos/{repository}/issues/{number}/comments",
        comment="repos/{repository}/issues/comments/{id}",
        renew="PATCH",
        author=("user", "login"),
        secret=("Authorization", "Bearer "),
    ),
    "gitlab": _Host(
        pull_request="projects/{repository}/merge_requests/{number}",
        head=("sha",),
        comments="projects/{repository}/merge_requests/{number}/notes",
        comment="projects/{repository}/merge_requests/{number}/notes/{id}",
        renew="PUT",
        author=("author", "username"),
        secret=("PRIVATE-TOKEN", ""),
    ),
}

Kept = Literal["made", "renewed", "unchanged", "not_allowed", "outdated"]


class HostError(Exception):
    """The host did not answer as it should; the message has no secret and nothing of what it said."""


class PullRequest(NamedTuple):
    """A pull request at its host (a merge request at GitLab), and the secret by which is written there."""

    api: str
    repository: str
    number: int
    token: str
    head: str = ""
    """The revision that the workflow runs for; empty where that is not told."""
    host: Literal["github", "gitlab"] = "github"

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"PullRequest({self.repository}#{self.number})"


def find_pull_request(environment: Mapping[str, str]) -> PullRequest | None:
    """Return the pull request that a workflow runs for, by its environment; None where it runs for none."""
    return _find_at_github(environment) or _find_at_gitlab(environment)


def _find_at_gitlab(environment: Mapping[str, str]) -> PullRequest | None:
    token, api = environment.get("GITLAB_TOKEN"), environment.get("CI_API_V4_URL")
    project, number = environment.get("CI_PROJECT_ID"), environment.get("CI_MERGE_REQUEST_IID", "")
    if not (token and api and project and number.isdecimal()):
        return None
    # A pipeline for the result of the merge runs on a commit of its own, and names that of the branch.
    head = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA") or ""
    return PullRequest(api, project, int(number), token, head, "gitlab")


def _find_at_github(environment: Mapping[str, str]) -> PullRequest | None:
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


def keep_comment(where: PullRequest, body: str, mark: str, author: str | None = None) -> Kept:
    """Write a comment, or write it over the one of `author` that begins with a mark.

    Without an author it is who writes with the token: at GitHub the workflow, at GitLab who that token is of.

    `not_allowed` where the token may not write, as that of a pull request from a fork; `outdated` where the
    pull request has another revision by now, whose comment is left alone. Raises HostError.
    """
    try:
        if where.head and where.head != _find_head(where):
            return "outdated"
        host, author = _HOSTS[where.host], author or _find_author(where)
        for comment in _list_comments(where):
            written = str(comment.get("body", ""))
            if _read(comment, host.author) == author and written.startswith(mark):
                if written.strip() == body.strip():
                    return "unchanged"
                place = _fill(where, host.comment, int(comment["id"]))
                _ask(where, host.renew, place, {"body": body})
                return "renewed"
        _ask(where, "POST", _fill(where, host.comments), {"body": body})
    except _NotAllowedError:
        return "not_allowed"
    return "made"


def _find_head(where: PullRequest) -> str:
    host = _HOSTS[where.host]
    head = _read(_ask(where, "GET", _fill(where, host.pull_request)), host.head)
    if not isinstance(head, str):
        raise HostError("the host answered with something that is not a pull request")
    return head


def _find_author(where: PullRequest) -> str:
    """Return who writes with the token."""
    if where.host == "github":
        return BOT
    author = _read(_ask(where, "GET", "user"), ("username",))
    if not isinstance(author, str):
        raise HostError("the host answered with something that is not a user")
    return author


def _fill(where: PullRequest, place: str, comment: int = 0) -> str:
    return place.format(repository=quote(where.repository), number=where.number, id=comment)


def _read(said: Any, path: tuple[str, ...]) -> Any:
    """Return what an answer has at a path, None where it has nothing there."""
    for key in path:
        said = said.get(key) if isinstance(said, dict) else None
    return said


def _list_comments(where: PullRequest) -> Iterator[dict[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        place = _fill(where, _HOSTS[where.host].comments)
        found = _ask(where, "GET", f"{place}?per_page={PAGE}&page={page}")
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
    address = f"{where.api.rstrip('/')}/{path}"
    header, before = _HOSTS[where.host].secret
    if urlsplit(address).scheme not in ("http", "https"):
        raise HostError("the address of the host is not an http address")
    request = Request(  # noqa: S310  the scheme was looked at
        address,
        method=method,
        data=None if said is None else json.dumps(said).encode(),
        headers={
            header: f"{before}{where.token}",
            "Accept": "application/json",
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

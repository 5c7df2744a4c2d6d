"""People who visit an office's pages: signed in by a real link, sending forms as their browser does.

The pages are served in this process (`Pages`) from the home of an office that runs as a whole (`tests.service
.town`), so that an act of a page goes to a real server and worker.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from sqlalchemy import Connection
from starlette.testclient import TestClient

from kantoor.office.filings.filing import Filing
from kantoor.portal.app import make_app
from kantoor.service.access import keys_of
from kantoor.service.desk import Desk, open_desk
from kantoor.service.filings.cases import find_by_name
from kantoor.service.visiting.visiting import make_own_link
from kantoor.settings import Settings

Files = Sequence[tuple[str, tuple[str, bytes, str]]]
"""Files of a form: field, then name, content and media type as the browser says them."""


class Page:
    """A page as a visitor has it before them."""

    def __init__(self, browser: "Browser", path: str, response: Any, address: str = "") -> None:
        self.browser = browser
        self.path = path
        self.address = address or path
        """Its path, with what was asked of it where another page led here."""
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.body: bytes = response.content
        self.text: str = response.text if "html" in response.headers.get("content-type", "") else ""
        self.tree = html.fromstring(self.text) if self.text.strip() else html.Element("html")

    @property
    def words(self) -> str:
        """Return all that it says in its main part, with single spaces."""
        found = self.tree.xpath("//main")
        return " ".join((found[0] if found else self.tree).text_content().split())

    @property
    def heading(self) -> str:
        """Return its heading."""
        return " ".join(self.tree.findtext(".//h1", "").split())

    @property
    def word(self) -> str:
        """Return what it says first about the act that led to it."""
        return " ".join(" ".join(self.tree.xpath("//p[@class='word']//text()")).split())

    @property
    def problem(self) -> str:
        """Return why something was not done."""
        return " ".join(" ".join(self.tree.xpath("//*[@class='problem']//p//text()")).split())

    @property
    def wrong_field(self) -> str:
        """Return the id of the one field that is marked: the summary leads to it, beside it is why."""
        (field,) = self.tree.xpath("//*[@aria-invalid='true']")
        name = str(field.get("id"))
        (link,) = self.tree.xpath("//*[@class='problem']//a/@href")
        assert link == f"#{name}"
        assert f"{name}-fout" in str(field.get("aria-describedby")).split()
        (beside,) = self.tree.xpath(f"//p[@id='{name}-fout']")
        assert " ".join(beside.text_content().split()) == self.problem
        return name

    @property
    def links(self) -> list[str]:
        """Return every address that it links to or shows in a frame."""
        return [str(one) for one in self.tree.xpath("//a/@href | //iframe/@src")]

    def follow(self, words: str) -> "Page":
        """Open what a link leads to, by its words."""
        (link,) = [one for one in self.tree.xpath("//a") if one.text_content().strip() == words]
        return self.browser.open(link.get("href"))

    def find_form(self, button: str) -> Any:
        """Return the form with this button; the words of a button, or the beginning of them."""
        for form in self.tree.forms:
            for one in form.xpath(".//button"):
                if " ".join(one.text_content().split()).startswith(button):
                    return form
        buttons = [one.text_content().strip() for one in self.tree.xpath("//form//button")]
        raise AssertionError(f"{self.path} has no button {button!r} but {buttons}: {self.words[:600]}")

    def fields(self, button: str) -> list[tuple[str, str]]:
        """Return what the form with this button would send as it stands."""
        return [(name, str(value)) for name, value in self.find_form(button).form_values()]

    def press(
        self, button: str, typed: Mapping[str, Any] | None = None, files: Files = (), *, follow: bool = True
    ) -> "Page":
        """Send the form with this button, filled in with what is typed; None takes a field away."""
        form, given = self.find_form(button), dict(typed or {})
        kept = [(name, value) for name, value in self.fields(button) if name not in given]
        address = form.get("action") or self.address
        for one in form.xpath(".//button"):
            if " ".join(one.text_content().split()).startswith(button):
                kept += [(one.get("name"), one.get("value", ""))] if one.get("name") else []
                address = one.get("formaction", address)
        for name, value in given.items():
            several = value if isinstance(value, (list, tuple)) else [value]
            kept += [(name, str(one)) for one in several if one is not None]
        return self.browser.send(address, kept, files, follow=follow)


class Browser:
    """One visitor's browser: it keeps the cookie, and says where a form comes from."""

    def __init__(self, app: Any, settings: Settings, person: str = "") -> None:
        self.person = person
        self.settings = settings
        self.http = TestClient(app, base_url=settings.base_url, follow_redirects=False)

    def open(self, path: str, *, follow: bool = True, headers: Mapping[str, str] | None = None) -> Page:
        """Open a page; where it leads elsewhere, that one."""
        response = self.http.get(path, headers=dict(headers or {}))
        return self._follow(path, response) if follow else Page(self, path, response)

    def send(
        self,
        path: str,
        fields: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        files: Files = (),
        *,
        follow: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send a form of ours, with the Origin that a browser gives it (or `headers` of your own)."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        said = {"Origin": self.settings.base_url} if headers is None else dict(headers)
        response = self.http.post(path, data=data, files=list(files) or None, headers=said)
        return self._follow(path, response) if follow else Page(self, path, response)

    def _follow(self, path: str, response: Any) -> Page:
        address = ""
        for _ in range(5):
            if response.status_code not in (302, 303, 307):
                break
            address = response.headers["location"]
            path = urlsplit(address).path
            response = self.http.get(address)
        return Page(self, path, response, address)


class Pages:
    """The pages of one office."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.settings = desk.settings
        self.app = make_app(desk)

    def stranger(self) -> Browser:
        """Return the browser of somebody who has not signed in."""
        return Browser(self.app, self.settings)

    def client_of(self, person: str) -> Browser:
        """Return the browser of somebody (id or e-mail address) who signed in by a link of theirs."""
        browser = Browser(self.app, self.settings, person)
        link = make_own_link(self.desk, person)
        assert isinstance(link, str), link
        # The page that they come to is another test's: it lists all their work, and is what takes longest.
        page = browser.open(urlsplit(link).path).press("Ja, log mij in", follow=False)
        assert page.status == 303, page.text
        return browser

    def key_of(self, name: str) -> str:
        """Return the key that stands for a filing (template/relation/period) in a client's address bar."""

        def ask(connection: Connection) -> str:
            found = find_by_name(connection, name)
            assert isinstance(found, Filing), found
            return keys_of(connection, [found.id])[found.id]

        return self.desk.read(ask)


@contextmanager
def open_pages(settings: Settings) -> Iterator[Pages]:
    """Serve the pages of an office in this process until the block ends."""
    with asyncio.Runner() as runner:
        parts = AsyncExitStack()
        desk = runner.run(parts.enter_async_context(open_desk(settings)))
        try:
            yield Pages(desk)
        finally:
            runner.run(parts.aclose())

"""A real browser before the pages of an office: telephone or desk, light or dark, looked at by axe.

With TOUR=docs/tour in the environment the pictures of docs/tour.md are made again on the way.
"""

import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from tests.portal.visitors import Pages

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
TELEPHONE, DESK = (320, 640), (1280, 900)
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
"""The rules that axe looks at in each: of what is dark only colours are another."""
_SANDBOXED = "because the document's frame is sandboxed"
_FIND = """rules => axe.run(rules).then(found => found.violations.map(one => (
  {id: one.id, nodes: one.nodes.map(node => node.html + ' ' + node.failureSummary)})))"""
SEEN = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect()
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && box.width > 0 && box.bottom > 0 && box.top < innerHeight
})()"""
"""Whether what has the focus is in view with a line around it."""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def find_browser() -> str | None:
    """Return the program of a Chromium on this machine, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def say_what_is_missing() -> str:
    """Return why no browser can be opened here; empty where one can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed: make browser-ready"
    return "" if find_browser() else "there is no Chromium: apt-get install chromium-headless-shell"


class Screens:
    """Opens screens. All of one browser runs in a thread of its own, which has a loop that never ends."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._playwright: Any = None
        self._browser: Any = None
        self._thread.submit(self._open).result()

    def play(self, scene: Callable[["Screen"], T], *sizes: tuple[int, int]) -> T:
        """Play a scene on a screen of this size, a desk's by default, in a session of its own.

        Of several sizes people use the last; what is looked at is looked at on each.
        """
        return self._thread.submit(self._play, scene, sizes or (DESK,)).result()

    def close(self) -> None:
        """Close the browser."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _open(self) -> None:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox"]
        )

    def _close(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def _play(self, scene: Callable[["Screen"], T], sizes: tuple[tuple[int, int], ...]) -> T:
        try:
            return scene(_open_screen(self._browser, *sizes))
        finally:
            for context in self._browser.contexts:
                context.close()


@cache
def _read_axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def _open_screen(browser: Any, *sizes: tuple[int, int]) -> "Screen":
    width, height = sizes[-1]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL")
    context.set_default_timeout(60_000)
    context.add_init_script(_read_axe())  # given to each page again, it takes a third of looking at one
    return Screen(context.new_page(), sizes)


class Screen:
    """One page of a browser."""

    def __init__(self, page: Any, sizes: tuple[tuple[int, int], ...]) -> None:
        self.page = page
        self._sizes = sizes
        self.refused: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.refused.append(str(error)))

    def _note(self, said: Any) -> None:
        # A browser notes that a page itself was answered as a refusal too: that is what some are for.
        # So it does where axe asks a document in a frame, in which no script runs.
        if said.type == "error" and said.location.get("url") != self.page.url and _SANDBOXED not in said.text:
            self.refused.append(said.text)

    def beside(self, size: tuple[int, int]) -> "Screen":
        """Open the screen of somebody else, in a session of its own, until the scene ends."""
        return _open_screen(self.page.context.browser, size)

    def open(self, address: str) -> "Screen":
        """Open an address, and look whether the page is right."""
        self.page.goto(address)
        return self.look()

    def press(self, words: str) -> "Screen":
        """Press the button with these words."""
        self.page.get_by_role("button", name=words).first.click()
        return self.look()

    def leave(self, words: str) -> None:
        """Press a button that leads to a page that loads itself again: to look at that takes too long."""
        self.page.get_by_role("button", name=words).first.click()

    def shoot(self, name: str) -> "Screen":
        """Keep a picture of the page as people see it, where pictures are asked for."""
        folder = os.environ.get("TOUR")
        if folder:
            self.page.emulate_media(color_scheme="light")
            whole = self.page.viewport_size["width"] == TELEPHONE[0]
            self.page.screenshot(path=ROOT / folder / f"{name}.png", full_page=whole)
        return self

    def tab_to(self, words: str) -> None:
        """Go to what has these words by the Tab key alone, and see that the focus is there."""
        self._tab("words => (document.activeElement.innerText || '').includes(words)", words)

    def tab_to_field(self, selector: str) -> None:
        """Go to a field or link by the Tab key alone, and see that the focus is there."""
        self._tab("what => document.activeElement.matches(what)", selector)

    def _tab(self, is_there: str, what: str) -> None:
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(is_there, what):
                assert self.page.evaluate(SEEN), f"{self.page.url}: nobody sees that the focus is at {what!r}"
                return
        raise AssertionError(f"{what!r} cannot be reached by the keyboard")

    @property
    def focus(self) -> str:
        """Return the words of what has the focus; empty where nothing has it."""
        return str(self.page.evaluate("document.querySelector(':focus')?.innerText || ''"))

    @property
    def heading(self) -> str:
        """Return its heading."""
        return str(self.page.locator("h1").inner_text())

    @property
    def words(self) -> str:
        """Return what it says in its main part."""
        return str(self.page.locator("main").inner_text())

    def look(self) -> "Screen":
        """Assert that axe finds nothing in light and dark, nothing runs off the side, nothing was blocked."""
        return self.look_at_each(*self._sizes)

    def look_at_each(self, *sizes: tuple[int, int]) -> "Screen":
        """Assert that nothing runs off screens of these sizes, and that axe finds nothing on the last."""
        self.page.wait_for_load_state()
        for size in sizes:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not self.page.evaluate(WIDER), f"{self.page.url}: runs off a screen of {size}"
        for scheme, rules in SCHEMES.items():
            self.page.emulate_media(color_scheme=scheme)
            found = self._find_violations(rules)
            assert not found, f"{self.page.url} {scheme}: {found}"
        assert not self.refused, f"{self.page.url}: {self.refused}"
        return self

    def _find_violations(self, rules: dict[str, Any]) -> list[str]:
        """Return what axe says is wrong: the rule, and where."""
        found = self.page.evaluate(_FIND, {"resultTypes": ["violations"], **rules})
        return [f"{one['id']}: {one['nodes']}" for one in found]


@contextmanager
def served(pages: Pages) -> Iterator[None]:
    """Serve pages at their own address until the block ends."""
    portal = pages.settings.portal
    server = uvicorn.Server(uvicorn.Config(pages.app, host=portal.host, port=portal.port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()

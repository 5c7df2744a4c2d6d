"""The whole play: a month in a practice office, which is then compared with the simulator's journal."""

import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

from ...files import write_whole
from ...filing.outcome import Refusal
from ...service.desk import Desk
from ...service.overviews import reading
from ...service.visiting.managing import give_management
from ...service.visiting.visiting import make_own_link
from .. import practice
from ..office import running_office
from ..programs import simulator_folder
from . import changing, scenes, yearly
from .audit import differences
from .home import make_home
from .players import SAMPLE
from .printing import Say, scene
from .stage import DemoFailedError, Stage, filing_name

FIRST_DAY = date(2025, 12, 31)
READ = "1001"
"""The relation whose return is written to a file at the end, to be opened."""
MANAGER = "marieke"
VISITORS = (
    (MANAGER, "Marieke van der Linde, relatiebeheerder, with the right beheer"),
    ("tom", "Tom de Boer, accountant"),
    ("c-hugo", "Hugo Bos, a client with a return to decide on"),
)
"""Who can be at the end of the demo, and who they are: a link signs them in."""

KEEP = "The next demo replaces the office in this folder; to keep an office, move its folder away first."

Scene = Callable[[Stage], Awaitable[None]]
SCENES: tuple[tuple[str, Scene], ...] = (
    ("The shipped definitions are checked and deployed", scenes.deploying),
    (
        "Fourteen relations are imported: bv, eenmanszaak and vof, filing monthly or quarterly",
        scenes.importing,
    ),
    ("The return for January starts for all relations that file monthly", scenes.starting),
    ("January goes by", scenes.waiting_for_february),
    ("The team works on the returns", scenes.working),
    ("Clients decide, and the worker is killed on the way", scenes.deciding),
    ("One was rejected by the client, one refused by the authority", scenes.correcting),
    ("An annual account and an income tax return, started by hand", yearly.starting_by_hand),
    ("The annual account: a client gives documents, and one is sent back", yearly.accounting),
    ("The income tax return: what is asked follows from the answers", yearly.asking),
    ("The rest of February", scenes.finishing),
    (
        "The VAT return is changed: what it means for what runs, a manager moves one filing, and back",
        changing.changing,
    ),
    ("Where everything stands", scenes.showing),
)


async def play(home: Path, seconds_per_day: float, say: Say) -> None:
    """Play the month in a new office in `home`.

    Raises DemoFailedError, also when the books differ, and LocalError when something outside failed.
    """
    began = time.monotonic()
    settings = make_home(home, SAMPLE / "simulator-script.yaml")
    shown = practice.init(settings, FIRST_DAY, seconds_per_day)
    say(
        f"A new practice office in {home}: it is {shown.shows:%Y-%m-%d %H:%M}, a day takes "
        f"{seconds_per_day:g} s. {KEEP}"
    )
    async with running_office(settings, lambda line: say(f"   [{line}]")) as office:
        stage = Stage(office, Desk(office.equipment, await office.client()), say)
        for number, (title, act) in enumerate(SCENES, 1):
            say(scene(number, title))
            await act(stage)
        page = await _page(stage)
        give_management(stage.desk, MANAGER)
        links = make_links(stage.desk)
        journal = simulator_folder(settings)
        found = differences(office.equipment, journal)
        made = len(stage.deliveries())
    if found:
        raise DemoFailedError("journal and database differ: " + "; ".join(found))
    say(scene(len(SCENES) + 1, "The simulator's journal against the office database"))
    say(
        f"   {made} deliveries, each once, byte for byte what was approved or shown ({journal}/journal.jsonl)"
    )
    say(tell_end(home, page, links, time.monotonic() - began))


async def _page(stage: Stage) -> Path:
    """Write down what a client read, to be opened in a browser."""
    found = reading.document_bytes(stage.desk, filing_name(READ), None, rendering=True)
    if isinstance(found, Refusal):
        raise DemoFailedError(found.text)
    name, content = found
    file = stage.desk.settings.home / name
    write_whole(file, content)
    return file


def make_links(desk: Desk) -> list[tuple[str, str]]:
    """Return who can be at the end, and for each the address that signs them in. Raises DemoFailedError."""
    return [(told, _link(desk, who)) for who, told in VISITORS]


def _link(desk: Desk, who: str) -> str:
    """Return the address that signs somebody in, once the office runs again."""
    link = make_own_link(desk, who)
    if isinstance(link, Refusal):
        raise DemoFailedError(link.text)
    return link


def tell_end(home: Path, page: Path, links: Sequence[tuple[str, str]], seconds: float) -> str:
    """Return what is said at the end: where to look, and who can sign in by which address."""
    doors = "\n".join(f"   {told}:\n   {link}" for told, link in links)
    return f"""
Done in {seconds:.0f} s; the office and its clock are stopped. What a client read: {page}

Go on with it, in one terminal:
{_render_path_line()}   export KANTOOR_HOME={home}
   kantoor up
and open in a browser (each in a browser or a private window of its own), as
{doors}
They work for weeks; kantoor portal link PERSON makes another. The same and more, in another terminal:
{_render_path_line()}   export KANTOOR_HOME={home}
   kantoor planner
   kantoor work --as marieke
   kantoor filing show btw-aangifte/1005/2026-01
   kantoor filing decide btw-aangifte/1005/2026-01 approve --as c-hugo
   kantoor mail list
   kantoor practice run --until 2026-03-01

{KEEP}
Not shown: the ends of the other templates, waiting for an authority, most bulk runs (docs/bulk.md), chats
with clients (docs/portal.md), a change on pilot (docs/releasing.md), what a change would have done to filings
that are closed (docs/what-if.md), policies (docs/policies.md), and reviewing a change as a pull request
(docs/reviewing.md)."""


def _render_path_line() -> str:
    """Return the shell line that puts `kantoor` on the PATH, or nothing when it is there."""
    if shutil.which("kantoor"):
        return ""
    return f"   export PATH={Path(sys.executable).parent}:$PATH\n"

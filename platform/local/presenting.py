"""Where everything of a running office is, in words."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from ..clock import PracticeClock
from ..equipment import Equipment
from ..office.overviews.first_steps import FirstStep, find_first_step
from ..office.people import all_members
from ..settings import Settings
from ..tables import align
from .clocks import read_clock
from .programs import runs_catcher, runs_server, runs_simulator, simulator_folder

FOR_REAL = "See 'For real' in docs/portal.md"


def places(equipment: Equipment) -> str:
    """Return what runs where, and what to type next."""
    settings = equipment.settings
    lines = [
        f"The office in {settings.home} is running. Ctrl-C stops it; kantoor up continues where it stopped.",
        "",
    ]
    own = "" if runs_server(settings) else "  (elsewhere)"
    rows = [("Temporal server", settings.temporal.address + own)]
    if runs_server(settings):
        host = settings.temporal.address.rpartition(":")[0]
        rows.append(("its web page", f"http://{host}:{settings.local.server_web_port}"))
    if settings.local.portal:
        rows.append(("portal", settings.base_url))
    rows.append(("worker", f"task queue {settings.temporal.task_queue}"))
    mail = f"{settings.smtp.host}:{settings.smtp.port}"
    caught = (
        f"  kantoor mail list; messages in {settings.mailbox}" if runs_catcher(settings) else "  (elsewhere)"
    )
    rows.append(("mail", mail + caught))
    journal = simulator_folder(settings) / "journal.jsonl"
    simulated = f"  (simulator; journal {journal})" if runs_simulator(settings) else "  (elsewhere)"
    rows.append(("Digipoort", settings.digipoort.delivery_url + simulated))
    rows.append(("database", make_url(settings.database_url).render_as_string(hide_password=True)))
    rows.append(("keys", str(settings.keys)))
    rows.append(("logs", str(settings.home / "logs")))
    rows.append(("office time", _office_time(equipment)))
    lines += [f"  {line}" for line in align(rows)]
    if settings.local.portal:
        lines += ["", *_describe_signing_in(equipment)]
    return "\n".join([*lines, *_first_steps(equipment), *_connections(equipment)])


_IMPORT = "`kantoor relation import FOLDER` (docs/import.md)"
_STEPS: Mapping[FirstStep | None, str] = {
    "deploy": f"run `kantoor deploy`, then {_IMPORT}",
    "import": f"run {_IMPORT}",
}


def say_first_step(connection: Connection) -> str:
    """Return what is to be typed before anything can start in an office; empty when something can."""
    return _STEPS.get(find_first_step(connection), "")


def _first_steps(equipment: Equipment) -> list[str]:
    with equipment.database.read() as connection:
        todo = say_first_step(connection)
    return ["", f"Nothing can start yet: {todo}."] if todo else []


def list_unconnected(settings: Settings, *, practice: bool) -> tuple[str, ...]:
    """Return what of an office that is not for practice goes to a stand-in on this machine."""
    simulated = "returns go to a simulator, not to the tax authority" if runs_simulator(settings) else ""
    caught = "mail stays on this machine, and reaches nobody" if runs_catcher(settings) else ""
    return () if practice else tuple(one for one in (simulated, caught) if one)


def _connections(equipment: Equipment) -> list[str]:
    found = list_unconnected(equipment.settings, practice=equipment.practice)
    return ["", f"Not connected for real yet: {'; '.join(found)}. {FOR_REAL}."] if found else []


def _describe_signing_in(equipment: Equipment) -> list[str]:
    """Return how somebody gets into the pages: in a practice office also where their mail is."""
    first = f"Open {equipment.settings.base_url} in a browser. It mails who has an account a link to sign in"
    if not equipment.practice:
        return [f"{first}; kantoor portal link PERSON prints one."]
    with equipment.database.read() as connection:
        people = all_members(connection)
    person = next((one.id for one in people if one.active), "PERSON")
    return [
        f"{first} (kantoor mail list shows such mail here).",
        f"Quicker: kantoor portal link {person} prints a link for {person}, or for anybody else.",
    ]


def _office_time(equipment: Equipment) -> str:
    clock = read_clock(equipment.database)
    now = clock.office_time(datetime.now(UTC))
    shown = f"{now:%Y-%m-%d %H:%M}"
    if not isinstance(clock, PracticeClock):
        return shown
    if now >= clock.until:
        return f"{shown}, stopped (practice office): kantoor practice run --until DATE"
    return f"{shown}, running until {clock.until:%Y-%m-%d %H:%M} (practice office)"

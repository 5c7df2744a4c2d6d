"""A whole office that runs (`kantoor up`), shared by the tests of a process; each takes its own relation.

Its clock stands still on 3 February 2026, so that the return over January is work for today.
"""

import asyncio
import itertools
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from kantoor.cli.main import execute
from kantoor.filing.outcome import Refusal
from kantoor.filing.view import View, read_view
from kantoor.local import practice
from kantoor.mail.catcher import Caught, list_caught
from kantoor.office.alarms import Alarm, all_alarms
from kantoor.office.database.tables import relation_roles
from kantoor.office.filings.filing import Filing, list_filings
from kantoor.period import Period
from kantoor.service.desk import Desk, open_desk
from kantoor.service.filings.acts import Acts, Done, Outcome
from kantoor.service.filings.attaching import Attached, attach
from kantoor.service.filings.cases import find_by_name
from kantoor.service.filings.states import read_state_of
from kantoor.service.starting.starting import Line, Wish, start
from kantoor.settings import Settings
from tests.local.homes import environment_of, settings_in

T = TypeVar("T")

DEFINITIONS = Path(__file__).parents[2] / "definitions"
ASKING = Path(__file__).parent / "asking"
TODAY = date(2026, 2, 3)
MONTHLY = range(2001, 2400)
OF_A_QUARTER = (
    "Voor januari 2026 is dit product niet met de relatie afgesproken. "
    "De relatie neemt het per kwartaal af: kies het eerste kwartaal van 2026 (2026-Q1)."
)
"""Why a filing over a month does not start for who files by quarter."""
TWO_NUMBERS, QUARTERLY, NOT_READY, NO_PRODUCT = "3001", "3002", "3003", "3004"
ALONE, LEFT_BEHIND, PREPARER = "3005", "3006", "3007"
"""Wim does the first but its review; Eva, who leaves, offers the second; Sanne makes and offers the third."""
FIGURES = "rubriek;omzet_centen;btw_centen\n1a;1000000;210000\n5b;;10000\n"

TEAM = "member;name;email;phone;qualifications;active"
EVA = "eva;Eva Prins;eva@linde.example;088 1207;;{}"

COLLECT = ("verkoop_compleet", "inkoop_compleet", "bank_compleet")
MAKE = ("bank_aangesloten", "vraagposten")
REVIEW = ("grootboek", "tarieven", "aftrek")


ASSESSMENT = """
title: Naheffing
products: [aangifte-btw]
period: by_product
created: { before: period.start, days: 1 }
start: by_hand
facts:
  - id: dagtekening
    title: Dagtekening
    type: date
    set_in: [vastleggen, beoordelen]
  - id: bedrag
    title: Bedrag van de naheffing
    type: money
    set_in: vastleggen
  - id: oordeel
    title: Oordeel
    type: choice
    set_in: beoordelen
    options:
      - id: juist
        title: De naheffing is juist
      - id: onjuist
        title: De naheffing is onjuist
deadlines:
  - id: bezwaar
    title: Bezwaar maken
    law: Awb art. 6:7
    due: [{ after: facts.dagtekening, weeks: 6 }]
phases:
  - id: vastleggen
    title: Naheffing vastleggen
    role: administratie
    automations:
      - id: melden
        at: completed
        send: { message: naheffing-ontvangen }
  - id: beoordelen
    title: Naheffing beoordelen
    role: fiscaal
    due: { before: deadlines.bezwaar, weeks: 2 }
  - id: bezwaar
    title: Bezwaar maken
    role: fiscaal
    due: { before: deadlines.bezwaar, days: 3 }
    if: facts.oordeel == 'onjuist' and facts.bedrag > 100
  - id: afronden
    title: Afronden
    role: administratie
    not_before: { after: phases.beoordelen, days: 1 }
"""
ASSESSMENT_MESSAGE = """
title: Naheffing ontvangen
channels: [email]
texts:
  nl:
    subject: Naheffing van {{ facts.dagtekening }}
    # kantoor: allow K689 because a test reads how an amount is written
    body: De naheffing is {{ facts.bedrag }}. Bezwaar kan tot en met {{ filing.due }}.
  en:
    subject: Assessment of {{ facts.dagtekening }}
    # kantoor: allow K689 because a test reads how an amount is written
    body: The assessment is {{ facts.bedrag }}. Objections can be made until {{ filing.due }}.
"""
"""A template with facts: its deadline, a phase and a text hang on what is recorded."""


def elfproef(base: int) -> str:
    """Return a number of nine digits that passes the elfproef, from its first eight."""
    for number in itertools.count(base):
        digits = f"{number:08d}"
        last = sum(int(d) * w for d, w in zip(digits, range(9, 1, -1), strict=True)) % 11
        if last < 10:
            return f"{digits}{last}"
    raise AssertionError


def numbers() -> dict[str, str]:
    """Return the RSIN of every relation."""
    others = (TWO_NUMBERS, QUARTERLY, NOT_READY, NO_PRODUCT, ALONE, LEFT_BEHIND, PREPARER)
    names = [*map(str, MONTHLY), *others]
    return {name: elfproef(100_200 + 20 * index) for index, name in enumerate(names)}


def csv_files() -> dict[str, str]:
    """Return the office's relations, people, roles and products."""
    found = numbers()
    roles = {"administratie": "sanne", "accountant": "tom", "relatiebeheerder": "marieke", "fiscaal": "ruud"}
    others = {
        ALONE: {**dict.fromkeys(roles, "wim"), "accountant": "tom"},
        LEFT_BEHIND: {**roles, "relatiebeheerder": "eva"},
    }
    others[PREPARER] = {**roles, "relatiebeheerder": "sanne"}
    takes = {QUARTERLY: [("quarter", "")], NO_PRODUCT: [], TWO_NUMBERS: [("month", "B01"), ("month", "B02")]}
    lines = {
        "relations.csv": ["number;name;legal_form;ob_number;rsin;sbr_enabled"],
        "contacts.csv": ["contact;name;salutation;email;relation;functions;primary"],
        "authorities.csv": ["contact;relation;product;may;jointly;since;until;proof"],
        "roles.csv": ["relation;role;member"],
        "products.csv": ["relation;product;frequency;sub_number;first_period"],
        "team.csv": [
            TEAM,
            "sanne;Sanne Visser;sanne@linde.example;088 1201;;ja",
            "tom;Tom de Boer;tom@linde.example;088 1202;AA;ja",
            "marieke;Marieke van der Linde;marieke@linde.example;+31 (0)88 1203;;ja",
            "ruud;Ruud Smit;ruud@linde.example;088 1204;RB;ja",
            "wim;Wim Vos;wim@linde.example;088 1205;;ja",
            "cor;Cor Zwart;cor@linde.example;088 1206;;nee",
            EVA.format("ja"),
        ],
    }
    for name, rsin in found.items():
        ready = "nee" if name == NOT_READY else "ja"
        lines["relations.csv"].append(f"{name};Bedrijf {name} B.V.;bv;{rsin}B01;{rsin};{ready}")
        lines["contacts.csv"].append(
            f"c-{name};Kim {name};Beste Kim;kim{name}@klant.example;{name};directeur;ja"
        )
        lines["contacts.csv"].append(f"z-{name};Zus {name};Beste Zus;zus{name}@klant.example;{name};;nee")
        lines["authorities.csv"].append(
            f"c-{name};{name};aangifte-btw;see answer approve sign;;2025-01-01;;KvK"
        )
        given = others.get(name, roles)
        lines["roles.csv"] += [f"{name};{role};{member}" for role, member in given.items()]
        for frequency, sub_number in takes.get(name, [("month", "")]):
            first = "2026-Q1" if frequency == "quarter" else "2026-01"
            lines["products.csv"].append(f"{name};aangifte-btw;{frequency};{sub_number};{first}")
    return {name: "\n".join(rows) + "\n" for name, rows in lines.items()}


def variants(folder: Path) -> None:
    """Write the shipped definitions with four templates more.

    One starts on a date, one by hand, one has facts, and one asks the client for data.
    """
    for file in DEFINITIONS.rglob("*.yaml"):
        target = folder / file.relative_to(DEFINITIONS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text("utf-8"), "utf-8")
    shipped = (folder / "workflows" / "btw-aangifte.yaml").read_text("utf-8")
    workflows = folder / "workflows"
    on_date = (
        shipped.replace("start: at_creation", "start: on_date")
        .replace("Aangifte btw", "Op datum")
        .replace("on_behalf_of: relatiebeheerder", "on_behalf_of: accountant")
    )
    (workflows / "op-datum.yaml").write_text(on_date, "utf-8")
    by_hand = (
        shipped.replace("start: at_creation", "start: by_hand")
        .replace("Aangifte btw", "Met de hand")
        .replace("forward: automatic", "forward: by_hand")
        .replace(
            "deadlines:\n",
            "  - id: memo\n    title: Memo voor de controleur\n    made_in: opstellen\n"
            "  - id: uittreksel  # kantoor: allow K231 because alleen het maken wordt beproefd\n"
            "    title: Uittreksel\n    made_in: opstellen\n    from: memo\n    optional: true\n\n"
            "deadlines:\n",
            1,
        )
        .replace("reviews: [aangifte]", "reviews: [aangifte, memo]")
        .replace(
            "    automations:\n      - id: stukken\n",
            "    automations:\n      - id: dossier\n        at: entered\n        task:\n"
            "          title: Leg het dossier aan\n          to: { role: administratie }\n"
            "          proof: code\n      - id: stukken\n",
            1,
        )
    )
    (workflows / "met-de-hand.yaml").write_text(by_hand, "utf-8")
    (workflows / "naheffing.yaml").write_text(ASSESSMENT, "utf-8")
    (folder / "messages" / "naheffing-ontvangen.yaml").write_text(ASSESSMENT_MESSAGE, "utf-8")
    shutil.copytree(ASKING, folder, dirs_exist_ok=True)


class Town:
    """The office and its people, at one desk: to open it for each scene takes longer than most scenes."""

    def __init__(self, settings: Settings, folder: Path, desk: Desk, runner: asyncio.Runner) -> None:
        self.settings = settings
        self.folder = folder
        self._desk = desk
        self._runner = runner
        self._free = iter(map(str, MONTHLY))

    def relation(self) -> str:
        """Return a monthly payer that no test has used yet."""
        free = next(self._free, None)
        assert free, "every monthly payer is taken: make MONTHLY longer"
        return free

    def play(self, scene: Callable[[Desk], Awaitable[T]]) -> T:
        """Play a scene at the desk."""

        async def played() -> T:
            return await scene(self._desk)

        return self._runner.run(played())

    def start(
        self, *relations: str, who: str = "marieke", dry_run: bool = False, **wished: Any
    ) -> tuple[Line, ...] | Refusal:
        """Start what is wished; by default the VAT return over January."""
        selection = {"relations": relations} if relations else wished.pop("selection")
        known = {"template": "btw-aangifte", "period": Period.parse("2026-01"), "selection": selection}
        wish = Wish.model_validate(known | wished)
        return self.play(lambda desk: start(desk, who, wish, dry_run=dry_run))

    def told(self, *relations: str, **wished: Any) -> list[tuple[str, str]]:
        """Return result and text of each line of a start."""
        lines = self.start(*relations, **wished)
        assert isinstance(lines, tuple), lines
        return [(line.result, line.text) for line in lines]

    def begun(self, relation: str | None = None, template: str = "btw-aangifte", **wished: Any) -> "Return":
        """Start the return of a relation, by default over January of a fresh one."""
        number = relation or self.relation()
        period = wished.setdefault("period", Period.parse("2026-01"))
        ((_, text),) = self.told(number, template=template, **wished)
        assert text.partition(";")[0] == "gestart"  # what follows is the day, where that has passed
        found = Return(self, f"{template}/{number}/{period.code}")
        found.until(lambda f: f.recorded > 0)
        found.until_mailed()
        return found

    def hand_over(self, relation: str, role: str, member: str) -> None:
        """Give a role of a relation to another member."""

        async def scene(desk: Desk) -> None:
            ours = (relation_roles.c.relation == relation, relation_roles.c.role == role)
            with desk.equipment.database.write() as connection:
                connection.execute(relation_roles.update().where(*ours).values(member=member))

        self.play(scene)

    def filings(self, **which: str) -> tuple[Filing, ...]:
        """Return filings from the database."""

        async def scene(desk: Desk) -> tuple[Filing, ...]:
            return desk.read(lambda connection: list_filings(connection, **which))

        return self.play(scene)

    def until(self, holds: Callable[[Connection], bool]) -> None:
        """Wait until the database holds something."""

        async def scene(desk: Desk) -> None:
            async with asyncio.timeout(90):
                while not desk.read(holds):
                    await asyncio.sleep(0.05)

        self.play(scene)

    def alarms(self) -> tuple[Alarm, ...]:
        """Return the alarms."""

        async def scene(desk: Desk) -> tuple[Alarm, ...]:
            return desk.read(all_alarms)

        return self.play(scene)

    def mail(self, relation: str) -> list[Caught]:
        """Return what was sent to a relation's first contact."""
        return [one for one in list_caught(self.settings.mailbox) if f"kim{relation}@" in one.to]


class Return:
    """One filing, and what people do to it."""

    def __init__(self, town: Town, name: str) -> None:
        self.town = town
        self.name = name
        self.relation = name.split("/")[1]

    @property
    def client(self) -> str:
        return f"c-{self.relation}"

    def now(self) -> Filing:
        """Return the filing as the database has it."""
        return self.until(lambda filing: True)

    def view(self) -> View:
        """Return what people see of it."""
        return read_view(self.now().view)

    def until(self, holds: Callable[[Filing], bool]) -> Filing:
        """Wait until the database holds something of this filing."""

        async def scene(desk: Desk) -> Filing:
            async with asyncio.timeout(90):
                while True:
                    found = desk.read(lambda connection: find_by_name(connection, self.name))
                    assert isinstance(found, Filing), found
                    if holds(found):
                        return found
                    await asyncio.sleep(0.05)

        return self.town.play(scene)

    def until_mailed(self) -> None:
        """Wait until no message of this filing is on its way: an act meanwhile is told of it."""

        async def scene(desk: Desk) -> None:
            def is_sending(connection: Connection) -> bool:
                found = find_by_name(connection, self.name)
                assert isinstance(found, Filing), found
                known = read_state_of(connection, desk, found)
                return known is None or any(one.what == "send" for one in known[1].journal.in_flight)

            async with asyncio.timeout(90):
                while desk.read(is_sending):
                    await asyncio.sleep(0.05)

        self.town.play(scene)

    def until_in(self, phase: str) -> None:
        self.until(lambda filing: phase in filing.phases)

    def until_offer(self, status: str) -> None:
        self.until(lambda f: any(o["status"] == status for o in (f.view or {"offers": []})["offers"]))

    def act(self, who: str, do: Callable[[Acts], Awaitable[Outcome]], id: str | None = None) -> Outcome:
        """Act, whatever comes of it."""
        return self.town.play(lambda desk: do(Acts(desk, who, id)))

    def acts(self, who: str, *steps: Callable[[Acts], Awaitable[Outcome]]) -> None:
        """Do these things, which are all taken."""

        async def scene(desk: Desk) -> None:
            for step in steps:
                done = await step(Acts(desk, who))
                assert isinstance(done, Done), done

        self.town.play(scene)

    def tick(self, who: str, *checkpoints: str) -> None:
        """Tick checkpoints at once, which takes the office less than one by one, and complete the phase."""

        async def scene(desk: Desk) -> None:
            ticks = (Acts(desk, who).check(self.name, one) for one in checkpoints)
            for done in (*await asyncio.gather(*ticks), await Acts(desk, who).complete(self.name)):
                assert isinstance(done, Done), done

        self.town.play(scene)

    def figures(self, text: str = FIGURES) -> Path:
        """Write a file of figures."""
        file = self.town.folder / f"{self.relation}.csv"
        file.write_text(text)
        return file

    def attach(
        self, text: str = FIGURES, who: str = "sanne", id: str | None = None, document: str | None = None
    ) -> Any:
        """Attach figures."""
        file = self.figures(text)
        return self.town.play(lambda desk: attach(desk, who, self.name, file, document, id))

    def to(self, phase: str, figures: str = FIGURES) -> "Return":
        """Bring the filing to a phase: verzamelen, opstellen, controle, aanbieden (and offered), indienen."""
        if phase == "verzamelen":
            return self
        self.tick("sanne", *COLLECT)
        if phase == "opstellen":
            return self
        made = self.attach(figures)
        assert isinstance(made, Attached), made
        assert isinstance(made.outcome, Done), made
        self.tick("sanne", *MAKE)
        if phase == "controle":
            return self
        self.tick("tom", *REVIEW)
        self.until_offer("waiting")
        self.until_mailed()
        if phase == "aanbieden":
            return self
        self.acts(self.client, lambda acts: acts.decide(self.name, "approve"))
        self.until_in("afronden")
        self.until_mailed()
        return self


@contextmanager
def running_town(
    folder: Path, day: date = TODAY, seconds_per_day: float = 1, script: Path | None = None
) -> Iterator[Town]:
    """Run the office as a process of its own until the block ends; its clock stands still on a day.

    Digipoort follows the script, where there is one.
    """
    settings = settings_in(folder / "home", script=script)
    practice.init(settings, day, seconds_per_day)
    environment = environment_of(settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "kantoor.cli", "up"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        assert any("is running. Ctrl-C stops it" in line for line in process.stdout)
        with asyncio.Runner() as runner:
            open_parts = AsyncExitStack()
            desk = runner.run(open_parts.enter_async_context(open_desk(settings)))
            try:
                yield Town(settings, folder, desk, runner)
            finally:
                runner.run(open_parts.aclose())
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def furnish(town: Town) -> None:
    """Deploy the definitions and import the relations, by the commands."""
    variants(town.folder / "definitions")
    files = town.folder / "csv"
    files.mkdir()
    for name, text in csv_files().items():
        (files / name).write_text(text)
    deploy = ["deploy", str(town.folder / "definitions"), "--by", "Bea"]
    assert execute([*deploy, "--without-scenarios", "Ze draaien in een test van zichzelf"]) == 0
    assert execute(["relation", "import", str(files)]) == 0


class Commands:
    """Runs commands in this process, as a person who types them."""

    def __init__(self, capsys: Any) -> None:
        self._capsys = capsys
        self.hint = ""
        """What the last refusal was followed by: what to type instead."""

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Return exit status, standard output and standard error."""
        self._capsys.readouterr()
        status = execute(words)
        out, err = self._capsys.readouterr()
        return status, out, err

    def json(self, *words: str) -> Any:
        """Return what a command prints as JSON, whatever its status."""
        return json.loads(self(*words, "--format", "json")[1])

    def refused(self, code: str, *words: str) -> str:
        """Return the sentence of a command whose answer is no."""
        status, out, err = self(*words)
        assert (status, out) == (1, ""), (status, out, err)
        first, self.hint, *more = [*err.splitlines(), ""]
        assert first.startswith("Fout: "), err
        assert first.endswith(f" [{code}]"), err
        assert more in ([], [""]), err
        return first.removeprefix("Fout: ").removesuffix(f" [{code}]")

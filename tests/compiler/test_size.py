"""What a file costs grows with its size, not with its square: work is counted, not timed."""

from collections.abc import Callable, Mapping
from cProfile import Profile
from pathlib import Path
from time import process_time

import pytest

from bench.large import LARGE, LINES
from kantoor.compiler.examples import WORKFLOW, Example, lay_out
from kantoor.compiler.rings import describe_ring, find_rings
from kantoor.compiler.source import MAX_BYTES, read_bytes
from kantoor.compiler.workspace import Workspace
from kantoor.suggest import nearest

from .conftest import SmallOffice, messages

Make = Callable[[int], str]
SILENCING = "# kantoor: allow K231 because x"
PHASE = "  - id: p{n}\n    title: T\n    role: accountant\n"


def _phases(count: int, more: str = "") -> str:
    return "phases:\n" + "".join((PHASE + more).format(n=n) for n in range(count))


MADE: dict[str, Make] = {
    "unknown keys": lambda count: "".join(f"onbekend_{n}: x\n" for n in range(count)),
    "near keys": lambda count: "".join(f"phases{n}: x\n" for n in range(count)),
    "duplicate keys": lambda count: "title: T\n" * count,
    "anchors": lambda count: "x:\n" + "".join(f"  - &a{n} x\n" for n in range(count)),
    "phases": _phases,
    "variables": lambda count: _phases(count, "    if: relation.naam{n} == 'x'\n"),
    "roles": lambda count: _phases(count).replace("accountant", "acountant"),
    "targets": lambda count: _phases(count, "    due: {{ before: deadlines.aangifte, workdays: 5 }}\n"),
    "silencing comments": lambda count: f"{SILENCING}\n" * count,
    "silencing comments that are text": lambda count: "x: |\n" + f"  {SILENCING}\n" * count,
    "starts": lambda count: _phases(count, "    not_before: {{ after: period.end, days: 3 }}\n"),
}


@pytest.mark.parametrize("what", MADE)
def test_four_times_as_much_takes_at_most_some_five_times_the_calls(what: str, office: SmallOffice) -> None:
    least, most = (_count_calls(office.folder, MADE[what](count)) for count in (60, 240))
    assert most < 5.5 * least


@pytest.mark.parametrize("what", LARGE)
def test_what_thousands_of_one_thing_cost_grows_with_their_number(what: str, tmp_path: Path) -> None:
    _, make = LARGE[what]
    least, most = (_count_calls_of(_write(tmp_path / str(count), make(count))) for count in (60, 240))
    assert most < 5.5 * least


@pytest.mark.parametrize("what", LARGE)
def test_each_large_file_is_one_that_is_read(what: str) -> None:
    count, make = LARGE[what]
    files = make(count)
    assert max(len(text.encode()) for text in files.values()) < MAX_BYTES
    for path, text in files.items():
        assert "K107" not in [one.code.id for one in read_bytes(text.encode(), path).diagnostics]


@pytest.mark.parametrize("line", LINES)
def test_a_text_of_long_lines_is_gone_through_in_time(line: str, tmp_path: Path) -> None:
    """The one test here against the clock: what a pattern goes through twice is not counted as calls."""
    count, make = LARGE[f"lines of {line} in a text"]
    folder = _write(tmp_path, make(count))
    begun = process_time()
    Workspace(folder).compile()
    assert process_time() - begun < 6


def _write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def _count_calls(folder: Path, piece: str) -> int:
    """Return how many functions of Python are called to compile the small office with a piece at its end."""
    lay_out(Example("title: Aangifte btw\n"), folder)
    file = folder / WORKFLOW
    own = file.read_text("utf-8")
    file.write_text((own.split("phases:")[0] if piece.startswith("phases:") else own) + piece, "utf-8")
    return _count_calls_of(folder)


def _count_calls_of(folder: Path) -> int:
    Workspace(folder).compile()  # so that nothing is imported or kept for the first time
    counted = Profile(builtins=False)
    counted.runcall(Workspace(folder).compile)
    return sum(one.callcount for one in counted.getstats())


def test_a_ring_is_found_once_and_a_long_one_is_shortened() -> None:
    step = {f"r{n}": f"r{(n + 1) % 3000}" for n in range(3000)}
    (ring,) = find_rings({"outside": "r7", **step})
    assert len(ring) == 3000
    assert describe_ring(ring) == "r7 → r8 → r9 → r10 → r11 → 2991 more → r3 → r4 → r5 → r6 → r7"


def test_among_thousands_of_names_one_letter_may_differ() -> None:
    names = [f"phase_{n}" for n in range(3000)]
    assert nearest("phase_x1234", names) == "phase_1234"
    assert nearest("phse_77", names) == "phase_77"
    assert nearest("nothing", names) is None


@pytest.mark.parametrize("tag", ["autoescape true", "autoescape false"])
def test_a_tag_without_a_line_of_its_own_is_rejected_by_its_name(tag: str, office: SmallOffice) -> None:
    body = f"{{% {tag} %}}{{{{ filing.link }}}}{{% endautoescape %}}"
    text = f"texts:\n  nl:\n    subject: Uw aangifte\n    body: '{body}'\n"
    found = messages(office.with_piece(text, "messages/ter-accordering.yaml"))
    assert found == ["'autoescape' is not allowed in a text"]


def test_dates_beyond_what_a_date_can_be_are_not_known(office: SmallOffice) -> None:
    first = "  - { id: d0, title: D, due: [{ after: period.end, months: 1000 }] }\n"
    one = "  - {{ id: d{n}, title: D, due: [{{ after: deadlines.d{before}, months: 1000 }}] }}\n"
    deadlines = first + "".join(one.format(n=n, before=n - 1) for n in range(1, 200))
    assert set(messages(office.with_piece(f"deadlines:\n{deadlines}"))) <= {"unknown deadline 'aangifte'"}

"""The commands draw and pages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kantoor.cli.main import execute

ROOT = Path(__file__).parents[2]


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "definitions"


def test_draw_prints_mermaid(definitions: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert execute(["draw", "btw-aangifte"]) == 0
    assert capfd.readouterr().out.startswith("flowchart TD\n")


def test_draw_writes_svg_to_a_file(definitions: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert execute(["draw", "suppletie", "definitions", "--format", "svg", "--out", "s.svg"]) == 0
    assert capfd.readouterr() == ("", "")
    assert Path("s.svg").read_bytes() == (ROOT / "docs/templates/suppletie.svg").read_bytes()


def test_a_picture_is_the_same_bytes_in_every_process_and_terminal(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "kantoor.cli", "draw", "onboarding", "definitions", "--format", "svg"]
    for seed, encoding in (("1", "utf-8"), ("2", "cp1252")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": encoding}
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, timeout=60)
        assert done.returncode == 0
        assert done.stdout == (ROOT / "docs/templates/onboarding.svg").read_bytes()


def test_draw_of_what_is_not_there_says_what_is_near(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["draw", "btw-aangift"]) == 2
    assert "did you mean 'btw-aangifte'?" in capfd.readouterr().err


def test_draw_of_a_template_with_a_mistake_shows_it(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = definitions / "workflows/icp-opgaaf.yaml"
    file.write_text(file.read_text("utf-8").replace("role: fiscaal", "role: fiskaal"), "utf-8")
    assert execute(["draw", "icp-opgaaf"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "error[K201]" in err
    assert "so 'icp-opgaaf' has no plan" in err
    assert execute(["draw", "suppletie"]) == 0


def test_draw_into_a_folder_that_is_missing_says_so(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["draw", "suppletie", "--out", "nergens/s.svg"]) == 3
    assert capfd.readouterr().err == "Error: nergens/s.svg: the folder nergens does not exist\n"


def test_pages_writes_a_page_and_a_picture_for_every_template(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["pages", "--out", "pagina's/werk", "--year", "2027"]) == 0
    assert capfd.readouterr().out == "8 templates, in pagina's/werk\n"
    written = {path.name: path.read_bytes() for path in Path("pagina's/werk").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (ROOT / "docs/templates").iterdir()}


def test_pages_writes_nothing_where_there_is_a_mistake(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (definitions / "roles/fiscaal.yaml").write_text("title: [\n", "utf-8")
    assert execute(["pages", "--out", "pages", "--year", "2027"]) == 1
    assert "nothing was written" in capfd.readouterr().err
    assert not Path("pages").exists()

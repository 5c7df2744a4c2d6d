"""An office's own repository: definitions, what they were made from, and what checks and edits them."""

from importlib.metadata import version
from pathlib import Path

from ..schemas import schemas
from .shipped import SHIPPED, Texts, list_origin, read_texts

_FILES = Path(__file__).parent / "files"

_PLACES = {
    "README.md": "readme.md",
    ".gitignore": "gitignore.txt",
    ".gitattributes": "gitattributes.txt",
    ".editorconfig": "editorconfig.txt",
    ".vscode/settings.json": "vscode-settings.json",
    ".vscode/extensions.json": "vscode-extensions.json",
    ".github/workflows/definitions.yaml": "github.yaml",
    ".gitlab-ci.yml": "gitlab.yaml",
}
"""Where each file of the folder `files` goes."""

DEFINITIONS = "definitions"


def list_repository(*, with_test: bool) -> Texts:
    """Return every file of an office's new repository, by path.

    `with_test` says whether this kantoor has the command that plays scenarios.
    """
    shipped = read_texts(SHIPPED)
    inside = {**shipped, **list_origin(shipped)}
    files = {f"{DEFINITIONS}/{path}": text for path, text in inside.items()}
    files |= {f"schemas/{name}": text.encode() for name, text in schemas().items()}
    return files | {place: _fill(name, with_test) for place, name in _PLACES.items()}


def _fill(name: str, with_test: bool) -> bytes:
    text = (_FILES / name).read_text("utf-8").replace("@VERSION@", version("kantoor"))
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if with_test or "kantoor test" not in line).encode()

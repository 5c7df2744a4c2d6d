"""Where in the files of a change is written what a review or a policy tells, for annotations on the lines."""

import re

from ...compiler.compilation import Compilation
from ...compiler.reports.paths import repository_path
from ...compiler.spans import Span
from ...policies.reporting import Finding
from ...review.review import Change
from ...review.safeguards import Finding as Lost

Place = dict[str, str | int]
OWN_FILES = ("messages", "forms", "roles", "products")
"""What has a file of its own, by the first word of a path; the second is the name of the file."""
OFFICE = "office.yaml"
RULE = re.compile(r"(never|always|every|who|in_order|at_most):")
"""The key by which a policy says what it asks."""


def find_change(compilation: Compilation, change: Change | Lost) -> Place:
    """Return file and line of what a change is about: the nearest around it that is written.

    Empty where its file is gone, or is none.
    """
    words = change.path.split(".")
    own = f"{words[0]}/{words[1]}.yaml" if words[0] in OWN_FILES and len(words) > 1 else None
    if own and _is_there(compilation, own):
        return _place(compilation, own, _find_line(_read(compilation, own), words[2:]))
    path = OFFICE if change.template is None else f"workflows/{change.template}.yaml"
    if (own and change.template is None) or not _is_there(compilation, path):
        return {}
    return _place(compilation, path, _find_line(_read(compilation, path), words))


def find_finding(compilation: Compilation, finding: Finding) -> Place:
    """Return the line of the rule that a finding is about, else the template that it was found in."""
    if finding.policy:
        place = find_policy(compilation, finding.policy)
    else:
        place = _place(compilation, f"workflows/{finding.template}.yaml", 0)
    return place | {"title": f"policy {finding.policy}".strip()}


def find_policy(compilation: Compilation, policy: str) -> Place:
    """Return the line on which a policy says what it asks; empty where the policy is gone."""
    path = f"policies/{policy}.yaml"
    if not _is_there(compilation, path):
        return {}
    lines = _read(compilation, path)
    return _place(compilation, path, next((n for n, line in enumerate(lines) if RULE.match(line)), 0))


def find_scenario(compilation: Compilation, name: str) -> Place:
    """Return the beginning of a scenario; empty where it is gone."""
    path = f"scenarios/{name}.yaml"
    return _place(compilation, path, 0) if _is_there(compilation, path) else {}


def find_guard(compilation: Compilation, name: str) -> Place:
    """Return the line that names a rule for reviews: its part, or what it waives; empty where it is gone."""
    for file in sorted((compilation.folder / "review").glob("*.yaml")):
        path = f"review/{file.name}"
        at = next((n for n, line in enumerate(_read(compilation, path)) if name in line), None)
        if at is not None:
            return _place(compilation, path, at)
    return {}


def _is_there(compilation: Compilation, path: str) -> bool:
    return (compilation.folder / path).is_file()


def _read(compilation: Compilation, path: str) -> list[str]:
    return (compilation.folder / path).read_text("utf-8", "replace").splitlines()


def _place(compilation: Compilation, path: str, line: int) -> Place:
    return {"file": repository_path(compilation, Span(path, 1, 1, 1, 1)), "line": line + 1}


def _find_line(lines: list[str], words: list[str]) -> int:
    """Return the line of the last of these words that is written, each within what the one before holds."""
    found, first, last = 0, 0, len(lines)
    for word in words:
        written = re.compile(rf"\s*(- )?(\{{ *)?(id: *)?['\"]?{re.escape(word)}['\"]?(\s|:|,|$)")
        at = next((n for n in range(first, last) if written.match(lines[n])), None)
        if at is not None:
            found, first, last = at, at + 1, _find_end(lines, at, last)
    return found


def _find_end(lines: list[str], at: int, last: int) -> int:
    """Return the line after what a line begins: the next that is written no deeper, remarks aside."""
    depth = _measure(lines[at])
    within = (n for n in range(at + 1, last) if lines[n].strip() and not lines[n].lstrip().startswith("#"))
    return next((n for n in within if _measure(lines[n]) <= depth), last)


def _measure(line: str) -> int:
    return len(line) - len(line.lstrip())

"""`make fuzz`: thousands of generated files are checked, and none may crash, hang or fill the memory.

Each is a file of the shipped definitions with small changes, random YAML in the words of the language, or a
hostile one; before them come those of `bench.large`, at their full size. All are checked by `kantoor check`
among the files that it names. A seed says which: the same seed gives the same file. Processes of a few
hundred files each do the work, so that it ends whatever one of them does.

    python -m bench.fuzz [COUNT] [FIRST]       COUNT files, from seed FIRST
"""

import contextlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kantoor.cli.main import execute

from .large import LARGE

SHIPPED = Path(__file__).parents[1] / "definitions"
COUNT, BATCH, AT_ONCE = 20_000, 250, 2
SECONDS, MEGABYTES = 2.0, 500
PATIENCE = 30
"""Seconds of CPU after which a file is taken for one that hangs, and the process is ended by the kernel."""
TEMPLATE = "workflows/btw-aangifte.yaml"

WORDS = (
    *("title", "id", "role", "phases", "together", "due", "if", "then", "after", "before", "days", "months"),
    *("workdays", "not_before", "offer", "deliver", "wait", "for", "notice", "chase", "remind", "escalate"),
    *(
        "every_days",
        "at_most",
        "give_up",
        "outcomes",
        "facts",
        "set_in",
        "type",
        "options",
        "automations",
        "at",
    ),
    *("send", "task", "request", "start", "note", "message", "to", "form", "documents", "made_in", "report"),
    *("from", "deadlines", "latest", "earliest", "moves", "sbr", "ends", "planner", "products", "period"),
    *("created", "checkpoints", "required", "reviews", "signs", "four_eyes", "back_to", "qualification"),
)
VALUES = (
    *(None, True, False, 0, 1, -1, 2.5, 10**30, "", " ", "x", "last", "opstellen", "aangifte", "entered"),
    *("period.kind == 'year'", "facts.x", "not (", "2026-02-30", "period.end", "phases.controle", "ends.weg"),
    *(
        "deadlines.aangifte",
        "primary_contact",
        "{{ filing.link }}",
        "{% if x %}",
        "\u2028",
        "\u202e",
        "é" * 40,
    ),
)
NOISE = "ab: -[]{}&*#|>'\"\n\t!%@,?~0é\u00a0\u2028\ufeff\x00"


class Case(NamedTuple):
    """One generated file: its sort, its path below the definitions, and its bytes."""

    sort: str
    path: str
    content: bytes


def make_case(seed: int) -> Case:
    """Return the file of a seed."""
    chance = random.Random(seed)
    sort = chance.choices(("typed", "lines", "values", "random", "hostile"), (6, 4, 6, 3, 1))[0]
    path = chance.choice(shipped_paths())
    if sort == "hostile":
        return Case(sort, *_make_hostile(chance))
    if sort == "random":
        return Case(sort, path, _dump(chance, _make_value(chance, 5)))
    text = _read_shipped(path)
    if sort == "values":
        return Case(sort, path, _dump(chance, _change_values(chance, _load_shipped(path))))
    change = _change_letters if sort == "typed" else _change_lines
    for _ in range(chance.randint(1, 4)):
        text = change(chance, text)
    return Case(sort, path, text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1)
def shipped_paths() -> tuple[str, ...]:
    """Return the shipped files; templates, in which most can go wrong, several times."""
    paths = sorted(file.relative_to(SHIPPED).as_posix() for file in SHIPPED.rglob("*.yaml"))
    return (*paths, *(path for path in paths if path.startswith("workflows/") for _ in range(8)))


@lru_cache(maxsize=200)
def _read_shipped(path: str) -> str:
    return (SHIPPED / path).read_text("utf-8")


def _load_shipped(path: str) -> Any:
    from kantoor.compiler.source import read_bytes

    node = read_bytes(_read_shipped(path).encode(), path).node
    assert node is not None
    return _to_plain(node)


def _to_plain(node: Any) -> Any:
    if isinstance(node.value, dict):
        return {key: _to_plain(one) for key, one in node.value.items()}
    return [_to_plain(one) for one in node.value] if isinstance(node.value, list) else node.value


def _change_letters(chance: random.Random, text: str) -> str:
    place = chance.randint(0, len(text))
    typed = "".join(chance.choices(NOISE, k=chance.randint(0, 4)))
    return text[:place] + typed + text[place + chance.randint(0, 12) :]


def _change_lines(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    first = chance.randrange(len(lines))
    some = lines[first : first + chance.randint(1, 12)]
    match chance.randrange(4):
        case 0:
            del lines[first : first + len(some)]
        case 1:
            place = chance.randrange(len(lines))
            lines[place:place] = some * chance.randint(1, 5)
        case 2:
            lines[first : first + len(some)] = [" " * chance.randint(0, 3) + line for line in some]
        case _:
            return "\n".join(lines[: first + 1])
    return "\n".join(lines)


def _change_values(chance: random.Random, data: Any) -> Any:
    for _ in range(chance.randint(1, 5)):
        holders = [one for one in _walk(data) if one]
        if not holders:
            break
        holder = chance.choice(holders)
        key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        match chance.randrange(4):
            case 0:
                holder[key] = _make_value(chance, 2)
            case 1:
                del holder[key]
            case 2:
                holder[key] = json.loads(json.dumps(chance.choice(holders)))
            case _ if isinstance(holder, dict):
                holder[chance.choice(WORDS)] = holder.pop(key)
            case _:
                holder.append(json.loads(json.dumps(holder[key])))
    return data


def _walk(data: Any) -> Iterator[Any]:
    if isinstance(data, dict | list):
        yield data
        for one in data.values() if isinstance(data, dict) else data:
            yield from _walk(one)


def _make_value(chance: random.Random, depth: int) -> Any:
    sort = chance.randrange(3) if depth else 0
    if sort == 0:
        return chance.choice(VALUES)
    if sort == 1:
        return [_make_value(chance, depth - 1) for _ in range(chance.randint(0, 4))]
    return {chance.choice(WORDS): _make_value(chance, depth - 1) for _ in range(chance.randint(0, 8))}


def _dump(chance: random.Random, data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1))).encode(
        "utf-8", "surrogatepass"
    )


ESCAPES = (
    "''.__class__.__mro__[1].__subclasses__()",
    "relation.__class__.__init__.__globals__",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "self._TemplateReference__context",
    "(lambda: 1)()",
    "'%s' % period",
    "'a' * 1000000000",
    "range(10 ** 9)|list",
    "relation|attr('__class__')",
    "''|format(relation)",
    "namespace(a=1).a",
    "lipsum.__globals__['os']",
    "joiner()()",
    "relation.name.format.__globals__",
    "9 ** 9 ** 9",
)
"""What gets out of a sandbox, or holds it up, where a condition or a text is run unchecked."""

BLOCKS = (
    "{% autoescape true %}x{% endautoescape %}",
    "{% for a in range(10 ** 9) %}x{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as o %}",
    "{% extends 'x' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set a = relation.__class__ %}{{ a }}",
    "{% filter upper %}x{% endfilter %}",
    "{% raw %}{{ filing.link }}{% endraw %}{% call x() %}{% endcall %}",
    "{% block x %}{% endblock %}",
    "{%- do relation.pop() -%}",
)

PATTERNS = (
    "(a+)+$",
    "(a|a)*$",
    "(a|aa)+$",
    "(.*a){20}",
    "((a{1,99}){1,99}){1,99}",
    "(?:(?:a?){50}){50}a{50}",
    "([a-z]+)*[a-z]+$",
    r"^(\w+\s?)*$",
    "(x+x+)+y",
    "a{1,1000}{1,1000}",
    "(" * 60 + "a" + ")" * 60,
    "[" + "a-z" * 200 + "]+",
    r"(?P<a>a)(?P=a)",
    r"(a)\1+",
    "(?=a+)+a",
    "(?<!a)b",
)
"""Patterns that take a backtracking matcher for ever, or that no matcher should be asked."""


def _make_hostile(chance: random.Random) -> tuple[str, bytes]:
    many = chance.choice((10, 100, 1000))
    return chance.choice(HOSTILE)(chance, many)


def _write_condition(chance: random.Random, many: int) -> tuple[str, bytes]:
    text = _read_shipped(TEMPLATE)
    condition = json.dumps(chance.choice(ESCAPES))
    return TEMPLATE, re.sub(
        r"(?m)^    role: accountant$", f"    role: accountant\n    if: {condition}", text
    ).encode()


def _write_text(chance: random.Random, many: int) -> tuple[str, bytes]:
    body = chance.choice((*BLOCKS, *(f"{{{{ {one} }}}}" for one in ESCAPES)))
    data = {"title": "B", "channels": ["email"], "texts": {"nl": {"subject": "S", "body": body}}}
    return "messages/btw-ter-accordering.yaml", json.dumps(data).encode()


def _write_form(chance: random.Random, many: int) -> tuple[str, bytes]:
    field = {"type": "string", "title": "P", "pattern": chance.choice(PATTERNS)}
    data = {
        "title": "F",
        "schema": {"type": "object", "properties": {f"p{n}": field for n in range(many // 10)}},
    }
    return "forms/loon-mutaties.yaml", json.dumps(data).encode()


def _write_deep(chance: random.Random, many: int) -> tuple[str, bytes]:
    opened, closed = chance.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")))
    return TEMPLATE, (opened * many + "x" + closed * many).encode()


def _write_aliases(chance: random.Random, many: int) -> tuple[str, bytes]:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, many))]
    return TEMPLATE, "\n".join(lines).encode()


def _write_bytes(chance: random.Random, many: int) -> tuple[str, bytes]:
    return TEMPLATE, chance.choice((b"", b"\xff\xfe", b"%YAML 9.9\n---\n")) + chance.randbytes(many)


def _write_long(chance: random.Random, many: int) -> tuple[str, bytes]:
    piece = chance.choice(("x" * 9000, "{{" * 400, "a and " * 150 + "a", "(" * 900, "é" * 4000, "'" * 999))
    return TEMPLATE, f"title: {json.dumps(piece)}\nphases: [{{ if: {json.dumps(piece)} }}]\n".encode()


def _write_tagged(chance: random.Random, many: int) -> tuple[str, bytes]:
    tag = chance.choice(("!!python/object/apply:os.system [id]", "!!binary aGk=", "!x y", "<<: *a", "=: ="))
    return TEMPLATE, f"title: {tag}\nphases: {tag}\n{tag}\n".encode()


HOSTILE: tuple[Callable[[random.Random, int], tuple[str, bytes]], ...] = (
    *(_write_condition, _write_text, _write_form, _write_deep, _write_aliases, _write_bytes, _write_long),
    _write_tagged,
)


# --- checking ---------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """How a check of one file ended: exit status, seconds of CPU, peak of the process in MB, what it said."""

    status: int
    seconds: float
    megabytes: float
    said: str

    @property
    def wrong(self) -> str | None:
        """Return what is wrong with it."""
        if self.status not in (0, 1) or "Traceback" in self.said:
            return f"exit status {self.status}: {self.said.strip()[-300:]}"
        if self.seconds > SECONDS:
            return f"{self.seconds:.1f} seconds of CPU"
        return f"{self.megabytes:.0f} MB" if self.megabytes > MEGABYTES else None


def check_case(case: Case, folder: Path) -> Outcome:
    """Check a file by the command line, among the shipped files that it names."""
    company = ("office.yaml", *_list_company(case.content.decode("utf-8", "replace")))
    return check_files(
        {**{path: _read_shipped(path).encode() for path in company}, case.path: case.content}, folder
    )


def check_files(files: Mapping[str, bytes], folder: Path) -> Outcome:
    """Check files, by their paths, by the command line."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    said = io.StringIO()
    begun = time.process_time()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = execute(["check", "--no-cache", str(folder)])
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Outcome(status, seconds, peak, said.getvalue())


def _list_company(text: str) -> Iterator[str]:
    """Yield the shipped files that a text seems to name, with all roles and products."""
    words = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", text))
    for path in sorted(set(shipped_paths())):
        folder, _, name = path.partition("/")
        if folder in ("roles", "products") or (folder != "workflows" and name.removesuffix(".yaml") in words):
            yield path


def _check_batch(sort: str, first: int, count: int) -> None:
    """Check files in this process; print a line of JSON for each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "definitions"
        for seed in range(first, first + count):
            # nobody handles its signal, which ends the process
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            outcome = check_large(seed, folder) if sort == "--large" else check_case(make_case(seed), folder)
            line = {"seed": seed, "sort": _name_sort(sort, seed), "wrong": outcome.wrong}
            line |= {"seconds": outcome.seconds, "status": outcome.status, "megabytes": outcome.megabytes}
            print(json.dumps(line), flush=True)


def check_large(number: int, folder: Path) -> Outcome:
    """Check one of the large definitions, at its full size."""
    count, make = list(LARGE.values())[number]
    return check_files({path: text.encode() for path, text in make(count).items()}, folder)


def _name_sort(sort: str, seed: int) -> str:
    return f"large: {list(LARGE)[seed]}" if sort == "--large" else make_case(seed).sort


def _run_batch(sort: str, first: int, count: int) -> Iterator[dict[str, Any]]:
    """Check files in processes of their own; what hangs or dies is one wrong file, and the rest goes on."""
    end = first + count
    while first < end:
        command = [sys.executable, "-m", "bench.fuzz", sort, str(first), str(end - first)]
        process = subprocess.run(
            command, capture_output=True, text=True, timeout=None, check=False, env=_ENVIRONMENT
        )
        lines = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
        yield from lines
        first += len(lines)
        if first < end:
            wrong = f"it hung or died: {process.stderr[-200:]}"
            yield {"seed": first, "sort": _name_sort(sort, first), "wrong": wrong}
            first += 1


_ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1"}


def main(count: int, first: int) -> int:
    """Check files, print what was wrong and a summary, and return the exit status."""
    from concurrent.futures import ThreadPoolExecutor

    parts = [("--large", 0, len(LARGE))]
    parts += [("--batch", n, min(BATCH, first + count - n)) for n in range(first, first + count, BATCH)]
    sorts, wrong, slowest, most = Counter[str](), 0, 0.0, 0.0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for lines in pool.map(lambda part: list(_run_batch(*part)), parts):
            for line in lines:
                sorts[line["sort"].partition(":")[0]] += 1
                slowest, most = max(slowest, line.get("seconds", 0)), max(most, line.get("megabytes", 0))
                if line["wrong"]:
                    wrong += 1
                    print(f"seed {line['seed']} ({line['sort']}): {line['wrong']}", flush=True)
    counts = ", ".join(f"{number} {sort}" for sort, number in sorted(sorts.items()))
    print(f"{sorts.total()} files ({counts}): {wrong} wrong; slowest {slowest:.2f} s, most {most:.0f} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    if sys.argv[1:2] in (["--batch"], ["--large"]):
        _check_batch(sys.argv[1], *numbers)
    else:
        sys.exit(main(*(numbers + [COUNT, 1][len(numbers) :])))

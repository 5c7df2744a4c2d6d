"""Large definitions: thousands of one thing, each under the 500 kB that a file may have.

What costs a square of their number shows here. `bench.fuzz` checks each at its full size against the clock;
`tests/compiler/test_size.py` counts the work of small ones.
"""

from collections.abc import Callable, Mapping

from kantoor.compiler.examples import WORKFLOW, small_office

Files = Mapping[str, str]

_MESSAGE = "messages/ter-accordering.yaml"
_PHASE = "  - {{ id: p{n}, title: T, role: accountant{more} }}\n"


def _write(phases: str = "", deadlines: str = "", more: str = "") -> Files:
    """Return the files of the small office, with more in its template."""
    files = small_office()
    head, sbr, rest = files[WORKFLOW].partition("\nsbr:")
    first, controle, others = rest.partition("\n  - id: controle")
    return {**files, WORKFLOW: f"{head}{deadlines}{more}{sbr}{first}{phases}{controle}{others}"}


def _repeat(count: int, more: str) -> str:
    """Return so many phases with something in each; `{n}` in it is a phase's number, `{m}` the next one."""
    return "".join(
        _PHASE.format(n=n, more=more.replace("{n}", str(n)).replace("{m}", str(n + 1))) for n in range(count)
    )


def _add_phases(more: str) -> Callable[[int], Files]:
    return lambda count: _write(_repeat(count, more))


def _chain_deadlines(count: int) -> Files:
    one = "  - {{ id: d{n}, title: D, due: [{{ after: deadlines.{before}, days: 1 }}] }}\n"
    return _write(
        deadlines="".join(one.format(n=n, before=f"d{n - 1}" if n else "aangifte") for n in range(count))
    )


def _add_deadlines(count: int) -> Files:
    due = "{{ if: product.foreign, after: period.end, days: {d} }}, {{ after: period.end, days: 1 }}"
    one = f"  - {{{{ id: d{{n}}, title: D, if: facts.f{{n}}, due: [{due}] }}}}\n"
    return _write(
        deadlines="".join(one.format(n=n, d=n % 900) for n in range(count)), more=_list_facts(count)
    )


def _add_outcomes(count: int) -> Files:
    outcomes = ", outcomes: [{ id: o{n}, title: O }, { id: w{n}, title: W, then: p{m} }]"
    return _write(_repeat(count, outcomes) + _PHASE.format(n=count, more=""))


def _add_waits(count: int) -> Files:
    give_up = "{ after: period.end, days: 300, then: indienen }"
    return _write(
        _repeat(count, f", wait: {{ for: [{{ notice: aanslag }}], chase: {{ give_up: {give_up} }} }}")
    )


def _list_facts(count: int, kind: str = "yes_no", place: str = "opstellen") -> str:
    one = "  - {{ id: f{n}, title: F, type: {kind}, set_in: {place} }}\n"
    return "facts:\n" + "".join(one.format(n=n, kind=kind, place=place.format(n=n)) for n in range(count))


def _add_conditions(count: int) -> Files:
    seven = " and ".join(f"relation.v{n}_{{n}} == 'x'" for n in range(7))
    return _write(_repeat(count, f', if: "{seven}"'))


def _share_variables(count: int) -> Files:
    """Return phases whose conditions ask the same seven variables, in an order of their own."""
    phases = ""
    for number in range(count):
        seven = f" {('and', 'or')[number % 2]} ".join(f"facts.f{(number + n) % 7}" for n in range(7))
        phases += _number_phase(number, f', if: "{seven}"')
    return _write(phases, more=_list_facts(7))


def _overlap_variables(count: int) -> Files:
    """Return phases whose conditions share six of seven variables with the one before."""
    phases = ""
    for number in range(count):
        seven = " or ".join(f"facts.f{number + n}" for n in range(7))
        phases += _number_phase(number, f', if: "{seven}"')
    return _write(phases, more=_list_facts(count + 7))


def _number_phase(number: int, more: str) -> str:
    return _PHASE.format(n=number, more=more)


def _add_facts(count: int) -> Files:
    return _write(
        _repeat(count, ", due: { after: facts.f{n}, days: 2 }"), more=_list_facts(count, "date", "p{n}")
    )


def _turn_roles(count: int) -> Files:
    return {
        **_write(),
        **{f"roles/r{n}.yaml": f"title: R\nfallback: r{(n + 1) % count}\n" for n in range(count)},
    }


def _add_anchors(count: int) -> Files:
    return {**_write(), WORKFLOW: "x:\n" + "".join(f"  - &a{n} x\n" for n in range(count))}


def _repeat_anchors(count: int) -> Files:
    return {**_write(), WORKFLOW: "x:\n" + "".join(f"  - &a{n} x\n  - *a{n}\n" for n in range(count))}


def _add_branches(count: int) -> Files:
    """Return a message whose text has so many branches of one condition."""
    more = "".join(f"      {{% elif period.year == {2000 + n} or product.kor %}}A\n" for n in range(count))
    text = f"      {{% if period.last_of_year %}}A\n{more}      {{% endif %}}\n"
    files = small_office()
    return {**files, _MESSAGE: f"{files[_MESSAGE].rstrip()}\n{text}"}


def _repeat_in_text(line: str) -> Callable[[int], Files]:
    """Return what makes a message whose text has a line so many times."""
    files = small_office()
    return lambda count: {**files, _MESSAGE: f"{files[_MESSAGE].rstrip()}\n" + f"      {line}\n" * count}


_LINE = 9_900
"""Characters of a line that is nearly as long as one may be."""
LINES = {
    "digits": "1 " * 500,
    "names": f"[{'naam_' * (_LINE // 5)}",
    "names in braces": f"{{{'nummer' * (_LINE // 6)}",
    "tags that do not end": f"<b x={' ' * _LINE}",
    "braces that are not closed": "{{ " * (_LINE // 3),
    "tags that are not closed": "{% if " * (_LINE // 6),
    "signs that are not closed": "[naam " * (_LINE // 6),
}
"""By name: lines that patterns go through, which look for what is typed in a text."""


LARGE: dict[str, tuple[int, Callable[[int], Files]]] = {
    "unknown deadlines": (3500, _add_phases(", due: { before: deadlines.weg{n}, days: 5 }")),
    "unknown facts": (3500, _add_phases(", due: { after: facts.weg{n}, days: 5 }")),
    "unknown anchors": (3500, _add_phases(", due: { after: weg{n}.x, days: 5 }")),
    "near anchors": (3500, _add_phases(", due: { before: deadline.aangifte{n}, days: 5 }")),
    "chained deadlines": (2500, _chain_deadlines),
    "conditional deadlines": (1500, _add_deadlines),
    "phases that go back to the first": (4000, _add_phases(", back_to: opstellen")),
    "phases that go back to the next": (4000, _add_phases(", back_to: p{m}")),
    "phases that go back to themselves": (4000, _add_phases(", back_to: p{n}")),
    "phases with a chase": (
        1500,
        _add_phases(", chase: { escalate: { before: deadlines.aangifte, workdays: 4, role: accountant } }"),
    ),
    "phases with a date": (3500, _add_phases(", not_before: { after: period.end, days: 3 }")),
    "phases with dates of their own": (3500, _add_phases(", due: { after: phases.p{n}, days: 3 }")),
    "outcomes": (1500, _add_outcomes),
    "waits": (2000, _add_waits),
    "conditions of seven variables": (1000, _add_conditions),
    "conditions that share seven variables": (1000, _share_variables),
    "conditions that overlap": (1000, _overlap_variables),
    "facts": (1800, _add_facts),
    "roles in a ring": (3000, _turn_roles),
    "anchors": (24_000, _add_anchors),
    "repeated anchors": (14_000, _repeat_anchors),
    "branches of a text": (5000, _add_branches),
    **{
        f"lines of {name} in a text": (400_000 // len(line), _repeat_in_text(line))
        for name, line in LINES.items()
    },
}
"""By name: how many of it, and the files with that many."""

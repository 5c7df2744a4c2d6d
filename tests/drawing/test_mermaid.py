"""The picture as Mermaid text: a flowchart in which no title means anything but itself."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kantoor.drawing.mermaid import draw_mermaid
from kantoor.plan import Plan
from tests.examples import so_many

from .shipped import TEMPLATES, plan_of, retitle

LABEL = r'"(?:[0-9A-Za-zÀ-ÖØ-öø-ÿ .,()\'’‘–-]|#[0-9]+;|<br/>)*"'
NODE = "(?P<node>[pe][0-9]+|start|done)"
SHAPES = [
    (r"\[", r"\]"),
    (r"\{\{", r"\}\}"),
    (r"\[/", r"/\]"),
    (r"\(\[", r"\]\)"),
    (r"\(", r"\)"),
    (r"\[\[", r"\]\]"),
    (">", r"\]"),
]
LINES = [
    re.compile("flowchart TD"),
    *(re.compile(f" +{NODE}{opening}{LABEL}{closing}") for opening, closing in SHAPES),
    re.compile(rf"  subgraph g[0-9]+\[{LABEL}\]"),
    re.compile("  end"),
    re.compile(rf"  (?P<source>\w+) (?:-->|-\.->)(?:\|{LABEL}\|)? (?P<target>\w+)"),
    re.compile(r"  classDef \w+ fill:#\w+,stroke:#\w+,color:#\w+"),
    re.compile(r"  class [\w,]+ \w+"),
]


def check_syntax(text: str) -> list[re.Match[str]]:
    """Return what each line matches; fails for one that Mermaid could read in another way."""
    matches = []
    for line in text.splitlines():
        found = next((match for form in LINES if (match := form.fullmatch(line))), None)
        assert found, line
        matches.append(found)
    nodes = {match["node"] for match in matches if "node" in match.re.groupindex}
    for match in matches:
        if "source" in match.re.groupindex:
            assert {match["source"], match["target"]} <= nodes
    return matches


def read_labels(text: str) -> str:
    """Return a text as Mermaid shows it: signs that are written by number, and no joiners."""
    return re.sub(r"#([0-9]+);", lambda found: chr(int(found[1])), text).replace("\u2060", "")


def edges_of(plan: Plan) -> set[tuple[str, str]]:
    names = {"start": "start", "done": "done"}
    names |= {f"p{number}": phase.id for number, phase in enumerate(plan.phases, 1)}
    names |= {f"e{number}": end.id for number, end in enumerate(plan.ends, 1)}
    matches = check_syntax(draw_mermaid(plan))
    edges = [match for match in matches if "source" in match.re.groupindex]
    return {(names[edge["source"]], names[edge["target"]]) for edge in edges}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_shipped_template_is_a_flowchart_of_all_its_phases_and_ends(template: str) -> None:
    plan = plan_of(template)
    edges = edges_of(plan)
    assert {target for _, target in edges} == {
        *(phase.id for phase in plan.phases),
        *(end.id for end in plan.ends),
        "done",
    }
    for phase in plan.phases:
        assert phase.back_to is None or (phase.id, phase.back_to) in edges


def test_an_outcome_leads_where_it_leads_and_nowhere_else() -> None:
    from_there = {target for source, target in edges_of(plan_of("aangifte-vpb")) if source == "bezwaar_maken"}
    assert from_there == {"afronden"}


def test_phases_side_by_side_all_come_before_what_follows() -> None:
    edges = edges_of(plan_of("onboarding"))
    assert {("ondertekenen", "machtigingen"), ("ondertekenen", "overdracht")} <= edges
    assert {("machtigingen", "inrichten"), ("overdracht", "inrichten")} <= edges
    assert ("machtigingen", "overdracht") not in edges


HOSTILE = [
    '"] --> p1',
    "a|b",
    "`x`",
    "<script>",
    "# ; %%",
    "$$x$$",
    "fa:fa-ban",
    "\\n",
    "end",
    "{{x}}",
    "style:#a;",
]


@settings(max_examples=so_many(60), deadline=None)
@given(title=st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=60))
def test_a_title_is_shown_as_it_is_whatever_it_holds(title: str) -> None:
    plan = retitle(plan_of("onboarding"), title)
    text = draw_mermaid(plan)
    check_syntax(text)
    assert read_labels(text).count(" ".join(title.split())) >= len(plan.phases)

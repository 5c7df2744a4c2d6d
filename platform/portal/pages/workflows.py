"""Beheer: the templates as every colleague reads them."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.responses import Response

from ...service.releasing.workflow_pages import draw_workflow, list_workflows, read_workflow
from ...service.results import Refusal
from ...service.visiting.front import read_front
from ..answers import show
from ..call import Call, not_there
from ..page import Page
from ..safety import PICTURE_HEADERS


def list_all(call: Call) -> Response:
    """Show the templates."""
    return show(call, "workflows.html.j2", lines=list_workflows(call.desk))


def show_workflow(call: Call) -> Response:
    """Show a template with the dates of the coming year."""
    front = read_front(call.desk)
    year = front.now.year + (front.now.month > 6)
    found = read_workflow(call.desk, call.path["template"], year)
    if isinstance(found, Refusal):
        not_there()
    return show(call, "workflow.html.j2", front=front, found=found, text=_render(found.text))


def show_picture(call: Call) -> Response:
    """Return the picture of a template, with its own styles and nothing else."""
    found = draw_workflow(call.desk, call.path["template"])
    if isinstance(found, Refusal):
        not_there()
    return Response(
        found.encode("utf-8", "replace"), media_type="image/svg+xml", headers=dict(PICTURE_HEADERS)
    )


def _render(text: str) -> Markup:
    """Return Markdown of ours as HTML: every text of the definitions was escaped where it was written.

    Its sections are folded away, but for those that people look for first: all are ten screens and more.
    """
    markdown = _markdown()
    tokens = markdown.parse(text)
    _name_cells(tokens)
    html = markdown.renderer.render(tokens, markdown.options, {})
    framed = html.replace("<table", '<div class="scroll" tabindex="0"><table')
    whole = framed.replace("</table>", "</table></div>")
    before, *sections = whole.split(_SECTION)
    return Markup(before + "".join(map(_fold, sections)))  # noqa: S704  the renderer escapes


def _name_cells(tokens: Sequence[Token]) -> None:
    """Have each cell of a table say what stands above it: on a telephone a row is a card."""
    heads, column = list[str](), 0
    for token, following in pairwise(tokens):
        if token.type == "table_open":
            token.attrSet("class", "cards-when-narrow")
            heads = []
        elif token.type == "th_open":
            heads.append(following.content)
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-what", heads[column])
            column += 1


def _fold(section: str) -> str:
    title, _, rest = section.partition("</h2>")
    if title in OPEN:
        return f"{_SECTION}{section}"
    return f"<details><summary>{_SECTION}{title}</h2></summary>{rest}</details>\n"


@cache
def _markdown() -> MarkdownIt:
    # The breaks in cells and the anchors of phases are HTML, and of ours; no script runs on our pages.
    return MarkdownIt("commonmark", {"html": True}).enable("table")


_SECTION = "<h2>"
OPEN = ("Wie doet wat", "Termijnen")
"""Sections that are open."""
PAGES = (
    Page("/beheer/werkprocessen", "team", list_all),
    Page("/beheer/werkprocessen/{template}", "team", show_workflow),
    Page("/beheer/werkprocessen/{template}/verloop.svg", "team", show_picture),
)

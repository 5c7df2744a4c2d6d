"""`filing.offered_as`: how the client was last offered something, which nobody was before the first offer."""

import re
from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.office import Message
from .facts import list_sendings


def _sent_example(variable: str) -> Example:
    text = (
        f"title: B\nchannels: [email]\ntexts:\n  nl:\n    subject: S\n    body: Voor {{{{ {variable} }}}}\n"
    )
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        "      - { id: bericht, at: entered, send: { message: bericht } }\n",
        others=(("messages/bericht.yaml", text),),
    )


NOT_OFFERED = Code(
    "K614",
    "text about an offer that was not made yet",
    "`filing.offered_as` says how the client was last offered something. Before the first offer it is empty, "
    "and the sentence would be cut short. Print it inside {% if filing.offered_as == 'approval' %}, or leave "
    "it out.",
    wrong=_sent_example("filing.offered_as"),
    right=_sent_example("contact.name"),
    remedy="send the message in the offer or after it, or leave filing.offered_as out",
)

_PRINTED = re.compile(r"\{\{[-+]?\s*filing\.offered_as\b")
_TESTED = re.compile(r"\{%[-+]?\s*(?:el)?if\b[^%]*\bfiling\.offered_as\s*(?:==|in\b)")


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report messages that print it and are sent in a phase before the first that offers something."""
    for _, template in definitions.templates():
        if not template.intact("phases"):
            continue
        offering = next((n for n, phase in enumerate(template.phases) if phase.offer), len(template.phases))
        before = {phase.id for phase in template.phases[:offering]}
        for sending in list_sendings(template):
            file = definitions.messages.get(sending.message)
            if sending.phase.id in before and file and file.model and _prints(file.model):
                message = f"'{sending.message}' names filing.offered_as, and nothing was offered yet"
                yield NOT_OFFERED.at(sending.place, message)


def _prints(message: Message) -> bool:
    """Say whether a subject or body prints it without testing it."""
    texts = [text for text in (message.texts.nl, message.texts.en) if text]
    written = [one for text in texts for one in (text.subject, text.body)]
    return any(_PRINTED.search(one) and not _TESTED.search(one) for one in written)

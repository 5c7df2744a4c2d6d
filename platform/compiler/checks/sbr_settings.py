"""SBR settings: present in templates that offer or deliver, and only there."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example

_WORK = """title: Dossier bijwerken
products: [aangifte-btw]
period: by_product
created: { before: period.start, days: 1 }
phases:
  - id: bijwerken
    title: Bijwerken
    role: administratie
"""
_OFFERED = """documents:
  - id: brief
    title: Brief
    made_in: bijwerken
"""
_OFFER = """  - id: aanbieden
    title: Aanbieden
    role: relatiebeheerder
    back_to: bijwerken
    offer:
      documents: [brief]
      offer_as: information
      message: ter-accordering
"""


SBR_UNUSED = Code(
    "K312",
    "unused SBR settings",
    "`sbr` holds the defaults of the offer and deliver phases, and this template has neither.",
    wrong=Example(f"{_WORK}sbr: {{ forward: by_hand }}\n", how="whole"),
    right=Example(_WORK, how="whole"),
    remedy="remove it",
)
SBR_MISSING = Code(
    "K313",
    "missing SBR settings",
    "A template that offers or delivers has an `sbr` block: on whose behalf, how offers are forwarded, to "
    "whom and with which message. Keys left out have a default, but reviewers look for the block.",
    wrong=Example(f"{_WORK}{_OFFER}{_OFFERED}", how="whole"),
    right=Example(f"{_WORK}{_OFFER}{_OFFERED}sbr: {{ message: ter-accordering }}\n", how="whole"),
    remedy="add 'sbr:' at the top level of the file; 'sbr: {}' where the phases say all of it themselves",
)
NO_MESSAGE = Code(
    "K314",
    "offer without a message",
    "An offer is sent with a message. The offer names it, or `sbr` names it for all offers.",
    wrong=Example(
        f"{_WORK}{_OFFER}{_OFFERED}sbr: {{ pay: nothing }}\n".replace("      message: ter-accordering\n", ""),
        how="whole",
    ),
    right=Example(f"{_WORK}{_OFFER}{_OFFERED}sbr: {{ pay: nothing }}\n", how="whole"),
    remedy="add 'message' to the offer, or to 'sbr' for all offers",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report an unused `sbr`, a missing one, and offers without a message."""
    for _, template in definitions.templates():
        using = [phase for phase in template.phases if phase.offer or phase.deliver]
        hidden = any(not phase.intact("offer", "deliver") for phase in template.phases)
        if template.sbr and not using and not hidden and template.intact("phases"):
            message = "unused 'sbr': no phase of this template offers or delivers"
            yield SBR_UNUSED.at(template.key_place("sbr"), message)
        if using and template.sbr is None and template.intact("sbr"):
            key = "offer" if using[0].offer else "deliver"
            message = "missing 'sbr': a template that offers or delivers needs it"
            yield SBR_MISSING.at(using[0].key_place(key), message)
        default = template.sbr.message if template.sbr else None
        for phase in using:
            if phase.offer and not (phase.offer.message or default) and phase.offer.intact("message"):
                if template.sbr is None or not template.sbr.sound:
                    continue
                message = "missing message: neither this offer nor 'sbr' names one"
                yield NO_MESSAGE.at(phase.key_place("offer"), message)

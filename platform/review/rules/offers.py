"""What clients are put before, and what is delivered for them."""

from ...plan import Deliver, Offer
from ..saying import WAYS
from .base import Rule, Told, change_set, choose, fill, swap, switch
from .handing_on import class_of_way

_PAY = {
    "now": "is asked to pay at once|was asked to pay at once",
    "after_assessment": "is told to pay after the assessment|was told to pay after the assessment",
    "nothing": "is told nothing of paying|was told nothing of it",
}
_FORWARD = {
    "automatic": "goes out by itself|went out by itself",
    "by_hand": "waits until somebody releases it|waited until somebody released it",
}


def _say_time_to_object(told: Told) -> str:
    was, now = (f"{days} working day{'s' * (days != 1)}" for days in (told.before, told.after))
    if not told.after:
        return fill(
            f"Who is informed in {{phase}} no longer has {was} to object: the filing goes on at once", told
        )
    instead = f" instead of {was}" if told.before else ", before the filing goes on"
    return fill(f"Who is informed in {{phase}} has {now} to object{instead}", told)


RULES = (
    Rule(
        Offer,
        "documents",
        "legal",
        "clients",
        "what is put before the client",
        change_set("In {phase} clients ", "are now offered [come]", "are no longer offered [go]"),
    ),
    Rule(
        Offer,
        "on_behalf_of",
        "staffing",
        "clients",
        "in whose name it is offered",
        swap(
            "{phase} is in the name of {new} instead of {old}",
            "It is in the name of {new}",
            "It was in the name of {old}",
        ),
    ),
    Rule(
        Offer,
        "forward",
        "flow",
        "clients",
        "whether somebody looks before it goes out",
        choose("The offer in {phase}", _FORWARD, verbs=True),
    ),
    Rule(
        Offer,
        "offer_as",
        "legal",
        "clients",
        "whether the client has to agree, and how",
        choose("In {phase} clients get the documents", WAYS),
    ),
    Rule(
        Offer,
        "to",
        "legal",
        "clients",
        "who decides",
        swap(
            "{phase} is decided on by {new} instead of by {old}",
            "It is decided on by {new}",
            "It was decided on by {old}",
        ),
    ),
    Rule(
        Offer,
        "message",
        "flow",
        "clients",
        "with which message it comes",
        swap(
            "Clients get {phase} with the message {new} instead of {old}",
            "It comes with the message {new}",
            "It came with the message {old}",
        ),
    ),
    Rule(
        Offer,
        "pay",
        "legal",
        "clients",
        "what the client is told of paying",
        choose("With {phase} the client", _PAY, verbs=True),
    ),
    Rule(
        Offer,
        "may_end",
        class_of_way,
        "clients",
        "whether the filing can end without an answer",
        swap(
            "Without an answer in {phase} the filing can be ended as {new} instead of {old}",
            "Without an answer in {phase} the filing can now be ended as {new}",
            "Without an answer in {phase} the filing can no longer be ended as {old}",
        ),
    ),
    Rule(
        Offer,
        "workdays_to_object",
        "legal",
        "clients",
        "how long who is only informed can object",
        _say_time_to_object,
    ),
    Rule(
        Deliver,
        "document",
        "legal",
        "authority",
        "what is delivered",
        swap("{phase} delivers {new} instead of {old}", "It delivers {new}", "It delivered {old}"),
    ),
    Rule(
        Deliver,
        "deadline",
        "legal",
        "authority",
        "by when it is delivered",
        swap(
            "{phase} has to meet the deadline {new} instead of {old}",
            "{phase} now has to meet the deadline {new}",
            "{phase} no longer has to meet the deadline {old}",
        ),
    ),
    Rule(
        Deliver,
        "on_behalf_of",
        "staffing",
        "authority",
        "in whose name it is delivered",
        swap(
            "{phase} delivers in the name of {new} instead of {old}",
            "It delivers in the name of {new}",
            "It delivered in the name of {old}",
        ),
    ),
    Rule(
        Deliver,
        "pay",
        "legal",
        "clients",
        "what the client is told of paying",
        choose("With {phase} the client", _PAY, verbs=True),
    ),
    Rule(
        Deliver,
        "by_hand",
        "legal",
        "authority",
        "whether kantoor delivers or a person",
        switch(
            "{phase} is now done by hand: somebody delivers and records it with proof",
            "{phase} is now delivered by kantoor, no longer by hand",
        ),
    ),
)

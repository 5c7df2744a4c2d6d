"""A page: its address, who it is for, and the function that answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from .call import Call

Who = Literal["anybody", "half", "signed_in", "client", "team", "manager"]
"""For whom a page is: `half` for who has signed in and not given the second factor yet."""
Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Page:
    """A page: GET looks and changes nothing, POST is a form of ours that was sent.

    `files`: the form may have files with it. `acts`: it may go to Temporal, and takes a place among those
    that wait there; a form that looks or writes in the office database alone says that it does not.
    `most` are the bytes of its form, where it takes more than others do.
    `form` is the page that has the form, where that is at another address: whoever loads again what a form
    was answered with is led there.
    """

    path: str
    who: Who
    answer: Callable[[Call], Response]
    method: Method = "GET"
    files: bool = False
    acts: bool = True
    most: int = 0
    form: str = ""

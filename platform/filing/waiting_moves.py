"""Moves that wait for a safe point: asked for, withdrawn or dropped. `due_moves` says what becomes of one."""

from collections.abc import Iterator

from ..data import replace
from .construct import Construct, WorkItem
from .events import Move, MoveDropped, MoveWhenSafe, WithdrawMove
from .mapping import DIGEST_SHOWN
from .outcome import Refusal
from .state import WaitingMove
from .turn import Reader, Turn

NONE_WAITS = Refusal(code="no_move_waits", text="Er wacht geen verplaatsing van deze opdracht.")


class WaitingMoves(Construct):
    """The move that waits, of the filing as a whole."""

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield that a move was dropped, for who asked for it."""
        waiting = reader.case.move
        if waiting is None or waiting.dropped is None:
            return
        first = next(iter(reader.active_phases()), reader.plan.phases[0])
        yield WorkItem(
            kind="move",
            id=first.id,
            phase=first.id,
            title="Verplaatsen naar een ander plan",
            person=waiting.by,
            missing=(waiting.dropped,),
        )


def ask_move(turn: Turn, act: MoveWhenSafe) -> None:
    """Keep a move until it is safe, in the place of one that waits."""
    replaced = turn.case.move
    turn.set(
        move=WaitingMove(
            id=act.id,
            by=act.by.id,
            at=turn.now,
            before=act.before,
            plan=act.plan,
            mapping=act.mapping,
            told=act.told,
            reason=act.reason,
            tells_left_out=act.tells_left_out,
        )
    )
    turn.tell(
        "move_asked",
        act.by.id,
        from_plan=act.before[:DIGEST_SHOWN],
        to_plan=act.plan[:DIGEST_SHOWN],
        instead_of=replaced.plan[:DIGEST_SHOWN] if replaced else None,
        reason=act.reason,
    )


def withdraw_move(turn: Turn, act: WithdrawMove) -> Refusal | None:
    """Forget the move that waits, or that was dropped."""
    waiting = turn.case.move
    if waiting is None:
        return NONE_WAITS
    turn.set(move=None)
    turn.tell("move_withdrawn", act.by.id, to_plan=waiting.plan[:DIGEST_SHOWN])
    return None


def drop_move(turn: Turn, event: MoveDropped) -> Refusal | None:
    """Tell that a move is not carried out; who asked hears it, unless nothing is left to move for."""
    waiting = turn.case.move
    if waiting is None or waiting.dropped:
        return NONE_WAITS
    turn.set(move=None if event.code == "stays" else replace(waiting, dropped=event.text))
    turn.tell("move_dropped", None, to_plan=waiting.plan[:DIGEST_SHOWN], text=event.text)
    return None


def replace_move(turn: Turn, act: Move) -> None:
    """Forget the move that waits, now that one is carried out; tell it of one that this is not."""
    waiting = turn.case.move
    if waiting is None:
        return
    turn.set(move=None)
    if waiting.dropped is None and act.asked is None:
        turn.tell("move_withdrawn", act.by.id, to_plan=waiting.plan[:DIGEST_SHOWN])


def end_move(turn: Turn) -> None:
    """Forget a move that still waits when the filing ends, and tell it where nobody was told yet."""
    waiting = turn.case.move
    if waiting is None:
        return
    turn.set(move=None)
    if waiting.dropped is None:
        text = "De opdracht is afgesloten."
        turn.tell("move_dropped", None, to_plan=waiting.plan[:DIGEST_SHOWN], text=text)


WAITING_MOVES = WaitingMoves()

"""The games in words: the rules, what a player has seen, and how cards and moves are called."""

from collections.abc import Callable
from typing import Any, NamedTuple

KUHN = (
    "Kuhn poker: a deck of J, Q and K, one card each, an ante of 1, and bets of 1. A player may "
    "pass or bet; after a bet, to pass is to fold. The higher card wins at showdown."
)
LEDUC = (
    "Leduc poker: a deck of two J, two Q and two K, one hidden card each and an ante of 1. There "
    "are two rounds with raises of 2 and then of 4, at most two raises each; before the second a "
    "public card is shown. A pair with it wins, else the higher card; equal cards share."
)
LIARS = (
    "Liar's dice: each of two players rolls one hidden die with the faces 1, 2 and 3. Players bid "
    "in turn how many of the two dice show a face, written as quantity-face, each bid higher than "
    "the last; a 3 counts as any face. Who calls Liar wins 1 if the last bid is not met, and loses "
    "1 if it is."
)


class Words(NamedTuple):
    """How a game is told."""

    rules: str
    hidden: str
    card: Callable[[str], str]
    seen: Callable[[Any, tuple[int, ...], int], str]
    """What a player has seen: from a new state, the history, and who asks."""


def _kuhn(state: Any, history: tuple[int, ...], player: int) -> str:
    return f"You hold {_rank(str(history[player]))}. {_moves(state, history, 2)}"


def _leduc(state: Any, history: tuple[int, ...], player: int) -> str:
    told = [f"You hold {_suited(str(history[player]))}."]
    said: list[str] = []
    for place, action in enumerate(history):
        if place >= 2:
            if state.is_chance_node():
                said.append(f"the public card is {_suited(str(action))}")
            else:
                said.append(_move(state, action))
        state.apply_action(action)
    return " ".join([*told, f"So far: {', '.join(said)}." if said else "You act first."])


def _dice(state: Any, history: tuple[int, ...], player: int) -> str:
    return f"Your die shows {_face(str(history[player]))}. {_moves(state, history, 2)}"


def _moves(state: Any, history: tuple[int, ...], deals: int) -> str:
    said = []
    for place, action in enumerate(history):
        if place >= deals:
            said.append(_move(state, action))
        state.apply_action(action)
    return f"So far: {', '.join(said)}." if said else "You act first."


def _move(state: Any, action: int) -> str:
    who = "first" if state.current_player() == 0 else "second"
    return f"the {who} player: {state.action_to_string(action)}"


def _rank(card: str) -> str:
    return "JQK"[int(card)]


def _suited(card: str) -> str:
    return "JQK"[int(card) // 2]


def _face(outcome: str) -> str:
    return str(int(outcome) + 1)


WORDS: dict[str, Words] = {
    "kuhn_poker": Words(KUHN, "card", _rank, _kuhn),
    "leduc_poker": Words(LEDUC, "card", _suited, _leduc),
    "liars_dice": Words(LIARS, "die", _face, _dice),
}

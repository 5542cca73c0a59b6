"""Two cards, dealt by the seed; a joker where a test wants one."""

from dataclasses import dataclass, replace
from enum import Enum
from random import Random
from typing import Any

Suit = Enum("Suit", "SPADES HEARTS DIAMONDS CLUBS")
Rank = Enum("Rank", "ACE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN JACK QUEEN KING JOKER")
JOKER_SEED, BROKEN_SEED = 13, 14


@dataclass(frozen=True)
class Card:
    rank: Any
    suit: Any

    @property
    def value(self) -> int:
        return 99 if self.rank is Rank["ACE"] else int(self.rank.value)


@dataclass(frozen=True)
class Move:
    name: str = "reveal"


@dataclass(frozen=True)
class Tensor:
    planes: dict[str, tuple[Card, ...]]

    def cards_in_plane(self, name: str) -> tuple[Card, ...]:
        return self.planes[name]


@dataclass(frozen=True)
class State:
    hands: tuple[Card, Card]
    moves: int = 0

    def legal_moves(self) -> tuple[Move, ...]:
        return () if self.is_terminal() else (Move(),)

    def is_terminal(self) -> bool:
        return self.moves == 2

    def apply_move(self, move: Move) -> "State":
        return replace(self, moves=self.moves + 1)

    def returns(self) -> tuple[float, float]:
        mine, other = (card.value for card in self.hands)
        return (1.0, -1.0) if mine > other else (-1.0, 1.0) if mine < other else (0.0, 0.0)

    def to_tensor(self, player: int) -> Tensor:
        mine, other = self.hands[player], self.hands[1 - player]
        return Tensor({"my_hand": (mine,), "opponent_hand": (other,) if self.moves == 2 else ()})


class Spec:
    def initial_state(self, seed: int | None) -> State:
        if seed == BROKEN_SEED:
            raise RuntimeError("the deck is torn")
        deck = [Card(rank, suit) for rank in Rank for suit in Suit if rank is not Rank["JOKER"]]
        Random(seed).shuffle(deck)
        joker = Card(Rank["JOKER"], Suit["SPADES"])
        return State((joker if seed == JOKER_SEED else deck[0], deck[1]))


def make_high_card_duel_spec() -> Spec:
    return Spec()

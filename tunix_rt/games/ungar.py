"""The UNGAR engine, if it is installed: deals of High Card Duel, in our own words."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from tunix_rt.games.duel import RANKS, Deal
from tunix_rt.games.schema import EngineStatus, Result
from tunix_rt.kit.errors import MissingExtra, Unreachable

HINT = "pip install numpy, then pip install --no-deps git+https://github.com/m-cahill/ungar"

_NAMES = "TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN JACK QUEEN KING ACE"
_RANKS = dict(zip(_NAMES.split(), RANKS, strict=True))


def status() -> EngineStatus:
    """Whether the engine is installed; it is not loaded to find out."""
    if find_spec("ungar") is None:
        return EngineStatus(available=False, version=None)
    try:
        return EngineStatus(available=True, version=version("ungar"))
    except PackageNotFoundError:  # it lies on the path without having been installed
        return EngineStatus(available=True, version=None)


class Engine:
    """High Card Duel as the engine plays it."""

    def __init__(self) -> None:
        try:
            from ungar.game import GameEnv
            from ungar.games.high_card_duel import make_high_card_duel_spec
        except ImportError as error:
            missing = "is not installed" if error.name in (None, "ungar") else f"lacks {error.name}"
            raise MissingExtra(f"The UNGAR engine {missing}.", hint=HINT) from None
        self._env = GameEnv(make_high_card_duel_spec())

    def deal(self, seed: int | None) -> Deal:
        """Play one game to its end, each player with the first legal move."""
        try:
            return self._deal(seed)
        except MissingExtra:
            raise
        except Exception as error:  # the boundary to a library that promises no kind of error
            raise Unreachable(
                f"The UNGAR engine failed: {type(error).__name__}: {str(error)[:200]}"
            ) from error

    def _deal(self, seed: int | None) -> Deal:
        state = self._env.reset(seed=seed)
        moves = tuple(move.name for move in state.legal_moves())
        done, rewards = False, (0.0, 0.0)
        while not done:
            state, rewards, done, _ = self._env.step(state.legal_moves()[0])
        seen = state.to_tensor(0)
        [mine], [other] = seen.cards_in_plane("my_hand"), seen.cards_in_plane("opponent_hand")
        result: Result = "win" if rewards[0] > 0 else "loss" if rewards[0] < 0 else "tie"
        return Deal(_card(mine), _card(other), result, moves)


def _card(card: Any) -> str:
    """A card as rank and suit; the engine's own text for it is a dump of its fields."""
    if card.rank.name not in _RANKS:
        raise MissingExtra(
            "This version of the UNGAR engine deals jokers, so its odds are others.", hint=HINT
        )
    return f"{_RANKS[card.rank.name]}{card.suit.name[0]}"

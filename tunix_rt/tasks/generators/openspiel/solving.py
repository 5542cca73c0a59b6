"""Solve a small game once, and know for every decision what the hidden card may be and what pays.

The policy is the average one of CFR+ (Tammelin 2014). A decision is worth what it earns when both
players follow that policy afterwards; the posterior is Bayes over how often the opponent would
have acted as they did.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tunix_rt.kit.errors import MissingExtra

HINT = "pip install 'tunix-rt[games]'"

GAMES: dict[str, tuple[str, int]] = {
    "kuhn_poker": ("kuhn_poker", 1000),
    "leduc_poker": ("leduc_poker", 200),
    "liars_dice": ("liars_dice(dice_sides=3)", 500),
}
"""Family to the library's name of the game, and the iterations it is solved with."""


@dataclass
class Decision:
    """One information state: who acts, what may be done, and what each hidden card leads to."""

    player: int
    history: tuple[int, ...]
    moves: dict[int, str]
    policy: list[tuple[int, float]]
    """How often the solved policy makes each move."""

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Hidden card to how often it is dealt and the opponent then acts like this."""

    worth: dict[int, dict[str, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )
    """Move and hidden card to its value for the player, times the weight."""


@dataclass(frozen=True)
class Solved:
    """A game and every decision in it, by its information state."""

    game: Any
    exploitability: float
    decisions: dict[str, Decision]


def library() -> Any:
    """The library; `MissingExtra` without it."""
    try:
        import pyspiel
    except ImportError:
        raise MissingExtra("OpenSpiel is not installed.", hint=HINT) from None
    return pyspiel


@cache
def solved(family: str) -> Solved:
    """The game of a family, solved; about a second, once in a process."""
    spiel = library()
    name, iterations = GAMES[family]
    game = spiel.load_game(name)
    solver = spiel.CFRPlusSolver(game)
    for _ in range(iterations):
        solver.evaluate_and_update_policy()
    policy = solver.average_policy()  # it is the solver's, and does not outlive it
    decisions: dict[str, Decision] = {}
    _visit(game.new_initial_state(), policy, (1.0, 1.0), [], decisions)
    return Solved(game, spiel.exploitability(game, policy), decisions)


def _visit(
    state: Any,
    policy: Any,
    reach: tuple[float, float],
    private: list[int],
    decisions: dict[str, Decision],
) -> float:
    """The value of a state for player 0. `reach` is what chance and the *other* player did."""
    if state.is_terminal():
        return float(state.returns()[0])
    if state.is_chance_node():
        value = 0.0
        for outcome, chance in state.chance_outcomes():
            dealt = private if len(private) == 2 else [*private, outcome]
            reached = (reach[0] * chance, reach[1] * chance)
            value += chance * _visit(state.child(outcome), policy, reached, dealt, decisions)
        return value
    player = state.current_player()
    found = decisions.get(key := state.information_state_string())
    if found is None:
        moves = {move: state.action_to_string(move) for move in state.legal_actions()}
        chosen = policy.get_state_policy(state)
        found = decisions[key] = Decision(player, tuple(state.history()), moves, chosen)
    hidden = str(private[1 - player])
    found.weights[hidden] += reach[player]
    value = 0.0
    for move, chance in found.policy:
        reached = (reach[0] * chance, reach[1]) if player else (reach[0], reach[1] * chance)
        worth = _visit(state.child(move), policy, reached, private, decisions)
        found.worth[move][hidden] += reach[player] * (-worth if player else worth)
        value += chance * worth
    return value

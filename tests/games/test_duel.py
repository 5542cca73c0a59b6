from fractions import Fraction
from itertools import product

import pytest

from tunix_rt.games import duel
from tunix_rt.games.duel import PROMPT, RANKS, Deal
from tunix_rt.verify.checking import check_steps
from tunix_rt.verify.schema import StepInput

CARDS = [rank + suit for rank, suit in product(RANKS, "SHDC")]


def chance(card: str, wins: bool) -> Fraction:
    """Counted over every card the other player may hold."""
    others = [other for other in CARDS if other != card]
    mine = RANKS.index(card[0])
    won = [o for o in others if (mine > RANKS.index(o[0]) if wins else mine < RANKS.index(o[0]))]
    return Fraction(len(won), len(others))


@pytest.mark.parametrize("card", CARDS[::4])
def test_the_chances_are_exact_and_no_step_states_anything_false(card: str) -> None:
    trace = duel.trace(Deal(card, "2S" if card != "2S" else "3S", "win", ("reveal",)), 0, 7)

    said = {step.type: step.content for step in trace.steps}
    numbers = said["win_probability"].removeprefix("P(win) = ").rstrip(".").split(" = ")
    losing = said["loss_probability"].removeprefix("P(loss) = ").rstrip(".").split(" = ")
    assert {Fraction(number) for number in numbers} == {chance(card, True)}
    assert {Fraction(number) for number in losing} == {chance(card, False)}
    value = said["expected_value"].rpartition("= ")[2].rstrip(".")
    assert Fraction(value) == chance(card, True) - chance(card, False)
    steps = [StepInput(index=s.i, type=s.type, content=s.content) for s in trace.steps]
    verdict = check_steps(steps, prompt=trace.prompt)
    assert verdict.outcome == "right", verdict.reason


def test_the_trace_has_the_fields_of_the_contract() -> None:
    trace = duel.trace(Deal("TS", "2H", "win", ("reveal",)), 3, 40)

    types = [step.type for step in trace.steps]
    assert (trace.prompt, trace.final_answer) == (PROMPT, "reveal")
    assert (types[:3], types[-1]) == (["legal_moves", "observation", "unseen"], "decision")
    assert trace.meta == {
        "source": "ungar",
        "game": "high_card_duel",
        "episode_index": 3,
        "my_card": "TS",
        "opponent_card": "2H",
        "result": "win",
        "seed": 40,
    }
    unseeded = duel.trace(Deal("TS", "2H", "win", ("reveal",)), 3, None)
    assert "seed" not in (unseeded.meta or {})

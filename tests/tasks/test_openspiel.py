import re
import subprocess
import sys
from fractions import Fraction
from itertools import islice

import pytest

from tests.extras import needs
from tunix_rt.tasks.generators.openspiel import Config, Family, generate
from tunix_rt.tasks.generators.openspiel.solving import solved
from tunix_rt.tasks.schema import Task

needs("pyspiel", extra="games")


def some(family: Family, count: int, split: str = "train") -> list[Task]:
    stream = generate(Config(families=(family,)), 0, "test" if split == "test" else "train")
    return list(islice(stream, count))


def test_kuhn_poker_is_solved_as_the_theory_says() -> None:
    game = solved("kuhn_poker")
    pass_, bet = 0, 1

    with_king_after_bet = dict(game.decisions["2b"].policy)
    with_jack_after_bet = dict(game.decisions["0b"].policy)
    with_queen_first = dict(game.decisions["1"].policy)

    assert game.exploitability < 0.001
    assert with_king_after_bet[bet] > 0.999
    assert with_jack_after_bet[pass_] > 0.999
    assert with_queen_first[pass_] > 0.99


def test_the_value_of_kuhn_poker_to_the_first_player_is_minus_one_eighteenth() -> None:
    game = solved("kuhn_poker")
    first = [decision for key, decision in game.decisions.items() if len(key) == 1]

    value = sum(
        dict(decision.policy)[move] * worth
        for decision in first
        for move, by_card in decision.worth.items()
        for worth in by_card.values()
    )

    assert value == pytest.approx(-1 / 18, abs=0.001)


@pytest.mark.parametrize("family", ["kuhn_poker", "leduc_poker", "liars_dice"])
def test_the_choice_is_legal_best_and_regretted_by_nobody(family: Family) -> None:
    for task in some(family, 30):
        legal = task.steps[0].content.removeprefix("Legal moves: ").rstrip(".").split(", ")
        values = {
            found[1]: Fraction(found[2])
            for step in task.steps
            if (found := re.fullmatch(r"Value of (\S+): .* = (-?[\d.]+)", step.content))
        }
        assert set(values) == set(legal) == set(task.meta["regret"])
        assert task.expected == sorted(legal, key=lambda move: float(values[move]))[-1]
        for move, regret in task.meta["regret"].items():
            assert Fraction(regret) == values[task.expected] - values[move]
        assert task.meta["exploitability"] < 0.01


def test_the_posterior_adds_up() -> None:
    for task in some("leduc_poker", 30):
        chances = [
            Fraction(step.content.rpartition("≈ ")[2])
            for step in task.steps
            if "with this chance" in step.content
        ]
        assert float(sum(chances)) == pytest.approx(1, abs=0.001)


def test_the_odds_of_blackjack_are_those_of_counting_the_cards() -> None:
    for task in some("blackjack", 100):
        cards, dealer = task.meta["cards"], task.meta["dealer"]
        worth = dict(zip("A23456789TJQK", [*range(1, 11), 10, 10, 10], strict=True))
        left = [rank for rank in worth for _ in range(4)]
        for card in (*cards, dealer):
            left.remove(card[0])
        total = sum(worth[card[0]] for card in cards)
        too_much = sum(total + worth[rank] > 21 for rank in left)
        assert Fraction(task.expected) == Fraction(too_much, len(left))


def test_a_task_depends_on_its_place_alone() -> None:
    config = Config()
    whole = list(islice(generate(config, 1, "test"), 8))

    assert list(islice(generate(config, 1, "test", start=5), 3)) == whole[5:]


def test_without_the_library_it_says_how_to_get_it() -> None:
    script = (
        "import sys; sys.modules['pyspiel'] = None\n"
        "from tunix_rt.tasks.generators.openspiel import Config, generate\n"
        "next(generate(Config(), 0, 'train'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert "MissingExtra: OpenSpiel is not installed" in done.stderr
    assert "pip install 'tunix-rt[games]'" in done.stderr

from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

import pytest
from pydantic import ValidationError

from tunix_rt.tasks.generators.cards import Config, generate
from tunix_rt.tasks.generators.cards.dealing import DECK, RANKS
from tunix_rt.tasks.generators.cards.duel import ASKED, deal
from tunix_rt.tasks.generators.cards.kuhn import CARDS, Spot, _worked
from tunix_rt.tasks.schema import Task


def some(count: int, config: Config | None = None, **where: int) -> list[Task]:
    stream = generate(config or Config(), where.get("seed", 0), "train", where.get("start", 0))
    return list(islice(stream, count))


def counted(mine: str, discards: list[str], opponents: int, asked: str) -> Fraction:
    """Every hand the opponents may hold, one by one."""
    rank = RANKS.index(mine[0])
    unseen = [RANKS.index(card[0]) for card in DECK if card != mine and card not in discards]
    hands = list(combinations(unseen, opponents))
    best = [max(hand) for hand in hands]
    fits = {
        "win": [other < rank for other in best],
        "tie": [other == rank for other in best],
        "loss": [other > rank for other in best],
    }
    return Fraction(sum(fits[asked]), len(hands))


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("opponents", [1, 2, 3])
@pytest.mark.parametrize(
    ("mine", "discards"),
    [
        ("2C", []),
        ("AH", ["AS", "AD"]),
        ("9S", ["9C", "9D", "9H"]),
        ("TD", ["2C", "KC", "TC"]),
        ("3H", ["2C", "2D", "2H", "2S"]),
    ],
)
def test_the_chances_of_a_duel_are_those_of_counting_every_hand(
    mine: str, discards: list[str], opponents: int, asked: str
) -> None:
    dealt = deal(mine, discards, opponents, asked)

    assert Fraction(dealt.expected) == counted(mine, discards, opponents, asked)


@pytest.mark.parametrize("facing_bet", [True, False])
@pytest.mark.parametrize("card", CARDS)
def test_the_values_of_kuhn_poker_are_those_of_playing_every_deal(
    card: str, facing_bet: bool
) -> None:
    bets = {"J": Fraction(1, 3), "Q": Fraction(1, 4), "K": Fraction(5, 6)}
    calls = {"J": Fraction(1, 12), "Q": Fraction(2, 3), "K": Fraction(1)}
    spot = Spot(card, 2, 3, bets, calls, facing_bet)

    worked = _worked(spot)

    assert worked is not None
    for move, value in worked[1].items():
        assert value == played(spot, move)


def played(spot: Spot, move: str) -> Fraction:
    """The mean of what is won over every deal and every answer, weighed by how often it happens."""
    won = happened = Fraction(0)
    for other, answer in product(CARDS, (True, False)):
        if other == spot.card:
            continue
        seen = spot.bets[other] if spot.facing_bet else 1 - spot.bets[other]
        calls = spot.calls[other] if move == "bet" else Fraction(1, 2)
        chance = seen * (calls if answer else 1 - calls)
        better = 1 if CARDS.index(spot.card) > CARDS.index(other) else -1
        pot = {
            "fold": Fraction(-spot.ante),
            "call": Fraction(better * (spot.ante + spot.bet)),
            "check": Fraction(better * spot.ante),
            "bet": Fraction(better * (spot.ante + spot.bet)) if answer else Fraction(spot.ante),
        }[move]
        won, happened = won + chance * pot, happened + chance
    return won / happened


def test_what_never_happens_is_no_problem() -> None:
    never = dict.fromkeys(CARDS, Fraction(0))

    assert _worked(Spot("Q", 1, 1, never, never, facing_bet=True)) is None


def test_a_choice_is_among_the_legal_moves_and_says_what_the_other_one_costs() -> None:
    for task in some(50, Config(families=("kuhn_choice",))):
        legal = task.steps[0].content.removeprefix("Legal moves: ").rstrip(".").split(", ")
        assert task.steps[0].type == "legal_moves"
        assert (task.steps[-1].type, task.expected in legal) == ("decision", True)
        regret = task.meta["regret"]
        assert regret.pop(task.expected) == "0"
        [other] = regret.values()
        assert Fraction(other) > 0


def test_a_task_depends_on_its_place_alone() -> None:
    whole, later = some(30), some(10, start=20)

    assert whole[20:] == later


def test_a_config_decides_how_many_cards_and_players_there_are() -> None:
    config = Config(families=("duel_win",), discards=0, opponents=1)

    for task in some(20, config):
        assert "1 opponent has" in task.prompt
        assert "out of play" not in task.prompt


def test_a_config_that_makes_no_sense_is_refused() -> None:
    wrong: list[dict[str, Any]] = [{"discards": 60}, {"opponents": 0}, {"families": ["whist"]}]
    for config in wrong:
        with pytest.raises(ValidationError):
            Config.model_validate(config)


def test_a_small_game_ends_where_it_has_no_more_deals_of_a_side() -> None:
    config = Config(families=("duel_win",), discards=0, opponents=1)
    prompts = {task.prompt for task in islice(generate(config, 0, "test"), 200)}

    assert 0 < len(prompts) < 52

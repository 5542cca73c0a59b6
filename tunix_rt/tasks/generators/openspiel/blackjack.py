"""Blackjack: how likely the next card is too much, counted over the cards that were not seen."""

import re
from fractions import Fraction
from random import Random

from tunix_rt.tasks.generators.openspiel.dealing import Problem
from tunix_rt.tasks.generators.openspiel.solving import library
from tunix_rt.tasks.schema import Step

RANKS = "A23456789TJQK"
LIMIT = 21
_HANDS = re.compile(r"Player 0: Cards: ([^\n]*)\nDealer: Cards: ([^\n]*)")


def bust(random: Random, family: str) -> Problem | None:
    """The chance of more than 21 with one more card; none where no card can be too much."""
    mine, dealer = _hands(random)
    total = sum(map(_value, mine))
    spare = LIMIT - total
    if not 0 < spare < 10:
        return None
    visible = dealer[-1]
    unseen = 52 - len(mine) - 1
    seen = [*mine, visible]
    heavy = [value for value in range(2, 11) if value > spare]
    cards = 4 * sum(4 if value == 10 else 1 for value in heavy)
    gone = sum(_value(card) in heavy for card in seen)
    chance = Fraction(cards - gone, unseen)
    kinds = sum(4 if value == 10 else 1 for value in heavy)
    sums = f"{' + '.join(str(_value(card)) for card in mine)} = {total}"
    steps = [
        Step("legal_moves", "Legal moves: Hit, Stand."),
        Step("total", f"An ace counts 1 here: {sums}"),
        Step("spare", f"{LIMIT} - {total} = {spare}"),
        Step("unseen", f"Cards I have not seen: 52 - {len(mine)} - 1 = {unseen}"),
        Step("heavy", f"Ranks worth more than {spare}: {kinds}, so 4 * {kinds} = {cards} cards"),
        Step("gone", f"Without the {gone} of them that I see: {cards} - {gone} = {cards - gone}"),
        Step("conclude", f"P(more than 21) is {cards - gone}/{unseen}."),
    ]
    if str(chance) != f"{cards - gone}/{unseen}":
        steps.append(Step("reduce", f"{cards - gone}/{unseen} = {chance}"))
    prompt = (
        f"Blackjack with one deck of 52 cards. You hold {' '.join(mine)}, the dealer shows "
        f"{visible}; 10, J, Q and K count 10 and an ace may count 1. If you hit once, what is the "
        f"probability that you go over 21? Answer with an exact fraction."
    )
    return Problem(prompt, str(chance), "number", steps, {"cards": mine, "dealer": visible})


def _hands(random: Random) -> tuple[list[str], list[str]]:
    """Cards as the game deals them, after a few hits."""
    state = library().load_game("blackjack").new_initial_state()
    hits = random.randint(0, 3)
    mine: list[str] = []
    dealer: list[str] = []
    while not state.is_terminal():
        if state.is_chance_node():
            state.apply_action(random.choice(state.chance_outcomes())[0])
            continue
        found = _HANDS.search(str(state))
        assert found is not None, "the library writes both hands"
        mine, dealer = ([_card(c) for c in hand.split()] for hand in found.groups())
        if not hits:
            break
        hits -= 1
        state.apply_action(0)
    return mine, dealer


def _card(text: str) -> str:
    """Rank before suit, as cards are written here."""
    return text[1] + text[0]


def _value(card: str) -> int:
    return min(RANKS.index(card[0]) + 1, 10)

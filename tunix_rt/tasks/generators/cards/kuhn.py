"""Kuhn poker, second to act, against a player whose policy is known: posterior, values, choice.

Three cards, J < Q < K, one each. Half of the opponents play an equilibrium policy of Kuhn (1950):
for some a in [0, 1/3] they bet J with probability a and K with 3a, never Q; and after a check they
call a bet with Q with probability a + 1/3, always with K, never with J. The others play anything.
"""

from fractions import Fraction
from random import Random
from typing import NamedTuple

from tunix_rt.tasks.generators.cards.dealing import Dealt, Family, Maker, written
from tunix_rt.tasks.schema import Step

CARDS = "JQK"
Policy = dict[str, Fraction]
Values = dict[str, Fraction]


class Spot(NamedTuple):
    """What I know: my card, the stakes, how often the opponent bets first and calls."""

    card: str
    ante: int
    bet: int
    bets: Policy
    calls: Policy
    facing_bet: bool

    @property
    def moves(self) -> tuple[str, str]:
        """The legal moves."""
        return ("call", "fold") if self.facing_bet else ("check", "bet")

    @property
    def others(self) -> list[str]:
        """The cards the opponent may hold."""
        return [card for card in CARDS if card != self.card]

    def sign(self, other: str) -> int:
        """1 where my card wins at showdown, else -1."""
        return 1 if CARDS.index(self.card) > CARDS.index(other) else -1


def value(random: Random, most_discards: int, most_opponents: int) -> Dealt | None:
    """What one of the moves is worth."""
    spot = _spot(random)
    worked = _worked(spot)
    if worked is None:
        return None
    steps, values = worked
    move = random.choice([name for name in spot.moves if name != "fold"])
    steps.append(Step("conclude", f"The expected value of {move} is {values[move]}."))
    question = f"What is your expected value, in chips, if you {move}? Answer with an exact number."
    return Dealt(f"{_told(spot)} {question}", str(values[move]), "number", steps, _meta(spot))


def choice(random: Random, most_discards: int, most_opponents: int) -> Dealt | None:
    """Which move is worth more; where both are worth the same there is no problem."""
    spot = _spot(random)
    worked = _worked(spot)
    if worked is None or len(set(worked[1].values())) == 1:
        return None
    steps, values = worked
    best, other = sorted(spot.moves, key=lambda name: values[name], reverse=True)
    steps.append(Step("compare", f"{values[best]} > {values[other]}"))
    steps.append(Step("decision", f"The higher value decides: {best}."))
    question = f"Which move has the higher expected value, {' or '.join(spot.moves)}?"
    meta = {**_meta(spot), "regret": {best: "0", other: str(values[best] - values[other])}}
    return Dealt(f"{_told(spot)} {question} Answer with the move.", best, "exact", steps, meta)


def _spot(random: Random) -> Spot:
    card, facing_bet = random.choice(CARDS), random.random() < 0.5
    if random.random() < 0.5:
        a, third = Fraction(random.randint(0, 12), 36), Fraction(1, 3)
        bets = {"J": a, "Q": Fraction(0), "K": 3 * a}
        calls = {"J": Fraction(0), "Q": a + third, "K": Fraction(1)}
        return Spot(card, 1, 1, bets, calls, facing_bet)
    bets, calls = ({c: Fraction(random.randint(0, 12), 12) for c in CARDS} for _ in range(2))
    return Spot(card, random.randint(1, 5), random.randint(1, 10), bets, calls, facing_bet)


def _meta(spot: Spot) -> dict[str, object]:
    return {"card": spot.card, "ante": spot.ante, "bet": spot.bet}


def _told(spot: Spot) -> str:
    """The situation in words."""
    policy = f"bets first {_said(spot.bets)}"
    happened = f"They bet {spot.bet}; you may call or fold."
    if not spot.facing_bet:
        policy += f", and after a check calls a bet {_said(spot.calls)}"
        happened = f"They check; you may check too, which ends the game, or bet {spot.bet}."
    return (
        f"Kuhn poker: a deck of J, Q and K, one card each, and an ante of {spot.ante} each. "
        f"The higher card wins at showdown. Your card is {spot.card}. "
        f"Your opponent {policy}. {happened}"
    )


def _said(policy: Policy) -> str:
    return ", ".join(f"with {card} with probability {policy[card]}" for card in CARDS)


def _worked(spot: Spot) -> tuple[list[Step], Values] | None:
    """Steps, and the value of each move; none where the opponent never does what was seen."""
    steps = [
        Step("legal_moves", f"Legal moves: {', '.join(spot.moves)}."),
        Step("observation", f"My card is {spot.card}; they hold {' or '.join(spot.others)}."),
    ]
    chances = _posterior(spot, steps)
    if chances is None:
        return None
    stake = spot.ante + spot.bet
    steps.append(Step("stake", f"A called bet plays for {spot.ante} + {spot.bet} = {stake}"))
    if spot.facing_bet:
        shown = {card: Fraction(spot.sign(card) * stake) for card in spot.others}
        values = {"call": _mean(steps, "call", chances, shown), "fold": Fraction(-spot.ante)}
        steps.append(Step("value", f"Value of fold: {-spot.ante}"))
        return steps, values
    shown = {card: Fraction(spot.sign(card) * spot.ante) for card in spot.others}
    checks = _mean(steps, "check", chances, shown)
    against = {card: _bet_against(spot, card, stake, steps) for card in spot.others}
    return steps, {"check": checks, "bet": _mean(steps, "bet", chances, against)}


def _posterior(spot: Spot, steps: list[Step]) -> Policy | None:
    """How likely each of their cards is, after what they did."""
    weights = {}
    for card in spot.others:
        weights[card] = spot.bets[card]
        if not spot.facing_bet:
            weights[card] = 1 - spot.bets[card]
            said = f"1 - {written(spot.bets[card])} = {weights[card]}"
            steps.append(Step("posterior", f"With {card} they check this often: {said}"))
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        return None
    parts = " + ".join(map(written, weights.values()))
    steps.append(Step("posterior", f"Together: {parts} = {whole}"))
    chances = {}
    for card, weight in weights.items():
        chances[card] = weight / whole
        said = f"{written(weight)} / {written(whole)} = {chances[card]}"
        steps.append(Step("posterior", f"They hold {card} with this chance: {said}"))
    return chances


def _bet_against(spot: Spot, card: str, stake: int, steps: list[Step]) -> Fraction:
    """What a bet is worth against one card, which is called or folded."""
    call, won = spot.calls[card], Fraction(spot.sign(card) * stake)
    worth = call * won + (1 - call) * spot.ante
    terms = f"{written(call)} * {written(won)} + {written(1 - call)} * {spot.ante} = {worth}"
    steps.append(Step("value", f"A bet against {card}: {terms}"))
    return worth


def _mean(steps: list[Step], move: str, chances: Policy, values: Values) -> Fraction:
    """The mean of some values by their chances, as a step."""
    worth = sum((chances[card] * values[card] for card in chances), Fraction(0))
    terms = " + ".join(f"{written(chances[c])} * {written(values[c])}" for c in chances)
    steps.append(Step("value", f"Value of {move}: {terms} = {worth}"))
    return worth


MAKERS: dict[Family, Maker] = {"kuhn_value": value, "kuhn_choice": choice}

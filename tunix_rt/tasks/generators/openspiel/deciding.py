"""One decision of a solved game as a problem: posterior, value of each move, choice, regret."""

from collections import defaultdict
from fractions import Fraction
from random import Random

from tunix_rt.tasks.generators.openspiel.dealing import Problem
from tunix_rt.tasks.generators.openspiel.solving import Decision, Solved, solved
from tunix_rt.tasks.generators.openspiel.telling import WORDS, Words
from tunix_rt.tasks.schema import Step

PLACES = 4
"""Digits behind the point of a chance or a value in a step."""

MARGIN = Fraction(5, 100)
"""What the best move is worth more than the next, at least: the policy is only almost exact."""

LEAST = 1e-6
"""How often the opponent must act like this for the posterior to mean anything."""

EXPLORES = 0.5

Values = dict[str, Fraction]


def decision(random: Random, family: str) -> Problem | None:
    """A decision that a random play comes to; none where no move is clearly the best."""
    game, words = solved(family), WORDS[family]
    found = _met(random, game)
    if found is None or len(found.moves) < 2 or sum(found.weights.values()) < LEAST:
        return None
    steps, chances = _posterior(found, words)
    worth: Values = {}
    for move, name in found.moves.items():
        worth[name] = _value(steps, found, move, (name, words), chances)
    ranked = sorted(worth, key=lambda name: worth[name], reverse=True)
    best, second = ranked[0], ranked[1]
    if worth[best] - worth[second] < MARGIN:
        return None
    steps.append(Step("compare", f"{_plain(worth[best])} > {_plain(worth[second])}"))
    regret = {}
    for name in ranked[1:]:
        gap = worth[best] - worth[name]
        regret[name] = _plain(gap)
        less = f"{_plain(worth[best])} - {_signed(worth[name])} = {_plain(gap)}"
        steps.append(Step("regret", f"Regret of {name}: {less}"))
    steps.append(Step("decision", f"The highest value decides: {best}."))
    seen = words.seen(game.game.new_initial_state(), found.history, found.player)
    moves = ", ".join(found.moves.values())
    prompt = (
        f"{words.rules} You are the {'second' if found.player else 'first'} player. {seen} "
        f"Your opponent plays an equilibrium strategy. Which move has the highest expected "
        f"value: {moves}? Answer with the move."
    )
    meta = {"regret": {best: "0", **regret}, "exploitability": round(game.exploitability, 6)}
    return Problem(prompt, best, "exact", steps, meta)


def _met(random: Random, game: Solved) -> Decision | None:
    """A decision on the way of a play in which players now and then explore."""
    state, met = game.game.new_initial_state(), []
    while not state.is_terminal():
        if state.is_chance_node():
            options = state.chance_outcomes()
        else:
            met.append(game.decisions[state.information_state_string()])
            options = met[-1].policy
            if random.random() < EXPLORES:
                options = [(move, 1.0) for move, _ in options]
        moves, weights = zip(*options, strict=True)
        state.apply_action(random.choices(moves, [max(weight, 0.0) for weight in weights])[0])
    return random.choice(met) if met else None


def _posterior(found: Decision, words: Words) -> tuple[list[Step], Values]:
    """Steps, and how likely each hidden card is; cards of one name count together."""
    steps = [Step("legal_moves", f"Legal moves: {', '.join(found.moves.values())}.")]
    weights: dict[str, float] = defaultdict(float)
    for hidden, weight in found.weights.items():
        weights[words.card(hidden)] += weight
    largest = max(weights.values())
    parts = {card: _rounded(weight / largest) for card, weight in sorted(weights.items())}
    said = ", ".join(f"{card} {_plain(part)}" for card, part in parts.items())
    steps.append(Step("weights", f"How often they act like this, by their {words.hidden}: {said}."))
    whole = sum(parts.values(), Fraction(0))
    terms = " + ".join(map(_plain, parts.values()))
    if len(parts) > 1:
        steps.append(Step("posterior", f"Together: {terms} = {_plain(whole)}"))
    chances = {}
    for card, part in parts.items():
        chances[card] = _rounded(part / whole)
        quotient = f"{_plain(part)} / {_plain(whole)} ≈ {_fixed(chances[card])}"
        steps.append(Step("posterior", f"They have {card} with this chance: {quotient}"))
    return steps, chances


def _value(
    steps: list[Step], found: Decision, move: int, told: tuple[str, Words], chances: Values
) -> Fraction:
    """What a move is worth against each hidden card, and together."""
    name, words = told
    weights: dict[str, float] = defaultdict(float)
    sums: dict[str, float] = defaultdict(float)
    for hidden, weight in found.weights.items():
        weights[words.card(hidden)] += weight
        sums[words.card(hidden)] += found.worth[move][hidden]
    against = {
        card: _rounded(sums[card] / weights[card]) if weights[card] > 0 else Fraction(0)
        for card in chances
    }
    shown = ", ".join(f"{_plain(value)} against {card}" for card, value in against.items())
    steps.append(Step("values", f"{name} earns {shown}."))
    worth = sum((chances[card] * against[card] for card in chances), Fraction(0))
    terms = " + ".join(f"{_plain(chances[c])} * {_signed(against[c])}" for c in chances)
    steps.append(Step("value", f"Value of {name}: {terms} = {_plain(worth)}"))
    return worth


def _rounded(value: float | Fraction) -> Fraction:
    scaled = Fraction(value) * 10**PLACES
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole, 10**PLACES)


def _plain(value: Fraction) -> str:
    """A decimal that ends, without zeros at its end."""
    scaled = value * 10 ** (2 * PLACES)
    whole, part = divmod(abs(scaled.numerator), 10 ** (2 * PLACES))
    digits = f"{part:0{2 * PLACES}d}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if digits else ''}{digits}"


def _fixed(value: Fraction) -> str:
    """All digits that were rounded to: `0.5000`."""
    return f"{float(value):.{PLACES}f}"


def _signed(value: Fraction) -> str:
    return f"({_plain(value)})" if value < 0 else _plain(value)

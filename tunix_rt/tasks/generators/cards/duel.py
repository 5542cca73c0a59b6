"""High Card Duel: one card each, known discards, several opponents, the highest rank wins.

P(nobody has more than m of the cards) is counted without replacement: of u unseen cards c are
allowed, so for k opponents it is the product of (c - i)/(u - i) for i from 0 to k - 1.
"""

from fractions import Fraction
from random import Random

from tunix_rt.tasks.generators.cards.dealing import DECK, RANKS, Dealt, Family, Maker, written
from tunix_rt.tasks.schema import Step

DECK_SIZE = 52
ASKED = {
    "win": "that your card is higher than the card of every opponent",
    "tie": "that no opponent has a higher card than you, but at least one has the same rank",
    "loss": "that at least one opponent has a higher card than you",
}


def _maker(asked: str) -> Maker:
    def make(random: Random, most_discards: int, most_opponents: int) -> Dealt:
        out = random.randint(0, most_discards)
        mine, *discards = random.sample(DECK, 1 + out)
        return deal(mine, discards, random.randint(1, most_opponents), asked)

    return make


def deal(mine: str, discards: list[str], opponents: int, asked: str) -> Dealt:
    """The problem of one deal, worked."""
    steps, lower, same, unseen = _counted(mine, discards)
    lowest = _together(steps, "lower", lower, unseen, opponents)
    if asked == "win":
        chance = lowest
        steps.append(Step("conclude", f"P(win) is {chance}."))
    else:
        steps.append(Step("count", f"Lower or equal: {lower} + {same} = {lower + same}"))
        level = _together(steps, "not higher", lower + same, unseen, opponents)
        chance = level - lowest if asked == "tie" else 1 - level
        left, right = (level, lowest) if asked == "tie" else (Fraction(1), level)
        difference = f"{written(left)} - {written(right)} = {chance}"
        steps.append(Step("compute", f"P({asked}): {difference}"))
    known = f"Cards known to be out of play: {', '.join(discards)}. " if discards else ""
    players = "1 opponent has" if opponents == 1 else f"{opponents} opponents have"
    prompt = (
        f"High Card Duel with a deck of 52 cards: you and {players} one hidden card each. "
        f"Only ranks count, from 2 up to A. Your card is {mine}. {known}"
        f"What is the probability {ASKED[asked]}? Answer with an exact fraction."
    )
    meta = {"card": mine, "discards": discards, "opponents": opponents}
    return Dealt(prompt, str(chance), "number", steps, meta)


def _counted(mine: str, discards: list[str]) -> tuple[list[Step], int, int, int]:
    """Steps, and how many unseen cards are lower, the same, and there at all."""
    rank = RANKS.index(mine[0])
    places = [RANKS.index(card[0]) for card in discards]
    unseen = DECK_SIZE - 1 - len(discards)
    below, same = sum(place < rank for place in places), sum(place == rank for place in places)
    steps = [
        Step("observation", f"My card is {mine}."),
        Step("unseen", f"Cards I have not seen: 52 - 1 - {len(discards)} = {unseen}"),
        Step("lower", f"Ranks below {mine[0]}: {rank}, so {rank} * 4 = {rank * 4} cards"),
    ]
    if below:
        left = f"{rank * 4} - {below} = {rank * 4 - below}"
        steps.append(Step("lower", f"Out of play of these: {below}, so {left}"))
    steps.append(Step("same", f"Other cards of my rank: 4 - 1 - {same} = {3 - same}"))
    return steps, rank * 4 - below, 3 - same, unseen


def _together(steps: list[Step], what: str, allowed: int, unseen: int, opponents: int) -> Fraction:
    """P(every opponent's card is allowed), opponent after opponent."""
    chance = Fraction(1)
    for number in range(opponents):
        part = Fraction(max(allowed - number, 0), unseen - number)
        said = f"{max(allowed - number, 0)}/{unseen - number}"
        before, chance = chance, chance * part
        name = f"P(opponents up to {number + 1} have {what})"
        if number:
            steps.append(Step("chance", f"{name}: {written(before)} * ({said}) = {chance}"))
        else:
            steps.append(Step("chance", f"{name} is {said}."))
            if str(chance) != said:
                steps.append(Step("chance", f"{said} = {chance}"))
    return chance


MAKERS: dict[Family, Maker] = {
    "duel_win": _maker("win"),
    "duel_tie": _maker("tie"),
    "duel_loss": _maker("loss"),
}

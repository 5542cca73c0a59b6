"""High Card Duel: a deal in, a trace with the exact chances out.

Each of two players holds one hidden card of 52, and the higher rank wins. The chances are
counted here over the 51 cards that a player has not seen, because the engine's own plane of
unseen cards holds four jokers that are never dealt.
"""

from dataclasses import dataclass
from fractions import Fraction

from pydantic import JsonValue

from tunix_rt.games.schema import Result
from tunix_rt.traces.schema import ReasoningTrace, Step

GAME = "high_card_duel"
SOURCE = "ungar"
PROMPT = "High Card Duel: You have 1 hidden card. Action: reveal."
RANKS = "23456789TJQKA"


@dataclass(frozen=True)
class Deal:
    """Both cards, such as `TS` and `2H`, and what came of them."""

    my_card: str
    opponent_card: str
    result: Result
    legal_moves: tuple[str, ...]


def trace(deal: Deal, episode: int, seed: int | None) -> ReasoningTrace:
    """The reasoning of the first player, who sees one card."""
    meta: dict[str, JsonValue] = {
        "source": SOURCE,
        "game": GAME,
        "episode_index": episode,
        "my_card": deal.my_card,
        "opponent_card": deal.opponent_card,
        "result": deal.result,
    }
    steps = [Step(i=i, type=t, content=c) for i, (t, c) in enumerate(_steps(deal))]
    return ReasoningTrace(
        trace_version="1.0",
        prompt=PROMPT,
        final_answer="reveal",
        steps=steps,
        meta=meta if seed is None else meta | {"seed": seed},
    )


def _steps(deal: Deal) -> list[tuple[str, str]]:
    rank = RANKS.index(deal.my_card[0])
    above, below = len(RANKS) - 1 - rank, rank
    higher, lower, same = 4 * above, 4 * below, 3
    value = Fraction(lower - higher, 51)
    return [
        ("legal_moves", f"Legal moves: {', '.join(deal.legal_moves)}."),
        ("observation", f"My card is {deal.my_card}."),
        ("unseen", "Cards I have not seen: 52 - 1 = 51."),
        ("higher", f"Ranks above {deal.my_card[0]}: {above}, so {above} * 4 = {higher} cards."),
        ("lower", f"Ranks below {deal.my_card[0]}: {below}, so {below} * 4 = {lower} cards."),
        ("same", f"Other cards of my rank: 4 - 1 = {same}."),
        ("check", f"All of them: {higher} + {lower} + {same} = 51."),
        ("win_probability", f"P(win) = {lower}/51{_reduced(lower)}."),
        ("tie_probability", f"P(tie) = {same}/51{_reduced(same)}."),
        ("loss_probability", f"P(loss) = {higher}/51{_reduced(higher)}."),
        ("expected_value", f"Expected value: ({lower} - {higher}) / 51 = {value}."),
        ("decision", "The only legal move is to reveal, whatever the chances: reveal."),
    ]


def _reduced(count: int) -> str:
    """` = 1/17`, where that is shorter to say."""
    fraction = Fraction(count, 51)
    return f" = {fraction}" if fraction.denominator != 51 else ""

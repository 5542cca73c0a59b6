"""Counting, comparing, angles and chances."""

from fractions import Fraction
from functools import cache
from math import comb

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Work,
    compute,
    listed,
    require,
    show,
    total,
)
from tunix_rt.tasks.schema import Step


@cache
def _legs() -> dict[str, int]:
    from reasoning_gym.arithmetic.leg_counting import ANIMALS

    return dict(ANIMALS)


def leg_counting(entry: Entry) -> list[Step]:
    """Animal after animal, then the sum."""
    steps, counts = [], []
    for animal, number in entry["metadata"]["animals"].items():
        legs = _legs()[animal]
        counts.append(number * legs)
        steps.append(compute(f"{animal}: {number} * {legs} = {counts[-1]}"))
    sums, value = total(counts)
    require(show(value) == entry["answer"], "the sum is another one")
    return [*steps, *sums]


def letter_counting(entry: Entry) -> list[Step]:
    """Word after word, then the sum of those that have one."""
    meta = entry["metadata"]
    letter, steps, counts = meta["target_letter"], [], []
    for word in meta["span"]:
        found = word.lower().count(letter)
        if found:
            counts.append(found)
        steps.append(Step("count", f"{word}: {found}"))
    sums, value = total(counts)
    require(show(value) == entry["answer"], "the count is another one")
    return [*steps, *sums, Step("conclude", f"The letter stands there {show(value)} times.")]


def simple_geometry(entry: Entry) -> list[Step]:
    """The sum of all angles, less those that are known."""
    meta = entry["metadata"]
    sides, whole = meta["n_sides"], meta["total_interior_sum"]
    angles = [Fraction(str(angle)) for angle in meta["known_angles"]]
    sums, known = total(angles)
    require(show(whole - known) == entry["answer"], "the angle is rounded")
    return [
        compute(f"({sides} - 2) * 180 = {whole}"),
        *sums,
        compute(f"{whole} - {show(known)} = {entry['answer']}"),
    ]


def coin_flip(entry: Entry) -> list[Step]:
    """The ways that count over all ways."""
    meta = entry["metadata"]
    flips, heads = meta["num_trials"], meta["k_heads"]
    kinds = [heads] if meta["problem_type"] == "exact" else list(range(heads, flips + 1))
    ways = [comb(flips, kind) for kind in kinds]
    steps = [compute(f"2^{flips} = {2**flips}")]
    for kind, number in zip(kinds, ways, strict=True):
        short = min(kind, flips - kind)
        over = " * ".join(str(flips - place) for place in range(short))
        under = " * ".join(str(place) for place in range(1, short + 1))
        product = f"({over}) / ({under}) = {number}" if short > 1 else str(number)
        start = f"Ways to get {kind} heads: "
        steps.append(compute(start + product) if short > 1 else Step("count", start + product))
    sums, favourable = total(ways)
    chance = Fraction(int(favourable), 2**flips)
    rational = meta["rational"]
    require(chance == Fraction(rational["numerator"], rational["denominator"]), "another chance")
    steps += sums
    if chance.denominator != 2**flips:
        steps.append(compute(f"{show(favourable)}/{2**flips} = {chance}"))
    return [*steps, Step("conclude", f"The probability is {chance}.")]


def number_filtering(entry: Entry) -> list[Step]:
    """Number after number against the bound."""
    meta = entry["metadata"]
    word, _, size = meta["operation"].partition("_")
    bound = meta["filter_value"]
    steps, kept = [], []
    for number in meta["original_numbers"]:
        value, limit = Fraction(number), Fraction(bound)
        sign = ">" if value > limit else "<" if value < limit else "="
        named = value > limit if size == "larger" else value < limit
        keeps = named == (word == "keep")
        if keeps:
            kept.append(number)
        steps.append(Step("compare", f"{number} {sign} {bound}: {'keep' if keeps else 'drop'} it"))
    require(kept == meta["result"], "others are kept")
    return [*steps, Step("conclude", f"Kept: {listed(kept) or 'none'}.")]


def number_sorting(entry: Entry) -> list[Step]:
    """Selection sort: the next one is the smallest, or largest, of those that are left."""
    meta = entry["metadata"]
    rising = meta["direction"] == "ascending"
    left, ordered, steps = list(meta["original_numbers"]), [], []
    while left:
        best = min(left, key=Fraction) if rising else max(left, key=Fraction)
        word = "smallest" if rising else "largest"
        steps.append(Step("select", f"Of {listed(left)} the {word} is {best}."))
        left.remove(best)
        ordered.append(best)
    require(ordered == [str(number) for number in meta["sorted_numbers"]], "another order")
    return steps


FAMILIES: dict[str, Work] = {
    "leg_counting": leg_counting,
    "letter_counting": letter_counting,
    "simple_geometry": simple_geometry,
    "coin_flip": coin_flip,
    "number_filtering": number_filtering,
    "number_sorting": number_sorting,
}

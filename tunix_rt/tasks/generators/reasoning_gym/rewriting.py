"""Texts and heaps rewritten by rules, one rule at a time."""

from functools import cache
from itertools import pairwise
from typing import Any

from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Work, listed, require
from tunix_rt.tasks.schema import Step

PARTS = "A B C X Y Z"
BLOCKS = "[A] [B] [C] {A} {B} {C} (A) (B) (C)"

SPLITTING: dict[tuple[int, ...], int] = {
    (-1, 0, 0, 2, 1, 0): 1,
    (0, -2, 0, 1, 0, 0): 2,
    (0, 0, -2, 0, 1, 0): 3,
    (1, -1, -1, 0, 0, 0): 4,
    (0, 0, 0, -1, -1, 1): 5,
}
"""What each rule of `string_splitting` does to the counts, and its number."""

SYNTHESIS: dict[tuple[int, ...], int] = {
    (-1, -1, -1, 1, 0, 0, 0, 0, 0): 1,
    (-1, -1, 0, 0, 0, 1, 0, 0, 0): 2,
    (0, -1, -1, 0, 1, 0, 0, 0, 0): 3,
    (0, 0, -2, 0, 0, 1, 0, 0, 0): 4,
    (0, 0, 0, -1, 0, -1, 1, 1, 0): 5,
    (0, 0, 0, 0, -2, 0, 0, 0, 1): 6,
}


def _heaps(entry: Entry, names: str, rules: dict[tuple[int, ...], int]) -> list[Step]:
    states = entry["metadata"]["states"]
    steps = [Step("state", f"Counts of {names}: {_row(states[0])}.")]
    for before, after in pairwise(states):
        change = tuple(b - a for a, b in zip(before, after, strict=True))
        require(change in rules, "no rule does this")
        steps.append(Step("rewrite", f"Rule {rules[change]} leaves {_row(after)}."))
    require(_row(states[-1]) == entry["answer"], "it ends elsewhere")
    return [*steps, Step("conclude", "No other rule applies.")]


def _row(counts: list[int]) -> str:
    return " ".join(map(str, counts))


def string_splitting(entry: Entry) -> list[Step]:
    """Machines taken apart."""
    return _heaps(entry, PARTS, SPLITTING)


def string_synthesis(entry: Entry) -> list[Step]:
    """Blocks put together."""
    return _heaps(entry, BLOCKS, SYNTHESIS)


@cache
def _rewrites() -> dict[str, Any]:
    from reasoning_gym.algorithmic.string_manipulation import (
        StringManipulationConfig,
        StringManipulationDataset,
    )

    return dict(StringManipulationDataset(StringManipulationConfig(seed=0)).rules)


def string_manipulation(entry: Entry) -> list[Step]:
    """The first rule that applies, again and again."""
    meta = entry["metadata"]
    rules, text = meta["selected_rules"], meta["string"]
    seen, steps = [text], []
    while True:
        number = next((n for n, rule in enumerate(rules) if _rewrites()[rule](text)[1]), None)
        if number is None:
            steps.append(Step("conclude", f"No rule applies to {text or 'the empty text'}."))
            break
        after = _rewrites()[rules[number]](text)[0]
        if after in seen:
            steps.append(Step("conclude", f"Rule {number + 1} would give {after} again."))
            break
        steps.append(Step("rewrite", f"Rule {number + 1}: {text} becomes {after or 'empty'}."))
        text = after
        seen.append(text)
    require(text == entry["answer"], "it ends elsewhere")
    return steps


def caesar_cipher(entry: Entry) -> list[Step]:
    """Word after word, every letter moved back."""
    meta = entry["metadata"]
    shift = meta["rotation"]
    steps = [Step("read", f"Every letter was moved on by {shift}, so it is moved back.")]
    words = []
    for word in meta["cipher_text"].split():
        words.append("".join(_back(letter, shift) for letter in word))
        steps.append(Step("rewrite", f"{word} was {words[-1]}."))
    require(" ".join(words) == entry["answer"], "it reads otherwise")
    return steps


def _back(letter: str, shift: int) -> str:
    place = ord(letter) - ord("A")
    require(0 <= place < 26, "a letter is not Latin")
    return chr(ord("A") + (place - shift) % 26)


def word_sequence_reversal(entry: Entry) -> list[Step]:
    """From the last word to the first."""
    left, found, steps = list(entry["metadata"]["words"]), [], []
    while left:
        found.append(left.pop())
        steps.append(Step("take", f"The last one is {found[-1]}; before it: {listed(left) or '-'}"))
    require(", ".join(found) == entry["answer"], "another order")
    return steps


def spell_backward(entry: Entry) -> list[Step]:
    """Letters with their places, read from the last one."""
    word = entry["metadata"]["word"]
    places = listed(f"{letter} {place}" for place, letter in enumerate(word, 1))
    require(word[::-1] == entry["answer"], "another word")
    return [
        Step("read", f"Letters and places: {places}."),
        Step("conclude", f"From the last to the first: {' '.join(reversed(word))}."),
    ]


FAMILIES: dict[str, Work] = {
    "string_manipulation": string_manipulation,
    "string_splitting": string_splitting,
    "string_synthesis": string_synthesis,
    "caesar_cipher": caesar_cipher,
    "word_sequence_reversal": word_sequence_reversal,
    "spell_backward": spell_backward,
}

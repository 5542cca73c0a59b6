"""The process that asks reasoning-gym's scorers; named by a string, so that nobody imports it."""

from ast import literal_eval
from functools import lru_cache
from typing import Any

import msgspec
import reasoning_gym
from reasoning_gym.algorithmic import (
    binary_matrix,
    number_sorting,
    spiral_matrix,
    string_insertion,
)
from reasoning_gym.factory import DATASETS
from reasoning_gym.games import n_queens

from tunix_rt.kit.apart import act_no_more
from tunix_rt.verify.answers.reasoning_gym.strict import PARSED, harmless, objection

MOST_KEPT = 50
_UNSEEDED = (
    "codeio isomorphic_strings knight_swap list_functions polynomial_multiplication ransom_note "
    "word_ladder"
)
UNSEEDED = frozenset(_UNSEEDED.split())
"""Families whose items differ between processes, whatever the seed: they follow sets' order."""


def score(data: dict[str, Any], expected: str, said: str) -> dict[str, Any]:
    """`{score, objection}`, `{unreadable}` for an answer it fails on, or `{problem}` of the item.

    The item must give its own expected answer a 1.0, so that an item built by another
    version, or with other words, judges nobody.
    """
    name = data["dataset"]
    if name not in DATASETS:
        return {"problem": f"reasoning-gym has no family {name[:80]!r}."}
    try:
        dataset, entry, accepts_gold = _item(msgspec.json.encode(data), expected)
    except Exception as error:  # the data is a stranger's, and each family checks it differently
        return {"problem": f"The item cannot be built: {_told(error)}"}
    if not accepts_gold:
        return {"problem": "The item does not accept the expected answer."}
    if name in PARSED and not harmless(said):
        return {"unreadable": "it is no plain expression"}
    try:
        found = float(dataset.score_answer(said, entry))
        return {"score": found, "objection": objection(name, said, expected, entry)}
    except Exception as error:  # families raise what they like for an answer they cannot read
        return {"unreadable": _told(error)}


@lru_cache(MOST_KEPT)
def _item(encoded: bytes, expected: str) -> tuple[Any, dict[str, Any], bool]:
    """The dataset, its entry, and whether the expected answer (if there is one) scores 1.0."""
    data = msgspec.json.decode(encoded)
    dataset, entry = _built(data)
    gold = expected or entry.get("answer")
    fine = gold is None or float(dataset.score_answer(str(gold), entry)) == 1.0
    return dataset, entry, fine


@lru_cache(MOST_KEPT)
def _dataset(name: str, seed: int, size: int, config: bytes) -> Any:
    """Remembered: some families read their words from disk, and a suite asks for many items."""
    given = msgspec.json.decode(config)
    return reasoning_gym.create_dataset(name, seed=seed, size=size, **given)


def _built(data: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    name, seed, index = data["dataset"], data.get("seed"), data.get("index")
    if type(seed) is int and type(index) is int and name not in UNSEEDED:
        size = data.get("size")
        size = size if type(size) is int else index + 1
        if not 0 <= index < size:
            raise ValueError(f"there is no item {index} of {size}")
        dataset = _dataset(name, seed, size, msgspec.json.encode(data.get("config") or {}))
        return dataset, dataset[index]
    if not isinstance(data.get("entry"), dict):
        raise ValueError(f"items of {name} differ from process to process: give the entry")
    if name not in UNSEEDED:
        raise ValueError("give its seed and index")
    entry = {"metadata": {}, "question": "", "answer": None} | data["entry"]
    if name in PARSED and not harmless(str(entry["answer"])):
        raise ValueError("its answer is no plain expression")
    return reasoning_gym.create_dataset(name, seed=0, size=1), entry


for _module in (binary_matrix, n_queens, number_sorting, spiral_matrix, string_insertion):
    _module.eval = literal_eval  # their scorers would run an answer
act_no_more()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]

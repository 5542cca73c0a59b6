"""Contamination: 100,000 traces against GSM8K's 1,319 test problems; one JSON object.

Usage: python benchmarks/decontaminate.py [GSM8K_FOLDER]. The traces are GSM8K's training problems
with their solutions and the test problems' published model solutions under changed prompts, again
and again with other numbers and names. The peer is the plain set of 13-grams that most scripts
use, in the same process: it finds one of the rules. The hits of the training problems are those
that were counted before with plain sets.
"""

import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from measuring import gsm8k, record

from tunix_rt.curate.schema import Around, Drop, ItemText, Seen
from tunix_rt.curate.stages import decontaminate
from tunix_rt.curate.wording import words

TRACES = 100_000
NAMES = ("Ava", "Ben", "Chidi", "Dora", "Emre", "Fatima", "Goro", "Hana", "Ivan", "Jun")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def changed(text: str, drawn: random.Random) -> str:
    """The text with some numbers moved and some names replaced."""
    text = _NUMBER.sub(
        lambda found: str(drawn.randrange(2, 99)) if drawn.random() < 0.5 else found[0], text
    )
    return _NAME.sub(lambda found: drawn.choice(NAMES) if drawn.random() < 0.3 else found[0], text)


def traces(folder: Path) -> Iterator[Seen]:
    """Problems with solutions, changed a little more each time they come again."""
    drawn = random.Random(0)
    known = [(one["question"], one["answer"]) for one in lines(folder / "train.jsonl")]
    solved = lines(folder / "example_model_solutions.jsonl")
    said = [made["solution"] for one in solved for made in one.values() if isinstance(made, dict)]
    for place in range(TRACES):
        question, answer = known[place % len(known)]
        if place >= len(known):
            question, answer = changed(question, drawn), changed(answer, drawn)
        if place % 3 == 2:
            answer = said[place % len(said)]
        yield Seen(place, place, question, "", tuple(answer.split("\n")))


def hits(found: Sequence[Seen], items: list[ItemText], **options: object) -> tuple[float, int]:
    """CPU seconds, and how many traces hold an item."""
    around = Around(0, Path(), lambda _: [], lambda _: items, lambda _: {})
    began = time.process_time()
    config = decontaminate.Config.model_validate({"suites": ["test"], **options})
    judge = decontaminate.begin(config, around)
    number = sum(isinstance(judge(one), Drop) for one in found)
    return time.process_time() - began, number


def plain(found: Sequence[Seen], items: list[ItemText]) -> tuple[float, int]:
    """The same by sets of tuples of 13 words, raw text only."""
    began = time.process_time()

    def grams(text: str) -> set[tuple[str, ...]]:
        said = words(text)
        return {tuple(said[place : place + 13]) for place in range(len(said) - 12)}

    known = set().union(*(grams(item.prompt) for item in items))
    number = sum(not known.isdisjoint(grams(" ".join(t for _, t in one.parts()))) for one in found)
    return time.process_time() - began, number


def measure(folder: Path) -> dict[str, float]:
    """The rates on many traces, and the hits of the training problems under each rule."""
    test = [one["question"] for one in lines(folder / "test.jsonl")]
    items = [ItemText("test", str(place), text) for place, text in enumerate(test)]
    many = list(traces(folder))
    took, number = hits(many, items)
    prompts, _ = hits(many, items, of="prompt")
    peer, peer_number = plain(many, items)
    numbers: dict[str, float] = {
        "traces": len(many),
        "items": len(items),
        "mean_characters": round(sum(len(t) for one in many for _, t in one.parts()) / len(many)),
        "cpu_seconds": round(took, 2),
        "contaminated": number,
        "cpu_seconds_prompts_only": round(prompts, 2),
        "peer_cpu_seconds_one_rule_of_four": round(peer, 2),
        "peer_contaminated": peer_number,
    }
    train = [Seen(0, 0, one["question"], "", ()) for one in lines(folder / "train.jsonl")]
    for name, any_gram in (("8_gram", 8), ("10_gram", 10), ("13_gram", 13), ("half", None)):
        for masked in (False, True):
            asked = {"any_gram": any_gram, "masked": masked, "ratio": None, "of": "prompt"}
            kind = "_masked" if masked else ""
            numbers[f"train_{name}{kind}"] = hits(train, items, **asked)[1]
    return numbers


if __name__ == "__main__":
    record("decontaminate", measure(gsm8k()))

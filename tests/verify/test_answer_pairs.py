"""Pairs of answers written from the specification before the verifiers were: all of them hold."""

import json
import re
from pathlib import Path

import pytest

from tests.verify.judging import cases
from tests.verify.reading import lines_of
from tunix_rt.verify.checking import check_answer, kind_of

PAIRS = cases("answer_pairs.jsonl")


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])
def test_a_pair_is_judged_as_it_was_written(pair: dict[str, str]) -> None:
    verdict = check_answer(pair["expected"], pair["given"])

    assert verdict.outcome == pair["verdict"], (pair["why"], verdict.reason)


def test_the_pairs_are_many_and_of_many_kinds() -> None:
    assert len(PAIRS) >= 300
    assert len({pair["kind"] for pair in PAIRS}) >= 24
    assert len({pair["id"] for pair in PAIRS}) == len(PAIRS)


REWRITINGS = {
    "spaces": "  {}  ",
    "a dot": "{}.",
    "a box": r"\boxed{{{}}}",
    "dollars": "${}$",
    "display": "Therefore,\n\\[ {} \\]",
    "a sentence": "The answer is ${}$.",
    "a label": "We add them up.\nFinal answer: \\({}\\)",
    "bold": "**{}**",
    "a tag": "<think>17?</think><answer>{}</answer>",
    "hashes": "Some steps.\n#### {}",
}


def rewritten(gold: str) -> dict[str, str]:
    """A gold answer as others would write it, its value untouched."""
    found = {name: form.format(gold) for name, form in REWRITINGS.items()}
    found["dfrac"] = gold.replace(r"\frac", r"\dfrac")
    words = "\\text" in gold or "\\mbox" in gold or "matrix" in gold or "\\left" in gold
    if not words:
        found["sizes"] = gold.replace("(", r"\left(").replace(")", r"\right)")
    if kind_of(gold) in ("number", "math") and not words and not re.search(r"circ|\$", gold):
        found["units"] = gold + r"\text{ units}"
    return found


def test_every_published_answer_equals_its_rewritings(data: Path) -> None:
    golds = [json.loads(line)["answer"] for line in lines_of(data / "math500" / "test.jsonl")]

    missed = [
        (name, gold, given, verdict.reason)
        for gold in golds
        for name, given in rewritten(gold).items()
        if (verdict := check_answer(gold, given)).outcome != "right"
    ]

    assert not missed
    assert len(golds) == 500


SAME = {
    frozenset(pair)
    for pair in [
        ("-2,1", "1,-2"),  # two solutions in another order
        ("10,\\!080", "10080"),
        ("2 \\sqrt{5}", "2\\sqrt{5}"),
        ("\\frac14", "\\frac{1}{4}"),
        ("\\frac{1}{4}", "\\frac14"),
        # a number, and the same with a unit
        ("120", "120^\\circ"),
        ("15", "15\\mbox{ cm}^2"),
        ("30", "30^\\circ"),
        ("36", "36^\\circ"),
        ("36", "\\$36"),
        ("90", "90^\\circ"),
    ]
}
"""Published answers of different problems that are the same answer: each was looked at."""


def test_no_published_answer_equals_another_by_accident(data: Path) -> None:
    golds = {json.loads(line)["answer"] for line in lines_of(data / "math500" / "test.jsonl")}
    kinds = {gold: kind_of(gold) for gold in sorted(golds)}

    equal = {
        frozenset((one, other))
        for one, kind in kinds.items()
        for other, its_kind in kinds.items()
        if one != other and kind == its_kind and check_answer(one, other).outcome == "right"
    }

    assert equal == SAME

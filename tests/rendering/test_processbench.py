from typing import Any

import pytest

from tests.rendering.rows import records, row, steps

ABC = steps("a", "b", "c")


@pytest.mark.parametrize(
    ("known", "label", "correct"),
    [
        ({"step_verdicts": ["right"] * 3}, -1, True),
        ({"first_error": 0, "verdict": "wrong"}, 0, False),
        ({"step_verdicts": ["right", "right", "wrong"], "verdict": None}, 2, None),
    ],
)
def test_the_label_is_the_place_of_the_first_wrong_step(
    known: dict[str, Any], label: int, correct: bool | None
) -> None:
    [record] = records("processbench", [row(1, steps=ABC, **known)])

    assert (record["label"], record["final_answer_correct"]) == (label, correct)
    assert (record["problem"], record["generator"]) == ("What is 1 + 1?", "m")
    assert record["steps"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"step_verdicts": ["right", "right", "undecided"]},
        {"step_verdicts": ["right"] * 3, "verdict": "wrong"},
    ],
)
def test_what_is_not_known_or_contradicts_itself_is_left_out(known: dict[str, Any]) -> None:
    assert records("processbench", [row(1, steps=ABC, **known)]) == []

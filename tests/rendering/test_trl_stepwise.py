from typing import Any

import pytest

from tests.rendering.rows import records, row, steps
from tests.traces.reading import read

ABC = steps("a", "b", "c")


@pytest.mark.parametrize(
    ("known", "labels"),
    [
        ({"step_verdicts": ["right", "right", "right"]}, [True, True, True]),
        ({"step_verdicts": ["right", "wrong", "right"], "first_error": 1}, [True, False]),
        ({"first_error": 1}, [True, False]),
        ({"step_verdicts": ["right", "undecided", "wrong"]}, [True]),
        ({"step_verdicts": ["right"]}, [True]),
    ],
)
def test_steps_are_labelled_as_far_as_they_are_known(
    known: dict[str, Any], labels: list[bool]
) -> None:
    [record] = records("trl-stepwise", [row(1, steps=ABC, **known)])

    assert record["labels"] == labels
    assert record["completions"] == ["a", "b", "c"][: len(labels)]
    [trace] = read("trl", record)
    assert [step.content for step in trace.steps] == record["completions"]
    assert trace.meta["step_labels"] == labels


@pytest.mark.parametrize("known", [{}, {"first_error": -1}, {"step_verdicts": ["undecided"] * 3}])
def test_a_trace_whose_steps_nobody_decided_is_left_out(known: dict[str, Any]) -> None:
    assert records("trl-stepwise", [row(1, steps=ABC, **known)]) == []

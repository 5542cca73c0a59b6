from typing import Any

import pytest

from tests.rendering.rows import records, row, steps

ABC = steps("a", "b", "c")


def parts(**known: Any) -> list[tuple[str, bool]]:
    [record] = records("axolotl-chat", [row(1, steps=ABC, **known)])
    [*before, last] = record["messages"]
    assert not any(part["train"] for turn in before for part in turn["content"])
    assert last["role"] == "assistant"
    assert all(part["type"] == "text" for part in last["content"])
    return [(part["text"], part["train"]) for part in last["content"]]


def test_what_was_never_doubted_is_one_part() -> None:
    assert parts() == [("<think>\na\n\nb\n\nc\n</think>\n\n2", True)]


def test_nothing_is_taught_from_the_first_wrong_step_on() -> None:
    assert parts(first_error=1) == [
        ("<think>\na", True),
        ("\n\nb\n\nc\n</think>\n\n2", False),
    ]


def test_of_a_wrong_answer_only_steps_that_hold_are_taught() -> None:
    found = parts(verdict="wrong", step_verdicts=["right", "undecided", "right"])

    assert [train for _, train in found] == [True, False, True, False]
    assert "".join(text for text, _ in found) == "<think>\na\n\nb\n\nc\n</think>\n\n2"
    assert all(text[0].isspace() for text, _ in found[1:])  # tokens begin with their spaces


@pytest.mark.parametrize("known", [{"verdict": "wrong"}, {"first_error": 0}])
def test_a_trace_of_which_nothing_is_taught_is_left_out(known: dict[str, Any]) -> None:
    assert records("axolotl-chat", [row(1, steps=ABC, **known)]) == []

import pytest

from tests.traces.reading import read, rejected

RECORD = {"instruction": "Add.", "input": "2 and 2", "output": "<think>a</think>4"}


def test_the_input_stands_below_the_instruction() -> None:
    [trace] = read("alpaca", {**RECORD, "history": [["Hi", "Hello."]], "kto_tag": False})

    assert (trace.prompt, trace.final_answer) == ("Add.\n\n2 and 2", "4")
    assert trace.meta["label"] is False
    assert [turn["role"] for turn in trace.meta["history"]] == ["user", "assistant"]


def test_an_output_without_thoughts_is_answer_and_steps() -> None:
    [trace] = read("alpaca", {**RECORD, "output": "First.\n\nSecond."})

    assert trace.final_answer == "First.\n\nSecond."
    assert [(step.type, step.content) for step in trace.steps] == [
        ("solution", "First."),
        ("solution", "Second."),
    ]


@pytest.mark.parametrize(
    "change", [{"output": ""}, {"output": 4}, {"instruction": None}, {"history": [["a"]]}]
)
def test_what_lacks_its_parts_is_rejected(change: dict[str, object]) -> None:
    assert rejected(read("alpaca", {**RECORD, **change})) == [True]

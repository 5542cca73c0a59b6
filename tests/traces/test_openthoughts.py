from tests.traces.reading import read, rejected
from tests.traces.round_trip import spans_hold

COLUMNS = {
    "problem": "2+2?",
    "deepseek_reasoning": "Two.\n\nFour.",
    "deepseek_solution": "So it is \\boxed{4}.",
    "ground_truth_solution": "It is $\\boxed{4}$.",
    "domain": "math",
    "source": "numina",
}


def test_reasoning_and_solution_are_steps_of_their_own_columns() -> None:
    [trace] = read("openthoughts", COLUMNS)

    assert [(step.type, step.content) for step in trace.steps] == [
        ("thought", "Two."),
        ("thought", "Four."),
        ("solution", "So it is \\boxed{4}."),
    ]
    assert (trace.final_answer, trace.meta["expected_answer"]) == ("4", "4")
    assert trace.meta["domain"] == "math"
    assert spans_hold(COLUMNS, trace) == 3


def test_marked_thoughts_in_a_conversation_are_steps() -> None:
    said = (
        "<|begin_of_thought|>\n\nTwo.\n\n<|end_of_thought|>\n\n"
        "<|begin_of_solution|>\n\n4\n\n<|end_of_solution|>"
    )
    record = {
        "system": "Think.",
        "conversations": [{"from": "user", "value": "2+2?"}, {"from": "assistant", "value": said}],
    }

    [trace] = read("openthoughts", record)

    assert (trace.prompt, trace.final_answer, trace.meta["system"]) == ("2+2?", "4", "Think.")
    assert [step.content for step in trace.steps] == ["Two."]


def test_columns_without_reasoning_are_rejected() -> None:
    assert rejected(read("openthoughts", {**COLUMNS, "deepseek_reasoning": None})) == [True]

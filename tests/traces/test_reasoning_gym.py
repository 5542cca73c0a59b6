import json

from tests.making import trace
from tests.traces.reading import read, rejected, written
from tunix_rt.traces.schema import TRACE

ENTRY = {
    "question": "Sum 2 and 2.",
    "answer": "4",
    "metadata": {"source_dataset": "chain_sum", "source_index": 3, "difficulty": {"num_terms": 2}},
}


def test_an_entry_keeps_what_scoring_an_answer_needs() -> None:
    [found] = read("reasoning-gym", ENTRY)

    assert (found.final_answer, [step.content for step in found.steps]) == ("4", ["4"])
    assert found.meta["expected_answer"] == "4"
    assert found.meta["metadata"] == ENTRY["metadata"]
    assert found.meta["task"] == "reasoning-gym/chain_sum/3"


def test_reasoning_beside_the_answer_is_the_steps() -> None:
    [found] = read("reasoning-gym", {**ENTRY, "reasoning": "Two.\n\nFour."})

    assert [(step.type, step.content) for step in found.steps] == [
        ("thought", "Two."),
        ("thought", "Four."),
    ]


def test_an_entry_without_its_dataset_is_rejected() -> None:
    assert rejected(read("reasoning-gym", {**ENTRY, "metadata": {"source_dataset": 5}})) == [True]


def test_a_trace_from_elsewhere_is_written_as_question_answer_and_metadata() -> None:
    record = json.loads(written("reasoning-gym", [TRACE.validate_python(trace(3))]))

    assert (record["question"], record["answer"]) == ("What is 3 + 1?", "4")
    assert record["reasoning"] == "3 + 1 = 4"

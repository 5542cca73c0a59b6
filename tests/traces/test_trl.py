from pathlib import Path
from typing import Any

import pytest

from tests.extras import loaded
from tests.making import trace
from tests.traces.reading import read, rejected, written
from tunix_rt.traces.schema import TRACE

ASKED = [{"role": "user", "content": "2+2?"}]
SAID = [{"role": "assistant", "content": "<think>Two.</think>4"}]


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "2+2?", "completion": "<think>Two.</think>4", "label": True},
        {"prompt": ASKED, "completion": SAID, "label": True},
    ],
)
def test_a_prompt_and_its_completion_is_a_trace(record: dict[str, object]) -> None:
    [trace] = read("trl", record)

    assert (trace.prompt, trace.final_answer, trace.steps[0].content) == ("2+2?", "4", "Two.")
    assert trace.meta["label"] is True


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "2+2?", "chosen": "4", "rejected": "5"},
        {"prompt": ASKED, "chosen": SAID, "rejected": [{"role": "assistant", "content": "5"}]},
        {"chosen": ASKED + SAID, "rejected": [*ASKED, {"role": "assistant", "content": "5"}]},
    ],
)
def test_a_preference_is_two_traces(record: dict[str, object]) -> None:
    chosen, lost = read("trl", record)

    assert (chosen.prompt, chosen.final_answer, chosen.meta["preference"]) == (
        "2+2?",
        "4",
        "chosen",
    )
    assert (lost.prompt, lost.final_answer, lost.meta["preference"]) == ("2+2?", "5", "rejected")


def test_stepwise_completions_are_steps_with_their_labels() -> None:
    record = {"prompt": "2+2?", "completions": [" a\n\nb ", "\\boxed{5}"], "labels": [True, False]}

    [trace] = read("trl", record)

    assert [step.content for step in trace.steps] == ["a\n\nb", "\\boxed{5}"]
    assert trace.final_answer == "5"
    assert (trace.meta["step_labels"], trace.meta["label"]) == ([True, False], False)
    assert rejected(read("trl", {**record, "labels": [True]}, {**record, "labels": [1, 0]})) == [
        True,
        True,
    ]


def test_datasets_reads_what_was_written_with_one_type_per_column(tmp_path: Path) -> None:
    datasets = loaded("datasets", extra="exports")
    traces = [TRACE.validate_python(trace(i, steps=_steps(i))) for i in range(4)]
    file = tmp_path / "trl.jsonl"
    file.write_bytes(written("trl", traces))

    table = datasets.load_dataset(
        "json", data_files=str(file), split="train", cache_dir=str(tmp_path / "cache")
    )

    assert {"prompt", "completion"} <= set(table.column_names)
    assert list(table["prompt"]) == [one.prompt for one in traces]
    assert table[0]["completion"].startswith("<think>\n")


def _steps(number: int) -> list[dict[str, object]]:
    return [{"i": i, "type": "calculation", "content": f"{i}\n\n{i}"} for i in range(number + 1)]


@pytest.mark.parametrize("format", ["trl", "alpaca", "sharegpt"])
def test_a_choice_that_is_no_trace_leaves_the_other(format: str) -> None:
    asked: Any = {
        "trl": {"prompt": "2+2?"},
        "alpaca": {"instruction": "2+2?"},
        "sharegpt": {"conversations": [{"from": "human", "value": "2+2?"}]},
    }[format]
    said = {"from": "gpt", "value": "4"} if format == "sharegpt" else "4"

    found = read(format, {**asked, "chosen": 5, "rejected": said})

    assert rejected(found) == [True, False]
    assert found[0].reason.startswith("chosen")
    assert found[0].reason.count("chosen") == 1

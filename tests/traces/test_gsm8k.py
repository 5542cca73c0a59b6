from pathlib import Path

import pytest

from tests.traces.reading import read
from tunix_rt.store import Store
from tunix_rt.traces import importing
from tunix_rt.traces.schema_record import Rejected

PROBLEM = {"question": "How many?", "answer": "3*2 = <<3*2=6>>6 apples.\nSo 6+1 = 7.\n#### 7"}


def test_each_line_is_a_step_kept_to_the_letter() -> None:
    [trace] = read("gsm8k", PROBLEM, first=5, source="train.jsonl")

    assert [step.content for step in trace.steps] == ["3*2 = <<3*2=6>>6 apples.", "So 6+1 = 7."]
    assert trace.final_answer == "7"
    assert trace.meta == {"dataset": "gsm8k", "task": "gsm8k/train/4", "expected_answer": "7"}


@pytest.mark.parametrize("answer", ["no mark", "", 7, "#### "])
def test_an_answer_without_its_mark_is_rejected(answer: object) -> None:
    [found] = read("gsm8k", {**PROBLEM, "answer": answer})

    assert isinstance(found, Rejected)


def test_the_whole_training_set_is_read(store: Store, data: Path) -> None:
    report = importing.import_file(store, data / "gsm8k" / "train.jsonl")

    assert (report.format, report.added, report.rejected) == ("gsm8k", 7473, 0)

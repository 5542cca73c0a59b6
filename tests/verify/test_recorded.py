import json
from pathlib import Path
from typing import Any

import pytest

from tests.making import write_lines
from tests.verify.traces import trace
from tunix_rt.verify.recorded import BadLine, JudgedSteps, judge_answers, judge_traces

FALSE = {**trace("5", "so 2+2=5").model_dump(), "id": "z"}


def judged(folder: Path, line: Any) -> Any:
    [found] = judge_traces(write_lines(folder / "t.jsonl", [line]))
    return found


@pytest.mark.parametrize(
    ("said", "shown"), [("z", "z"), (7, 7), (2**70, 2**70), (True, None), ([1], None), (None, None)]
)
def test_a_trace_is_named_by_its_own_id(tmp_path: Path, said: Any, shown: Any) -> None:
    found = judged(tmp_path, {**FALSE, "id": said})

    assert isinstance(found, JudgedSteps)
    assert found.id == shown
    assert found.first_error


def test_a_number_that_json_has_not_in_a_field_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    line = json.dumps(FALSE)[:-1] + ', "x": NaN}'

    assert judged(tmp_path, line).id == "z"


@pytest.mark.parametrize("line", ["[" * 200_000, '{"x": ' + "[" * 200_000, "1", "{}"])
def test_a_line_that_is_no_trace_is_a_bad_line(tmp_path: Path, line: str) -> None:
    assert isinstance(judged(tmp_path, line), BadLine)
    [answer] = judge_answers(tmp_path / "t.jsonl")
    assert isinstance(answer, BadLine)

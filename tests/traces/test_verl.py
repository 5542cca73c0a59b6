import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyarrow import parquet

from tests.making import trace
from tests.traces.reading import read, rejected, written
from tests.traces.round_trip import traces, without_place
from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.importing import formats
from tunix_rt.traces.opening import open_records
from tunix_rt.traces.schema import TRACE, ReasoningTrace
from tunix_rt.traces.schema_record import Written
from tunix_rt.traces.table_body import Unpacked

ROW: dict[str, Any] = {
    "data_source": "openai/gsm8k",
    "prompt": [{"role": "system", "content": "Think."}, {"role": "user", "content": "2+2?"}],
    "ability": "math",
    "reward_model": {"style": "rule", "ground_truth": "4"},
    "extra_info": {"split": "train", "index": 0, "answer": "2+2 = 4\n#### 4"},
}
DUMP = {"input": "2+2?", "output": "<think>Two.</think>4", "gts": "4", "score": 1.0, "step": 3}


def test_a_row_with_a_solution_is_a_trace() -> None:
    [trace] = read("verl", ROW)

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert (trace.meta["expected_answer"], trace.meta["source"]) == ("4", "openai/gsm8k")
    assert trace.meta["text"]["field"] == "extra_info.answer"


def test_a_row_without_a_response_is_a_task_and_no_trace() -> None:
    [found] = read("verl", {**ROW, "extra_info": {"split": "train"}})

    assert "a task, not a trace" in found.reason


def test_a_dump_has_its_score_and_a_label_where_it_is_0_or_1() -> None:
    right, half = read("verl", DUMP, {**DUMP, "score": 0.5})

    assert (right.final_answer, right.meta["label"], right.meta["step"]) == ("4", True, 3)
    assert (half.meta["score"], "label" in half.meta) == (0.5, False)
    assert rejected(read("verl", {**DUMP, "output": None})) == [True]


def test_pyarrow_reads_the_columns_verl_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "train.parquet"
    file.write_bytes(written("verl", [TRACE.validate_python(trace(i)) for i in range(2_500)]))

    table = parquet.read_table(file)

    assert table.num_rows == 2_500
    assert table.column("prompt")[2_400].as_py() == [
        {"role": "user", "content": "What is 2400 + 1?"}
    ]
    assert table.column("reward_model")[0].as_py() == {"style": "rule", "ground_truth": "1"}
    assert table.column("extra_info")[7].as_py()["index"] == 7


@settings(max_examples=25, deadline=None)
@given(one=traces())
def test_a_written_table_is_read_back_as_it_was(tmp_path_factory: Any, one: ReasoningTrace) -> None:
    file = tmp_path_factory.mktemp("verl") / "t.parquet"
    file.write_bytes(written("verl", [one]))

    with open_records(file) as records:
        [back] = read("verl", *(record.raw for record in records))

    assert without_place(back) == without_place(one)


def test_imported_rows_are_written_with_the_values_they_had(tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    first = b"".join(formats.load("verl").write(_written([ROW, ROW])))  # type: ignore[attr-defined]
    file.write_bytes(first)

    with open_records(file) as records:
        rows = [record.decode(dict[str, Any]) for record in records]

    assert rows == [ROW, ROW]
    assert parquet.read_table(file).to_pylist() == [ROW, ROW]


def test_rows_that_do_not_fit_into_one_table_are_refused() -> None:
    odd = {**ROW, "ability": {"a": 1}}

    with pytest.raises(BadInput, match="do not fit into one table"):
        list(formats.load("verl").write(_written([*[ROW] * 1_000, odd])))  # type: ignore[attr-defined]


def _written(rows: list[dict[str, Any]]) -> list[Written]:
    [trace] = read("verl", ROW)
    return [
        Written(str(n), Unpacked(trace.body(), json.dumps(row).encode()), "verl")
        for n, row in enumerate(rows)
    ]

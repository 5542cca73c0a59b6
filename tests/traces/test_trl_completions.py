from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.traces.reading import read
from tunix_rt.store import Store
from tunix_rt.traces import importing, query_facets
from tunix_rt.traces.schema import TraceFilter

ROW = {
    "step": 10,
    "prompt": [{"role": "user", "content": "2+2?"}],
    "completion": [{"role": "assistant", "content": "<think>Two.</think>4"}],
    "accuracy_reward": 1.0,
    "format_reward": 0.5,
    "advantage": 0.7,
    "solution": "4",
}


def test_rewards_are_kept_and_the_one_about_accuracy_is_the_label() -> None:
    [trace] = read("trl-completions", ROW)

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert trace.meta["rewards"] == {"accuracy_reward": 1.0, "format_reward": 0.5}
    assert (trace.meta["label"], trace.meta["step"], trace.meta["advantage"]) == (True, 10, 0.7)


def test_a_reward_between_right_and_wrong_is_no_label() -> None:
    [trace] = read("trl-completions", {**ROW, "accuracy_reward": 0.5, "prompt": "2+2?"})

    assert "label" not in trace.meta


def test_the_table_a_trainer_logs_is_imported(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "completions_00010.parquet"
    rows = [{**ROW, "advantage": n / 10, "accuracy_reward": None} for n in range(200)]
    parquet.write_table(pa.Table.from_pylist(rows), file)

    report = importing.import_file(store, file)

    assert (report.format, report.added, report.rejected) == ("trl-completions", 200, 0)
    with store.read() as connection:
        assert query_facets.count(connection, TraceFilter()) == 200

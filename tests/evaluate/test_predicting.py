from pathlib import Path
from typing import Any

import pytest

from tests.making import trace, write_lines
from tunix_rt.evaluate import predicting
from tunix_rt.kit.errors import BadInput

GOOD = {"id": "a", "prediction": "2"}


def read(path: Path, format: str = "predictions") -> tuple[predicting.Predictions, list[str]]:
    return predicting.read(path, format=format, model="file")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[" * 200_000, "Expected `object`"),
        ('{"id": "b", "x": ' + "[" * 200_000, "nested too deeply"),
        ('{"x": NaN, "id": "b", "prediction": "2"}', "malformed"),
        ({"prediction": "2"}, "id: is missing"),
        ({"id": "b", "prediction": 2}, "Expected `str`"),
        (GOOD | {"id": "b", "model": "m" * 257}, "model: is no name of a model"),
        (GOOD | {"id": "b", "model": "m\0"}, "model: is no name of a model"),
    ],
)
def test_a_line_that_is_no_prediction_is_left_out_by_its_number(
    tmp_path: Path, line: Any, reason: str
) -> None:
    found, [wrong] = read(write_lines(tmp_path / "p.jsonl", [GOOD, line]))

    assert found == {"file": {"a": "2"}}
    assert wrong.startswith("p.jsonl:2: ")
    assert reason in wrong


def test_the_model_may_stand_in_the_line_or_in_the_meta_of_a_trace(tmp_path: Path) -> None:
    lines = [GOOD, GOOD | {"model": "m" * 256}]
    traces = [trace(1, meta={"task": "a", "model": "t"}), trace(1, meta={"model": "t"})]

    assert read(write_lines(tmp_path / "p.jsonl", lines)) == (
        {"file": {"a": "2"}, "m" * 256: {"a": "2"}},
        [],
    )
    found, [wrong] = read(write_lines(tmp_path / "t.jsonl", traces), "jsonl")
    assert found == {"t": {"a": "2"}}
    assert "t.jsonl:2: meta.task: is missing" in wrong


def test_a_file_without_a_prediction_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"holds no prediction \(p.jsonl:2: "):
        read(write_lines(tmp_path / "p.jsonl", ["", "no"]))
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "nowhere.jsonl")

"""What holds for every export: nothing is lost, nothing breaks, files appear whole."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from pyarrow import parquet

from tests.rendering.rows import ODD, exported, read_back, row, said, steps, verified_rows
from tests.traces.reading import read
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.rendering import exporting
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_export import About

READERS = {
    "openai-chat": "openai-chat",
    "sharegpt": "sharegpt",
    "alpaca": "alpaca",
    "trl": "trl",
    "trl-chat": "trl",
    "trl-unpaired": "trl",
    "prm800k": "prm800k",
    "processbench": "processbench",
}
"""Exports of whole traces as lines, and the format that reads them."""


CARD = "---\nlicense: mit\n---\n\n# d 1\n"


class Rows:
    """A version that lies in memory."""

    def __init__(self, *rows: TraceRow) -> None:
        self._rows = rows
        counts = {name: sum(r.split == name for r in rows) for name in {r.split for r in rows}}
        splits = dict(sorted(counts.items()))
        self.about = About("d-1", "d_1", "0" * 64, "2026-11-21", splits, CARD)

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        return (row for row in self._rows if split in (None, row.split))


@pytest.mark.parametrize("name", READERS)
@given(found=verified_rows())
def test_our_own_reader_finds_the_trace_that_was_written(name: str, found: TraceRow) -> None:
    [back] = read_back(READERS[name], name, [found])

    meta = {key: value for key, value in (back.meta or {}).items() if key != "text"}
    assert said(back) == said(found)
    assert meta == (found.meta or {})


def test_our_own_reader_finds_the_trace_in_parquet(tmp_path: Path) -> None:
    plain = ODD.replace("\0", "")
    odd = row(
        prompt=plain + "<think>", steps=steps("a\n\nb", plain), meta={"a": [1.5, {"b": None}]}
    )
    (tmp_path / "a.parquet").write_bytes(exported("verl", [odd]))
    [found] = parquet.read_table(tmp_path / "a.parquet").to_pylist()

    [back] = read("verl", found)

    assert said(back) == said(odd)
    assert back.meta["a"] == [1.5, {"b": None}]


@pytest.mark.parametrize("name", exporting.names())
def test_odd_text_and_numbers_survive_in_every_format(name: str) -> None:
    meta = {"huge": 10**40, "small": 5e-324, "nested": {"a": [ODD]}, ODD: True, "long": "x" * 10**6}
    rows = [
        row(1, prompt=ODD, meta=meta, step_verdicts=["right", "right"]),
        row(2, prompt=ODD, final_answer="3", verdict="wrong", expected_answer="2"),
        row(3, meta=None, model=None, expected_answer=None, verifier=None),
        row(4, prompt="#### <think> \\boxed{", steps=steps("</think>", "<answer>x</answer>")),
    ]

    assert exported(name, rows)


@pytest.mark.parametrize("name", exporting.names())
def test_no_rows_are_a_file_too(name: str, tmp_path: Path) -> None:
    exporting.write(name, Rows(), tmp_path / "out", None)

    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("name", exporting.names())
def test_the_same_rows_are_the_same_bytes_in_any_process(name: str) -> None:
    rows = [row(n, verdict="right" if n % 3 else "wrong", prompt=f"{n % 7}") for n in range(60)]

    if name != "array-record":  # its library writes when it was made
        assert exported(name, rows) == exported(name, rows)


def test_every_format_says_what_it_is() -> None:
    found = exporting.listed()

    assert {"trace", "tunix_sft", "training_example"} <= {one.name for one in found}
    assert all(one.description and one.read_by and "{split}" in one.file for one in found)
    with pytest.raises(NotFound, match="called 'none'"):
        exporting.load("none")


def test_splits_are_never_mixed_in_one_file(tmp_path: Path) -> None:
    version = Rows(row(1), row(2, split="test"))

    with pytest.raises(BadInput, match="mix the splits test, train"):
        exporting.write("trl", version, tmp_path / "a.jsonl", None)
    with pytest.raises(BadInput, match="no split 'dev'"):
        exporting.write("trl", version, tmp_path / "a.jsonl", "dev")
    one = exporting.write("trl", version, tmp_path / "a.jsonl", "test")
    each = exporting.write("trl", version, tmp_path / "each", "each")
    many = Rows(*(row(n, prompt=f"{n // 2}", verdict=("right", "wrong")[n % 2]) for n in range(40)))
    pairs = exporting.write("trl-preference", many, tmp_path / "pairs", "each")
    all_ = exporting.write("trace", version, tmp_path / "trace.jsonl", None)

    assert (one.records, each.records, all_.records, pairs.records) == (1, 2, 2, 20)
    assert len((tmp_path / "pairs" / "train.jsonl").read_bytes().splitlines()) == 20
    assert sorted(path.name for path in (tmp_path / "each").iterdir()) == [
        "test.jsonl",
        "train.jsonl",
    ]
    assert json.loads((tmp_path / "each" / "test.jsonl").read_bytes())["prompt"] == "What is 2 + 1?"


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (4, [4]), (9, [4, 4, 1])])
def test_a_split_of_many_rows_is_several_files(count: int, sizes: list[int]) -> None:
    rows = [row(number) for number in range(count)]

    found = [list(part) for part in exporting.parts(iter(rows), 4)]

    assert [len(part) for part in found] == sizes
    assert [one for part in found for one in part] == rows


WHOLE = ("alpaca", "openai-chat", "sharegpt", "trl", "trl-chat", "tunix_sft", "training_example")


@pytest.mark.parametrize("name", WHOLE)
def test_a_format_of_whole_traces_leaves_wrong_ones_out_and_obeys_nothing_else(name: str) -> None:
    rows = [row(1), row(2, verdict="wrong"), row(3, verdict=None)]

    assert exported(name, rows, "wrong_answer=drop") == exported(name, [rows[0], rows[2]])
    for pair in ("wrong_answer=mask", "wrong=mask", "undecided=0.5"):
        with pytest.raises(BadInput, match="teaches whole traces"):
            exporting.policy(name, [pair])


def test_a_format_that_teaches_nothing_refuses_every_policy() -> None:
    for told in exporting.listed():
        if not told.policy:
            with pytest.raises(BadInput, match="has no place in it"):
                exporting.policy(told.name, ["wrong_answer=train"])
    assert {one.name for one in exporting.listed() if one.policy == ["wrong_answer"]} == set(WHOLE)


def test_one_split_of_a_folder_is_a_folder_of_that_split(tmp_path: Path) -> None:
    exporting.write("huggingface", Rows(row(1), row(2, split="test")), tmp_path / "hf", "test")

    assert [path.name for path in (tmp_path / "hf" / "data").iterdir()] == ["test.parquet"]
    assert "train" not in (tmp_path / "hf" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("split", ["../up", "a/b", "", "a" * 65, "each", "é"])
def test_a_split_whose_name_is_no_file_name_is_refused(split: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name of a file"):
        exporting.checked_splits({split: 1})


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    exporting.write("huggingface", Rows(row(1)), there, None)  # an empty one is taken

    with pytest.raises(BadInput, match="exists already"):
        exporting.write("verifiers", Rows(row(1)), there, None)
    assert sorted(path.name for path in there.iterdir()) == ["README.md", "data"]


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    class Damaged(Rows):
        def rows(self, split: str | None) -> Iterator[TraceRow]:
            yield from super().rows(split)
            raise BadInput("damaged")

    for name in ("trl", "verl", "huggingface", "array-record", "trl-preference"):
        with pytest.raises(BadInput, match="damaged"):
            exporting.write(name, Damaged(row(1)), tmp_path / "out", None)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "name"),
    [("demo-1", "demo_1"), ("1-1", "data_1_1"), ("Ä-v.2", "v_2"), ("___-1", "data_1")],
)
def test_a_key_becomes_the_name_of_a_module(key: str, name: str) -> None:
    assert exporting.module_name(key) == name
    assert name.isidentifier()


def test_numbers_of_meta_are_what_they_were() -> None:
    meta: dict[str, Any] = {"huge": 10**40, "small": 5e-324, "zero": -0.0}

    [line] = exported("trace", [row(meta=meta)]).splitlines()

    found = json.loads(line)["metadata"]
    assert (found["huge"], found["small"]) == (10**40, 5e-324)
    assert math.copysign(1, found["zero"]) == -1

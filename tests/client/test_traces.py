"""Traces are found page by page, marked, taken away and brought back."""

import json
from pathlib import Path

import pytest

from tests.making import trace
from tunix_rt.client import Client, RequestFailed
from tunix_rt.datasets.schema import Build
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_marks import Mark, NewMark


def test_a_query_goes_over_every_page(client: Client) -> None:
    meta = {"source": "many"}
    created = client.traces.post_many(trace(n, meta=meta) for n in range(450))
    client.traces.post(trace(999))

    found = list(client.traces.query("source:many"))
    few = client.traces.query("source:many", limit=130)
    wanted = TraceFilter(source="many", steps_min=1)

    assert [one.id for one in found] == [one.id for one in reversed(created)]
    assert len(list(few)) == 130
    assert sum(1 for _ in client.traces.query(wanted=wanted)) == 450
    assert client.traces.facets("source:many").total == 450
    assert client.traces.page(limit=3, cursor=found[9].id).data[0].id == found[10].id
    with pytest.raises(RequestFailed) as failed:
        next(client.traces.query("nonsense:"))
    assert failed.value.status == 422


def test_what_is_said_of_traces_can_be_taken_back(client: Client) -> None:
    ids = [one.id for one in client.traces.post_many(trace(n) for n in range(3))]

    assert client.traces.mark(ids, Mark(kind="label", name="bad"), author="me") == 3
    said = client.traces.annotate(ids[0], NewMark(kind="note", text="Look.", step=0))
    client.traces.end_annotation(ids[0], said.id)

    assert [one.name for one in client.traces.annotations(ids[0]).current] == ["bad"]
    assert {one.id for one in client.traces.query("label:bad")} == set(ids)
    assert client.traces.mark(ids, Mark(kind="label", name="bad"), remove=True) == 3


def test_more_traces_than_fit_one_request_are_deleted_restored_and_purged(client: Client) -> None:
    ids = [one.id for one in client.traces.post_many(trace(n) for n in range(1_500))]

    assert client.traces.delete(ids) == 1_500
    assert client.traces.get(ids[0], deleted=True).deleted_at is not None
    assert client.traces.restore(iter(ids[:1_100])) == 1_100
    assert client.traces.purge(ids[1_100:]).purged == 400
    assert client.traces.facets().total == 1_100


def test_traces_and_datasets_are_written_to_files(client: Client, tmp_path: Path) -> None:
    client.traces.post_many(trace(n) for n in range(20))
    built = client.datasets.build(Build(dataset_name="a b", dataset_version="1", limit=7))

    whole = client.traces.export(tmp_path / "all.jsonl")
    some = client.datasets.export(built.dataset_key, tmp_path / "some.jsonl")

    lines = whole.read_text("utf-8").splitlines()
    assert [json.loads(line)["meta"]["number"] for line in lines] == list(range(20))
    assert len(some.read_text("utf-8").splitlines()) == 7
    assert client.datasets.get(built.dataset_key).trace_count == 7
    assert [one.dataset_key for one in client.datasets.list()] == [built.dataset_key]
    with pytest.raises(RequestFailed) as failed:
        client.datasets.export("none", tmp_path / "none.jsonl")
    assert failed.value.status == 404
    assert sorted(file.name for file in tmp_path.glob("*.jsonl")) == ["all.jsonl", "some.jsonl"]


def test_the_record_a_trace_was_read_from_comes_back_as_it_was(client: Client) -> None:
    raw = b'{"question": "1 and 1?",   "answer": "add\\n#### 2"}'
    (one,) = client.traces.stream([raw], format="gsm8k")

    assert client.traces.original(str(one.id)) == raw
    assert client.traces.score(str(one.id)).trace_id == one.id

"""Traces in: nothing twice, nothing lost, and in little memory."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Home
from tests.client.serving import Answer, Scripted, Served, served
from tests.making import trace, write_lines
from tunix_rt.client import Client, RequestFailed
from tunix_rt.client.sending import AnyForm
from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.schema import ReasoningTrace


def numbers(client: Client, file: Path) -> Counter[int]:
    """How often each number is stored."""
    lines = client.traces.export(file).read_text("utf-8").splitlines()
    return Counter(json.loads(line)["meta"]["number"] for line in lines)


def test_one_trace_as_a_model_or_as_json(client: Client) -> None:
    first = client.traces.post(trace(1))
    second = client.traces.post(ReasoningTrace.model_validate(trace(1)), once=True)

    assert second.id == first.id
    assert client.traces.get(first.id).payload.prompt == "What is 1 + 1?"


def test_a_key_that_was_used_gives_the_same_trace_back(client: Client) -> None:
    first = client.traces.post(trace(1), key="mine")
    again = client.traces.post(trace(1), key="mine")

    assert again == first
    with pytest.raises(RequestFailed) as failed:
        client.traces.post(trace(2), key="mine")
    assert failed.value.status == 409


def test_many_are_stored_in_order_in_batches(client: Client) -> None:
    told: list[int] = []

    created = client.traces.post_many((trace(n) for n in range(2_500)), on_batch=told.append)

    assert told == [1_000, 2_000, 2_500]
    assert client.traces.get(created[1_234].id).payload.final_answer == "1235"


def test_long_traces_make_small_batches(client: Client) -> None:
    steps = [{"i": i, "type": "t", "content": "é" * 10_000} for i in range(10)]
    told: list[int] = []

    client.traces.post_many([trace(n, steps=steps) for n in range(9)], on_batch=told.append)

    assert told == [4, 8, 9]


def test_a_server_that_takes_less_gets_less(home: Home) -> None:
    with served(home, TRACE_MAX_BYTES="1024") as server, Client(server.url) as client:
        created = client.traces.post_many(trace(n) for n in range(40))

        found = [client.traces.get(one.id).payload.final_answer for one in created]
        with pytest.raises(RequestFailed) as failed:
            client.traces.post_many([trace(prompt="x" * 2_000)])

    assert found == [str(n + 1) for n in range(40)]
    assert failed.value.status == 413


@pytest.mark.slow
def test_a_server_that_is_killed_while_many_are_sent_stores_each_once(
    home: Home, tmp_path: Path
) -> None:
    server = Served(home)
    server.start()
    chance = random.Random(7)
    falls: list[threading.Thread] = []

    def fall_and_rise(after: float) -> None:
        time.sleep(after)
        server.kill()
        server.start()

    def sometimes(stored: int) -> None:
        if stored % 2_000 == 0 and not (falls and falls[-1].is_alive()):
            falls.append(threading.Thread(target=fall_and_rise, args=(chance.random() / 20,)))
            falls[-1].start()

    try:
        with Client(server.url, patience=60) as client:
            created = client.traces.post_many((trace(n) for n in range(12_000)), on_batch=sometimes)
            for fall in falls:
                fall.join()
            found = numbers(client, tmp_path / "all.jsonl")
    finally:
        server.kill()

    assert len(falls) >= 2
    assert len({one.id for one in created}) == 12_000
    assert found == Counter(range(12_000))


def test_a_call_with_a_key_goes_on_where_another_process_ended(
    client: Client, tmp_path: Path
) -> None:
    class Stopped(Exception):
        pass

    def breaking() -> Iterator[dict[str, Any]]:
        yield from (trace(n) for n in range(2_500))
        raise Stopped

    with pytest.raises(Stopped):
        client.traces.post_many(breaking(), key="night")
    client.traces.post_many((trace(n) for n in range(3_000)), key="night")

    assert numbers(client, tmp_path / "all.jsonl") == Counter(range(3_000))


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, "\ud800"])
def test_what_json_cannot_hold_is_said_before_anything_is_sent(value: object) -> None:
    with (
        Scripted((500, {}, b"")) as server,
        Client(server.url) as client,
        pytest.raises(BadInput, match="JSON cannot hold"),
    ):
        client.traces.post(trace(meta={"a": value}))

    assert server.asked == []


def test_a_stream_of_a_file_of_another_format(client: Client, tmp_path: Path) -> None:
    lines = [{"question": f"{n} and 1?", "answer": f"add\n#### {n + 1}"} for n in range(5)]
    file = write_lines(tmp_path / "gsm.jsonl", [*lines, "{}"])

    taken = client.traces.stream(file, source="gsm", format="gsm8k")

    assert (taken.report.added, taken.report.rejected, taken.report.source) == (5, 1, "gsm")
    assert [(one.line, one.known, bool(one.id)) for one in taken if one.error is None] == [
        (n, False, True) for n in range(1, 6)
    ]
    assert [one.line for one in taken if one.error] == [6]


def test_a_stream_of_anything_that_yields(client: Client) -> None:
    mixed: list[AnyForm | bytes] = [
        trace(1),
        ReasoningTrace.model_validate(trace(2)),
        json.dumps(trace(1)).encode(),
    ]

    taken = client.traces.stream(mixed)

    assert [one.known for one in taken] == [False, False, True]
    assert client.traces.stream(iter(mixed)).report.known == 3
    assert client.traces.stream([]).report.records == 0


def test_a_format_that_nobody_knows_is_refused_in_the_middle_of_a_long_stream(
    client: Client,
) -> None:
    with pytest.raises(RequestFailed) as failed:
        client.traces.stream((trace(n) for n in range(60_000)), format="nonsense")

    assert failed.value.status == 404


def test_a_list_that_broke_off_is_sent_again_and_an_iterator_is_not() -> None:
    report = (
        b'{"source": "s", "format": "f", "records": 1, "added": 1, "known": 0, "rejected": 0, '
        b'"examples": [], "seconds": 0.1}\n'
    )
    gone: Answer = (503, {}, b"")
    with Scripted(gone, (200, {}, report)) as server, Client(server.url) as client:
        assert client.traces.stream([]).report.added == 1
    assert len(server.asked) == 2

    with (
        Scripted(gone, (200, {}, report)) as server,
        Client(server.url) as client,
        pytest.raises(RequestFailed),
    ):
        client.traces.stream(iter([]))
    assert len(server.asked) == 1


MEASURED = """
import resource, sys, tracemalloc
from tunix_rt.client import Client

def traces(count):
    steps = [{"i": i, "type": "t", "content": "x" * 500} for i in range(8)]
    for n in range(count):
        yield {"trace_version": "1", "prompt": f"p {n}", "final_answer": "a", "steps": steps}

with Client(sys.argv[1], timeout=240) as client:
    client.traces.stream(traces(200))
    tracemalloc.start()
    taken = client.traces.stream(traces(9_000))
    told = sum(1 for one in taken if one.id)
    _, peak = tracemalloc.get_traced_memory()
print(taken.report.records, told, peak)
"""


def test_forty_megabytes_stream_through_a_small_memory(server: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, server.url],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=280,
    )

    assert done.returncode == 0, done.stderr
    records, told, peak = map(int, done.stdout.split())
    assert records == told == 9_000
    assert peak < 8_000_000, f"{peak:,} bytes for a stream of 40,000,000"


def test_an_import_is_looked_at_before_it_is_done(client: Client, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", [{"q": "2+2?", "a": "4"}, {"q": "3+3?"}] * 30_000)
    columns = ["prompt=q", "answer=a"]

    unknown = client.traces.preview(file)
    seen = client.traces.preview(file, map=columns)
    taken = client.traces.stream(file, map=columns, source="mapped")

    assert (unknown.format, unknown.columns) == (None, ["q", "a"])
    assert (seen.format, seen.records) == ("mapped", seen.traces + seen.rejected)
    assert 50_000 < seen.records < 60_000  # the beginning was enough
    assert (seen.problems[0].row, seen.problems[0].column) == (2, "a")
    assert seen.rows[0].trace.final_answer == "4"
    assert client.traces.facets().total == taken.report.added == 1
    with pytest.raises(BadInput):
        client.traces.preview(tmp_path)

import json
from pathlib import Path

import pytest

from tests.traces.reading import read, rejected
from tunix_rt.store import Store
from tunix_rt.traces import importing, query_facets
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_record import Rejected

RECORD = {
    "question": "How many?",
    "ground_truth": "2+1 = <<2+1=3>>3\nA: 3",
    "small": {"solution": "2+1 = 4\nA: 4", "is_correct": False},
    "large": {"solution": "It goes on and on", "is_correct": False},
}


def test_each_model_is_a_trace_with_its_label_and_task() -> None:
    small, large = read("gsm8k-solutions", RECORD, first=3)

    assert small.meta == {
        "model": "small",
        "task": "gsm8k/test/2",
        "dataset": "gsm8k",
        "expected_answer": "3",
        "label": False,
    }
    assert (small.final_answer, [s.content for s in small.steps]) == ("4", ["2+1 = 4"])
    assert (large.final_answer, len(large.steps)) == ("(no answer)", 1)


def test_a_solution_that_is_none_is_rejected_and_the_others_kept() -> None:
    record = {**RECORD, "large": "text"}

    found = read("gsm8k-solutions", record)

    assert rejected(found) == [False, True]


def test_all_published_solutions_are_read(store: Store, data: Path) -> None:
    file = data / "gsm8k" / "example_model_solutions.jsonl"

    report = importing.import_file(store, file)

    assert (report.format, report.added, report.rejected) == ("gsm8k-solutions", 5276, 0)
    with store.read() as connection:
        facets = query_facets.facets(connection, TraceFilter())
    assert {count.count for count in facets.models} == {1319}


@pytest.mark.parametrize("bad", [b"\xff\xfe", b'{"solution": "\xff", "is_correct": true}'])
def test_a_solution_that_is_not_text_is_rejected_and_the_others_kept(bad: bytes) -> None:
    line = json.dumps({**RECORD, "large": "HERE"}).encode().replace(b'"HERE"', bad)

    found = read("gsm8k-solutions", line)

    assert isinstance(found[-1], Rejected)


def test_a_solution_nested_without_end_is_rejected() -> None:
    line = json.dumps({**RECORD, "large": "HERE"}).replace('"HERE"', "[" * 900 + "]" * 900)

    found = read("gsm8k-solutions", line.encode())

    assert rejected(found) == [False, True]

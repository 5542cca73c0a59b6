import json
from pathlib import Path
from typing import Any

import pytest

from tests.making import write_lines
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Store
from tunix_rt.traces import importing, query
from tunix_rt.traces.importing import read_all
from tunix_rt.traces.mapping import Mapped, at, columns
from tunix_rt.traces.schema import ReasoningTrace, TraceFilter
from tunix_rt.traces.schema_record import Record, Rejected

ALL = ("prompt=q", "answer=out.final", "steps=out.why", "meta.level=difficulty")


def read(pairs: Any, *lines: Any) -> list[Any]:
    records = [Record(n, json.dumps(line).encode()) for n, line in enumerate(lines, 1)]
    return [found for _, found in read_all(Mapped(pairs), records, "x")]


def test_columns_are_parts_of_a_trace_also_inside_of_objects() -> None:
    row = {"q": "2+2?", "out": {"final": 4, "why": "Two.\n\nTwo more."}, "difficulty": [1, 2]}

    [trace] = read(ALL, row)

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert [step.content for step in trace.steps] == ["Two.", "Two more."]
    assert trace.meta["level"] == [1, 2]
    assert trace.meta["text"] == {"field": "out.why", "spans": [[0, 4], [6, 15]]}


@pytest.mark.parametrize("steps", [["a", "b"], [{"text": "a"}, {"content": "b"}]])
def test_a_list_is_the_steps_as_they_are(steps: Any) -> None:
    [trace] = read(("prompt=q", "steps=s"), {"q": "2+2?", "s": steps})

    assert [step.content for step in trace.steps] == ["a", "b"]
    assert trace.final_answer == "b"


def test_a_response_is_read_for_its_thoughts_and_its_answer() -> None:
    [trace] = read(("prompt=q", "response=r"), {"q": "2+2?", "r": "<think>Two.</think>4"})

    assert (trace.final_answer, trace.steps[0].content) == ("4", "Two.")


def test_a_problem_names_its_column() -> None:
    row = {"q": "2+2?", "out": {"final": "4", "why": "Two."}}
    bad = [
        {**row, "q": None},
        {**row, "out": {"why": "Two."}},
        {**row, "q": "x" * 50_001},
        {**row, "out": {"final": "4", "why": ["a", 5]}},
        {**row, "out": {"final": "4\0", "why": "a"}},
        {**row, "out": {"final": "4", "why": "a\0"}},
        {**row, "out": {"final": True, "why": "a"}},
        {**row, "difficulty": "\0"},
    ]

    found = read(ALL, *bad)

    assert all(isinstance(one, Rejected) for one in found)
    assert [one.reason.partition(": ")[0] for one in found] == [
        *("q", "out.final", "q", "out.why.1", "out.final", "out.why", "out.final", "difficulty")
    ]


@pytest.mark.parametrize(
    "pairs",
    [
        ("prompt",),
        ("prompt=q",),
        ("prompt=q", "prompt=r", "answer=a"),
        ("colour=q", "answer=a"),
        ("meta.=q", "answer=a"),
        ("response=r", "answer=a"),
        ("answer=",),
        ("answer=a", *(f"meta.m{n}=c" for n in range(70))),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(pairs: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        Mapped(pairs)


def test_a_key_with_a_dot_wins_over_a_path() -> None:
    record = {"a.b": 1, "a": {"b": 2, "c.d": {"e": 3}}, "l": [{"x": 4}]}

    assert [at(record, name) for name in ("a.b", "a.c.d.e", "l.0.x", "l.7", "z")] == [
        *(1, 3, 4, None, None)
    ]
    assert list(columns(record)) == ["a.b", "a", "a.b", "a.c.d", "a.c.d.e", "l"]


def test_csv_is_imported_by_its_columns(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('question,final\n2+2?,4\n,5\n"1+\n1?",2\n')

    report = importing.import_file(store, path, mapped=Mapped(["prompt=question", "answer=final"]))

    assert (report.format, report.added, report.rejected) == ("mapped", 3, 0)
    with store.read() as connection:
        rows = query.page(connection, TraceFilter(), limit=9).rows
    assert {row.prompt for row in rows} == {"2+2?", "1+\n1?", "(no prompt)"}


def test_records_are_recognised_by_their_columns() -> None:
    mapped = Mapped(ALL)

    assert mapped.recognises({"q": 1, "out": {"final": 2, "why": 3}})
    assert not mapped.recognises({"q": 1})


def test_a_file_that_nobody_knows_hints_at_the_mapping(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.jsonl", [{"q": "1", "a": "2"}])

    with pytest.raises(BadInput, match="No format recognises") as error:
        importing.import_file(store, path)

    assert "--map" in str(error.value.hint)
    assert isinstance(read(("prompt=q", "answer=a"), {"q": "1", "a": "2"})[0], ReasoningTrace)


def test_an_answer_without_steps_is_a_response_and_a_blank_answer_is_none() -> None:
    row = {"q": "2+2?", "out": {"final": "<think>Two.</think>4", "why": ""}}

    [answered] = read(ALL, row)
    [blank] = read(ALL, {**row, "out": {"final": "", "why": "Two."}})
    [neither] = read(ALL, {**row, "out": {"final": "", "why": []}})
    [last] = read(("prompt=q", "steps=s"), {"q": "2+2?", "s": "Two.\n\nSo \\boxed{4}."})

    assert (answered.final_answer, answered.steps[0].content) == ("4", "Two.")
    assert (blank.final_answer, blank.steps[0].content) == ("(no answer)", "Two.")
    assert neither.reason == "out.final: nothing is said in it"
    assert last.final_answer == "4"


@pytest.mark.parametrize("number", [2**70, -(2**70), 1e300, 0.1])
def test_numbers_of_any_size_are_texts_and_meta(number: float) -> None:
    [found] = read(("prompt=q", "answer=a", "meta.n=a"), {"q": 1, "a": number})

    assert found.final_answer == str(number)
    assert found.meta["n"] == number


def test_what_nobody_can_read_is_rejected() -> None:
    hostile = [
        Record(1, b'{"q": ' + b"[" * 100_000),
        Record(2, b'{"q": 1, "a": ' + b"9" * 100_000 + b"}"),
        Record(3, b'{"q": "\\ud800", "a": "4"}'),
        Record(4, b'{"q": "x", "a": NaN}'),
        Record(5, b"[1]"),
        Record(6, b"\xff"),
        Record(7, b'{"q": 1, "a": 2, "m": ' + b'{"m": ' * 900 + b"1" + b"}" * 901),
    ]

    found = list(read_all(Mapped(("prompt=q", "answer=a", "meta.m=m")), hostile, "x"))

    assert all(isinstance(one, Rejected) for _, one in found[:6])
    assert len(found) == 7

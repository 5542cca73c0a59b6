import json
from pathlib import Path

import pytest

from tests.making import stored, trace, write_lines
from tests.traces.reading import read
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces import importing, indexing, intake, query, query_facets
from tunix_rt.traces.importing import MOST_KEPT
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_record import ImportReport, Rejected


def test_the_same_file_twice_adds_nothing_the_second_time(store: Store, tmp_path: Path) -> None:
    lines = [trace(i) for i in range(30)]

    first, again = stored(store, tmp_path, lines), stored(store, tmp_path, lines, "renamed")

    assert (first.added, first.known) == (30, 0)
    assert (again.added, again.known) == (0, 30)


def test_a_trace_that_stands_twice_in_one_file_is_stored_once(store: Store, tmp_path: Path) -> None:
    report = stored(store, tmp_path, [trace(1), trace(2), trace(1)])

    assert (report.added, report.known) == (2, 1)


def test_bad_lines_are_reported_by_number_and_the_rest_is_kept(
    store: Store, tmp_path: Path
) -> None:
    lines = [trace(1), '{"prompt": "cut off', trace(2), "[]", trace(3, steps=[]), "", trace(4)]
    seen: list[Rejected] = []

    report = importing.import_file(
        store, write_lines(tmp_path / "mixed.jsonl", lines), on_rejected=seen.append
    )

    assert report.added == 3
    assert [rejected.line for rejected in seen] == [2, 4, 5]
    assert report.rejected == len(report.examples) == 3
    assert "steps" in seen[2].reason


def test_bytes_that_are_no_text_are_reported(store: Store, tmp_path: Path) -> None:
    good = json.dumps(trace(1)).encode()
    file = tmp_path / "bytes.jsonl"
    file.write_bytes(good + b"\n\xff\xfe\x00{}\n" + good.replace(b"1", b"\x00") + b"\n" + good[:40])

    report = importing.import_file(store, file)

    assert (report.added, [r.line for r in report.examples]) == (1, [2, 3, 4])


def test_a_line_longer_than_any_trace_is_skipped_not_swallowed(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "long.jsonl"
    with file.open("wb") as out:
        out.write(json.dumps(trace(1)).encode() + b'\n{"prompt": "')
        for _ in range(3):
            out.write(b"x" * MAX_LINE)
        out.write(b'"}\n' + json.dumps(trace(2)).encode() + b"\n")

    report = importing.import_file(store, file)

    assert (report.added, [r.line for r in report.examples]) == (2, [2])


def test_an_import_stopped_between_batches_goes_on_without_doubles(
    store: Store, tmp_path: Path
) -> None:
    number = intake.BATCH + 3_000
    file = write_lines(tmp_path / "many.jsonl", [trace(i) for i in range(number)])

    class Stopped(Exception):
        pass

    def stop(_report: ImportReport, _offset: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        importing.import_file(store, file, on_batch=stop)
    again = importing.import_file(store, file)

    assert (again.added, again.known) == (number - intake.BATCH, intake.BATCH)


def test_the_format_is_found_by_the_first_record(store: Store, tmp_path: Path) -> None:
    problem = {"question": "1+1?", "answer": "1+1=<<1+1=2>>2\n#### 2"}

    report = importing.import_file(store, write_lines(tmp_path / "p.jsonl", [problem]))

    assert (report.format, report.added) == ("gsm8k", 1)


def test_a_file_nobody_knows_is_refused_with_its_columns_and_a_way_out(
    store: Store, tmp_path: Path
) -> None:
    file = write_lines(tmp_path / "odd.jsonl", [{"x": 1}])

    with pytest.raises(BadInput, match=r"odd.jsonl: .* the columns x") as error:
        importing.import_file(store, file)
    with pytest.raises(NotFound, match="No trace format is called 'xml'"):
        importing.import_file(store, file, format="xml")

    assert "traces formats" in str(error.value.hint)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nothing in odd.jsonl"),
        (b" \n\n", "There is nothing in odd.jsonl"),
        (b"only words\n", "record 1 is not JSON: JSON is malformed"),
        (b'{"a": "\xff"}', "record 1 is not JSON: not UTF-8"),
        (b'"a text"\n', "its first record is no JSON object"),
        (b'{"a": ', "record 1 is not JSON: "),
    ],
)
def test_a_file_that_holds_no_record_says_why(
    store: Store, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_bytes(content)

    with pytest.raises(BadInput, match=said):
        importing.import_file(store, file)


def test_what_was_imported_can_be_found_again(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i, meta={"model": "ab"[i % 2]}) for i in range(10)], "one")
    stored(store, tmp_path, [trace(i, meta={"model": "c"}) for i in range(3)], "two")

    indexing.catch_up(store)

    with store.read() as connection:
        found = query.page(connection, TraceFilter(model="a"), limit=100).rows
        asked = query.page(connection, TraceFilter(q='"IS 2"', source="one"), limit=100).rows
        facets = query_facets.facets(connection, TraceFilter())

    assert len(found) == 5
    assert [row.prompt for row in asked] == ["What is 2 + 1?"]
    assert facets.total == 13
    assert {c.value: c.count for c in facets.sources} == {"one": 10, "two": 3}
    assert {c.value: c.count for c in facets.verdicts} == {None: 13}


@pytest.mark.parametrize("format", ["auto", "jsonl", "gsm8k", "gsm8k-solutions"])
def test_a_line_nested_without_end_is_reported_and_the_rest_kept(
    store: Store, tmp_path: Path, format: str
) -> None:
    good = {
        "gsm8k": {"question": "1+1?", "answer": "1+1=2\n#### 2"},
        "gsm8k-solutions": {
            "question": "1+1?",
            "ground_truth": "A: 2",
            "m": {"solution": "2\nA: 2", "is_correct": True},
        },
    }.get(format, trace(1))
    lines = ["[" * 200_000, good, '{"prompt": ' + "[" * 200_000]

    report = importing.import_file(
        store, write_lines(tmp_path / "deep.jsonl", lines), format=format
    )

    assert (report.added, [r.line for r in report.examples]) == (1, [1, 3])


def test_a_record_of_very_many_traces_is_read_as_far_as_it_can_be_kept() -> None:
    said = [[f"<think>{n}</think>{n}" for n in range(200)]]
    record = {"doc_id": 1, "arguments": [["q", {}]], "resps": said, "doc": "x" * 8_000_000}

    *found, last = read("lm-eval", record)

    assert not any(isinstance(one, Rejected) for one in found)
    assert MOST_KEPT - 9_000_000 < len(found) * 8_000_000 < MOST_KEPT
    assert last == Rejected(line=1, reason=f"only the first {len(found)} traces in it are read")

import gzip
import json
import resource
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from tests.making import trace, write_lines
from tunix_rt.kit.errors import BadInput, TooLarge
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces import importing
from tunix_rt.traces.opening import open_records
from tunix_rt.traces.schema_record import Record

THREE = [trace(i, prompt=f"é𝄞 {i}?") for i in range(3)]


def opened(path: Path, content: bytes) -> list[Record]:
    path.write_bytes(content)
    with open_records(path) as records:
        return list(records)


def decoded(records: list[Record]) -> list[Any]:
    return [record.decode(object) for record in records]


def lines(values: list[Any]) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "two gzips": lambda raw: gzip.compress(raw[:50]) + gzip.compress(raw[50:]),
    "zstd": zstandard.compress,
    "two zstds": lambda raw: zstandard.compress(raw[:50]) + zstandard.compress(raw[50:]),
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("content", [lines(THREE), json.dumps(THREE, indent=1).encode()])
def test_what_is_packed_is_read_as_if_it_were_not(
    tmp_path: Path, packed: str, content: bytes
) -> None:
    assert decoded(opened(tmp_path / "any.name", PACKED[packed](content))) == THREE


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_the_elements_of_an_array_are_records_to_the_byte(
    tmp_path: Path, indent: int | None
) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(THREE, indent=indent, ensure_ascii=False).encode()

    found = opened(tmp_path / "a.json", content)

    assert decoded(found) == THREE
    assert [record.number for record in found] == [1, 2, 3]
    assert all(record.raw in content for record in found)


def test_documents_over_several_lines_are_records(tmp_path: Path) -> None:
    content = b"\n".join(json.dumps(one, indent=2).encode() for one in THREE) + b"\n"

    found = opened(tmp_path / "docs.json", content)

    assert decoded(found) == THREE
    assert b"".join(record.raw + b"\n" for record in found) == content


def test_a_line_that_was_cut_off_does_not_hide_the_others(tmp_path: Path) -> None:
    found = opened(tmp_path / "cut.jsonl", b'{"prompt": {\n' + lines(THREE))

    assert len(found) == 4
    assert decoded(found[1:]) == THREE


@pytest.mark.parametrize(
    "bad", [b'[{"a": 1}, {"b": ', b'[{"a": 1}, {"b" 5}, {"c": 1}]', b'[{"a": 1}, {"b": \xff}]']
)
def test_an_array_that_is_damaged_gives_what_stands_before(tmp_path: Path, bad: bytes) -> None:
    found = opened(tmp_path / "bad.json", bad)

    assert found[0].decode(object) == {"a": 1}
    assert len(found) == 2
    with pytest.raises(ValueError, match=r"malformed|not UTF-8"):
        found[1].decode(object)


def test_arrays_that_were_joined_are_all_read_and_what_else_stands_behind_is_named(
    tmp_path: Path,
) -> None:
    one = json.dumps(THREE).encode()

    joined = opened(tmp_path / "joined.json", one + b"\n[]" + one + b"\n")
    followed = opened(tmp_path / "followed.json", one + b'\n{"a": 1}')

    assert decoded(joined) == [*THREE, *THREE]
    assert decoded(followed[:3]) == THREE
    assert [record.broken for record in followed[3:]] == [
        "what stands behind the array is not read"
    ]


@pytest.mark.parametrize("start", [b'[{"a": ', b'{\n"a": '])
def test_a_huge_document_is_refused_and_one_nested_without_end_too(
    tmp_path: Path, start: bytes
) -> None:
    huge = opened(tmp_path / "huge.json", start + b'"' + b"x" * (MAX_LINE * 2))
    deep = opened(tmp_path / "deep.json", start + b"[" * 500_000)

    assert "more than" in huge[-1].broken
    assert "nested" in deep[-1].broken
    assert len(huge) == len(deep) == 1


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text() | st.integers()), max_size=20))
def test_any_array_of_objects_is_read(tmp_path_factory: Any, values: list[Any]) -> None:
    path = tmp_path_factory.mktemp("array") / "a.json"

    assert decoded(opened(path, json.dumps(values, ensure_ascii=False).encode())) == values


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_refused_and_a_damaged_file_says_so(tmp_path: Path, pack: Any) -> None:
    bomb = pack(b" " * (257 * 1024**2))
    whole = pack(lines([{"n": n, "text": f"{n * 7919:x}" * 9} for n in range(9_000)]))

    with pytest.raises(TooLarge, match="more than 200 times"):
        opened(tmp_path / "bomb", bomb)
    with pytest.raises(BadInput, match="cut off or damaged"):
        opened(tmp_path / "half", whole[: len(whole) // 2] + b"\xff" * 100)


def test_a_text_file_is_one_record(tmp_path: Path) -> None:
    [one] = opened(tmp_path / "r1.txt", "Why?\n<think>Äh</think>\nYes".encode())
    [bad] = opened(tmp_path / "latin.txt", b"<think>\xe4</think>")
    [large] = opened(tmp_path / "large.md", b"a" * (MAX_LINE + 1))

    assert one.decode(object) == {"text": "Why?\n<think>Äh</think>\nYes"}
    assert "not UTF-8" in bad.broken
    assert "more than" in large.broken
    assert decoded(opened(tmp_path / "lines.txt", lines(THREE))) == THREE


def test_rows_of_a_table_are_json_objects(tmp_path: Path) -> None:
    row = {
        "text": "é",
        "bytes": b"plain",
        "binary": b"\xff\x00",
        "number": float("nan"),
        "when": datetime(2026, 1, 2, tzinfo=UTC),
        "day": date(2026, 1, 2),
        "money": Decimal("1.50"),
        "parts": [{"role": "user", "content": None}],
    }
    parquet.write_table(pa.Table.from_pylist([row] * 130), tmp_path / "t.parquet")

    with open_records(tmp_path / "t.parquet") as records:
        found = list(records)
        assert records.offset == records.size

    assert len(found) == 130
    assert found[129].decode(object) == {
        "text": "é",
        "bytes": "plain",
        "binary": "/wA=",
        "number": None,
        "when": "2026-01-02T00:00:00Z",
        "day": "2026-01-02",
        "money": "1.50",
        "parts": [{"role": "user", "content": None}],
    }


def test_a_value_that_json_cannot_say_is_a_broken_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.array([0, 1, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xffa")]
    )
    parquet.write_table(pa.table({"text": bad}), tmp_path / "t.parquet")

    with open_records(tmp_path / "t.parquet") as records:
        first, second = list(records)

    assert "cannot be read" in first.broken
    assert second.decode(object) == {"text": "a"}


def test_a_text_that_is_repeated_does_not_fill_the_memory(tmp_path: Path) -> None:
    texts = pa.array(["x" * 20_000_000, "short"])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 60 + [1]), texts)
    parquet.write_table(pa.table({"text": column}), tmp_path / "t.parquet", store_schema=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with open_records(tmp_path / "t.parquet") as records:
        found = list(records)

    assert "more than" in found[0].broken
    assert found[60].decode(object) == {"text": "short"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1", b"PAR1{}\n"])
def test_a_table_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="no readable parquet"):
        opened(tmp_path / "bad.parquet", content)


def test_a_table_damaged_in_the_middle_says_after_which_row(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rows = [{"text": f"{n * 7919:x}" * 20} for n in range(5_000)]
    parquet.write_table(
        pa.Table.from_pylist(rows), path, row_group_size=1_000, use_dictionary=False
    )
    raw = bytearray(path.read_bytes())
    half = len(raw) // 2
    raw[half : half + 20_000] = b"\xff" * 20_000

    with pytest.raises(BadInput, match="damaged after row"):
        opened(path, bytes(raw))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_a_packed_file_is_imported_as_it_is(store: Store, tmp_path: Path, pack: Any) -> None:
    path = write_lines(tmp_path / "traces.jsonl", THREE)
    path.write_bytes(pack(path.read_bytes()))
    seen: list[int] = []

    report = importing.import_file(store, path, on_batch=lambda _report, at: seen.append(at))

    assert (report.format, report.added, report.rejected) == ("jsonl", 3, 0)
    assert seen[-1] == path.stat().st_size


def test_rows_of_csv_are_objects_of_texts(tmp_path: Path) -> None:
    content = '\ufeffquestion, answer\n"a\nb",1\nc,"2, 3"\n\nd,4,5\ne\n'.encode()
    found = opened(tmp_path / "t.csv", content)

    assert decoded([found[0], found[1], found[3]]) == [
        {"question": "a\nb", "answer": "1"},
        {"question": "c", "answer": "2, 3"},
        {"question": "e"},
    ]
    assert found[2].broken == "3 values under 2 columns"
    assert decoded(opened(tmp_path / "t.tsv", b"q\ta\n1\t2,3\n")) == [{"q": "1", "a": "2,3"}]
    assert decoded(opened(tmp_path / "t.csv.gz", gzip.compress(b"q\n1\n"))) == [{"q": "1"}]


@pytest.mark.parametrize("content", [b'q\n1\n"2\n', b"q\n1\n\xff\n", b'q\n1\n"2"x\n'])
def test_csv_that_is_broken_says_so_after_what_could_be_read(
    tmp_path: Path, content: bytes
) -> None:
    first, last = opened(tmp_path / "t.csv", content)

    assert first.decode(object) == {"q": "1"}
    assert "nothing after it can be read" in last.broken


@pytest.mark.parametrize("content", [b"q,q\n1,2\n", b"q,\n1,2\n", b"\xff\n1\n", b'"q\n'])
def test_csv_whose_first_row_names_no_columns_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="first row"):
        opened(tmp_path / "t.csv", content)


def test_a_row_of_csv_whose_quotes_never_end_is_bounded(tmp_path: Path) -> None:
    found = opened(tmp_path / "t.csv", b"a,b\n1,2\n" + b'"a\n' + (b"y" * 1_000 + b"\n") * 34_000)

    assert len(found) == 2
    assert "nothing after it can be read" in found[1].broken

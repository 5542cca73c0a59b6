import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.traces.reading import read, rejected
from tunix_rt.kit.errors import BadInput, TooLarge
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces import importing
from tunix_rt.traces.importing import read_all
from tunix_rt.traces.opening import open_records
from tunix_rt.traces.schema_record import Record

SAMPLE: dict[str, Any] = {
    "id": "q1",
    "epoch": 2,
    "target": "4",
    "messages": [
        {"role": "user", "content": "2+2?"},
        {
            "role": "assistant",
            "content": [{"type": "reasoning", "reasoning": "Two."}, {"type": "text", "text": "4"}],
        },
    ],
    "output": {"model": "m", "choices": [{"stop_reason": "stop"}]},
    "scores": {"match": {"value": "I", "answer": "4"}},
}


def archive(path: Path, entries: dict[str, bytes], *, zstd: bool = False) -> Path:
    """A zip as Inspect writes it: with deflate, or with zstd by rewriting a stored one."""
    packed = {name: zstandard.compress(raw) if zstd else raw for name, raw in entries.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if zstd else zipfile.ZIP_DEFLATED) as made:
        for name, raw in packed.items():
            made.writestr(name, raw)
    if zstd:
        _say_zstd(path, entries)
    return path


def _say_zstd(path: Path, entries: dict[str, bytes]) -> None:
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as made:
        offsets = [info.header_offset for info in made.infolist()]
    central = raw.find(b"PK\x01\x02")
    for offset, plain in zip(offsets, entries.values(), strict=True):
        crc, size = zlib.crc32(plain), len(plain)
        struct.pack_into("<H", raw, offset + 8, 93)
        struct.pack_into("<I", raw, offset + 14, crc)
        struct.pack_into("<I", raw, offset + 22, size)
        struct.pack_into("<H", raw, central + 10, 93)
        struct.pack_into("<I", raw, central + 16, crc)
        struct.pack_into("<I", raw, central + 24, size)
        central = raw.find(b"PK\x01\x02", central + 4)
    path.write_bytes(raw)


def records(path: Path) -> list[Record]:
    with open_records(path) as found:
        return list(found)


def test_a_sample_is_a_trace_with_its_grade() -> None:
    [trace] = read("inspect", SAMPLE)

    assert (trace.prompt, trace.final_answer, trace.steps[0].content) == ("2+2?", "4", "Two.")
    assert (trace.meta["expected_answer"], trace.meta["label"]) == ("4", False)
    assert (trace.meta["model"], trace.meta["sample"], trace.meta["epoch"]) == ("m", "q1", 2)


def test_attached_texts_are_put_back_and_hidden_reasoning_is_its_summary() -> None:
    hidden = {"type": "reasoning", "reasoning": "gAAAA", "summary": "Two.", "redacted": True}
    messages = [
        {"role": "user", "content": "attachment://abc"},
        {"role": "assistant", "content": [hidden, {"type": "text", "text": "4"}]},
    ]

    [trace] = read("inspect", {**SAMPLE, "messages": messages, "attachments": {"abc": "2+2?"}})

    assert (trace.prompt, trace.steps[0].content) == ("2+2?", "Two.")
    assert "text" not in trace.meta


def test_a_log_in_one_document_is_all_of_its_samples() -> None:
    log = {"eval": {"model": "whole"}, "samples": [{**SAMPLE, "output": {}}, 5, SAMPLE]}

    found = read("inspect", log)

    assert rejected(found) == [False, True, False]
    assert (found[0].meta["model"], found[2].meta["model"]) == ("whole", "m")
    assert found[2].meta["text"] == read("inspect", SAMPLE)[0].meta["text"]


def test_of_a_log_each_trace_keeps_its_sample() -> None:
    log = json.dumps({"eval": {}, "samples": [SAMPLE, {**SAMPLE, "id": "q2"}]}, indent=1).encode()

    kept = [json.loads(record.raw) for record, _ in read_all("inspect", [Record(1, log)], "x")]

    assert kept == [SAMPLE, {**SAMPLE, "id": "q2"}]


def test_an_attachment_that_is_said_again_and_again_is_refused() -> None:
    parts = [{"type": "text", "text": "attachment://a"}] * 1_000
    message = {"role": "assistant", "content": parts}
    bomb = {**SAMPLE, "messages": [message], "attachments": {"a": "x" * 100_000}}

    [found] = read("inspect", bomb)

    assert found.reason.startswith("attachments: ")


@pytest.mark.parametrize("zstd", [False, True])
def test_the_samples_of_an_archive_are_imported(store: Store, tmp_path: Path, zstd: bool) -> None:
    entries = {
        "header.json": b"{}",
        "samples/q1_epoch_1.json": json.dumps(SAMPLE).encode(),
        "samples/q2_epoch_1/sample.json": b"{}",
        "samples/q3_epoch_1.json": json.dumps({**SAMPLE, "id": "q3"}).encode(),
    }

    report = importing.import_file(store, archive(tmp_path / "log.eval", entries, zstd=zstd))

    assert (report.format, report.added, report.rejected) == ("inspect", 2, 1)
    assert "several parts" in report.examples[0].reason


def test_a_damaged_entry_is_a_broken_record_and_the_rest_goes_on(tmp_path: Path) -> None:
    entries = {f"samples/{n}_epoch_1.json": json.dumps({"n": n}).encode() * 9 for n in range(3)}
    for zstd in (False, True):
        path = archive(tmp_path / "log.eval", entries, zstd=zstd)
        raw = bytearray(path.read_bytes())
        second = raw.find(b"samples/1_epoch_1.json") + len("samples/1_epoch_1.json")
        raw[second : second + 12] = b"\xff" * 12
        path.write_bytes(raw)

        found = records(path)

        assert [bool(record.broken) for record in found] == [False, True, False]


def test_a_sample_or_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    large = {"samples/1_epoch_1.json": b" " * (MAX_LINE + 1)}
    for zstd in (False, True):
        [record] = records(archive(tmp_path / "large.eval", large, zstd=zstd))
        assert "more than" in record.broken
    bomb = {f"samples/{n}_epoch_1.json": b" " * MAX_LINE for n in range(18)}
    with pytest.raises(TooLarge, match="200 times"):
        records(archive(tmp_path / "bomb.eval", bomb))


def test_an_archive_of_something_else_says_so(tmp_path: Path) -> None:
    other = archive(tmp_path / "x.zip", {"a.jsonl": b"{}"})
    half = tmp_path / "half.eval"
    half.write_bytes(other.read_bytes()[:30])

    with pytest.raises(BadInput, match="without samples"):
        records(other)
    with pytest.raises(BadInput, match="no readable archive"):
        records(half)

"""What holds for every format: one name per file, places, round trips, hostile records."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.traces.reading import read, rejected
from tests.traces.round_trip import (
    as_line,
    converted,
    exported,
    spans_hold,
    traces,
    without_place,
)
from tunix_rt.traces.importing import formats
from tunix_rt.traces.schema import QuickTrace, ReasoningTrace
from tunix_rt.traces.schema_record import Rejected

CASES = Path(__file__).parents[1] / "cases" / "formats"
LOSSLESS = [
    *("alpaca", "atif", "jsonl", "openai-chat", "otel", "prm800k", "processbench"),
    *("reasoning-gym", "sharegpt", "think-tags", "trl", "verifiers"),
]
PLACED = sorted(set(formats.names()) - {"jsonl", "gsm8k", "gsm8k-solutions", "mlflow", "otel"})
CUTS = sorted(set(formats.names()) - {"jsonl", "gsm8k", "gsm8k-solutions"})

every_format = pytest.mark.parametrize("name", formats.names())


@cache
def samples(name: str) -> list[bytes]:
    """The records of a format as their projects write them."""
    return (CASES / f"{name}.jsonl").read_bytes().splitlines(keepends=True)


@every_format
def test_exactly_one_format_recognises_a_record(name: str) -> None:
    for line in samples(name):
        said = [one for one in formats.names() if formats.load(one).recognises(json.loads(line))]
        assert said == [name]


@every_format
def test_every_sample_is_read_with_its_prompt_and_steps(name: str) -> None:
    for line in samples(name):
        for found in read(name, line):
            assert isinstance(found, ReasoningTrace | QuickTrace), found
            assert "How many" in found.prompt or "Add the numbers" in found.prompt


@pytest.mark.parametrize("name", PLACED)
def test_each_step_stands_where_the_trace_says(name: str) -> None:
    held = [
        spans_hold(json.loads(line), found) for line in samples(name) for found in read(name, line)
    ]

    assert all(held)


@pytest.mark.parametrize("name", [name for name in LOSSLESS if name != "jsonl"])
def test_imported_records_are_exported_to_the_byte(name: str) -> None:
    assert exported(name, samples(name)) == b"".join(samples(name))


@pytest.mark.parametrize("name", LOSSLESS)
@settings(max_examples=60, deadline=None)
@given(one=traces())
def test_a_converted_trace_is_read_back_as_it_was(name: str, one: ReasoningTrace) -> None:
    [back] = converted(name, [one])

    assert without_place(back) == without_place(one)


_json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from([0, -1, 10**30, 1e308, "", " ", "x", "\0", "<think>", "</think>", "user"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a record."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [path, *(place for key, inner in items for place in places(inner, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The record with something else in one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


@every_format
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_wrong_types_anywhere_are_a_reason_and_never_an_error(
    name: str, data: st.DataObject
) -> None:
    record = json.loads(data.draw(st.sampled_from(samples(name))))
    place = data.draw(st.sampled_from(places(record)))
    hostile = changed(record, place, data.draw(_json))

    if isinstance(hostile, dict):
        for one in formats.names():
            assert formats.load(one).recognises(hostile) in (True, False)
    for found in read(name, as_line(hostile)):
        assert isinstance(found, ReasoningTrace | QuickTrace | Rejected)
        if isinstance(found, ReasoningTrace | QuickTrace):
            found.body()


@every_format
def test_what_is_no_record_is_rejected_and_the_rest_goes_on(name: str) -> None:
    good = samples(name)[0]
    deep = b'{"messages": ' + b"[" * 100_000
    surrogate = good.replace(b"Natalia", b"\\ud800")
    bad = [b"", b"{", b"[1]", b"5", b'""', b"{}", b"\xff\xfe", deep, surrogate, b"NaN"]

    found = read(name, *bad, good)

    assert rejected(found[: len(bad)]) == [True] * len(bad)
    assert not any(rejected(found[len(bad) :]))
    assert all(one.reason for one in found[: len(bad)])


@pytest.mark.parametrize("name", CUTS)
def test_a_prompt_that_is_too_long_is_rejected_with_the_reason(name: str) -> None:
    long = samples(name)[0].replace(b"Natalia", b"N" * 60_000)

    found = read(name, long)

    assert all(rejected(found))
    assert "50000 characters" in found[0].reason

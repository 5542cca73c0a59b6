from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.making import stored, trace
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput, Broken, Conflict, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.query_read import lineage_of
from tunix_rt.store import Store, open_store


def build(version: str = "1", **more: object) -> Build:
    return Build.model_validate({"dataset_name": "d", "dataset_version": version, **more})


def test_a_version_holds_the_newest_traces_in_manifest_order(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(10)])

    manifest = freezing.freeze(store, build(limit=4))

    rows = list(reading.rows(store, "d-1"))
    assert [row.prompt for row in rows] == [f"What is {i} + 1?" for i in (9, 8, 7, 6)]
    assert [row.id for row in rows] == reading.manifest(store, "d-1").trace_ids
    assert manifest.stats.trace_count == manifest.trace_count == 4
    assert reading.version(store, "d-1") == manifest


def test_a_version_is_never_overwritten(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(1)])
    first = freezing.freeze(store, build())

    with pytest.raises(Conflict, match="d-1 exists already"):
        freezing.freeze(store, build())

    assert reading.manifest(store, "d-1").build_id == first.build_id


def test_the_same_choice_of_the_same_traces_has_the_same_hash_on_any_machine(
    store: Store, tmp_path: Path
) -> None:
    lines = [trace(i) for i in range(50)]
    other = open_store(Settings(home=tmp_path / "other", database=""))
    for place in (store, other):
        stored(place, tmp_path, lines)
    wanted = build(selection_strategy="random", seed=7, limit=20)

    here, there = freezing.freeze(store, wanted), freezing.freeze(other, wanted)
    again = freezing.freeze(store, build("2", selection_strategy="random", seed=7, limit=20))
    differs = freezing.freeze(store, build("3", selection_strategy="random", seed=8, limit=20))
    other.close()

    assert here.content_sha256 == there.content_sha256 == again.content_sha256
    assert differs.content_sha256 != here.content_sha256


def test_filters_choose_by_column_and_by_meta(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i, meta={"model": "ab"[i % 2], "n": i % 3}) for i in range(12)])

    manifest = freezing.freeze(store, build(filters={"model": "a", "n": 0}))

    assert manifest.trace_count == 2
    assert manifest.filters == {"model": "a", "n": 0}


def test_an_empty_choice_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="Dataset is empty"):
        freezing.freeze(store, build())


@pytest.mark.parametrize("filters", [{"verdict": "maybe"}, {"source": 3}, {"q": "x" * 300}])
def test_a_filter_that_is_none_is_refused(store: Store, filters: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="filters"):
        freezing.freeze(store, build(filters=filters))


def test_random_needs_a_seed() -> None:
    with pytest.raises(ValidationError, match="needs a seed"):
        build(selection_strategy="random")


def test_a_key_is_made_safe() -> None:
    assert freezing.dataset_key("my data/x", "v 1") == "my_data_x-v_1"


def test_a_damaged_file_is_refused_not_half_read(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(100)])
    manifest = freezing.freeze(store, build(limit=100))
    path = store.blobs.path(manifest.shards[0].sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(Broken, match="is damaged"):
        list(reading.rows(store, "d-1"))
    with pytest.raises(NotFound, match="Dataset not found: x-1"):
        list(reading.rows(store, "x-1"))


def test_a_version_knows_where_its_traces_came_from(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(3)], "first")
    stored(store, tmp_path, [trace(i) for i in range(3, 5)], "second")

    freezing.freeze(store, build())

    with store.read() as connection:
        found = lineage_of(connection, "dataset", "d-1")
    assert {node.label for node in found.inputs} == {"3 traces of first", "2 traces of second"}


def test_odd_traces_come_back_as_they_were(store: Store, tmp_path: Path) -> None:
    odd = trace(
        1,
        prompt="\ud7ff\U0001f600 \u202e" + "x" * 49_000,
        steps=[{"i": 2**31, "type": "t" * 64, "content": "\u0001"}],
        meta={"big": 2**63 - 1, "small": -0.0, "deep": {"a": [None, True, "\u2028"]}},
    )
    stored(store, tmp_path, [odd])

    freezing.freeze(store, build())

    [row] = reading.rows(store, "d-1")
    assert (row.prompt, row.meta) == (odd["prompt"], odd["meta"])
    assert (row.steps[0].i, row.steps[0].content) == (2**31, "\u0001")

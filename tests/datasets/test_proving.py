from pathlib import Path

import pytest
from pyarrow.parquet import ParquetFile

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import freezing, proving, query, reading
from tunix_rt.datasets.schema import Version
from tunix_rt.kit.errors import Broken
from tunix_rt.store import Store


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> Version:
    stored(store, tmp_path, [trace(i) for i in range(40)])
    return freezing.freeze(store, build(limit=100, splits={"train": 0.8, "test": 0.2}))


def damage(path: Path, place: int) -> None:
    """Turn one bit over."""
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_a_version_that_was_not_touched_is_intact(store: Store, frozen: Version) -> None:
    found = proving.verify(store, "d-1")

    assert (found.ok, found.faults) == (True, [])
    assert (found.rows, found.shards) == (40, 2)
    assert found.content_sha256 == frozen.content_sha256


@pytest.mark.parametrize("place", [0, 100, -100, -1])
def test_a_bit_that_flipped_is_found_and_its_shard_named(
    store: Store, frozen: Version, place: int
) -> None:
    damage(store.blobs.path(frozen.shards[1].sha256), place)

    found = proving.verify(store, "d-1")

    assert not found.ok
    assert {fault.where for fault in found.faults} >= {"test-00000.parquet"}
    assert "train-00000.parquet" not in {fault.where for fault in found.faults}


def test_a_bit_that_flipped_in_the_pages_is_never_read_past(store: Store, frozen: Version) -> None:
    path = store.blobs.path(frozen.shards[0].sha256)
    group = ParquetFile(path).metadata.row_group(0)
    ends = [
        (one.dictionary_page_offset or one.data_page_offset) + one.total_compressed_size - 1
        for one in map(group.column, range(group.num_columns))
    ]

    for place in ends:
        damage(path, place)
        with pytest.raises(Broken, match="train-00000"):
            list(reading.rows(store, "d-1"))
        damage(path, place)


def test_the_ids_of_a_shard_are_proved_too(store: Store, frozen: Version) -> None:
    damage(store.blobs.path(frozen.shards[0].ids_sha256), -30)

    faults = proving.verify(store, "d-1").faults

    assert faults[0].where == "train-00000.parquet"
    assert "file of ids" in faults[0].what


def test_a_shard_that_is_gone_is_named(store: Store, frozen: Version) -> None:
    store.blobs.path(frozen.shards[0].sha256).unlink()

    faults = proving.verify(store, "d-1").faults

    assert ("train-00000.parquet", True) in [(f.where, "is missing" in f.what) for f in faults]


def test_a_manifest_that_was_changed_is_found(store: Store, frozen: Version) -> None:
    with store.read() as connection:
        path = store.blobs.path(query.get(connection, "d-1").manifest_sha256)
    path.chmod(0o644)
    path.write_text(path.read_text().replace('"seed":null', '"seed":7'))

    assert [f.where for f in proving.verify(store, "d-1").faults] == ["manifest"]


def test_rows_of_another_version_are_no_rows_of_this(
    store: Store, frozen: Version, tmp_path: Path
) -> None:
    other = freezing.freeze(store, build("2", limit=10))
    swapped = store.blobs.path(frozen.shards[0].sha256)
    swapped.chmod(0o644)
    swapped.write_bytes(store.blobs.path(other.shards[0].sha256).read_bytes())

    found = proving.verify(store, "d-1")

    assert not found.ok
    with pytest.raises(Broken, match="is damaged"):
        list(reading.rows(store, "d-1"))


def test_a_version_of_the_first_schema_is_read_and_proved(store: Store) -> None:
    from tests.datasets.first_schema import freeze_first

    freeze_first(store, "old", "1", 5)

    assert [row.prompt for row in reading.rows(store, "old-1")][:2] == ["p0", "p1"]
    assert proving.verify(store, "old-1").ok
    damage(store.blobs.path(reading.version(store, "old-1").file_sha256), -3)
    assert not proving.verify(store, "old-1").ok

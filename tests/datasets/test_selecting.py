import random
from pathlib import Path

import pytest

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.schema import Part
from tunix_rt.datasets.selecting import mixture_sizes
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store

MIX = [
    {"name": "easy", "query": "source:easy", "share": 3},
    {"name": "hard", "query": "source:hard", "share": 1},
]


def mixed(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(90)], "easy")
    stored(store, tmp_path, [trace(i) for i in range(90, 120)], "hard")


@pytest.mark.parametrize("strategy", ["latest", "random"])
def test_a_mixture_has_the_shares_it_was_given(store: Store, tmp_path: Path, strategy: str) -> None:
    mixed(store, tmp_path)

    frozen = freezing.freeze(
        store, build(limit=1000, mixture=MIX, selection_strategy=strategy, seed=1)
    )

    assert frozen.parts == {"easy": 90, "hard": 30}
    assert frozen.trace_count == 120


def test_a_mixture_stays_below_the_limit(store: Store, tmp_path: Path) -> None:
    mixed(store, tmp_path)

    frozen = freezing.freeze(store, build(limit=20, mixture=MIX))

    assert frozen.parts == {"easy": 15, "hard": 5}


def test_a_trace_that_two_parts_want_goes_to_the_first(store: Store, tmp_path: Path) -> None:
    mixed(store, tmp_path)
    every = [MIX[1], {"name": "rest", "share": 3}]

    frozen = freezing.freeze(store, build(limit=1000, mixture=every))

    ids = [row.id for row in reading.rows(store, "d-1")]
    assert frozen.parts == {"hard": 30, "rest": 90}
    assert len(set(ids)) == len(ids) == 120


def test_a_part_without_traces_is_named(store: Store, tmp_path: Path) -> None:
    mixed(store, tmp_path)
    none = [*MIX, {"name": "none", "query": "source:nobody", "share": 1}]

    with pytest.raises(BadInput, match="part 'none' of the mixture matched no traces"):
        freezing.freeze(store, build(mixture=none))


def test_the_sizes_of_parts_follow_the_scarcest() -> None:
    parts = (Part(name="a", share=0.5), Part(name="b", share=0.5))

    assert mixture_sizes([1000, 10], parts, 10_000) == [10, 10]
    assert mixture_sizes([1000, 10], parts, 8) == [4, 4]


def test_chance_does_not_depend_on_the_order_of_import(store: Store, tmp_path: Path) -> None:
    lines = [trace(i) for i in range(60)]
    other = open_store(Settings(home=tmp_path / "other", database=""))
    stored(store, tmp_path, lines)
    stored(other, tmp_path, random.Random(0).sample(lines, k=60))
    wanted = build(
        selection_strategy="random", seed=5, limit=30, splits={"train": 0.8, "test": 0.2}
    )

    here, there = freezing.freeze(store, wanted), freezing.freeze(other, wanted)
    other.close()

    assert here.content_sha256 == there.content_sha256
    assert [one.sha256 for one in here.shards] == [one.sha256 for one in there.shards]
    assert here.file_sha256 == there.file_sha256


def test_a_query_and_filters_must_both_match(store: Store, tmp_path: Path) -> None:
    mixed(store, tmp_path)

    frozen = freezing.freeze(store, build(limit=1000, query='"is 95"', filters={"source": "hard"}))

    assert frozen.trace_count == 1
    with pytest.raises(BadInput, match="source is given twice"):
        freezing.freeze(store, build("2", query="source:hard", filters={"source": "hard"}))


def test_slabs_that_other_processes_build_are_the_same(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(100)])
    wanted = {"limit": 1000, "seed": 2, "splits": {"train": 0.8, "test": 0.2}}
    apart = freezing.freeze(store, build("1", **wanted), size=freezing.Size(30, 2))
    alone = freezing.freeze(store, build("2", **wanted), size=freezing.Size(30, 1))

    assert apart.trace_count == 100
    assert len(apart.shards) > 4
    assert apart.content_sha256 == alone.content_sha256
    assert [row.id for row in reading.rows(store, "d-1")] == reading.manifest(
        store, "d-2"
    ).trace_ids


def test_a_refusal_in_another_process_is_the_same_refusal(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i, meta={"split": "NO"}) for i in range(40)])

    with pytest.raises(BadInput, match="names the split 'NO'"):
        freezing.freeze(store, build(limit=100, split_by="meta.split"), size=freezing.Size(30, 2))

    assert not list(store.blobs.folder.glob("*/*"))

from pathlib import Path

import pytest

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import freezing, reading
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Store

SPLITS = {"train": 0.7, "test": 0.3}


def prompts(store: Store, key: str, split: str) -> set[str]:
    return {row.prompt for row in reading.rows(store, key, split=split)}


def test_a_prompt_is_in_one_split_whatever_its_case_and_spaces(
    store: Store, tmp_path: Path
) -> None:
    same = ["What is {i} + 1?", "what  is {i} + 1?", " What is {i} + 1? "]
    stored(
        store,
        tmp_path,
        [trace(i * 3 + k, prompt=p.format(i=i)) for i in range(60) for k, p in enumerate(same)],
    )

    frozen = freezing.freeze(store, build(limit=1000, splits=SPLITS, seed=1))

    train, test = prompts(store, "d-1", "train"), prompts(store, "d-1", "test")
    bare = [{"".join(p.lower().split()) for p in split} for split in (train, test)]
    assert bare[0]
    assert bare[1]
    assert not bare[0] & bare[1]
    assert {s.name: s.rows for s in frozen.splits} == {
        "train": 3 * len(bare[0]),
        "test": 3 * len(bare[1]),
    }
    assert 5 <= len(bare[1]) <= 31


def test_a_template_keeps_prompts_together_that_differ_in_numbers_only(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i, prompt=f"What is {i:,} + 1.5?") for i in range(40)])

    with pytest.raises(BadInput, match=r"The split '(test|train)' got no prompt"):
        freezing.freeze(store, build(limit=1000, splits=SPLITS, seed=1, split_by="template"))
    stored(store, tmp_path, [trace(i, prompt=f"How much {'more ' * i}is it?") for i in range(20)])
    freezing.freeze(store, build(limit=1000, splits=SPLITS, seed=1, split_by="template"))

    [split] = {row.split for row in reading.rows(store, "d-1") if row.prompt.startswith("What")}
    assert split in SPLITS


def test_the_split_of_a_prompt_stays_when_traces_are_added(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(40)])
    freezing.freeze(store, build("1", limit=1000, splits=SPLITS, seed=3))
    stored(store, tmp_path, [trace(i) for i in range(40, 90)])

    freezing.freeze(store, build("2", limit=1000, splits=SPLITS, seed=3, parent_dataset_id="d-1"))

    assert prompts(store, "d-1", "test") < prompts(store, "d-2", "test")
    assert prompts(store, "d-1", "train") < prompts(store, "d-2", "train")


def test_what_the_parent_holds_out_is_not_trained_on(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(40)])
    freezing.freeze(store, build("1", limit=1000, splits=SPLITS, seed=3))

    with pytest.raises(BadInput, match="held out by the parent version d-1"):
        freezing.freeze(store, build("2", limit=1000, parent_dataset_id="d-1"))

    with store.read() as connection:
        from tunix_rt.datasets import query

        assert query.build_of(connection, "d-2") is None


def test_splits_that_the_traces_name_are_taken_over(store: Store, tmp_path: Path) -> None:
    stored(
        store,
        tmp_path,
        [trace(i, meta={"split": "test" if i % 4 == 0 else "train"}) for i in range(20)],
    )

    frozen = freezing.freeze(store, build(limit=100, split_by="meta.split"))

    assert [(s.name, s.rows) for s in frozen.splits] == [("train", 15), ("test", 5)]


def test_a_prompt_that_is_named_in_two_splits_is_refused(store: Store, tmp_path: Path) -> None:
    stored(
        store,
        tmp_path,
        [
            trace(i, prompt=f"What is {i % 19}?", meta={"split": ["train", "test"][i == 19]})
            for i in range(20)
        ],
    )

    with pytest.raises(BadInput, match="1 prompts stand in two splits"):
        freezing.freeze(store, build(limit=100, split_by="meta.split"))


@pytest.mark.parametrize("name", ["Train!", 3, "x" * 50])
def test_a_split_that_is_no_word_is_refused(store: Store, tmp_path: Path, name: object) -> None:
    stored(store, tmp_path, [trace(1, meta={"split": name})])

    with pytest.raises(BadInput, match="names the split"):
        freezing.freeze(store, build(split_by="meta.split"))


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to 1"):
        build(splits={"train": 0.9, "test": 0.2})

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.curate.curating import ask, kept, pipeline, seen
from tunix_rt.curate.schema import Drop, Seen
from tunix_rt.curate.stages.near_dedup import bands_of, pieces
from tunix_rt.curate.staging import checked
from tunix_rt.kit.errors import BadInput

WORDS = [f"{first}{second}" for first in "bdfgklmnprst" for second in ("ab", "ol", "um", "et")]


def text(seed: int, length: int = 80) -> list[str]:
    return Random(seed).choices(WORDS, k=length)


def changed(said: list[str], number: int, seed: int) -> list[str]:
    """The text with so many words replaced."""
    other, drawn = list(said), Random(seed)
    for place in drawn.sample(range(len(said)), number):
        other[place] = f"new{drawn.randrange(10**6)}"
    return other


def trace(said: list[str], **more: Any) -> Seen:
    return seen(" ".join(said), prompt="", **more)


def test_planted_twins_are_found_and_nothing_else() -> None:
    originals = [trace(text(n)) for n in range(60)]
    twins = [trace(changed(text(n), 2, seed=n)) for n in range(20)]

    said = ask("near-dedup", *originals, *twins)

    pairs = {frozenset((n, one.twin)) for n, one in enumerate(said) if isinstance(one, Drop)}
    assert pairs == {frozenset((n, 60 + n)) for n in range(20)}


def test_a_twin_is_named_with_how_similar_it_is() -> None:
    said = ask("near-dedup", trace(text(1)), trace(changed(text(1), 1, 5), verdict="right"))

    assert isinstance(said[0], Drop)
    assert said[1] is None
    assert (said[0].reason, said[0].twin) == ("near duplicate", 1)
    assert said[0].evidence is not None
    assert 0.9 < said[0].evidence["similarity"] < 1
    assert said[0].evidence["text"] == "raw"


def test_less_similar_texts_stay() -> None:
    one, other = trace(text(1)), trace(changed(text(1), 8, 5))

    assert len(kept("near-dedup", one, other)) == 2
    assert len(kept("near-dedup", one, other, jaccard=0.4)) == 1


def test_masked_text_finds_templates_with_other_numbers() -> None:
    def template(seed: int) -> Seen:
        drawn = Random(seed)
        return trace(
            [w if n % 3 else str(drawn.randrange(100, 999)) for n, w in enumerate(text(2))]
        )

    traces = [template(n) for n in range(5)]

    assert len(kept("near-dedup", *traces)) == 5
    assert len(kept("near-dedup", *traces, jaccard=None, masked=0.9)) == 1
    assert len(kept("near-dedup", *traces, masked=0.9)) == 1


def test_everybody_who_was_dropped_names_somebody_who_was_kept() -> None:
    chain = [text(3, 120)]
    for n in range(12):
        chain.append(changed(chain[-1], 2, seed=n))
    traces = [trace(said) for said in chain]

    said = ask("near-dedup", *traces)

    dropped = [one for one in said if isinstance(one, Drop)]
    assert dropped
    assert all(one.twin is not None and said[one.twin] is None for one in dropped)


def test_the_same_ones_stay_whatever_the_order() -> None:
    traces = [trace(changed(text(n // 4), 1, seed=n)) for n in range(80)]

    first = {one.key for one in kept("near-dedup", *traces)}
    again = {one.key for one in kept("near-dedup", *traces[::-1])}

    assert first == again
    assert len(first) == 20


def test_many_equal_texts_and_texts_without_words_are_no_trouble() -> None:
    same = [trace(text(1), source=str(n)) for n in range(1500)]
    empty = [seen("...", prompt="?", answer="!", source=str(n)) for n in range(3)]

    assert len(kept("near-dedup", *same, *empty)) == 1 + 3


def test_a_band_that_is_too_long_is_sorted_in_pieces(tmp_path: Path) -> None:
    hashes = np.array([Random(n % 700).getrandbits(64) for n in range(2_000)], np.uint64)
    hashes.tofile(tmp_path / "band")

    found = list(pieces(tmp_path / "band", size=300))

    assert len(found) == 8
    assert sum(len(some) for some, _ in found) == 2_000
    assert all((hashes[texts] == some).all() for some, texts in found)
    assert sum(len(set(some.tolist())) for some, _ in found) == 700
    assert not (tmp_path / "band").exists()


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 0.95, 1.0])
def test_a_pair_at_the_threshold_meets_in_a_band(threshold: float) -> None:
    bands, rows = bands_of(threshold)

    assert bands * rows <= 128
    assert 1 - (1 - threshold**rows) ** bands >= 0.95


def test_a_threshold_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="neither `jaccard` nor `masked`"):
        checked(pipeline({"stage": "near-dedup", "jaccard": None}))
    with pytest.raises(BadInput, match="jaccard: Input should be less than or equal to 1"):
        checked(pipeline({"stage": "near-dedup", "jaccard": 1.5}))

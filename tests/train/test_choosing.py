import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import VARIED
from tunix_rt.registry.loading.tokenizer import build_tokenizer
from tunix_rt.rendering.batching import Rows, make_rows
from tunix_rt.rendering.schema_wording import example
from tunix_rt.train.backends.tunix.choosing import settled
from tunix_rt.train.course.identity import identify
from tunix_rt.train.recipes import read_recipe

needs("tokenizers", extra="tunix")

RECIPE = read_recipe({"batching": {"layout": "auto"}, "max_seq_length": 128, "epochs": 50})
ONE = identify(RECIPE, examples_sha256="aa")


def rows_of(examples: Any) -> Rows:
    tokenizer = build_tokenizer((t for e in examples for t in (e.prompt, e.response)), 48)
    return make_rows(examples, tokenizer, RECIPE.rendering(), vocab=tokenizer.size)


def costing(seconds: Callable[[Any], float], compiling: float = 0.0) -> Any:
    return lambda batch: (compiling, seconds(batch))


def by_slots(batch: Any) -> float:
    return float(batch.tokens.size)


def by_square(batch: Any) -> float:
    return float(batch.tokens.shape[0] * batch.tokens.shape[1] ** 2)


@pytest.mark.parametrize(
    ("seconds", "compiling", "chosen"),
    [(by_slots, 0, "packed"), (by_square, 0, "buckets"), (by_square, 1e12, "packed")],
    ids=["every slot costs", "wide rows cost", "compiling costs"],
)
def test_what_takes_the_least_time_is_chosen(
    seconds: Any, compiling: float, chosen: str, tmp_path: Path
) -> None:
    measure = costing(seconds, compiling)

    found = settled(tmp_path, ONE, rows_of(VARIED), RECIPE, measure)

    assert found.layout == chosen
    assert found.buckets == RECIPE.batching.buckets
    assert sorted(json.loads((tmp_path / "layout.json").read_text())["seconds"]) == [
        "buckets",
        "packed",
        "padded",
    ]


def test_what_was_chosen_stays_and_belongs_to_its_training(tmp_path: Path) -> None:
    rows = rows_of(VARIED)
    settled(tmp_path, ONE, rows, RECIPE, costing(by_slots))

    again = settled(tmp_path, ONE, rows, RECIPE, costing(by_square))
    other = settled(
        tmp_path, identify(RECIPE, examples_sha256="bb"), rows, RECIPE, costing(by_square)
    )

    assert (again.layout, other.layout) == ("packed", "buckets")


def test_rows_of_one_length_are_padded_without_a_measurement(tmp_path: Path) -> None:
    def measure(batch: Any) -> tuple[float, float]:
        raise AssertionError(batch)

    rows = rows_of([example("add 1+1", "1" * 17)] * 20)

    assert settled(tmp_path, ONE, rows, RECIPE, measure).layout == "padded"


def test_a_choice_stays_when_recipes_have_a_key_more(tmp_path: Path) -> None:
    rows = rows_of(VARIED)
    settled(tmp_path, ONE, rows, RECIPE, costing(by_slots))
    kept = json.loads((tmp_path / "layout.json").read_text())
    del kept["identity"]["recipe"]["evaluation"]
    (tmp_path / "layout.json").write_text(json.dumps(kept))

    again = settled(tmp_path, ONE, rows, RECIPE, costing(by_square))

    assert again.layout == "packed"

from pathlib import Path

import yaml

from tests.datasets.test_freezing import build
from tests.making import stored, trace
from tunix_rt.datasets import describing, freezing
from tunix_rt.store import Store


def test_the_card_says_what_the_version_is(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i, meta={"license": "mit"}) for i in range(6)])
    frozen = freezing.freeze(store, build(splits={"train": 0.5, "test": 0.5}, seed=1))

    text = describing.card(frozen)

    head = yaml.safe_load(text.split("---")[1])
    assert head == {"license": "mit", "size_categories": ["n<1K"], "tags": ["reasoning"]}
    assert frozen.content_sha256 in text
    assert f"tunix-rt datasets verify {frozen.dataset_key}" in text
    assert "| made | 6 |" in text
    assert "Nobody has verified them" in text


def test_names_of_strangers_make_no_markup(store: Store, tmp_path: Path) -> None:
    nasty = "a|b\n# <script>alert(1)</script> [x](javascript:y)"
    stored(store, tmp_path, [trace(1, meta={"model": nasty, "license": "mit\nevil: true"})])

    text = describing.card(freezing.freeze(store, build()))

    assert "<script>" not in text
    assert "\n# <" not in text
    assert yaml.safe_load(text.split("---")[1])["license"] == "other"

from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.making import stored, trace
from tests.rendering.tokenizers import folder_of
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.schema import Build, Manifest
from tunix_rt.registry.loading.tokenizer import load_tokenizer
from tunix_rt.rendering.batching import Batches, make_rows
from tunix_rt.rendering.proofs import prove
from tunix_rt.rendering.schema_proofs import ProvenRendering
from tunix_rt.store import Store
from tunix_rt.train.jobs import examples, first_batch_proven
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Recipe, TrainResult

needs("tokenizers", extra="tunix")


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> Store:
    stored(store, tmp_path, [trace(n) for n in range(40)])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1"))
    return store


def recipe_of(folder: Path, **changes: object) -> Recipe:
    model = {"model": {"path": str(folder)}, "tokenizer": {"source": "model"}}
    return read_recipe({**model, "template": "chat", "max_seq_length": 256} | changes)


def result(first_batch: str, tokenizer: str) -> TrainResult:
    nothing = TrainResult(Path(), 1, 0, 1, 1, 0, 1.0, 1.0, 1.0, 1, "", "", tokenizer)
    return replace(nothing, first_batch_sha256=first_batch)


def test_a_training_sees_the_batch_that_was_proven(frozen: Store, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "model", "qwen")
    recipe, tokenizer = recipe_of(folder), load_tokenizer(folder)
    rendering = recipe.rendering()
    proofs = prove(list(reading.rows(frozen, "d-1")), rendering, tokenizer)
    proven = ProvenRendering(
        rendering=rendering,
        tokenizer_sha256=proofs.tokenizer_sha256,
        first_batch_sha256=proofs.first_batch_sha256,
        overridden=[],
        proofs=proofs,
    )
    taught = examples(frozen, "d-1", recipe)
    rows = make_rows(taught, tokenizer, rendering, vocab=tokenizer.size)
    batches = Batches(rows, recipe.batching, size=recipe.batch_size, seed=recipe.seed)
    first = batches.at(0).sha256()
    seen = result(first, tokenizer.sha256())

    assert proofs.ok
    assert first_batch_proven(proven, recipe, seen) is True
    assert first_batch_proven(proven, recipe, result("other", tokenizer.sha256())) is False
    assert first_batch_proven(proven, recipe_of(folder, seed=1), seen) is None
    assert first_batch_proven(proven, recipe, result(first, "other")) is None
    assert first_batch_proven(None, recipe, seen) is None


def test_a_manifest_keeps_what_was_proven_and_an_old_one_proves_nothing(
    frozen: Store, tmp_path: Path
) -> None:
    old = reading.manifest(frozen, "d-1")

    assert old.rendering is None
    assert Manifest.model_validate_json(old.model_dump_json()) == old


def test_examples_can_be_walked_through_again(frozen: Store) -> None:
    taught = examples(frozen, "d-1", read_recipe({"template": "r1", "system": "Think."}))

    first = [(one.id, one.prompt, one.response) for one in taught]

    assert first == [(one.id, one.prompt, one.response) for one in taught]
    assert len(first) == 40
    assert first[0][1].startswith("Think.\n\nWhat is")

import json
from pathlib import Path

import pytest

from tunix_rt.kit.errors import Conflict
from tunix_rt.train.course.identity import claim_folder, identify, refuse_another
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_machine import Mesh

ONE = identify(Recipe(), examples_sha256="aa")


def with_checkpoint(folder: Path) -> Path:
    """A folder in which a training has saved something."""
    claim_folder(folder, ONE)
    (folder / "checkpoints" / "200").mkdir(parents=True)
    (folder / "steps.jsonl").write_text("{}\n")
    return folder


def test_the_same_training_goes_on(tmp_path: Path) -> None:
    claim_folder(with_checkpoint(tmp_path), ONE)

    assert (tmp_path / "steps.jsonl").exists()


def test_another_recipe_is_refused_with_both_values(tmp_path: Path) -> None:
    other = identify(read_recipe({"optimizer": {"learning_rate": 0.5}}), examples_sha256="aa")

    with pytest.raises(Conflict, match=r"optimizer\.learning_rate was 0\.012 and is 0\.5"):
        claim_folder(with_checkpoint(tmp_path), other)


def test_other_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="the examples changed"):
        claim_folder(with_checkpoint(tmp_path), identify(Recipe(), examples_sha256="bb"))


def test_what_changes_no_weight_may_change(tmp_path: Path) -> None:
    recipe = read_recipe({"name": "other", "log_every": 7, "checkpoints": {"every": 3}})
    recipe = recipe.model_copy(update={"mesh": Mesh(fsdp=2), "device": "cpu"})

    claim_folder(with_checkpoint(tmp_path), identify(recipe, examples_sha256="aa"))


def test_a_key_that_came_later_means_by_its_default_what_was_done_before(tmp_path: Path) -> None:
    with_checkpoint(tmp_path)
    early = json.loads((tmp_path / "identity.json").read_text())
    del early["recipe"]["batching"], early["recipe"]["lora"]
    (tmp_path / "identity.json").write_text(json.dumps(early))

    claim_folder(tmp_path, ONE)

    packed = identify(read_recipe({"batching": {"layout": "packed"}}), examples_sha256="aa")
    with pytest.raises(Conflict, match=r"batching\.layout was 'padded' and is 'packed'"):
        claim_folder(tmp_path, packed)


def test_a_folder_without_checkpoints_starts_afresh(tmp_path: Path) -> None:
    claim_folder(tmp_path, ONE)
    (tmp_path / "steps.jsonl").write_text("{}\n")
    (tmp_path / "best" / "3").mkdir(parents=True)
    (tmp_path / "best" / "best.json").write_text('{"step": 3, "loss": 0.1}')

    claim_folder(tmp_path, identify(Recipe(seed=5), examples_sha256="bb"))

    assert not (tmp_path / "steps.jsonl").exists()
    assert not (tmp_path / "best").exists()


def test_a_refusal_writes_nothing_and_leaves_one_key_open(tmp_path: Path) -> None:
    claim_folder(tmp_path, ONE | {"layout": "packed"})
    refuse_another(tmp_path, identify(Recipe(), examples_sha256="bb"))  # there is no checkpoint
    with_checkpoint(tmp_path / "kept")
    claimed = ONE | {"layout": "packed"}
    (tmp_path / "kept" / "identity.json").write_text(json.dumps(claimed))

    refuse_another(tmp_path / "kept", ONE, unsettled="layout")
    with pytest.raises(Conflict, match="layout was 'packed'"):
        refuse_another(tmp_path / "kept", ONE)
    with pytest.raises(Conflict, match="the examples changed"):
        refuse_another(tmp_path / "kept", ONE | {"examples_sha256": "bb"}, unsettled="layout")

    assert json.loads((tmp_path / "kept" / "identity.json").read_text()) == claimed
    assert (tmp_path / "kept" / "steps.jsonl").exists()

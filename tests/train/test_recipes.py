from pathlib import Path
from typing import Any

import pytest

from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.train.recipes import load_recipe, read_recipe
from tunix_rt.train.schema import FolderModel, NanoModel, Recipe

RECIPES = Path(__file__).parents[2] / "examples" / "recipes"
FOLDER = {"model": {"path": "m"}, "tokenizer": {"source": "model"}}
MISSPELT = "learning_rate".replace("a", "", 1)


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_recipe_can_be_read(path: Path) -> None:
    recipe = load_recipe(path)

    assert recipe.name == path.stem
    assert recipe.description


def test_an_empty_recipe_is_all_defaults() -> None:
    assert read_recipe({}) == Recipe()


def test_a_recipe_survives_being_stored_as_json() -> None:
    recipe = load_recipe(RECIPES / "demo.toml")

    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe


def test_a_recipe_may_be_toml_yaml_or_json(tmp_path: Path) -> None:
    said = {
        "r.toml": 'seed = 7\n[optimizer]\nname = "adamw"\n',
        "r.yaml": "seed: 7\noptimizer:\n  name: adamw\n",
        "r.json": '{"seed": 7, "optimizer": {"name": "adamw"}}',
    }
    found = []
    for name, text in said.items():
        (tmp_path / name).write_text(text)
        found.append(load_recipe(tmp_path / name))

    assert found[0] == found[1] == found[2]
    assert (found[0].name, found[0].seed, found[0].optimizer.name) == ("r", 7, "adamw")


def test_single_keys_can_be_changed_on_the_way_in() -> None:
    recipe = load_recipe(RECIPES / "demo.toml", {"seed": 7, "optimizer.name": "adamw"})

    assert (recipe.seed, recipe.optimizer.name) == (7, "adamw")


def test_a_model_is_a_preset_or_a_folder() -> None:
    folder = read_recipe({"model": {"path": "m"}, "tokenizer": {"source": "model"}})

    assert isinstance(folder.model, FolderModel)
    assert isinstance(read_recipe({"model": {"layers": 3}}).model, NanoModel)


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ({MISSPELT: 1}, f"no key '{MISSPELT}'", "'optimizer.learning_rate'"),
        ({"batchsize": 1}, "no key 'batchsize'", "'batch_size'"),
        ({"learning_rate": 1}, "no key 'learning_rate'", "'optimizer.learning_rate'"),
        ({"optimizer": {"warmup": 1}}, "'optimizer.warmup'", "'optimizer.warmup_steps'"),
        ({"model": {"layer": 1}}, "no key 'model.layer'", "'model.layers'"),
        ({"model": {"path": "m", "layers": 1}}, "no key 'model.layers'", None),
        ({"zzz": 1}, "no key 'zzz'", "Known there: name"),
        ({"steps": 0}, r"not valid at steps: .* \(got 0\)", None),
        ({"optimizer": {"name": "sgd"}}, "not valid at optimizer.name", None),
        ({"optimizer": 3}, "not valid at optimizer", None),
        ({"model": {"heads": 4, "kv_heads": 3}}, "not valid at model: heads .4. must be", None),
        ({"model": 3}, "not valid at model", None),
        ({"steps": 1, "epochs": 1}, "give steps or epochs, not both", None),
        ({"lora": {"rank": 2}}, 'the table lora needs method = "lora"', None),
        ({"method": "lora", "lora": {"targets": ["q"]}}, "not valid at lora.targets", None),
        ({"batching": {"layouts": "auto"}}, "no key 'batching.layouts'", "'batching.layout'"),
        ({"device": "cuda"}, "not valid at device", None),
        ({"mesh": {"fsdp": 0}}, "not valid at mesh.fsdp", None),
        ({"tokenizer": {"source": "model"}}, "needs model.path", None),
        ({"model": {"path": "m"}}, 'needs tokenizer.source = "model"', None),
        ({"method": "grpo"}, 'method "grpo" and a table grpo need each other', None),
        ({"grpo": {}}, 'method "grpo" and a table grpo need each other', None),
        ({"method": "grpo", "grpo": {}}, "needs model.path: a model that can answer", None),
        ({**FOLDER, "method": "grpo", "grpo": {}}, "needs steps", None),
        (
            {**FOLDER, "method": "grpo", "steps": 7, "grpo": {"iterations": 2}},
            r"steps .7. must be a multiple of grpo.iterations",
            None,
        ),
        (
            {**FOLDER, "method": "grpo", "steps": 8, "grpo": {}, "batch_size": 8},
            "batch_size means nothing",
            None,
        ),
        (
            {**FOLDER, "method": "grpo", "steps": 8, "grpo": {}, "mesh": {"fsdp": 7}},
            "grpo.prompts times grpo.group must be a multiple of accumulate times mesh.fsdp",
            None,
        ),
        (
            {**FOLDER, "method": "orpo", "batch_size": 8, "accumulate": 4, "mesh": {"fsdp": 4}},
            "batch_size must be a multiple of accumulate times mesh.fsdp",
            None,
        ),
        ({"grpo": {"groups": 3}}, "no key 'grpo.groups'", "grpo.group"),
        ({"preference": {}}, 'needs method = "dpo" or "orpo"', None),
        ({"method": "dpo"}, "needs model.path: a model that was taught", None),
        ({**FOLDER, "method": "dpo", "too_long": "cut"}, "a pair cannot be cut", None),
        ({**FOLDER, "method": "orpo", "preference": {"nll": 1}}, "nll is for dpo", None),
    ],
)
def test_a_bad_recipe_is_one_sentence_and_a_way_out(
    content: dict[str, Any], message: str, hint: str | None
) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        read_recipe(content)

    assert hint is None or (caught.value.hint and hint in caught.value.hint)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("steps = \n")

    with pytest.raises(BadInput, match=r"'r.toml' cannot be read: .*line 1"):
        load_recipe(tmp_path / "r.toml")


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("steps = " + "[" * 100_000)

    with pytest.raises(BadInput, match="nested too deeply"):
        load_recipe(tmp_path / "r.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_recipe(tmp_path / ("r" * 300))


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no recipe file"):
        load_recipe(tmp_path / "r.toml")


def test_a_change_below_something_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("steps = 3\n")

    with pytest.raises(BadInput, match="not a table"):
        load_recipe(tmp_path / "r.toml", {"steps.x": 1})

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema import FolderModel, Recipe
from tunix_rt.train.schema_contract import RunRequest
from tunix_rt.tune.schema import Space
from tunix_rt.tune.space import FIXED, check, known, recipe

SPACE = TypeAdapter[Space](Space)


def choice(*values: Any) -> dict[str, Any]:
    return {"type": "choice", "values": list(values)}


def checked(space: dict[str, Any], base_model_id: str = "nano") -> None:
    check(SPACE.validate_python(space), base_model_id)


def test_the_names_are_the_contracts_and_the_keys_of_a_recipe() -> None:
    contract = {"learning_rate", "weight_decay", "num_epochs", "batch_size", "max_seq_length"}

    assert contract | {"device", "steps", "optimizer.learning_rate", "model.layers"} <= set(known())
    assert not {"model.path", "name", *FIXED} & set(known())


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ({"learning_rat": choice(0.1)}, "Did you mean 'learning_rate'?"),
        ({"optimiser.learning_rate": choice(0.1)}, "Did you mean 'optimizer.learning_rate'?"),
        ({"model.path": choice("/etc")}, "there is no parameter 'model.path'"),
        ({"zzz": choice(1)}, "Known: "),
        ({"learning_rate": choice(0.1, 2)}, "less than or equal to 1"),
        ({"learning_rate": {"type": "uniform", "min": 0, "max": 1}}, "greater than 0"),
        ({"batch_size": {"type": "uniform", "min": 8, "max": 64}}, "valid integer"),
        ({"batch_size": {"type": "randint", "min": 1, "max": 513}}, "less than or equal to 512"),
        ({"optimizer.name": choice("adamw", "sgd")}, "search_space.optimizer.name does not take"),
        ({"learning_rate": choice(None)}, "valid number"),
        ({"learning_rate": choice(1), "optimizer.learning_rate": choice(1)}, "cannot both be"),
        ({"steps": choice(5), "num_epochs": choice(1)}, "cannot both be"),
    ],
)
def test_a_space_that_fits_no_recipe_is_refused(space: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(space)

    assert words in str(refused.value)


def test_a_models_shape_is_searched_only_where_there_is_none_yet() -> None:
    checked({"model.layers": choice(1, 2)})

    with pytest.raises(BadInput, match="only the model 'nano'"):
        checked({"model.layers": choice(1, 2)}, "models/m")


@pytest.mark.parametrize(
    "dimension",
    [
        choice(),
        choice(1, 2, 1),
        choice(1, True),
        choice(float("nan")),
        choice("a\0b"),
        choice(10**400),
        {"type": "uniform", "min": 1, "max": 1},
        {"type": "uniform", "min": float("-inf"), "max": 1},
        {"type": "loguniform", "min": 0, "max": 1},
        {"type": "loguniform", "min": 1, "max": 0.5},
        {"type": "randint", "min": 1.5, "max": 3},
        {"type": "randint", "min": 0, "max": 2**60},
        {"type": "normal", "mean": 0},
        {"min": 0, "max": 1},
    ],
)
def test_a_malformed_dimension_is_refused(dimension: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SPACE.validate_python({"learning_rate": dimension})


def test_values_stand_where_a_recipe_wants_them() -> None:
    base = RunRequest(dataset_key="d", model_id="nano")

    made = recipe(
        base,
        None,
        {"learning_rate": 0.5, "num_epochs": 2, "device": "cpu", "optimizer.beta1": 0.5},
    )
    stepped = recipe(base, None, {"steps": 7, "model.layers": 1, "template": "think"})

    assert (made.optimizer.learning_rate, made.epochs, made.optimizer.beta1) == (0.5, 2, 0.5)
    assert (stepped.steps, stepped.epochs, stepped.template) == (7, None, "think")
    assert isinstance(stepped, Recipe)
    assert recipe(base, "/models/m", {}).model == FolderModel(path="/models/m")


def test_values_that_do_not_go_together_make_no_recipe() -> None:
    base = RunRequest(dataset_key="d", model_id="nano")

    with pytest.raises(BadInput, match="multiple of kv_heads"):
        recipe(base, None, {"model.heads": 3, "model.kv_heads": 2})

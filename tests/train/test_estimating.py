"""How much memory a step takes, and what would fit."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import practices
from tests.train.jobs import RECIPE
from tunix_rt.train import estimating
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import NanoModel, Recipe, TrainJob

SHAPE = NanoModel().shape(96, 128)
PARAMETERS = SHAPE.parameters()


def recipe_of(**changes: Any) -> Recipe:
    return read_recipe(RECIPE | {"model": {}, "batch_size": 64, "max_seq_length": 128} | changes)


def test_weights_gradients_and_moments_are_counted_one_by_one() -> None:
    adam = estimating.memory(recipe_of(), SHAPE, 4, (64, 128), None)
    muon = estimating.memory(recipe_of(optimizer={"name": "muon"}), SHAPE, 4, (64, 128), None)

    assert (adam.weights, adam.gradients) == (8 * PARAMETERS, 4 * PARAMETERS)
    assert adam.optimizer == 8 * PARAMETERS
    assert muon.optimizer < adam.optimizer
    assert adam.total == adam.weights + adam.gradients + adam.optimizer + adam.activations
    assert (adam.fits, adam.advice) == (None, None)


@pytest.mark.jax
@pytest.mark.parametrize("changes", [{}, {"accumulate": 4}, {"method": "lora"}])
def test_the_sum_comes_near_what_the_compiled_step_asks_for(changes: dict[str, Any]) -> None:
    needs("tunix", extra="tunix")
    import numpy as np

    from tests.train.test_adapting import model_of
    from tunix_rt.registry.loading import jax as loading
    from tunix_rt.train.backends.tunix import adapting, stepping

    recipe, size = recipe_of(**changes), (32, 64)
    batch: dict[str, Any] = {"tokens": np.ones(size, np.int32), "present": np.ones(size, np.int32)}
    with loading.quiet():
        model = model_of(SHAPE)
        if recipe.method == "lora":
            model = adapting.adapt(model, recipe.lora, 0)
        trainer = stepping.trainer(model, recipe, lambda _: 0.1, steps=1, folder=None)
        trainer.jit_train_and_eval_step(cache_nnx_graph=True)
        compiled = trainer.apart.compile(batch | {"weights": np.ones(size, np.float32)})

    plan = estimating.memory(recipe, SHAPE, 4, size, None)
    assert 0.75 < plan.total / compiled < 1.35


@pytest.mark.torch
@pytest.mark.parametrize(
    "changes", [{}, {"accumulate": 4}, {"model": {"hidden": 1024, "layers": 4}}]
)
def test_the_sum_comes_near_what_torch_takes(changes: dict[str, Any], tmp_path: Path) -> None:
    needs("trl", extra="torch")
    import numpy as np
    from torch.profiler import ProfilerActivity, profile

    from tunix_rt.registry.loading import torch as loading
    from tunix_rt.registry.loading.tokenizer import build_tokenizer
    from tunix_rt.rendering.batching import Batch
    from tunix_rt.train.backends.torch import feeding, sft
    from tunix_rt.train.backends.torch.repeating import repeated

    recipe, size = recipe_of(backend="torch", checkpoints={"every": 2}, **changes), (32, 64)
    assert isinstance(recipe.model, NanoModel)
    shape = recipe.model.shape(96, 128)
    ones: Any = np.ones(size, np.int32)
    parts = feeding.fed(Batch(ones, ones.astype(np.float32), ones), recipe.accumulate)
    job = TrainJob(recipe, [], tmp_path / "run", lambda _: None)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
        loaded = loading.create(shape, build_tokenizer(["0123456789"], 32), 0)
        repeated(job, loaded, sft.TAUGHT, lambda: (parts, 1), steps=2, kind="cpu")
    watched.export_chrome_trace(str(tmp_path / "trace.json"))
    events = json.loads((tmp_path / "trace.json").read_text("utf-8"))["traceEvents"]
    memory = [one["args"]["Total Allocated"] for one in events if one.get("name") == "[memory]"]
    untouched = size[0] * size[1] // recipe.accumulate * (estimating.WORDS - shape.vocab) * 4

    plan = estimating.memory(recipe, shape, 4, size, None)
    assert 0.75 < plan.total / (max(memory) - untouched) < 1.35


def test_lora_trains_little_and_keeps_little() -> None:
    whole = estimating.memory(recipe_of(), SHAPE, 4, (64, 128), None)
    lora = estimating.memory(recipe_of(method="lora"), SHAPE, 4, (64, 128), None)

    assert estimating.trained_parameters(recipe_of(method="lora"), SHAPE) < PARAMETERS / 4
    assert lora.optimizer < whole.optimizer / 4


def test_small_matrices_of_pairs_are_reckoned_beside_both_models() -> None:
    own = {"model": {"path": "/m"}, "tokenizer": {"source": "model"}}
    whole = estimating.memory(recipe_of(method="dpo", **own), SHAPE, 4, (64, 128), 1)
    pairs = recipe_of(method="dpo", adapters=True, **own)
    small = estimating.memory(pairs, SHAPE, 4, (64, 128), 1)

    assert 3 * PARAMETERS * 4 < small.weights < 3.5 * PARAMETERS * 4
    assert small.optimizer < whole.optimizer / 4
    assert whole.advice is not None
    assert whole.advice.endswith("or adapters = true.")
    assert small.advice is not None
    assert "adapters" not in small.advice


def test_bfloat16_holds_the_weights_in_both() -> None:
    plan = estimating.memory(recipe_of(precision="bfloat16"), SHAPE, 4, (64, 128), None)

    assert plan.weights == 10 * PARAMETERS


def test_dpo_holds_the_model_it_began_with_and_its_batches_can_be_cut() -> None:
    own: dict[str, Any] = {"model": {"path": "m"}, "tokenizer": {"source": "model"}}
    dpo, orpo = (recipe_of(method=name, **own) for name in ("dpo", "orpo"))
    first, second = (estimating.memory(one, SHAPE, 4, (128, 128), None) for one in (dpo, orpo))
    room = (second.total - second.activations // 2) * 10 // 9 + 10

    plan = estimating.memory(orpo, SHAPE, 4, (128, 128), room)

    assert first.weights - second.weights == 4 * PARAMETERS
    assert plan.advice == "accumulate = 2 would fit and teach the same."
    assert estimating.halved(orpo) == "accumulate = 2 may fit, and teaches the same."
    cut = recipe_of(method="orpo", batch_size=6, accumulate=6, **own)
    assert "smaller model" in estimating.halved(cut)
    none = estimating.memory(orpo, SHAPE, 4, (128, 128), PARAMETERS)
    assert none.advice is not None
    assert none.advice.startswith("Not even one pair fits")


@pytest.mark.parametrize("parts", [1, 2, 8])
def test_what_is_advised_fits(parts: int) -> None:
    full = estimating.memory(recipe_of(accumulate=parts), SHAPE, 4, (64, 128), None)
    room = (full.total - full.activations // 2) * 10 // 9

    plan = estimating.memory(recipe_of(accumulate=parts), SHAPE, 4, (64, 128), room)
    assert plan.fits is False
    assert plan.advice is not None
    advised = int(plan.advice.split()[2])
    again = estimating.memory(recipe_of(accumulate=advised), SHAPE, 4, (64, 128), 2 * room)

    assert advised > parts
    assert again.fits


def test_where_no_row_fits_that_is_said() -> None:
    plan = estimating.memory(recipe_of(), SHAPE, 4, (64, 128), PARAMETERS)

    assert plan.advice is not None
    assert plan.advice.startswith("Not even one row fits")
    assert "lora" in plan.advice


def test_this_machine_says_how_much_memory_is_free() -> None:
    room = estimating.host_room()

    if Path("/proc/meminfo").is_file():
        assert room is not None
        assert 2**20 < room < 2**50


def test_rollouts_take_keys_and_values_and_fewer_problems_take_less_of_them() -> None:
    grpo: dict[str, Any] = {"prompts": 8, "group": 4, "max_new_tokens": 64}

    def plan(room: int | None = None, **options: Any) -> Any:
        own = practices.recipe(Path("a model"), grpo | options)
        return estimating.memory(own, SHAPE, 4, (32, 96), room)

    plain, held = plan(), plan(beta=0.1)
    assert plain.cache == 4 * 32 * 96 * SHAPE.layers * 2 * SHAPE.kv_heads * SHAPE.head_width
    assert (plain.weights, held.weights) == (8 * PARAMETERS, 12 * PARAMETERS)
    fixed = plain.weights + plain.gradients + plain.optimizer
    assert plain.total == fixed + plain.activations  # a step takes more than keys and values do
    asking = estimating.judged(plain.model_copy(update={"cache": 10**12}), recipe_of(), 32)
    assert asking.total == plain.weights + plain.optimizer + 10**12

    half = plan(int((fixed + plain.activations / 2) / estimating.SPARE) + 1)
    assert (half.fits, half.advice) == (False, "accumulate = 2 would fit and teach the same.")
    none = plan(int(fixed / estimating.SPARE))
    assert "Not even one rollout fits" in none.advice

    def asked_for(share: float) -> Any:
        room = int((plain.weights + plain.optimizer + share * 10**12) / estimating.SPARE) + 1
        wide = {"cache": 10**12, "room": room}
        own = practices.recipe(Path("a model"), grpo)
        return estimating.judged(plain.model_copy(update=wide), own, 32).advice

    assert asked_for(0.5) == "grpo.prompts = 4 would fit."
    assert "Not even one group fits" in asked_for(0.1)
    halved = estimating.halved(practices.recipe(Path("a model"), grpo))
    assert halved == ("accumulate = 2 may fit, and teaches the same; grpo.prompts = 4 may fit.")

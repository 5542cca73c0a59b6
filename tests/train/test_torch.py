"""Being taught on torch: the batches are Tunix's, bits survive a kill, and the rest is refused."""

import json
import math
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.ending import NO_NUMBER, WILD, Asked, left_sound
from tests.train.jobs import EXAMPLES, RECIPE, STEPS, VARIED, job
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict
from tunix_rt.registry.loading.weights import sha256_of
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainResult
from tunix_rt.train.training import backends, initialise, rewind, train

pytestmark = pytest.mark.torch
needs("trl", extra="torch")

TORCH: dict[str, Any] = {"backend": "torch"}
MUON = {"name": "muon", "learning_rate": 0.02, "warmup_steps": 3}
Told = tuple[TrainResult, list[Progress]]


def taught(folder: Path, examples: list[Example] = EXAMPLES, **changes: Any) -> Told:
    """A training on torch, and what it told."""
    reports: list[Progress] = []
    held_out = EXAMPLES[:10] if "evaluation" in changes else None
    return train(job(folder, reports.append, examples, held_out, **TORCH | changes)), reports


def told(reports: list[Progress]) -> list[tuple[Any, ...]]:
    return [(one.step, one.loss, one.gradient_norm, one.learning_rate) for one in reports]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One training from beginning to end."""
    return taught(tmp_path_factory.mktemp("run"))


def test_the_backend_is_in_the_catalog_with_a_description() -> None:
    assert "PyTorch" in backends.summary("torch")


def test_every_step_is_told_once_and_the_loss_falls(whole: Told) -> None:
    result, reports = whole

    assert [one.step for one in reports] == list(range(1, STEPS + 1))
    assert reports[0].learning_rate == 0
    assert max(one.learning_rate for one in reports) == pytest.approx(0.02)
    assert all(one.gradient_norm > 0 and one.tokens_per_second > 0 for one in reports)
    assert reports[-1].loss < 0.7 * reports[0].loss
    assert (result.first_loss, result.steps) == (reports[0].loss, STEPS)
    assert sha256_of(result.model / "model.safetensors") == result.weights_sha256


@pytest.mark.jax
@pytest.mark.parametrize("optimizer", [RECIPE["optimizer"], MUON], ids=["adamw", "muon"])
def test_the_same_recipe_on_tunix_sees_the_same_batches_and_loses_as_much(
    optimizer: dict[str, Any], tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    reports: list[Progress] = []
    theirs = train(job(tmp_path / "tunix", reports.append, optimizer=optimizer))

    ours, own = taught(tmp_path / "torch", optimizer=optimizer)

    assert ours.first_batch_sha256 == theirs.first_batch_sha256
    assert (ours.parameters, ours.tokens) == (theirs.parameters, theirs.tokens)
    assert ours.tokenizer_sha256 == theirs.tokenizer_sha256
    assert own[0].loss == pytest.approx(reports[0].loss, rel=1e-5)
    within = 1e-3 if optimizer["name"] == "adamw" else 0.05  # torch's Muon turns in bfloat16
    assert [one.loss for one in own] == pytest.approx([one.loss for one in reports], rel=within)
    assert [one.learning_rate for one in own] == pytest.approx(
        [one.learning_rate for one in reports], rel=1e-5
    )


@pytest.mark.jax
def test_both_backends_begin_with_the_same_bits(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    for changes in ({}, {"model": RECIPE["model"] | {"kv_heads": 2, "layers": 3}, "seed": 3}):
        ours = initialise(job(tmp_path / "a", **TORCH | changes))
        theirs = initialise(job(tmp_path / "b", **changes))

        for name in ("model.safetensors", "config.json", "tokenizer.json"):
            assert (ours / name).read_bytes() == (theirs / name).read_bytes()


KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "muon, lora, in parts": {
        "optimizer": MUON,
        "method": "lora",
        "lora": {"rank": 2},
        "accumulate": 4,
    },
    "buckets, best, bfloat16": {
        "batching": {"layout": "buckets", "batch_tokens": 128},
        "max_seq_length": 128,
        "precision": "bfloat16",
        "evaluation": {"every": 2},
        "checkpoints": {"every": 4, "best": True},
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_killed_and_called_again_it_ends_with_the_same_bits(kind: str, tmp_path: Path) -> None:
    own = TORCH | KINDS[kind]
    rows = VARIED if "max_seq_length" in own else EXAMPLES
    whole, reports = taught(tmp_path / "whole", rows, **own)
    program = [sys.executable, "-m", "tests.train.jobs", str(tmp_path / "cut"), "10"]
    if "evaluation" in own:  # in this process, as the program holds nothing out
        with pytest.raises(Cancelled):
            train(job(tmp_path / "cut", stop_at(10), rows, EXAMPLES[:10], **own))
    else:
        died = subprocess.run([*program, json.dumps(own)])
        assert died.returncode == -signal.SIGKILL

    result, again = taught(tmp_path / "cut", rows, **own)

    assert result.resumed_from in (8, 10)
    assert result == replace(
        whole, model=result.model, resumed_from=result.resumed_from, seconds=result.seconds
    )
    assert told(again) == told(reports)[-len(again) :]


def stop_at(step: int) -> Any:
    """A listener that stops a training."""

    def report(progress: Progress) -> None:
        if progress.step == step:
            raise Cancelled("enough")

    return report


def test_cancelled_it_keeps_its_step_and_a_half_written_checkpoint_is_not_read(
    whole: Told, tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        train(job(tmp_path, stop_at(6), **TORCH))
    assert steps(tmp_path) == [4, 6]
    assert not (tmp_path / "model").exists()
    (tmp_path / "checkpoints" / "9.part").mkdir()

    result, _ = taught(tmp_path)

    assert result.resumed_from == 6
    assert result.weights_sha256 == whole[0].weights_sha256


def test_a_finished_training_called_again_has_nothing_to_do(whole: Told) -> None:
    again, reports = taught(whole[0].model.parent)

    assert reports == whole[1]  # a crash behind the last step may have lost them
    assert again == replace(whole[0], resumed_from=STEPS, seconds=again.seconds)


def test_it_goes_back_to_an_earlier_checkpoint(whole: Told, tmp_path: Path) -> None:
    taught(tmp_path, checkpoints={"every": 4, "keep": 9})
    assert steps(tmp_path) == [4, 8, 12, STEPS]

    rewind(read_recipe(RECIPE | TORCH), tmp_path, 8)

    assert steps(tmp_path) == [4, 8]
    assert taught(tmp_path)[0].weights_sha256 == whole[0].weights_sha256


def test_checkpoints_of_another_training_are_refused_with_what_differs(whole: Told) -> None:
    folder = whole[0].model.parent

    with pytest.raises(Conflict, match="batch_size was 16 and is 8"):
        taught(folder, batch_size=8)
    with pytest.raises(Conflict, match="backend was 'torch' and is 'tunix'"):
        train(job(folder))


def test_a_checkpoint_is_also_kept_when_time_went_by(tmp_path: Path) -> None:
    taught(tmp_path, steps=3, checkpoints={"every": 1000, "minutes": 1e-9, "keep": 100})

    assert steps(tmp_path) == [1, 2, 3]


@pytest.mark.parametrize("optimizer", [RECIPE["optimizer"], MUON], ids=["adamw", "muon"])
def test_as_many_checkpoints_stay_as_there_is_room_for(
    optimizer: dict[str, Any], tmp_path: Path
) -> None:
    import safetensors.torch
    import torch

    def tensors(found: Any) -> list[Any]:
        if isinstance(found, dict):
            return [one for value in found.values() for one in tensors(value)]
        return [found] if isinstance(found, torch.Tensor) else []

    kept = {"every": 1, "keep": 5}
    taught(tmp_path / "five", steps=6, checkpoints=kept, optimizer=optimizer)
    assert len(steps(tmp_path / "five")) == 5
    last = tmp_path / "five" / "checkpoints" / "6"
    weights = safetensors.torch.load_file(last / "weights.safetensors")
    moments = tensors(torch.load(last / "optimizer.pt", weights_only=True))
    size = sum(one.nbytes for one in [*weights.values(), *moments] if one.ndim)

    own = kept | {"max_gb": 3.01 * size / 1e9}
    taught(tmp_path / "two", steps=6, checkpoints=own, optimizer=optimizer)

    assert len(steps(tmp_path / "two")) == 2
    with pytest.raises(BadInput, match="Two checkpoints take"):
        taught(tmp_path / "none", checkpoints=kept | {"max_gb": 1e-6})


def test_what_is_no_number_ends_it_and_the_last_good_checkpoint_stays(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=NO_NUMBER) as refused:
        taught(tmp_path, optimizer=WILD, steps=400, checkpoints={"every": 1, "keep": 1})

    last = left_sound(tmp_path)
    assert "Its batch has the rows" in refused.value.message
    assert f"the last good checkpoint is of step {last}" in refused.value.message
    assert f"at step {last + 1}" in refused.value.message


def test_a_checkpoint_that_was_spoiled_is_not_gone_on_from_twice(
    whole: Told, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file, save_file

    with pytest.raises(Cancelled):
        train(job(tmp_path, stop_at(9), **TORCH))
    file = tmp_path / "checkpoints" / "9" / "weights.safetensors"
    save_file({name: one * math.inf for name, one in load_file(file).items()}, file)

    with pytest.raises(BadInput, match="last good checkpoint is of step 8"):
        taught(tmp_path)
    result, _ = taught(tmp_path)

    assert (result.resumed_from, result.weights_sha256) == (8, whole[0].weights_sha256)


def test_a_model_whose_numbers_are_too_large_for_its_file_is_not_written(
    whole: Told, tmp_path: Path
) -> None:
    import torch
    import transformers

    low = tmp_path / "low"
    read: Any = transformers.AutoModelForCausalLM.from_pretrained
    read(whole[0].model).to(torch.float16).save_pretrained(low)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (low / name).write_bytes((whole[0].model / name).read_bytes())
    own: dict[str, Any] = {"model": {"path": str(low)}, "tokenizer": {"source": "model"}}

    with pytest.raises(BadInput, match="The model is not written"):
        taught(tmp_path / "a", **own, precision="float32", optimizer=WILD, steps=4)
    assert left_sound(tmp_path / "a") == 4


@pytest.mark.parametrize("every", [1000, 3], ids=["a step", "held-out rows"])
def test_a_cancel_is_heard_whatever_is_logged(every: int, tmp_path: Path) -> None:
    own: dict[str, Any] = TORCH | {
        "log_every": 1000,
        "batch_size": 2,
        "evaluation": {"every": every},
        "checkpoints": {"every": 1000},
    }
    whole, _ = taught(tmp_path / "whole", **own)
    cut = job(tmp_path / "cut", held_out=EXAMPLES[:10], **own)

    with pytest.raises(Cancelled):
        train(replace(cut, check=Asked(3)))
    assert steps(tmp_path / "cut") == [4 if every == 1000 else 3]
    result = train(cut)

    assert result.resumed_from == steps(tmp_path / "cut")[0]
    assert result.weights_sha256 == whole.weights_sha256
    assert result.held_out_loss == whole.held_out_loss


def test_parts_of_a_batch_add_up_to_it_and_weights_weigh(whole: Told, tmp_path: Path) -> None:
    half = [
        Example([s._replace(weight=0.0 if s.given else 0.5) for s in one.segments])
        for one in EXAMPLES
    ]
    mixed = [*half[:-20], *EXAMPLES[-20:]]

    parts, reports = taught(tmp_path / "parts", accumulate=3)
    equal, _ = taught(tmp_path / "half", half)
    other, _ = taught(tmp_path / "mixed", mixed)

    assert [one.loss for one in reports] == pytest.approx([one.loss for one in whole[1]], rel=1e-4)
    assert parts.first_batch_sha256 == whole[0].first_batch_sha256
    assert equal.weights_sha256 == whole[0].weights_sha256
    assert other.weights_sha256 != whole[0].weights_sha256


@pytest.mark.jax
def test_lora_leaves_an_adapter_that_peft_reads_and_adds_it_to_the_model(
    whole: Told, tmp_path: Path
) -> None:
    import peft
    import torch
    import transformers

    base = str(whole[0].model)
    own: dict[str, Any] = {
        "model": {"path": base},
        "tokenizer": {"source": "model"},
        "method": "lora",
        "lora": {"rank": 2, "targets": ["attention"]},
    }
    result, _ = taught(tmp_path, **own)

    read: Any = transformers.AutoModelForCausalLM.from_pretrained
    adapted = peft.PeftModel.from_pretrained(read(base), str(tmp_path / "adapter"))
    merged, tokens = read(result.model), torch.arange(12)[None]
    assert sorted(one.name for one in (tmp_path / "adapter").iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    assert torch.allclose(adapted(tokens).logits, merged(tokens).logits, atol=1e-5)
    assert not torch.allclose(read(base)(tokens).logits, merged(tokens).logits, atol=1e-3)


def test_a_model_in_bfloat16_stays_one_and_learns_in_the_numbers_asked_for(
    whole: Told, tmp_path: Path
) -> None:
    import torch
    import transformers

    read: Any = transformers.AutoModelForCausalLM.from_pretrained
    low = tmp_path / "low"
    read(whole[0].model).to(torch.bfloat16).save_pretrained(low)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (low / name).write_bytes((whole[0].model / name).read_bytes())
    own: dict[str, Any] = {
        "model": {"path": str(low)},
        "tokenizer": {"source": "model"},
        "steps": 3,
    }

    found = {
        precision: taught(tmp_path / precision, **own, precision=precision)[0]
        for precision in ("stored", "float32", "bfloat16")
    }

    assert len({one.weights_sha256 for one in found.values()}) == 3
    for one in found.values():
        assert read(one.model, dtype="auto").dtype == torch.bfloat16
        assert one.first_loss == pytest.approx(found["float32"].first_loss, rel=0.05)


REFUSED: dict[str, dict[str, Any]] = {
    "does not pack rows": {"batching": {"layout": "packed"}},
    "on one device": {"mesh": {"fsdp": 2}},
    "knows no TPU": {"device": "tpu"},
    "gpu": {"device": "gpu:7"},
    "finds 1 cpu": {"device": "cpu:3"},
    "traces no steps": {"profile": {}},
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_it_cannot_do_is_refused_by_name(said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        taught(tmp_path, **REFUSED[said])
    assert not (tmp_path / "identity.json").exists()


def test_a_model_of_another_run_is_begun_with_and_one_of_another_shape_is_not(
    whole: Told, tmp_path: Path
) -> None:
    result, _ = whole
    own = job(tmp_path / "a", **TORCH | {"steps": 1})
    other = job(tmp_path / "b", **TORCH | {"model": RECIPE["model"] | {"hidden": 48}})

    begun = train(replace(own, start=result.model))

    assert begun.first_loss < 0.8 * result.first_loss
    with pytest.raises(Conflict, match=r"forked from: hidden was 32 and is 48"):
        train(replace(other, start=result.model))

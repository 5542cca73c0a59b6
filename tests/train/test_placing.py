"""Several devices: a processor that is told to be four, in a process of its own."""

from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import job
from tests.train.meshes import on_four_devices, operations_of_rollouts, parts_of_weights
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def losses(told: list[list[float]]) -> list[float]:
    """The first of what each step told."""
    return [loss for loss, _ in told]


def test_four_devices_compute_what_one_computes(tmp_path: Path) -> None:
    [_, one], *others = on_four_devices(
        tmp_path,
        {"steps": 4},
        {"steps": 4, "mesh": {"fsdp": 4}},
        {"steps": 4, "mesh": {"fsdp": 2, "tp": 2}},
        {"steps": 4, "device": "cpu:3", "accumulate": 3},
    )

    assert len(one) == 4
    for _, told in others:
        assert losses(told) == pytest.approx(losses(one), abs=1e-5)


@pytest.mark.parametrize(
    "own",
    [
        {"method": "dpo", "accumulate": 2},
        {"method": "grpo", "grpo": {"iterations": 2, "beta": 0.01}},
    ],
    ids=["pairs", "practice"],
)
def test_pairs_and_practice_with_lora_go_on_on_another_mesh(
    own: dict[str, Any], tmp_path: Path
) -> None:
    own |= {"adapters": True, "lora": {"rank": 4, "targets": ["mlp"]}}
    own |= {"steps": 4, "checkpoints": {"every": 2}}
    _, [_, whole], [_, first], [resumed, rest] = on_four_devices(
        tmp_path,
        {"steps": 100},
        own,
        own | {"mesh": {"fsdp": 4}, "folder": "same", "stop": 2},
        own | {"mesh": {"fsdp": 2, "tp": 2}, "folder": "same"},
    )

    assert len(whole) == 4
    assert resumed == len(first) == 2
    for (loss, gradient), told in zip(whole, first + rest[-2:], strict=True):
        assert told == [pytest.approx(loss, abs=1e-5), pytest.approx(gradient, rel=1e-4)]


def test_each_device_answers_its_share_of_the_problems(tmp_path: Path) -> None:
    on_four_devices(tmp_path, {"steps": 4})

    alone, shared = operations_of_rollouts(tmp_path / "0" / "model")

    assert shared < alone / 3


def test_a_training_goes_on_on_another_mesh(tmp_path: Path) -> None:
    own = {"steps": 4, "checkpoints": {"every": 2}, "folder": "same"}
    [_, whole], [_, first], [resumed, rest] = on_four_devices(
        tmp_path,
        {"steps": 4},
        own | {"mesh": {"fsdp": 4}, "stop": 2},
        own | {"mesh": {"fsdp": 2, "tp": 2}},
    )

    assert resumed == len(first) == 2
    assert losses(first + rest[-2:]) == pytest.approx(losses(whole), abs=1e-5)


def test_a_mesh_of_more_devices_than_there_are_is_refused(tmp_path: Path) -> None:
    [missing] = on_four_devices(tmp_path, {"mesh": {"fsdp": 8}})

    assert "8 devices are asked for, and JAX finds 4 devices." in missing


def test_weights_lie_in_parts_and_whole_where_they_cannot_be_cut() -> None:
    found = parts_of_weights()

    assert found["layers.0.mlp.up_proj.kernel"] == [8, 16]
    assert found["embedder.input_embedding"] == [25, 8]  # 25 tokens are not cut in two


@pytest.mark.parametrize("device", ["gpu", "tpu:1"])
def test_a_device_that_is_not_there_is_refused_in_a_sentence(device: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"There is no {device[:3]} here; JAX finds: cpu"):
        train(job(tmp_path, device=device))


def test_a_number_behind_the_last_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cpu:64 is asked for, and JAX finds 1 cpu"):
        train(job(tmp_path, device="cpu:64"))

"""Several devices: a processor that is told to be four, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import job
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

SCRIPT = """
import json, sys
from pathlib import Path
from tests.train.jobs import job
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.train.backends.tunix import train
for number, changes in enumerate(json.loads(sys.argv[2])):
    folder = Path(sys.argv[1]) / changes.pop("folder", str(number))
    stop, reports = changes.pop("stop", 0), []
    def report(progress):
        reports.append(progress.loss)
        if progress.step == stop:
            raise Cancelled("enough")
    try:
        print(json.dumps([train(job(folder, report, **changes)).resumed_from, reports]))
    except Cancelled:
        print(json.dumps([None, reports]))
    except BadInput as refused:
        print(json.dumps(str(refused)))
"""
PARTS = """
import json
from dataclasses import replace
from flax import nnx
from tests.registry.test_loading_shape import NANO
from tunix_rt.registry.loading.jax import create
from tunix_rt.registry.loading.tokenizer import build_tokenizer
from tunix_rt.train.backends.tunix.placing import placed, spread
from tunix_rt.train.schema_machine import Mesh
shape = replace(NANO, layers=1, vocab=25)
with placed("auto", Mesh(fsdp=2, tp=2)) as mesh:
    model = create(shape, build_tokenizer(["0"], 32), 0).model
    spread(model, mesh)
    print(json.dumps({
        ".".join(map(str, path)): one.get_value().addressable_shards[0].data.shape
        for path, one in nnx.iter_graph(model)
        if isinstance(one, nnx.Param)
    }))
"""
FOUR = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=4"}
MODEL = {"layers": 1, "width": 16, "heads": 2, "kv_heads": 2, "head_width": 8, "hidden": 32}


def on_four_devices(folder: Path, *changes: dict[str, Any]) -> list[Any]:
    """What each training reports, or why it is refused."""
    own = [{"steps": 4, "model": MODEL} | one for one in changes]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), json.dumps(own)],
        env=FOUR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line[:1] in '["']


def test_four_devices_compute_what_one_computes(tmp_path: Path) -> None:
    [_, one], *others = on_four_devices(
        tmp_path,
        {},
        {"mesh": {"fsdp": 4}},
        {"mesh": {"fsdp": 2, "tp": 2}},
        {"device": "cpu:3", "accumulate": 3},
    )

    assert len(one) == 4
    for _, losses in others:
        assert losses == pytest.approx(one, abs=1e-5)


def test_a_training_goes_on_on_another_mesh(tmp_path: Path) -> None:
    own = {"checkpoints": {"every": 2}, "folder": "same"}
    [_, whole], [_, first], [resumed, rest] = on_four_devices(
        tmp_path,
        {},
        own | {"mesh": {"fsdp": 4}, "stop": 2},
        own | {"mesh": {"fsdp": 2, "tp": 2}},
    )

    assert resumed == len(first) == 2
    assert first + rest[-2:] == pytest.approx(whole, abs=1e-5)


def test_a_mesh_of_more_devices_than_there_are_is_refused(tmp_path: Path) -> None:
    [missing] = on_four_devices(tmp_path, {"mesh": {"fsdp": 8}})

    assert "8 devices are asked for, and JAX finds 4 devices." in missing


def test_weights_lie_in_parts_and_whole_where_they_cannot_be_cut() -> None:
    done = subprocess.run([sys.executable, "-c", PARTS], env=FOUR, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["layers.0.mlp.up_proj.kernel"] == [8, 16]
    assert found["embedder.input_embedding"] == [25, 8]  # 25 tokens are not cut in two


@pytest.mark.parametrize("device", ["gpu", "tpu:1"])
def test_a_device_that_is_not_there_is_refused_in_a_sentence(device: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"There is no {device[:3]} here; JAX finds: cpu"):
        train(job(tmp_path, device=device))


def test_a_number_behind_the_last_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cpu:64 is asked for, and JAX finds 1 cpu"):
        train(job(tmp_path, device="cpu:64"))

"""What is done on a processor that is told to be four devices, in a process of its own.

As a program, `python -m tests.train.meshes NAME ...`: one of `DOES`, each thing it found in JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.registry.test_loading_shape import NANO
from tests.train import jobs, practices
from tests.train import test_preferring as pairs
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.registry.loading.jax import create
from tunix_rt.registry.loading.tokenizer import build_tokenizer
from tunix_rt.train.backends.tunix import train
from tunix_rt.train.backends.tunix.placing import placed, spread
from tunix_rt.train.backends.tunix.rounds import Rounds
from tunix_rt.train.backends.tunix.starting import prepared, start_model
from tunix_rt.train.schema import Progress, TrainJob
from tunix_rt.train.schema_machine import Mesh

FLAGS = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4"
FOUR = os.environ | {"XLA_FLAGS": FLAGS}
SAID = "found: "
MODEL = {"layers": 1, "width": 16, "heads": 2, "kv_heads": 2, "head_width": 8, "hidden": 32}


def on_four_devices(folder: Path, *changes: dict[str, Any]) -> list[Any]:
    """The step that each training went on from (null of one that was stopped) and the losses and
    gradients it told; or why it is refused.

    Each of the changes is a training by them, in a folder of its own or `folder`, stopped behind
    the step `stop`. What learns from pairs or practises begins with the model that the first left.
    """
    return _said("trainings", str(folder), json.dumps(changes))


def parts_of_weights() -> dict[str, list[int]]:
    """The shape of what the first device has of each weight of a nano model, 25 tokens, 2x2."""
    [found] = _said("parts")
    return found  # type: ignore[no-any-return]


def operations_of_rollouts(model: Path) -> list[float]:
    """Operations of one device for one more token of a round: of one device, and of four."""
    return _said("operations", str(model))


def _said(*words: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.train.meshes", *words],
        env=FOUR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    return [json.loads(line.removeprefix(SAID)) for line in lines if line.startswith(SAID)]


def _job(folder: Path, model: Path, report: Any, changes: dict[str, Any]) -> TrainJob:
    if changes.get("method") == "grpo":
        recipe = practices.recipe(model, changes.pop("grpo", None), **changes)
        return practices.job(folder, recipe, report=report)
    if changes.get("method") in ("dpo", "orpo"):
        return pairs.job(folder, pairs.recipe(model, **changes), report)
    return jobs.job(folder, report, **{"model": MODEL} | changes)


def _tried(place: Path, number: int, changes: dict[str, Any]) -> Any:
    stop, told = changes.pop("stop", 0), list[tuple[float, float]]()
    folder = place / changes.pop("folder", str(number))

    def report(progress: Progress) -> None:
        told.append((progress.loss, progress.gradient_norm))
        if progress.step == stop:
            raise Cancelled("enough")

    try:
        done = train(_job(folder, place / "0" / "model", report, changes))
        return done.resumed_from, told
    except Cancelled:
        return None, told
    except BadInput as refused:
        return str(refused)


def _trainings(place: str, changes: str) -> Iterator[Any]:
    for number, own in enumerate(json.loads(changes)):
        yield _tried(Path(place), number, own)


def _parts() -> Iterator[Any]:
    from flax import nnx

    with placed("auto", Mesh(fsdp=2, tp=2)):
        model = create(replace(NANO, layers=1, vocab=25), build_tokenizer(["0"], 32), 0).model
        spread(model)
    yield {
        ".".join(map(str, path)): one.get_value().addressable_shards[0].data.shape
        for path, one in nnx.iter_graph(model)
        if isinstance(one, nnx.Param)
    }


def _operations(model: str) -> Iterator[Any]:
    for shape in (Mesh(), Mesh(fsdp=4)):
        found = list[float]()
        job = practices.job(Path("nowhere"), practices.recipe(Path(model), mesh=shape.model_dump()))
        with placed("auto", shape):
            loaded, _ = prepared(job, start_model(job))
            rounds: Any = Rounds(job, loaded)
            sampler = rounds.sampler._inner
            sampler._compiled_decode_fn = _counting(sampler._compiled_decode_fn, found)
            rounds.ask(0)
        yield found[0]


def _counting(decode: Any, found: list[float]) -> Callable[[Any, Any], Any]:
    def counted(weights: Any, state: Any) -> Any:
        found.append(decode.lower(weights, state).compile().cost_analysis()["flops"])
        return decode(weights, state)

    return counted


DOES: dict[str, Callable[..., Iterator[Any]]] = {
    "trainings": _trainings,
    "parts": _parts,
    "operations": _operations,
}

if __name__ == "__main__":
    for one in DOES[sys.argv[1]](*sys.argv[2:]):
        print(SAID + json.dumps(one))  # noqa: T201

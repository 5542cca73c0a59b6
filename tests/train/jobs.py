"""A training small enough for a test: 60 sums of one digit, a model of 5,000 weights.

Run as a program it trains in a folder and dies at a step, for the test that
kills it: `python -m tests.train.jobs FOLDER STEP [CHANGES [HOW]]`, the changes as JSON.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.train.ending import deadly
from tunix_rt.rendering.schema_wording import Example, example
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainJob
from tunix_rt.train.training import train

STEPS = 14

EXAMPLES = [
    example(f"add {a}+{b}", f"<think>{a}+{b}={a + b}</think><answer>{a + b}</answer>")
    for a in range(10)
    for b in range(a, 10)
]

VARIED = [
    example(f"add {a}+{b}", f"<think>{f'{a}+{b}={a + b} ' * times}</think><answer>{a + b}</answer>")
    for a in range(10)
    for b in range(a, 10)
    for times in (1, 1, 1, 1, 8)
]
"""The same with more said in between, up to 96 tokens."""

RECIPE: dict[str, Any] = {
    "steps": STEPS,
    "batch_size": 16,
    "max_seq_length": 32,
    "model": {"layers": 1, "width": 16, "heads": 2, "head_width": 8, "hidden": 32},
    "tokenizer": {"vocab_size": 48},
    "optimizer": {"name": "adamw", "learning_rate": 0.02, "warmup_steps": 3},  # compiles fast
    "checkpoints": {"every": 4},
}


def job(
    folder: Path,
    report: Callable[[Progress], None] = lambda _: None,
    examples: list[Example] = EXAMPLES,
    held_out: list[Example] | None = None,
    **changes: Any,
) -> TrainJob:
    return TrainJob(read_recipe(RECIPE | changes), examples, folder, report, held_out=held_out)


def computed(more: Mapping[str, float]) -> dict[str, float]:
    """The numbers of a step that are the same when it is computed again."""
    measured = ("seconds_", "memory_")
    return {name: value for name, value in more.items() if not name.startswith(measured)}


def halved(model: Path, folder: Path) -> Path:
    """The model of a folder, stored in bfloat16."""
    import jax.numpy as jnp
    from flax import nnx

    from tunix_rt.registry.loading.jax import export, load

    loaded = load(model)
    for _, one in nnx.iter_graph(loaded.model):
        if isinstance(one, nnx.Param):
            one.set_value(one.get_value().astype(jnp.bfloat16))
    config = loaded.config | {"dtype": "bfloat16"}
    export(replace(loaded, config=config), folder)
    return folder


if __name__ == "__main__":
    folder, step = Path(sys.argv[1]), int(sys.argv[2])
    changes = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    taught = VARIED if changes.get("max_seq_length") else EXAMPLES
    own = job(folder, examples=taught, **changes)
    train(deadly(own, step, *sys.argv[4:]))

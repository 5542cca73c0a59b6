"""What a step of practising costs against its parts alone: rollouts, rewards, update.

    python benchmarks/grpo_step.py [--steps 40] [--dry]

The step is one of a whole run: queue, store, checkpoints, metrics and the keeping of rollouts as
traces are in it. The parts are timed bare, one after the other, on the same model and problems.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measuring import record

from tunix_rt.registry.loading import jax as loading
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE, Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store.session import Session
from tunix_rt.train.backends.tunix import grpo
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.backends.tunix.rounds import Rounds
from tunix_rt.train.backends.tunix.starting import start_model
from tunix_rt.train.practising import practice
from tunix_rt.train.recipes import load_recipe
from tunix_rt.train.schema import TrainConfig, TrainJob

EXAMPLES = Path(__file__).parents[1] / "examples"
REPEATS = 12
FIRST = 5
"""Steps that compile and warm up, and are not counted."""


def tunix_rt(*arguments: str) -> Any:
    """What a command says with --json."""
    done = subprocess.run(
        [sys.executable, "-m", "tunix_rt", *arguments, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def median_seconds(do: Callable[[int], Any]) -> float:
    """The median time of a call, the first one left out."""
    times = []
    for number in range(REPEATS + 1):
        began = time.perf_counter()
        do(number)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def parts(session: Session, config: TrainConfig) -> dict[str, float]:
    """Rollouts, rewards and an update, each alone."""
    import jax
    from flax import nnx

    recipe = config.recipe
    with session.store.write() as connection:
        run_id = query.enqueue(connection, NewRun(kind="train", name="parts", config=config))
        claimed = query.claim(connection, worker="parts", lease=LEASE, run_id=run_id)
    assert claimed is not None
    run = Reporter(session.store, run_id, claimed.attempt, session.store.home / "runs" / run_id)
    job = TrainJob(recipe, [], run.folder, print, practice=practice(run, config))
    loaded = start_model(job)
    rounds = Rounds(job, loaded)
    assert recipe.grpo is not None
    assert job.practice is not None
    assert recipe.steps is not None
    judge = job.practice.judge
    asked, _, answered = rounds.ask(0)
    example, _, _ = rounds.begin(0)
    loss = grpo.policy_loss(loaded, recipe)
    state = nnx.Optimizer(
        loaded.model,
        optimizer(recipe.optimizer, learning_rate(recipe.optimizer, recipe.steps)),
        wrt=nnx.Param,
    )

    def update(model: Any, state: Any, example: Any) -> Any:
        (found, _), grads = nnx.value_and_grad(loss, has_aux=True)(model, example)
        state.update(model, grads)
        return found

    step = nnx.cached_partial(nnx.jit(update, donate_argnums=(1,)), loaded.model, state)

    def one_update(_: int) -> None:
        step(example)
        jax.block_until_ready(jax.tree.leaves(nnx.state(loaded.model)))

    with loading.quiet():
        return {
            "rollout": median_seconds(lambda n: rounds.sampler.sample(asked, (n,))),
            "reward": median_seconds(lambda _: judge(answered)),
            "update": median_seconds(one_update),
        }


def main() -> None:
    """Teach a model, practise for some steps, then time the parts alone."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=40)
    options, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TUNIX_RT_HOME"] = folder
        file = Path(folder) / "additions.jsonl"
        addition = '{"families": {"add": 1}}'
        tunix_rt(
            *("tasks", "generate", "arithmetic", str(file), "--count", "250"),
            *("--config", addition),
        )
        tunix_rt("traces", "import", str(file), "--source", "additions")
        tunix_rt("datasets", "build", "additions", "1", "--source", "additions")
        warm = tunix_rt(
            *("train", "run", str(EXAMPLES / "recipes" / "nano_warm.toml")),
            *("--dataset", "additions-1"),
        )
        recipe = load_recipe(
            EXAMPLES / "recipes" / "nano_grpo.toml",
            {
                "model.path": warm["model_folder"],
                "steps": options.steps,
                "grpo.held_out": 64,
                "grpo.watch.problems": 8,
                "grpo.watch.every": 10_000,
            },
        )
        chosen = Path(folder) / "recipe.json"
        chosen.write_text(recipe.model_dump_json())
        run = tunix_rt("train", "run", str(chosen), "--dataset", "additions-1")
        session = Session()
        with session.store.read() as connection:
            points = query_read.metrics(connection, run["run_id"], 10_000).points
        told = [point.values for point in points if FIRST < point.step < options.steps]
        inside = {
            name: statistics.median(one[f"seconds_{name}"] for one in told)
            for name in ("step", "rollout", "reward", "keep", "update")
        }
        alone = parts(session, TrainConfig(recipe=recipe, dataset_key="additions-1"))
        record(
            "grpo-step",
            {
                "rollouts": recipe.grpo.prompts * recipe.grpo.group if recipe.grpo else 0,
                "seconds_inside": inside,
                "seconds_alone": alone,
                "step_over_parts": inside["step"] / sum(alone.values()),
            },
        )


if __name__ == "__main__":
    main()

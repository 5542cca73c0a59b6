"""A run's process whose training takes no time, for the tests of tuning.

The loss of a "training" is how far its learning rate is from 0.01; its model answers all
questions right above 0.01 and half of them below. The keys of the recipe that do not
matter here say what happens: `log_every` is how many tenths of a second it takes, and
with `seed` 13 it fails.
"""

import math
import os
import sys
import time
from functools import partial

from tunix_rt.evaluate.jobs import measure
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import read_settings
from tunix_rt.runs import child, query_read
from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import open_store
from tunix_rt.train.schema import TrainConfig
from tunix_rt.tune.driving import drive
from tunix_rt.tune.schema import TuneConfig


def spawn(run_id: str, attempt: int) -> list[str]:
    return [sys.executable, __file__, run_id, str(attempt)]


def tune(run: Run, config: TuneConfig) -> None:
    """Drive, and say which process does, so that a test can kill it."""
    (run.folder / "pid").write_text(str(os.getpid()))
    drive(run, config, spawn)


def train(run: Run, config: TrainConfig) -> None:
    """Take a while, fail or leave a loss behind."""
    recipe = config.recipe
    for step in range(recipe.log_every - 1):
        time.sleep(0.1)
        run.progress(step, recipe.log_every)
    if recipe.seed == 13:
        raise BadInput("The seed is 13.")
    loss = abs(math.log10(recipe.optimizer.learning_rate) + 2)
    run.metric(1, {"loss": loss + 1, "tokens_per_second": 5.0})
    run.metric(2, {"loss": loss, "tokens_per_second": 6.0})
    run.result({"model_folder": "/the/model", "final_loss": loss})


def evaluate(run: Run, config: EvaluateConfig) -> None:
    """Measure what the model would have said."""
    with run.store.read() as connection:
        subject = query_read.get(connection, str(config.subject_run_id))
    good = subject.config["recipe"]["optimizer"]["learning_rate"] > 0.01
    lines = [
        f'{{"id":"i{n}","prediction":"{2 * n}"}}\n'.encode() for n in range(20 if good else 10)
    ]
    sha256, _ = run.store.blobs.put(lines)
    measure(run, config.model_copy(update={"predictions": sha256}))


if __name__ == "__main__":
    jobs = {
        "tune": Job("tune", TuneConfig, tune),
        "train": Job("train", TrainConfig, train),
        "evaluate": Job("evaluate", EvaluateConfig, evaluate),
    }
    done = partial(child.do, open_store(read_settings()), jobs.get)
    sys.exit(done(sys.argv[1], int(sys.argv[2])))

"""The long work of training: a frozen dataset and a recipe in, a model folder out."""

import shutil

from tunix_rt.datasets import reading
from tunix_rt.kit.again import Again
from tunix_rt.rendering import segmenting
from tunix_rt.rendering.schema_proofs import ProvenRendering
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.tokenizing import load_chat
from tunix_rt.runs import query as runs
from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import Store
from tunix_rt.train import training
from tunix_rt.train.schema import Progress, Recipe, TrainConfig, TrainJob, TrainResult


def train(run: Run, config: TrainConfig) -> None:
    """Train to the end; started again on the same run, it goes on from its last checkpoint."""
    job = _job(run, config)
    result = training.train(job)
    if config.output_dir is not None:
        shutil.copytree(result.model, config.output_dir, dirs_exist_ok=True)
    run.result(
        {
            "model_folder": str(result.model),
            "steps": result.steps,
            "resumed_from": result.resumed_from,
            "parameters": result.parameters,
            "examples": result.examples,
            "dropped": result.dropped,
            "first_loss": result.first_loss,
            "final_loss": result.final_loss,
            "seconds": result.seconds,
            "tokens": result.tokens,
            "useful_tokens_per_second": result.tokens / max(result.seconds, 1e-9),
            "first_batch_sha256": result.first_batch_sha256,
            "first_batch_proven": first_batch_proven(
                reading.version(run.store, config.dataset_key).rendering, config.recipe, result
            ),
            "weights_sha256": result.weights_sha256,
        }
    )
    key = config.dataset_key
    with run.write() as connection:
        edge = ("dataset", key, key, "run", run.id, config.recipe.name, "trained on")
        runs.link(connection, [edge])
    run.log(
        f"loss {result.first_loss:.4f} -> {result.final_loss:.4f} in {result.steps} steps, "
        f"{result.seconds:.1f} s; weights {result.weights_sha256[:16]}"
    )


def examples(store: Store, dataset_key: str, recipe: Recipe) -> Again[Example]:
    """What the training split of a frozen dataset teaches, in its fixed order."""
    rendering = recipe.rendering()
    chat = load_chat(rendering)
    return Again(lambda: segmenting.examples(reading.rows(store, dataset_key), rendering, chat))


def first_batch_proven(
    proven: ProvenRendering | None, recipe: Recipe, result: TrainResult
) -> bool | None:
    """Whether the first batch is the one that was proven when the dataset was frozen.

    Null where nothing was proven, or another rendering than this recipe's.
    """
    if proven is None or not proven.is_of(recipe.rendering(), result.tokenizer_sha256):
        return None
    return proven.first_batch_sha256 == result.first_batch_sha256


def initialise(run: Run, config: TrainConfig) -> None:
    """Write the untrained model of a config, so that it can be measured before."""
    folder = training.initialise(_job(run, config))
    run.result({"model_folder": str(folder)})


def _job(run: Run, config: TrainConfig) -> TrainJob:
    job = TrainJob(
        recipe=config.recipe,
        examples=examples(run.store, config.dataset_key, config.recipe),
        folder=run.folder,
        report=lambda progress: _report(run, progress),
    )
    run.log(f"examples of {config.dataset_key}, worded by {config.recipe.template}")
    return job


def _report(run: Run, progress: Progress) -> None:
    run.metric(
        progress.step,
        {
            "loss": progress.loss,
            "learning_rate": progress.learning_rate,
            "gradient_norm": progress.gradient_norm,
            "tokens_per_second": progress.tokens_per_second,
        },
    )
    words = f"loss {progress.loss:.4f}, {progress.tokens_per_second:,.0f} tokens/s"
    if progress.step % max(1, progress.total // 20) == 0 or progress.step == progress.total:
        run.log(f"step {progress.step} of {progress.total}: {words}")
    run.progress(progress.step, progress.total, words)


jobs = [Job("train", TrainConfig, train), Job("initialise", TrainConfig, initialise)]

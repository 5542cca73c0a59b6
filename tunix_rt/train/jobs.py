"""The long work of training: a frozen dataset and a recipe in, a model folder out."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from tunix_rt.datasets import reading
from tunix_rt.datasets.schema import TRAIN
from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.proportions import wilson
from tunix_rt.rendering import segmenting
from tunix_rt.rendering.schema_proofs import ProvenRendering
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.tokenizing import load_chat
from tunix_rt.runs import query as runs
from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import Store
from tunix_rt.train import (
    bases,
    checkpointing,
    forking,
    practising,
    readiness,
    rehearsing,
    showing_dry,
    training,
)
from tunix_rt.train.course.pairs import word_pairs
from tunix_rt.train.schema import (
    PAIRED,
    TAUGHT,
    Progress,
    Recipe,
    TrainConfig,
    TrainJob,
    TrainResult,
)
from tunix_rt.train.schema_fork import Fork


def train(run: Run, config: TrainConfig) -> None:
    """Train to the end; started again on the same run, it goes on from its last checkpoint.

    A dry run trains nothing, and leaves its report as the run's result.
    """
    with run.store.read() as connection:
        base = bases.version(connection, config.recipe)
    config = _located(run, config)
    job = _job(run, config)
    if config.dry_run:
        try:
            report = rehearsing.rehearse(run.store, config.dataset_key, job)
        finally:
            shutil.rmtree(run.folder / forking.START, ignore_errors=True)
        run.result({"dry_run": report.model_dump(mode="json")})
        for said in showing_dry.lines(report):
            run.log(said)
        return
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
            "layout": result.layout,
            "held_out_loss": result.held_out_loss,
            "kept_step": result.kept_step,
            "seconds": result.seconds,
            "tokens": result.tokens,
            "useful_tokens_per_second": result.useful_tokens_per_second,
            "first_batch_sha256": result.first_batch_sha256,
            "first_batch_proven": first_batch_proven(
                reading.version(run.store, config.dataset_key).rendering, config.recipe, result
            ),
            "weights_sha256": result.weights_sha256,
            **_practised(config.recipe, result),
        }
    )
    key = config.dataset_key
    with run.write() as connection:
        here = ("run", run.id, config.recipe.name)
        edges = [("dataset", key, key, *here, "trained on")]
        if base is not None:
            edges.append(("model", base.id, f"{base.name} {base.label}", *here, "began with"))
        runs.link(connection, edges)
    run.log(
        f"loss {result.first_loss:.4f} -> {result.final_loss:.4f} in {result.steps} steps, "
        f"{result.seconds:.1f} s; weights {result.weights_sha256[:16]}"
    )


def examples(store: Store, dataset_key: str, recipe: Recipe) -> Again[Example]:
    """What the training split of a frozen dataset teaches, in its fixed order."""
    rendering = recipe.rendering()
    chat = load_chat(rendering)
    return Again(lambda: segmenting.examples(reading.rows(store, dataset_key), rendering, chat))


def held_out(store: Store, config: TrainConfig) -> Again[Example] | None:
    """The rows a recipe is measured by, in their order; `NotFound` where there is no such split."""
    asked = config.recipe.evaluation
    if asked.every is None:
        return None
    if asked.split == TRAIN:
        raise BadInput(f"The split {TRAIN!r} is trained on; evaluation.split must be another.")
    rendering = config.recipe.rendering()
    chat = load_chat(rendering)

    def worded() -> Iterator[Example]:
        rows = reading.rows(store, config.dataset_key, split=asked.split)
        for row in islice(rows, asked.rows):
            yield Example(segmenting.segments(row, rendering, chat), row.id)

    return Again(worded)


def pairs(store: Store, dataset_key: str, recipe: Recipe) -> Again[tuple[Example, Example]]:
    """Right and wrong traces of one prompt in the training split, worded."""

    def made() -> Iterator[tuple[Example, Example]]:
        rows = (row for row in reading.rows(store, dataset_key) if row.split == TRAIN)
        return word_pairs(rows, recipe)

    return Again(made)


def first_batch_proven(
    proven: ProvenRendering | None, recipe: Recipe, result: TrainResult
) -> bool | None:
    """Whether the first batch is the one that was proven when the dataset was frozen.

    Null where nothing was proven, or another rendering than this recipe's, or no first batch, or
    where batches are not of examples.
    """
    if recipe.method not in TAUGHT or proven is None or proven.first_batch_sha256 is None:
        return None
    if not proven.is_of(recipe.rendering(), result.tokenizer_sha256):
        return None
    return proven.first_batch_sha256 == result.first_batch_sha256


def initialise(run: Run, config: TrainConfig) -> None:
    """Write the untrained model of a config, so that it can be measured before."""
    config = _located(run, config)
    folder = training.initialise(_job(run, config, learns=False))
    run.result({"model_folder": str(folder)})


def _practised(recipe: Recipe, result: TrainResult) -> dict[str, Any]:
    """What came of practising: accuracies with their intervals, and why it stopped."""
    if result.practised is None or recipe.grpo is None:
        return {}
    advice = readiness.advice(result.practised.before, recipe.grpo.readiness)
    said = asdict(result.practised)
    for when in (said["before"], said["after"]):
        for name in ("greedy", "sampled"):
            low, high = wilson(round(when[name] * when["problems"]), when["problems"])
            when[f"{name}_low"], when[f"{name}_high"] = low, high
    return {"practised": said, "advice": advice}


def _located(run: Run, config: TrainConfig) -> TrainConfig:
    """The same with the folder of the model that it begins with."""
    return config.model_copy(update={"recipe": bases.located(run.store, config.recipe)})


def _job(run: Run, config: TrainConfig, *, learns: bool = True) -> TrainJob:
    method, known = config.recipe.method if learns else "", checkpointing.told(run.folder)
    job = TrainJob(
        recipe=config.recipe,
        examples=examples(run.store, config.dataset_key, config.recipe),
        folder=run.folder,
        report=lambda progress: _report(run, progress, known),
        check=run.check_cancelled,
        held_out=held_out(run.store, config) if learns else None,
        cache=run.store.home / "cache" / "compiled",
        practice=practising.practice(run, config) if method == "grpo" else None,
        pairs=pairs(run.store, config.dataset_key, config.recipe) if method in PAIRED else None,
        start=None if config.fork is None else _forked(run, config.fork),
    )
    run.log(f"examples of {config.dataset_key}, worded by {config.recipe.template}")
    return job


def _forked(run: Run, fork: Fork) -> Path:
    """The weights of a checkpoint of another run."""

    def write(theirs: TrainConfig, folder: Path, target: Path) -> None:
        theirs = _located(run, theirs)
        taught = examples(run.store, theirs.dataset_key, theirs.recipe)
        start = None if theirs.fork is None else folder / forking.START
        source = TrainJob(theirs.recipe, taught, folder, lambda _: None, start=start)
        training.weights_at(source, fork.step or 0, target)

    return forking.begin(run, fork, write)


def _report(run: Run, progress: Progress, known: int) -> None:
    run.metric(
        progress.step,
        {
            "loss": progress.loss,
            "learning_rate": progress.learning_rate,
            "gradient_norm": progress.gradient_norm,
            "tokens_per_second": progress.tokens_per_second,
            **progress.more,
        },
    )
    reward = progress.more.get("reward")
    told = f"loss {progress.loss:.4f}" if reward is None else f"reward {reward:.3f}"
    words = f"{told}, {progress.tokens_per_second:,.0f} tokens/s"
    due = progress.step % max(1, progress.total // 20) == 0 or progress.step == progress.total
    if due and progress.step > known:
        run.log(f"step {progress.step} of {progress.total}: {words}")
    run.progress(progress.step, progress.total, words)


jobs = [Job("train", TrainConfig, train), Job("initialise", TrainConfig, initialise)]

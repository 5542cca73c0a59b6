"""Practising from its first measurement to what is left, with the hands of a library."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.course.beginning import base_sha256
from tunix_rt.train.course.counting import pace
from tunix_rt.train.course.identity import claim_folder, identify
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.course.rounds import Rounds
from tunix_rt.train.course.turns import Turns
from tunix_rt.train.schema import TrainJob, TrainResult
from tunix_rt.train.schema_grpo import Measured, Practised


@dataclass(frozen=True, slots=True)
class Hands:
    """What a library does for practising."""

    rounds: Callable[[TrainJob, Loaded], Rounds]
    learn: Callable[[TrainJob, Loaded, Rounds, Journal], tuple[Turns, int]]
    """Take every step; the turns that were taken, and the step that it went on from."""
    load: Callable[[Path], Loaded]
    export: Callable[[Loaded, Path], str]


def practise(job: TrainJob, loaded: Loaded, hands: Hands) -> TrainResult:
    """Practise to the end with the model to begin with, and export; what is on disk decides where
    it begins.
    """
    began, recipe, practice = time.monotonic(), job.recipe, job.practice
    assert recipe.grpo is not None
    assert practice is not None
    claim_folder(
        job.folder,
        identify(
            recipe,
            problems_sha256=practice.sha256,
            tokenizer_sha256=loaded.tokenizer.sha256(),
            base_sha256=base_sha256(loaded.source),
        ),
    )
    rounds = hands.rounds(job, loaded)
    before = _before(job, rounds)
    journal = Journal(job.folder / "steps.jsonl")
    learning = time.monotonic()
    try:
        turns, resumed_from = hands.learn(job, loaded, rounds, journal)
    finally:
        journal.close()
    rate = pace(turns.counted.behind(resumed_from), learning)
    taken = best = len(turns.counted.steps)
    stopped = turns.looks.stopped
    if stopped is not None and (kept := turns.looks.rolled_back()) is not None:
        best, folder = kept
        loaded = hands.load(folder)
    weights = hands.export(loaded, job.folder / "model")
    rounds.sampler.refresh(loaded.model)
    return TrainResult(
        model=job.folder / "model",
        steps=taken,
        resumed_from=resumed_from,
        parameters=loaded.shape.parameters(),
        examples=len(practice.pool),
        dropped=0,
        first_loss=journal.first_loss,
        final_loss=journal.final_loss,
        seconds=time.monotonic() - began,
        tokens=turns.counted.behind(0),
        useful_tokens_per_second=rate,
        first_batch_sha256=rounds.first_sha256(),
        weights_sha256=weights,
        tokenizer_sha256=loaded.tokenizer.sha256(),
        practised=Practised(
            before=before,
            after=rounds.measured(),
            rounds=-(-taken // recipe.grpo.iterations),
            stopped=stopped,
            best_step=best,
        ),
    )


def _before(job: TrainJob, rounds: Rounds) -> Measured:
    """The model on held-out problems before its first step; measured once and kept."""
    path = job.folder / "before.json"
    assert job.practice is not None
    if path.is_file() and checkpointed(job.folder):
        return Measured(**json.loads(path.read_text("utf-8")))
    found = rounds.measured()
    job.practice.ready(found)
    part = path.with_name("before.json.part")
    part.write_text(json.dumps(asdict(found)) + "\n", "utf-8")
    part.replace(path)
    return found

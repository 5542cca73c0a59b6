"""Trainings of every layout and method: killed, gone on with, and the same in the end."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import EXAMPLES, VARIED, job
from tunix_rt.kit.errors import Conflict
from tunix_rt.rendering.batching import make_rows
from tunix_rt.train.backends.tunix.starting import start_model
from tunix_rt.train.backends.tunix.stepping import data_hooks
from tunix_rt.train.schema import Progress
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("qwix", extra="tunix")

SMALL: dict[str, Any] = {"steps": 9, "checkpoints": {"every": 3}}
KINDS: dict[str, dict[str, Any]] = {
    "lora": {"method": "lora", "lora": {"rank": 2}},
    "packed": {"batching": {"layout": "packed", "batch_tokens": 256}},
    "buckets in parts": {
        "batching": {"layout": "buckets", "batch_tokens": 128, "buckets": 2},
        "accumulate": 2,
        "max_seq_length": 128,
    },
    "chosen, in bfloat16": {
        "batching": {"layout": "auto", "buckets": 2},
        "max_seq_length": 128,
        "precision": "bfloat16",
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_killed_and_called_again_it_ends_with_the_same_bits(kind: str, tmp_path: Path) -> None:
    own = SMALL | KINDS[kind]
    reports: list[Progress] = []
    program = [sys.executable, "-m", "tests.train.jobs", str(tmp_path), "7", json.dumps(own)]
    assert subprocess.run(program).returncode == -signal.SIGKILL
    if kind.startswith("chosen"):  # the second measurement must not decide anew
        (tmp_path / "whole").mkdir()
        (tmp_path / "whole" / "layout.json").write_bytes((tmp_path / "layout.json").read_bytes())

    taught = VARIED if "max_seq_length" in own else EXAMPLES
    whole = train(job(tmp_path / "whole", reports.append, taught, **own))
    again: list[Progress] = []
    result = train(job(tmp_path, again.append, taught, **own))

    assert 3 <= result.resumed_from <= 6
    assert result == replace(
        whole, model=result.model, resumed_from=result.resumed_from, seconds=result.seconds
    )
    assert [(r.step, r.loss, r.gradient_norm) for r in again] == [
        (r.step, r.loss, r.gradient_norm) for r in reports
    ]


def test_a_training_that_is_refused_chooses_no_layout_anew(tmp_path: Path) -> None:
    own = SMALL | KINDS["chosen, in bfloat16"]
    first = train(job(tmp_path, examples=VARIED, **own))
    chosen = (tmp_path / "layout.json").read_bytes()

    with pytest.raises(Conflict, match="the examples changed"):
        train(job(tmp_path, examples=VARIED[:-40], **own))

    assert (tmp_path / "layout.json").read_bytes() == chosen
    assert train(job(tmp_path, examples=VARIED, **own)).weights_sha256 == first.weights_sha256


def test_who_goes_on_draws_no_batch_in_vain() -> None:
    asked: list[int] = []

    class Trainer:
        train_steps = 700_000

    data_hooks(lambda step: asked.append(step)).load_next_train_batch(Trainer())

    assert asked == [700_000]


@pytest.mark.parametrize("layout", ["buckets", "packed"])
def test_every_layout_learns_from_every_row(layout: str, tmp_path: Path) -> None:
    options = {"layout": layout, "batch_tokens": 512}
    own = job(tmp_path, examples=VARIED, batching=options, max_seq_length=128, steps=None, epochs=3)
    start = start_model(own)
    rows = make_rows(VARIED, start.tokenizer, own.recipe.rendering(), vocab=start.shape.vocab)

    result = train(own)

    assert result.layout == layout
    assert result.examples == len(VARIED)
    assert 3 * len(rows.tokens) <= result.tokens < 3.1 * len(rows.tokens)
    assert result.final_loss < 0.8 * result.first_loss

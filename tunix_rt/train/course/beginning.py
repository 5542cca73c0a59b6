"""What a training begins with: a model that is there, or the plan of a new one."""

import json
from pathlib import Path

from tunix_rt.kit.errors import Conflict
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.registry.loading.weights import sha256_of
from tunix_rt.rendering.tokenizing import build_from
from tunix_rt.train.schema import FolderModel, NanoModel, TrainJob


def start_folder(job: TrainJob) -> Path | None:
    """Where the model to begin with lies; None for one that is made from nothing."""
    if job.start is not None:
        return job.start
    model = job.recipe.model
    return Path(model.path) if isinstance(model, FolderModel) else None


def new_model(job: TrainJob, model: NanoModel) -> tuple[Shape, TextTokenizer]:
    """Shape and tokenizer of a model that is made from nothing."""
    tokenizer = build_from(job.examples, job.recipe.tokenizer.vocab_size)
    return model.shape(tokenizer.size, job.recipe.max_seq_length), tokenizer


def base_sha256(source: Path | None) -> str:
    """Of the weights that training starts from; empty for a model made from nothing."""
    if source is None:
        return ""
    return "+".join(sha256_of(file) for file in sorted(source.glob("*.safetensors")))


def check_unchanged(folder: Path, source: Path | None, tokenizer: TextTokenizer) -> None:
    """Refuse where the run in `folder` began with another model than there is today: `Conflict`."""
    said = json.loads((folder / "identity.json").read_text("utf-8"))
    for name, what, now in (
        ("tokenizer_sha256", "tokenizer", tokenizer.sha256()),
        ("base_sha256", "model", base_sha256(source)),
    ):
        if said.get(name, now) != now:
            raise Conflict(f"The {what} that the run began with has changed since.")

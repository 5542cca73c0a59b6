"""Which states of a training stay on disk: by steps, by minutes, within a quota; and the best.

A checkpoint is written beside its place and renamed into it: one that is found is whole. Weights
are safetensors, and the states of the optimizer and of the random numbers are read back without
running code.
"""

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import torch as loading
from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.backends.torch import optimising
from tunix_rt.train.course import holding
from tunix_rt.train.course.fitting import fitting
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.course.telling import SPOILED, NotFinite, no_model
from tunix_rt.train.schema_keeping import Checkpoints

WEIGHTS = "weights.safetensors"
STATE = "trainer_state.json"


class Keeper:
    """Says when a checkpoint is due, writes it, and takes away the oldest."""

    def __init__(self, folder: Path, kept: Checkpoints, last: int, size: Callable[[], int]) -> None:
        """`size` says how many bytes one takes."""
        self.folder, self._kept, self._last = folder, kept, last
        self._stay = fitting(kept, size)
        self._due = self._later()

    def is_due(self, step: int) -> bool:
        """Whether a model that has taken so many steps is to be kept."""
        if step == self._last or step % self._kept.every == 0:
            return True
        if time.monotonic() < self._due:
            return False
        self._due = self._later()
        return True

    def save(self, trainer: Any, step: int) -> None:
        """Keep a trainer where it is, if its weights are finite numbers."""
        check_weights(trainer.model, step)
        place = place_of(self.folder, step)
        part = place.with_name(f"{step}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        write_weights(trainer.model, part / WEIGHTS)
        trainer._save_optimizer_and_scheduler(str(part))
        trainer._save_rng_state(str(part))
        trainer.state.save_to_json(str(part / STATE))
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
        for old in steps(self.folder)[: -self._stay]:
            shutil.rmtree(place_of(self.folder, old))

    def _later(self) -> float:
        if self._kept.minutes is None:
            return float("inf")
        return time.monotonic() + 60 * self._kept.minutes


class Best(holding.Best):
    """In safetensors."""

    def write(self, step: int, model: Any) -> None:
        """Write the weights of a step."""
        place = self.folder / str(step)
        place.mkdir()
        write_weights(model, place / WEIGHTS)

    def restore(self, model: Any) -> None:
        """Put the best weights back into the model."""
        read_weights(model, self.folder / str(self.step) / WEIGHTS)


def place_of(folder: Path, step: int) -> Path:
    """Where the checkpoint of a step lies."""
    return folder / "checkpoints" / str(step)


def size_of(model: Any, moved: Any) -> int:
    """Bytes of one checkpoint: what is trained of a model, and what its optimizer keeps of it."""
    weights: int = sum(one.nbytes for _, one in _trained(model))
    return weights + optimising.kept_bytes(moved)


def write_weights(model: Any, file: Path) -> None:
    """Write what is trained of a model: all of it, or LoRA's matrices."""
    import safetensors.torch

    held = {name: one.detach().contiguous() for name, one in _trained(model)}
    part = file.with_name(f"{file.name}.part")
    safetensors.torch.save_file(held, part)
    part.replace(file)


def read_weights(model: Any, file: Path) -> None:
    """Read back what `write_weights` wrote, bit for bit."""
    import safetensors.torch
    import torch

    held = safetensors.torch.load_file(file)
    with torch.no_grad():
        for name, one in _trained(model):
            one.copy_(held[name])


def check_weights(model: Any, step: int) -> None:
    """Refuse weights that a step left and that are no finite numbers."""
    if not is_finite(model):
        raise NotFinite(step, SPOILED)


def is_finite(model: Any) -> bool:
    """Whether every weight of a model that is trained is a finite number."""
    return _are_finite(one for _, one in _trained(model))


def _are_finite(weights: Iterable[Any]) -> bool:
    import torch

    return bool(torch.stack([one.isfinite().all() for one in weights]).all())


def export(loaded: Loaded, folder: Path, dtype: str | None = None) -> str:
    """Write a model folder if every weight is a finite number in it; SHA-256 of its weights.

    They are written in the numbers `dtype`, or else in those they have.
    """
    import torch

    numbers = None if dtype is None else getattr(torch, dtype)
    if not _are_finite(one.detach().to(numbers) for one in loaded.model.parameters()):
        raise no_model()
    return loading.export(loaded, folder, None if dtype is None else lambda _: dtype)


def _trained(model: Any) -> list[tuple[str, Any]]:
    return [(name, one) for name, one in model.named_parameters() if one.requires_grad]

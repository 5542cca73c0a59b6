"""Parity: does Tunix compute what transformers computes from the same folder?

Both are asked in float32 for the logits of the same made-up tokens. A rotary base, a norm or an
activation that one of them reads and the other assumes shows here as a difference thousands of
times the rounding.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading.jax import Loaded, load, quiet
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.torch import pretrained

TOLERANCE = 1e-4
"""Largest difference, as a part of the largest logit (at least 1)."""

LONGEST = 640
"""Tokens of a row, at most: enough to look past the window of the small Gemmas."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far two libraries are apart on one folder."""

    max_difference: float
    largest_logit: float
    argmax_agreement: float
    """Share of the positions where both would say the same token."""
    tokens: int

    @property
    def passes(self) -> bool:
        """Whether the difference is rounding; NaN is not."""
        return self.max_difference <= TOLERANCE * max(1.0, self.largest_logit)


def can_compare() -> bool:
    """Whether both libraries are here."""
    return all(find_spec(name) is not None for name in ("torch", "transformers", "tunix"))


def compare(folder: Path) -> Parity:
    """Ask both; takes the memory of the model twice, in float32."""
    loaded = load(folder, dtype="float32")
    ids = some_ids(loaded.shape)
    return difference(logits(loaded, ids), transformers_logits(folder, ids))


def difference(ours: Any, theirs: Any) -> Parity:
    """How far two arrays of logits (rows, length, vocabulary) are apart."""
    return Parity(
        max_difference=float(abs(ours - theirs).max()),
        largest_logit=float(abs(theirs).max()),
        argmax_agreement=float((ours.argmax(-1) == theirs.argmax(-1)).mean()),
        tokens=int(ours.shape[0] * ours.shape[1]),
    )


def some_ids(shape: Shape) -> Any:
    """The same tokens for the same shape: rows longer than the attention window if it is small.

    A large vocabulary gets one row, as its logits would fill gigabytes.
    """
    import numpy as np

    length = min(shape.context, max(48, shape.window + 16), LONGEST)
    rows = 2 if shape.vocab < 50_000 else 1
    return np.random.default_rng(0).integers(0, shape.vocab, (rows, length))


def logits(loaded: Loaded, ids: Any) -> Any:
    """Of whole rows without padding, by Tunix."""
    import jax.numpy as jnp
    import numpy as np

    rows, length = ids.shape
    positions = jnp.broadcast_to(jnp.arange(length), (rows, length))
    mask = jnp.broadcast_to(jnp.tril(jnp.ones((length, length), bool)), (rows, length, length))
    with quiet():
        found, _ = loaded.model(jnp.asarray(ids), positions, None, mask)
    return np.asarray(found, np.float32)


def transformers_logits(folder: Path, ids: Any) -> Any:
    """The same by transformers, from the folder alone; code in it is never run."""
    model = pretrained(folder, "float32")
    import torch

    with torch.no_grad():
        return model(torch.tensor(ids)).logits.numpy()

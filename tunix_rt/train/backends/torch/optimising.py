"""The learning rate over the steps, and the optimizer of a recipe, as optax has them for Tunix."""

import math
from collections.abc import Callable
from typing import Any

from tunix_rt.train.schema import Optimizer

KNOWN = {"adamw", "muon"}
"""The optimizers that torch has too."""


def learning_rate(recipe: Optimizer, steps: int) -> Callable[[int], float]:
    """The rate of step i (from 0): up in a line, then down as the recipe says."""
    peak, ratio = recipe.learning_rate, recipe.final_ratio
    warmup = min(recipe.warmup_steps, steps - 1)
    after = max(steps - warmup, 1)
    falls: dict[str, Callable[[float], float]] = {
        "cosine": lambda gone: ratio + (1 - ratio) * (1 + math.cos(math.pi * gone)) / 2,
        "linear": lambda gone: 1 - (1 - ratio) * gone,
        "constant": lambda gone: 1.0,
    }
    fall = falls[recipe.schedule]

    def rate(step: int) -> float:
        if step < warmup:
            return peak * step / warmup
        return peak * fall(min((step - warmup) / after, 1.0))

    return rate


def optimizer(recipe: Optimizer, model: Any) -> Any:
    """AdamW, or Muon for matrices and Adam for the rest; clipping is the trainer's."""
    import torch

    betas = (recipe.beta1, recipe.beta2)
    named = [(name, one) for name, one in model.named_parameters() if one.requires_grad]
    if recipe.name == "adamw":
        matrices = [one for _, one in named if one.ndim > 1]
        others = [one for _, one in named if one.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": recipe.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        used = [one for one in groups if one["params"]]
        return torch.optim.AdamW(used, lr=recipe.learning_rate, betas=betas)
    turned = [one for name, one in named if _is_turned(name, one)]
    others = [one for name, one in named if not _is_turned(name, one)]
    rate = recipe.adam_learning_rate or recipe.learning_rate
    parts = [
        torch.optim.Muon(
            turned,
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            momentum=recipe.momentum,
        )
    ]
    if others:
        parts.append(torch.optim.AdamW(others, lr=rate, betas=betas, weight_decay=0.0))
    return _together(parts)


def scheduler(recipe: Optimizer, steps: int, moved: Any) -> Any:
    """What gives each group its rate at every step."""
    import torch

    rate = learning_rate(recipe, steps)
    return torch.optim.lr_scheduler.LambdaLR(moved, lambda step: rate(step) / recipe.learning_rate)


def kept_bytes(moved: Any) -> int:
    """Bytes that an optimizer keeps of what it moves: a momentum in Muon, two moments in Adam."""
    import torch

    parts = moved.parts if isinstance(moved, _Parts) else [moved]
    return sum(
        (1 if isinstance(part, torch.optim.Muon) else 2) * one.nbytes
        for part in parts
        for group in part.param_groups
        for one in group["params"]
    )


def _is_turned(name: str, weight: Any) -> bool:
    """Whether Muon moves it: a matrix that is no table of tokens."""
    return weight.ndim == 2 and "embed_tokens" not in name and "lm_head" not in name


def _together(parts: list[Any]) -> Any:
    """Several optimizers as one."""
    from torch.optim import Optimizer as Base

    class Together(_Parts, Base):  # type: ignore[misc]
        """One optimizer to whoever asks."""

    return Together(parts)


class _Parts:
    """Their groups are those of its parts, which exchange them when they are loaded."""

    def __init__(self, parts: list[Any]) -> None:
        self.parts, self.defaults = parts, dict[str, Any]()

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        return [group for part in self.parts for group in part.param_groups]

    @property
    def state(self) -> dict[Any, Any]:
        return {key: value for part in self.parts for key, value in part.state.items()}

    def step(self, closure: Any = None) -> None:
        for part in self.parts:
            part.step()

    def zero_grad(self, set_to_none: bool = True) -> None:
        for part in self.parts:
            part.zero_grad(set_to_none)

    def state_dict(self) -> dict[str, Any]:
        return {str(number): part.state_dict() for number, part in enumerate(self.parts)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        for number, part in enumerate(self.parts):
            part.load_state_dict(state_dict[str(number)])

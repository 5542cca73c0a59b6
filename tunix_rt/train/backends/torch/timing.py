"""What a GPU holds and reaches; the clock itself is that of every backend."""

import math
import time
from typing import Any

from tunix_rt.train.course.timing import Clock
from tunix_rt.train.schema import Recipe

CEILING_SECONDS = 0.5
"""How long matrix products are repeated."""


def clock(kind: str) -> Clock:
    """Says of a GPU what tensors take of it."""
    import torch

    return Clock(lambda: None if kind == "cpu" else int(torch.cuda.memory_allocated()))


def ceiling(recipe: Recipe, model: Any, kind: str) -> float:
    """Operations a second that a GPU reaches in the numbers a recipe computes in; a CPU is not
    asked.
    """
    if kind == "cpu":
        return 0.0
    numbers = {"bfloat16": "bfloat16", "float32": "float32"}.get(recipe.precision)
    if numbers is None:
        numbers = str(next(model.parameters()).dtype).removeprefix("torch.")
    return matmul_tflops(numbers, kind) * 1e12


def matmul_tflops(dtype: str, kind: str) -> float:
    """The fastest of several square matrix products, in 10^12 operations a second."""
    import torch

    size = 1024 if kind == "cpu" else 8192
    one = torch.ones((size, size), dtype=getattr(torch, dtype), device=kind)
    fastest, end = math.inf, time.perf_counter() + CEILING_SECONDS
    while time.perf_counter() < end:
        began = time.perf_counter()
        float((one @ one)[0, 0])  # waits until it is computed
        fastest = min(fastest, time.perf_counter() - began)
    return 2 * size**3 / fastest / 1e12

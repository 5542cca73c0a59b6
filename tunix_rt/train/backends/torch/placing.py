"""Where a training computes: the CPU with as many threads as help, or one GPU."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tunix_rt.kit.errors import BadInput

ONE_THREAD = 10_000_000
"""Models of fewer parameters are computed by one thread: to wait for a second one costs more than
it helps, and on a shared machine many times more."""

VISIBLE = "CUDA_VISIBLE_DEVICES"

_seen: list[int] = []
"""The GPU that this process was left with, once there were several."""


@contextmanager
def placed(device: str) -> Iterator[str]:
    """`cpu` or `cuda`, whichever the recipe's device means here; threads are put back after."""
    import torch

    kind, _, index = device.partition(":")
    if kind == "auto":
        kind = "gpu" if torch.cuda.is_available() else "cpu"
    if kind == "gpu":
        _only(int(index or 0))
    elif index not in ("", "0"):
        raise BadInput(f"{device} is asked for, and torch finds 1 cpu.", hint="Change device.")
    before = torch.get_num_threads()
    try:
        yield {"gpu": "cuda"}.get(kind, kind)
    finally:
        torch.set_num_threads(before)


def take_threads(model: Any) -> None:
    """As many threads as help a model of this size."""
    import torch

    if sum(one.numel() for one in model.parameters()) < ONE_THREAD:
        torch.set_num_threads(1)


def device_name(kind: str) -> str:
    """What a benchmark and a dry run call the device."""
    import torch

    return "cpu: cpu" if kind == "cpu" else f"gpu: {torch.cuda.get_device_name(0)}"


def room(kind: str) -> int | None:
    """Bytes that are free on a GPU; null where there is the machine's own memory."""
    import torch

    return None if kind == "cpu" else int(torch.cuda.mem_get_info()[0])


def taken(kind: str) -> int | None:
    """The most bytes that were ever taken of a GPU; null where nobody counts."""
    import torch

    return None if kind == "cpu" else int(torch.cuda.max_memory_allocated())


def _only(index: int) -> None:
    """Leave one GPU to be seen: trainers take every one that they see."""
    import torch

    if _seen == [index]:
        return
    count = torch.cuda.device_count()
    if not count:
        raise BadInput("There is no gpu here; torch finds: cpu.")
    if index >= count:
        name = "gpu" if count == 1 else "gpus"
        raise BadInput(
            f"gpu:{index} is asked for, and torch finds {count} {name}.", hint="Change device."
        )
    if count > 1:
        names = os.environ.get(VISIBLE, "").split(",") if os.environ.get(VISIBLE) else None
        os.environ[VISIBLE] = str(index) if names is None else names[index]
        _seen.append(index)

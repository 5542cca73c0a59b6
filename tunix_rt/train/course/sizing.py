"""The sizes of models that training steps are timed with, and their rows."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from tunix_rt.registry.loading.shape import Shape
from tunix_rt.rendering.batching import Batches, Rows
from tunix_rt.train.schema_bench import Size, StepBench, StepTimes

ROWS = 512
SPREAD = 0.6
"""Deviation of the logarithm of a row's length; the mean is 280 of 1024 columns."""


def _gemma(vocab: int, width: int, hidden: int, layers: int, head_width: int) -> Shape:
    return Shape(
        kind="gemma3_text",
        vocab=vocab,
        width=width,
        hidden=hidden,
        layers=layers,
        heads=4,
        kv_heads=1,
        head_width=head_width,
        window=1024 if vocab < 262_144 else 512,
        local_theta=10_000,
        global_theta=10_000 if vocab < 262_144 else 1_000_000,
        tied=True,
        context=32_768,
    )


SHAPES: dict[Size, Shape] = {
    "nano": _gemma(96, 96, 256, 2, 24),
    "small": _gemma(512, 256, 1024, 4, 64),
    "medium": _gemma(8192, 512, 2048, 8, 128),
    "gemma3-270m": _gemma(262_144, 640, 2048, 18, 256),
    "gemma3-1b": _gemma(262_144, 1152, 6912, 26, 256),
    "qwen3-0.6b": Shape(
        kind="qwen3",
        vocab=151_936,
        width=1024,
        hidden=3072,
        layers=28,
        heads=16,
        kv_heads=8,
        head_width=128,
        window=0,
        local_theta=1_000_000,
        global_theta=1_000_000,
        tied=True,
        context=40_960,
    ),
}


def random_rows(count: int, width: int, vocab: int, seed: int = 0) -> Rows:
    """Rows of random tokens, log-normal in length; the last tenth of the logarithm is cut."""
    import numpy as np

    random = np.random.default_rng(seed)
    middle = math.log(280 / 1024 * width) - SPREAD**2 / 2
    lengths = np.clip(random.lognormal(middle, SPREAD, count), width // 50, width).astype(np.int64)
    lengths[0] = width
    total = int(lengths.sum())
    return Rows(
        tokens=random.integers(3, vocab, total, dtype=np.int32),
        weights=np.ones(total, np.float32),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        pad=0,
        dropped=0,
        examples_sha256="",
    )


def flops(shape: Shape, lengths: Any) -> float:
    """Operations to train rows of these lengths once."""
    lengths = lengths.astype(float)
    return shape.operations(float(lengths.sum()), float((lengths * (lengths + 1) / 2).sum()))


class Timed(NamedTuple):
    """One shape of batch, in seconds."""

    starting: float
    """What the first step took beyond the others: compiling, mostly."""
    step: float
    cpu: float


class Machine(NamedTuple):
    """What steps were timed on."""

    ceiling: float
    """10^12 operations a second of the fastest matrix product."""
    memory: int
    """Bytes, at the peak."""
    device: str


def step_times(
    asked: StepBench, machine: Machine, rows: Rows, batches: Batches, timed: Sequence[Timed]
) -> StepTimes:
    """One epoch of random rows, reckoned from the time of each shape of batch."""
    shape, shares = SHAPES[asked.size], batches.share
    epoch = sum(share * one.step for share, one in zip(shares, timed, strict=True))
    cpu = sum(share * one.cpu for share, one in zip(shares, timed, strict=True))
    sizes = [lines * width for lines, width in batches.shapes]
    slots = sum(share * size for share, size in zip(shares, sizes, strict=True))
    useful = int(rows.starts[-1])
    tflops = flops(shape, rows.lengths) / epoch / 1e12
    return StepTimes(
        size=asked.size,
        parameters=shape.parameters(),
        precision=asked.precision,
        layout=asked.batching.layout,
        shapes=batches.shapes,
        width=asked.width,
        compile_seconds=sum(one.starting for one in timed),
        step_seconds=epoch / sum(shares),
        tokens_per_second=slots / epoch,
        useful_tokens_per_second=useful / epoch,
        useful_share=useful / slots,
        useful_tokens_per_cpu_second=useful / cpu,
        tflops=tflops,
        ceiling_tflops=machine.ceiling,
        mfu=tflops / machine.ceiling,
        peak_memory_bytes=machine.memory,
        device=machine.device,
    )

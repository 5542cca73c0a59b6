"""What a measurement of training steps is asked, and what it says."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.train.schema_machine import Device, Precision
from tunix_rt.train.schema_part import Part

Size = Literal["nano", "small", "medium", "gemma3-270m", "gemma3-1b", "qwen3-0.6b"]


class StepBench(Part):
    """One size of model on rows of log-normal length, the longest as wide as `width`."""

    size: Size = "nano"
    width: Annotated[int, Field(ge=16, le=131_072)] = 512
    batching: Batching = Batching(layout="buckets", batch_tokens=4096)
    precision: Precision = "float32"
    device: Device = "auto"
    steps: Annotated[int, Field(ge=2, le=10_000)] = 8
    """Steps that are timed for each shape of batch, after the one that compiles."""


class StepTimes(BaseModel):
    """What was measured; times are medians."""

    size: Size
    parameters: int
    precision: Precision
    layout: str
    shapes: list[tuple[int, int]]
    """Lines and columns of each kind of batch."""
    width: int
    compile_seconds: float
    """Of all shapes together, the first steps themselves not counted."""
    step_seconds: float
    """Mean over an epoch, each shape as often as it comes."""
    tokens_per_second: float
    """With padding."""
    useful_tokens_per_second: float
    useful_share: float
    useful_tokens_per_cpu_second: float
    tflops: float
    """Six for each weight and useful token, and what attention adds; padding not counted."""
    ceiling_tflops: float
    """A square matrix product in the same numbers, measured just before."""
    mfu: float
    """The first of these over the second."""
    peak_memory_bytes: int
    """Of the device; on a CPU the most that the process held which took these steps alone."""
    device: str

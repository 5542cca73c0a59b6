"""Which kind of accelerator this machine has, by its device files: no library is loaded for it."""

import os
from pathlib import Path

FILES = {
    "tpu": ("accel[0-9]*", "vfio/[0-9]*"),
    "gpu": ("nvidia[0-9]*", "kfd", "dxg"),
}
"""What their drivers put below /dev: kfd is AMD's, dxg that of Linux in Windows. JAX takes a TPU
before a GPU."""


def here() -> str | None:
    """The kind that this process may use."""
    return accelerator(Path("/dev"), os.environ.get("CUDA_VISIBLE_DEVICES"))


def accelerator(devices: Path, visible: str | None) -> str | None:
    """`tpu`, `gpu`, or null where there is none, or none of the GPUs is `visible`."""
    for kind, patterns in FILES.items():
        if any(found for pattern in patterns for found in devices.glob(pattern)):
            return None if kind == "gpu" and visible in ("", "-1") else kind
    return None

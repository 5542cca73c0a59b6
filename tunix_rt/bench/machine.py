"""The hardware a number was measured on."""

import platform
from pathlib import Path
from typing import Any

from tunix_rt.kit.apart import cores


def hardware() -> dict[str, Any]:
    """Processor, cores, system and versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8", "replace").splitlines() if info.is_file() else []
    named = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return {
        "cpu": named[0] if named else platform.processor() or platform.machine(),
        "cores": cores(4096),
        "system": platform.system(),
        "python": platform.python_version(),
    }

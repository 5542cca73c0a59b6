"""What was compiled is kept on disk, so that the next training of its shape begins at once."""

import hashlib
import os
import platform
from pathlib import Path

LARGEST = 2 * 2**30
"""Bytes that are kept; what was not used for longest goes first."""

WORTH = 0.1
"""Seconds: what compiles faster is not kept."""


def keep_compiled(folder: Path) -> None:
    """Keep compiled programs below `folder`, apart for each kind of processor.

    A folder that JAX is told by `JAX_COMPILATION_CACHE_DIR` stays.
    """
    if os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        return
    import jax
    from jax.experimental.compilation_cache import compilation_cache

    place = str(folder / _processor())
    if jax.config.jax_compilation_cache_dir == place:
        return
    jax.config.update("jax_compilation_cache_dir", place)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", WORTH)
    jax.config.update("jax_compilation_cache_max_size", LARGEST)
    compilation_cache.reset_cache()


def _processor() -> str:
    """A name for what this processor can do: a program of another one may crash on it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8", "replace").splitlines() if info.is_file() else []
    flags = next((one for one in lines if one.startswith(("flags", "Features"))), "")
    said = f"{platform.machine()} {platform.processor()} {flags}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]

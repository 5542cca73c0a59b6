"""What was compiled is kept on disk, so that the next training of its shape begins at once."""

import hashlib
import os
import platform
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

LARGEST = 2 * 2**30
"""Bytes that a training finds at most; what was not used for longest went before it began."""

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

    place = folder / _processor()
    if jax.config.jax_compilation_cache_dir == str(place):
        return
    make_room(place)
    jax.config.update("jax_compilation_cache_dir", str(place))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", WORTH)
    compilation_cache.reset_cache()


def make_room(place: Path, largest: int = LARGEST) -> None:
    """Forget what was not used for longest.

    JAX can do that itself, and reads every file's time for it each time that one is added.
    """
    kept: list[tuple[float, int, Path]] = []
    for one in place.glob("*"):
        with suppress(OSError):  # another training makes room as well
            found = one.stat()
            kept.append((max(found.st_atime, found.st_mtime), found.st_size, one))
    kept.sort(reverse=True)
    sizes = accumulate(size for _, size, _ in kept)
    for (_, _, one), so_far in zip(kept, sizes, strict=True):
        if so_far > largest:
            one.unlink(missing_ok=True)


def _processor() -> str:
    """A name for what this processor can do: a program of another one may crash on it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8", "replace").splitlines() if info.is_file() else []
    flags = next((one for one in lines if one.startswith(("flags", "Features"))), "")
    said = f"{platform.machine()} {platform.processor()} {flags}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]

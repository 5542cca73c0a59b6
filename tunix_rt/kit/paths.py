"""Paths that strangers name: only under the roots this server allows."""

import os
from contextlib import suppress
from pathlib import Path

from tunix_rt.kit.errors import Forbidden
from tunix_rt.kit.settings import Settings


def confined(path: str, settings: Settings) -> Path:
    """`path` with every symlink resolved; `Forbidden` when it leaves the allowed roots."""
    if "\0" in path:
        raise Forbidden("A path cannot hold a NUL byte.")
    roots = allowed_roots(settings)
    try:
        resolved = (roots[0] / path).resolve()  # a `~` is a name like any other
        with suppress(FileNotFoundError, NotADirectoryError):
            resolved.lstat()
    except (OSError, RuntimeError):  # a circle of symlinks, a name too long, a closed folder
        raise Forbidden(f"{path[:200]!r} cannot be followed to its end.") from None
    if not any(resolved.is_relative_to(root) for root in roots):
        raise Forbidden(
            f"{path[:200]!r} lies outside the folders this server may use.",
            hint="Name a path under TUNIX_RT_ALLOWED_ROOTS (default: the data folder).",
        )
    return resolved


def allowed_roots(settings: Settings) -> list[Path]:
    """The folders a client may name, resolved."""
    named = [Path(part) for part in settings.allowed_roots.split(os.pathsep) if part]
    return [root.resolve() for root in named or [settings.home]]

"""The headers of safetensors files, checked against the file and the model.

A download that was cut, a tensor too many or too few, or a wrong shape is told
in one sentence here, instead of as a crash inside a loader.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Any, TypeGuard

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.shape import Shape

WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Number formats that Tunix's loader reads, with their bytes."""

LARGEST_HEADER = 100_000_000
"""The limit of the format itself."""


def check_weights(folder: Path, shape: Shape) -> str:
    """Make sure that the weights in `folder` are whole and fit `shape`; their number format."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise BadInput(
            f"{folder.name!r} has no weights: there is no .safetensors file.",
            hint="Weights in other formats (.bin, .pt) run code when read and are not loaded.",
        )
    found: dict[str, tuple[int, ...]] = {}
    formats: set[str] = set()
    for file in files:
        for name, entry in read_header(file).items():
            found[name] = tuple(entry["shape"])
            formats.add(entry["dtype"])
    if len(formats) > 1:
        raise BadInput(
            f"The weights in {folder.name!r} mix number formats ({', '.join(sorted(formats))}).",
            hint="Save the model again in one format.",
        )
    for name, size in shape.tensors().items():
        if name not in found:
            raise BadInput(f"The weights in {folder.name!r} lack the tensor {name!r}.")
        if found[name] != size:
            raise BadInput(
                f"The tensor {name!r} in {folder.name!r} has the shape {found[name]}, "
                f"and config.json asks for {size}."
            )
    return formats.pop()


def read_header(file: Path) -> dict[str, dict[str, Any]]:
    """Name to dtype, shape and offsets, after checking that the file holds all of it."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > min(size - 8, LARGEST_HEADER):
                raise _broken(file, "it ends inside its header")
            header = json.loads(stream.read(length))
    except (ValueError, RecursionError):
        raise _broken(file, "its header is not JSON") from None
    except OSError as error:
        raise BadInput(f"{file.name!r} cannot be read: {error.strerror}.") from None
    if not isinstance(header, dict):
        raise _broken(file, "its header is not a JSON object")
    header.pop("__metadata__", None)
    ends = [_check_entry(file, name, entry) for name, entry in header.items()]
    missing = max(ends, default=0) - (size - 8 - length)
    if missing > 0:
        raise _broken(file, f"{missing} of its bytes are missing")
    return header


def _check_entry(file: Path, name: str, entry: Any) -> int:
    """Where the bytes of one tensor end, if its number format and shape make sense."""
    shown = name[:120]
    if not isinstance(entry, dict) or entry.get("dtype") not in WIDTHS:
        told = entry.get("dtype") if isinstance(entry, dict) else entry
        raise BadInput(
            f"The tensor {shown!r} in {file.name!r} has the number format {str(told)[:20]!r}.",
            hint=f"Weights can be {', '.join(WIDTHS)}; quantised ones are not loaded.",
        )
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not _whole_numbers(shape) or not _whole_numbers(offsets) or len(offsets) != 2:
        raise _broken(file, f"the entry of {shown!r} makes no sense")
    start, end = offsets
    if end - start != math.prod(shape) * WIDTHS[entry["dtype"]]:
        raise _broken(file, f"the entry of {shown!r} makes no sense")
    return end


def _whole_numbers(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _broken(file: Path, why: str) -> BadInput:
    return BadInput(
        f"The weights file {file.name!r} is damaged: {why}.",
        hint="It was probably not copied to the end; copy it again.",
    )

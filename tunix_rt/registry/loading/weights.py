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
from tunix_rt.registry.loading.reading import read_text
from tunix_rt.registry.loading.shape import Shape

WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Number formats that Tunix's loader reads, with their bytes."""

LARGEST_HEADER = 16_777_216
"""A hundred times the header of a large model; the format itself allows 100 MB."""

INDEX = "model.safetensors.index.json"
"""Which file holds which tensor, where there are several."""

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
"""Weights that run code when they are read."""


def check_weights(folder: Path, shape: Shape) -> str:
    """Make sure that the weights in `folder` are whole and fit `shape`; their number format."""
    found, formats = _found(folder)
    if len(formats) > 1:
        raise BadInput(
            f"The weights in {folder.name!r} mix number formats ({', '.join(sorted(formats))}).",
            hint="Save the model again in one format.",
        )
    wanted = shape.tensors()
    for name, size in wanted.items():
        if name not in found:
            raise BadInput(f"The weights in {folder.name!r} lack the tensor {name!r}.")
        if found[name][1] != size:
            raise BadInput(
                f"The tensor {name!r} in {folder.name!r} has the shape {found[name][1]}, "
                f"and config.json asks for {size}."
            )
    extra = next((name for name in found if name not in wanted and not _twin(name, found)), None)
    if extra is not None:
        raise BadInput(
            f"The weights in {folder.name!r} hold a tensor {extra[:120]!r} that Tunix would "
            "leave out in silence.",
            hint="config.json describes another model than these weights are.",
        )
    return formats.pop()


def weights_sha256(folder: Path) -> str:
    """One number for all weights of a folder: of its one file, or of the digests of several."""
    digests = [sha256_of(file) for file in sorted(folder.glob("*.safetensors"))]
    return (
        digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    )


def read_header(file: Path) -> dict[str, dict[str, Any]]:
    """Name to dtype, shape and offsets, after checking that the file holds just that."""
    head, begin = read_head(file)
    try:
        header = json.loads(head)
    except (ValueError, RecursionError):
        raise _broken(file, "its header is not JSON") from None
    if not isinstance(header, dict):
        raise _broken(file, "its header is not a JSON object")
    header.pop("__metadata__", None)
    spans = sorted(_check_entry(file, name, entry) for name, entry in header.items())
    held = file.stat().st_size - begin
    missing = max((end for _, end in spans), default=0) - held
    if missing > 0:
        raise _broken(file, f"{missing} of its bytes are missing")
    ends = [0, *(end for _, end in spans)]
    if [start for start, _ in spans] != ends[:-1] or missing:
        raise _broken(file, "its tensors overlap, or bytes lie between or behind them")
    return header


def read_head(file: Path) -> tuple[bytes, int]:
    """The header's bytes, and where the tensors begin; no more is read than the file can hold."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > size - 8:
                raise _broken(file, "it ends inside its header")
            if length > LARGEST_HEADER:
                raise _broken(file, f"its header has {length:,} bytes, which no model needs")
            return stream.read(length), 8 + length
    except OSError as error:
        raise BadInput(f"{file.name!r} cannot be read: {error.strerror}.") from None


Found = dict[str, tuple[Path, tuple[int, ...], tuple[int, int]]]
"""Name to file, shape and the bytes from where to where in that file."""


def _found(folder: Path) -> tuple[Found, set[str]]:
    """What the weights files hold between them, and in which number formats."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        _refuse_pickles(folder)
        raise BadInput(
            f"{folder.name!r} has no weights: there is no .safetensors file.",
            hint="Save the model as safetensors: transformers' save_pretrained does.",
        )
    _check_index(folder, {file.name for file in files})
    found: Found = {}
    formats: set[str] = set()
    for file in files:
        _, begin = read_head(file)
        for name, entry in read_header(file).items():
            if name in found:
                raise BadInput(
                    f"Two weights files in {folder.name!r} hold the tensor {name[:120]!r}: "
                    f"{found[name][0].name[:120]!r} and {file.name[:120]!r}.",
                    hint="Leave only the files of one model in the folder.",
                )
            start, end = entry["data_offsets"]
            found[name] = (file, tuple(entry["shape"]), (begin + start, begin + end))
            formats.add(entry["dtype"])
    return found, formats


def _refuse_pickles(folder: Path) -> None:
    pickled = next((file for kind in PICKLES for file in sorted(folder.glob(kind))), None)
    if pickled is not None:
        raise BadInput(
            f"{folder.name!r} has no weights but pickled ones ({pickled.name[:120]!r}), and to "
            "read those is to run code.",
            hint="Save the model as safetensors: transformers' save_pretrained does.",
        )


def _check_index(folder: Path, files: set[str]) -> None:
    """Every file that the index of a sharded checkpoint names must be there."""
    text = read_text(folder, INDEX, LARGEST_HEADER)
    if text is None:
        return
    try:
        places = json.loads(text)["weight_map"].values()
        named = {str(place) for place in places}
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise BadInput(f"{INDEX} in {folder.name!r} is no index of weights.") from None
    if absent := sorted(named - files):
        raise BadInput(
            f"The weights in {folder.name!r} lack the file {absent[0][:120]!r}, which their "
            f"index names ({len(absent)} of {len(named)} files are missing).",
            hint="They were probably not downloaded to the end.",
        )


def _twin(name: str, found: Found) -> bool:
    """Whether this is the head of a tied model, stored once more beside its embedding."""
    embedding = found.get("model.embed_tokens.weight")
    if name != "lm_head.weight" or embedding is None or found[name][1] != embedding[1]:
        return False
    digests = []
    for file, _, (start, end) in (embedding, found[name]):
        with file.open("rb") as stream:
            stream.seek(start)
            digest = hashlib.sha256()
            while start < end and (chunk := stream.read(min(1 << 22, end - start))):
                digest.update(chunk)
                start += len(chunk)
            digests.append(digest.digest())
    return digests[0] == digests[1]


def _check_entry(file: Path, name: str, entry: Any) -> tuple[int, int]:
    """From where to where the bytes of one tensor go, if its entry makes sense."""
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
    return start, end


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

"""Weights into safetensors files, one tensor in memory at a time.

The bytes are those that the safetensors library writes: tensors by name, a header of compact JSON
filled up with spaces to a multiple of eight. A file that was read is written with the header it
had, so that nothing of it changes.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.weights import WIDTHS, read_head, read_header

ONE_FILE = "model.safetensors"

CHUNK = 1 << 22

STORED = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}
"""What arrays call their number format, and what safetensors calls it."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor that shall be written; `read` gives its bytes, as often as it is called."""

    dtype: str
    shape: tuple[int, ...]
    read: Callable[[], Iterable[bytes]]

    @property
    def size(self) -> int:
        """Bytes."""
        return math.prod(self.shape) * WIDTHS[self.dtype]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which tensors a file holds, in order, and what its header says in bytes."""

    name: str
    tensors: tuple[str, ...]
    head: bytes


def write_weights(folder: Path, tensors: Mapping[str, Tensor], layouts: Iterable[Layout]) -> None:
    """Write the files of `layouts`; none appears before the last one is written."""
    parts = [(folder / f"{layout.name}.part", layout) for layout in layouts]
    try:
        for part, layout in parts:
            with part.open("wb") as stream:
                stream.writelines(chunks(tensors, layout))
        for part, layout in parts:
            part.replace(folder / layout.name)
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def chunks(tensors: Mapping[str, Tensor], layout: Layout) -> Iterator[bytes]:
    """The bytes of one file."""
    yield len(layout.head).to_bytes(8, "little") + layout.head
    for name in layout.tensors:
        yield from tensors[name].read()


def layouts_of(source: Path, tensors: Mapping[str, Tensor]) -> list[Layout] | None:
    """The files of a folder that was read; `None` where these tensors are not just its own."""
    found, held = [], 0
    for file in sorted(source.glob("*.safetensors")):
        entries = read_header(file)
        for name, entry in entries.items():
            now = tensors.get(name)
            if now is None or (now.dtype, list(now.shape)) != (entry["dtype"], entry["shape"]):
                return None
        held += len(entries)
        by_place = sorted(entries, key=lambda name: entries[name]["data_offsets"])
        found.append(Layout(file.name, tuple(by_place), read_head(file)[0]))
    return found if held == len(tensors) else None


def layouts_for(tensors: Mapping[str, Tensor], max_shard_bytes: int | None = None) -> list[Layout]:
    """One file, or as many as it takes for none to be larger; a tensor is never cut in two."""
    groups: list[dict[str, Tensor]] = [{}]
    filled = 0
    for name in sorted(tensors):
        filled += tensors[name].size
        if max_shard_bytes is not None and groups[-1] and filled > max_shard_bytes:
            groups.append({})
            filled = tensors[name].size
        groups[-1][name] = tensors[name]
    if len(groups) == 1:
        return [new_layout(ONE_FILE, groups[0])]
    total = len(groups)
    return [
        new_layout(f"model-{number:05d}-of-{total:05d}.safetensors", group)
        for number, group in enumerate(groups, 1)
    ]


def index_of(tensors: Mapping[str, Tensor], layouts: list[Layout]) -> str | None:
    """The index of several files, as transformers writes it; one file has none."""
    if len(layouts) == 1:
        return None
    places = {name: layout.name for layout in layouts for name in layout.tensors}
    content = {
        "metadata": {
            "total_parameters": sum(math.prod(one.shape) for one in tensors.values()),
            "total_size": sum(one.size for one in tensors.values()),
        },
        "weight_map": places,
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def stored(folder: Path) -> dict[str, Tensor]:
    """Every tensor of the weights in `folder`, read from its file when it is asked for."""
    found: dict[str, Tensor] = {}
    for file in sorted(folder.glob("*.safetensors")):
        _, begin = read_head(file)
        for name, entry in read_header(file).items():
            start, end = entry["data_offsets"]
            found[name] = Tensor(
                entry["dtype"], tuple(entry["shape"]), _reader(file, begin + start, begin + end)
            )
    return found


def held(array: Any) -> Tensor:
    """An array as it lies in memory."""
    return Tensor(STORED[str(array.dtype)], tuple(array.shape), lambda: [array.tobytes()])


def size_of(text: str) -> int:
    """Bytes of a size such as 500MB or 5GB, by thousands, as transformers counts."""
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
    for unit, factor in sorted(units.items(), key=lambda one: -len(one[0])):
        number = text.strip().upper().removesuffix(unit)
        if number != text.strip().upper() and number.strip().isdecimal() and len(number) < 12:
            return max(1, int(number) * factor)
    raise BadInput(f"{text[:40]!r} is no size of a file.", hint="Write 500MB or 5GB.")


def _reader(file: Path, start: int, end: int) -> Callable[[], Iterable[bytes]]:
    def read() -> Iterator[bytes]:
        with file.open("rb") as stream:
            stream.seek(start)
            left = end - start
            while left and (chunk := stream.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    return read


def new_layout(name: str, tensors: Mapping[str, Tensor]) -> Layout:
    """One file with these tensors in their order."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for one, tensor in sorted(tensors.items()):
        header[one] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.size],
        }
        offset += tensor.size
    head = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return Layout(name, tuple(sorted(tensors)), head + b" " * (-len(head) % 8))

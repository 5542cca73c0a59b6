"""Iterate a frozen version in its fixed order; a damaged file is refused, never half-read."""

import io
from collections.abc import Iterator
from typing import Any

import msgspec
import zstandard

from tunix_rt.datasets import query
from tunix_rt.datasets.schema import Manifest
from tunix_rt.kit.errors import Broken
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.store import Store


def manifest(store: Store, key: str) -> Manifest:
    """The manifest of a version, as it was written."""
    with store.read() as connection:
        sha256 = query.get(connection, key).manifest_sha256
    with store.blobs.open(sha256) as file:
        return Manifest.model_validate_json(file.read())


def rows(store: Store, key: str) -> Iterator[TraceRow]:
    """Every trace of a version, in manifest order, one at a time in memory."""
    with store.read() as connection:
        found = query.get(connection, key)
    decoder = msgspec.json.Decoder(_Line)
    with store.blobs.open(found.file_sha256) as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        count = 0
        try:
            for line in io.BufferedReader(stream, 1 << 18):
                yield decoder.decode(line).flat()
                count += 1
        except (zstandard.ZstdError, msgspec.DecodeError):
            count = -1
        if count != found.trace_count:  # a file cut at a frame's end decompresses in silence
            raise Broken(
                f"The file of dataset {key} is damaged.",
                hint=f"Restore blob {found.file_sha256} from a backup.",
            )


class _Line(msgspec.Struct):
    id: str
    created_at: str
    trace: "_Body"

    def flat(self) -> TraceRow:
        t = self.trace
        return TraceRow(
            self.id, self.created_at, t.trace_version, t.prompt, t.final_answer, t.steps, t.meta
        )


class _Body(msgspec.Struct):
    trace_version: str
    prompt: str
    final_answer: str
    steps: list[StepRow]
    meta: dict[str, Any] | None

"""Datasets in a terminal: the same words wherever they come from, a store or a server."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunix_rt.datasets.schema import Version
from tunix_rt.kit.terminal import emit_json, line, table


def built(key: str, traces: int, sha256: str, path: str | None, as_json: bool) -> None:
    """A dataset that was frozen; `path` is its manifest, null where that is not on this machine."""
    if as_json:
        emit_json({"dataset_key": key, "sha256": sha256, "trace_count": traces, "path": path})
        return
    line(f"{key}: {traces:,} traces, sha256 {sha256[:16]}")


def listed(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Some frozen versions."""
    if as_json:
        emit_json({"data": rows})
        return
    table(
        ("key", "traces", "sha256", "frozen"),
        [
            (r["dataset_key"], r["trace_count"], r["content_sha256"][:16], r["created_at"])
            for r in rows
        ],
    )


def manifest(found: Version, as_json: bool) -> None:
    """Everything that says what a dataset is."""
    if as_json:
        emit_json(found.model_dump())
        return
    for field, value in found.model_dump().items():
        line(f"{field:24} {value}")

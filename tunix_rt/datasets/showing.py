"""Datasets in a terminal: the same words wherever they come from, a store or a server."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunix_rt.datasets.schema import RowPage, Version
from tunix_rt.datasets.schema_proof import Difference, Verified
from tunix_rt.kit.terminal import emit_json, line, say, table
from tunix_rt.runs.schema import Lineage


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


def verified(found: Verified, as_json: bool) -> None:
    """Whether a version is what it was; what is not is named."""
    if as_json:
        emit_json(found.model_dump())
        return
    for fault in found.faults:
        say(f"{fault.where}: {fault.what}")
    line(
        f"{found.dataset_key}: {'intact' if found.ok else 'damaged'}, {found.rows:,} rows in "
        f"{found.shards} shards, sha256 {found.content_sha256}"
    )


def difference(found: Difference, as_json: bool) -> None:
    """What became of one version in another."""
    if as_json:
        emit_json(found.model_dump())
        return
    table(
        ("", "trace", "prompt", "answer", "what changed"),
        [
            (
                _SIGNS[row.kind],
                row.trace_id,
                row.prompt[:60],
                row.final_answer[:20],
                ", ".join(f"{k}: {a} -> {b}" for k, (a, b) in row.changes.items()),
            )
            for row in found.rows
        ],
    )
    line(
        f"{found.after} against {found.before}: {found.added:,} added, {found.removed:,} removed, "
        f"{found.changed:,} changed, {found.same:,} the same"
    )


_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def rows(page: RowPage, as_json: bool) -> None:
    """Some rows of a version."""
    if as_json:
        emit_json(page.model_dump())
        return
    table(
        ("row", "split", "verdict", "weight", "prompt", "answer", "trace"),
        [
            (r.place, r.split, r.verdict, r.weight, r.prompt[:60], r.final_answer[:20], r.trace_id)
            for r in page.data
        ],
    )


def lineage(found: Lineage, frozen: Version, as_json: bool) -> None:
    """What a version was made from and by whom its rows were judged; what was made with it."""
    if as_json:
        judged = [one.model_dump() for one in frozen.verifiers]
        emit_json({**found.model_dump(), "verifiers": judged})
        return
    rows = [("from", node.relation, node.kind, node.label, node.id) for node in found.inputs]
    rows += [
        ("from", "judged", one.subject, f"{one.verifier} {one.version}", f"{one.rows:,} rows")
        for one in frozen.verifiers
    ]
    rows += [("to", node.relation, node.kind, node.label, node.id) for node in found.outputs]
    table(("", "relation", "kind", "what", "id"), rows)

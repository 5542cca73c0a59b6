"""Runs in a terminal: the same words wherever they come from, a store or a server."""

from collections.abc import Sequence

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, line, say, table
from tunix_rt.runs.schema import RunDetail, RunSummary


def checked(run_id: str) -> str:
    """The id of a run, or a sentence that it is none."""
    if not is_id(run_id):
        raise BadInput(f"{run_id!r} is not the id of a run.", hint="tunix-rt runs list")
    return run_id


def listed(runs: Sequence[RunSummary], as_json: bool) -> None:
    """Some runs."""
    if as_json:
        emit_json({"data": [run.model_dump() for run in runs]})
        return
    table(
        ("id", "kind", "status", "seconds", "name", "error"),
        [(r.id, r.kind, r.status, r.duration_seconds, r.name, r.error) for r in runs],
    )


def detail(found: RunDetail, as_json: bool) -> None:
    """One run: state, config, result, lineage."""
    if as_json:
        emit_json(found.model_dump())
        return
    for field, value in found.model_dump(exclude={"inputs", "outputs"}).items():
        line(f"{field:18} {'' if value is None else value}")
    for word, nodes in (("from", found.inputs), ("made", found.outputs)):
        for node in nodes:
            line(f"{word:18} {node.kind} {node.label}")


def said(chunk: str, stream: str) -> None:
    """A line of a log, where it was printed."""
    (say if stream == "stderr" else line)(chunk)

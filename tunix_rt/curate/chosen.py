"""What a finished curation selects: for whoever freezes it."""

from typing import Any, NamedTuple

from tunix_rt.curate import query
from tunix_rt.curate.schema import CurateConfig, Pipeline
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.runs import query_read as runs
from tunix_rt.store import Connection, Row, Store


class Chosen(NamedTuple):
    """A kept trace: its weight, and its part of a curriculum if there is one."""

    trace_id: str
    place: int
    weight: float
    part: int | None


def chosen(store: Store, run_id: str, *, after: int = -1, limit: int = 1_000) -> list[Chosen]:
    """Kept traces behind a place of the selection, in its order; none behind the last."""
    with store.read() as connection:
        rows = query.chosen(connection, run_id, after=after, limit=limit)
    return [Chosen(row.trace_id, row.place, row.weight, row.part) for row in rows]


def curation_of(connection: Connection, run_id: str) -> tuple[Row[Any], CurateConfig]:
    """The run of a curation and its config, or `NotFound`; a freezing may have one inside."""
    row = runs.get(connection, run_id)
    if row.kind == "freeze" and row.config.get("pipeline"):
        return row, CurateConfig(pipeline=row.config["pipeline"])
    if row.kind != "curate":
        raise NotFound("Curation not found", hint="tunix-rt curate list")
    return row, CurateConfig.model_validate(row.config)


def pipeline_of(connection: Connection, run_id: str) -> Pipeline:
    """The pipeline of a curation."""
    return curation_of(connection, run_id)[1].pipeline


def freezable(connection: Connection, run_id: str) -> Row[Any]:
    """The run of a curation that may be frozen: finished, not dry, and with something in it."""
    row, config = curation_of(connection, run_id)
    if config.dry_run:
        raise Conflict(
            "This was a dry run; nothing can be frozen from it.",
            hint="Run the same pipeline without --dry-run.",
        )
    if row.status != "completed":
        raise Conflict(f"This curation is {row.status}; only a completed one can be frozen.")
    if not row.result["kept"]:
        last = max(row.result["funnel"], key=lambda line: line["came"] - line["kept"], default=None)
        most = f" Most were dropped by {last['stage']!r}." if last else ""
        raise Conflict(f"This curation keeps no trace.{most}", hint="tunix-rt curate show RUN")
    return row

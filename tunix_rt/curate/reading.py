"""Curations as the API and the terminal show them."""

from collections.abc import Sequence
from typing import Any

from tunix_rt.curate import query
from tunix_rt.curate.chosen import curation_of
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.curate.schema_report import (
    MOST_EXAMPLES,
    Cluster,
    ClusterPage,
    Curation,
    CurationPage,
    CurationSummary,
    Decision,
    DecisionPage,
    FunnelStage,
    Hit,
    HitPage,
    Quoted,
    ReasonCount,
    TraceCuration,
    TraceCurations,
)
from tunix_rt.curate.staging import name_of
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import iso
from tunix_rt.runs import query_read as runs
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import ReasoningTrace

MEMBERS = 5
"""Members of a cluster that are shown with it."""

MOST_CURATIONS = 50
"""Curations of one trace that are shown, the newest ones."""


def new(config: CurateConfig) -> NewRun:
    """The run that does a pipeline."""
    name = f"curate {config.pipeline.name}"
    return NewRun(kind="curate", name=f"{name} (dry)" if config.dry_run else name, config=config)


def curations(connection: Connection, *, limit: int, cursor: str | None = None) -> CurationPage:
    """The newest curations, behind a cursor."""
    before = None if cursor is None else query.checked(cursor)
    rows = runs.page(connection, limit=limit + 1, before=before, kind="curate")
    more = rows[limit - 1].id if len(rows) > limit else None
    return CurationPage(data=[_summary(row) for row in rows[:limit]], next_cursor=more)


def curation(connection: Connection, run_id: str) -> Curation:
    """One curation with its funnel and examples of each reason."""
    row, config = curation_of(connection, run_id)
    found = row.result or {}
    return Curation(
        **_summary(row).model_dump(),
        pipeline=config.pipeline,
        sample=config.sample,
        funnel=[_stage(connection, run_id, line) for line in found.get("funnel", [])],
        selection_sha256=found.get("selection_sha256"),
        pipeline_sha256=found.get("pipeline_sha256"),
        versions=found.get("versions", {}),
        error=row.error,
    )


def decisions(
    connection: Connection,
    run_id: str,
    *,
    kept: bool | None = None,
    stage: str | None = None,
    reason: str | None = None,
    twin: str | None = None,
    cursor: str | None = None,
    limit: int,
) -> DecisionPage:
    """What was said of traces, by trace; a stage is its name or its place, from 0."""
    _, config = curation_of(connection, run_id)
    place = None if stage is None else _place(config, stage)
    wanted = {"kept": kept, "stage": place, "reason": reason}
    twin = None if twin is None else query.checked(twin)
    rows = query.page(connection, run_id, **wanted, twin=twin, after=cursor, limit=limit + 1)  # type: ignore[arg-type]
    shown = [_decision(row, config) for row in rows[:limit]]
    return DecisionPage(data=shown, next_cursor=_more(rows, limit))


def clusters(
    connection: Connection, run_id: str, *, cursor: str | None = None, limit: int
) -> ClusterPage:
    """Kept traces with the twins that were dropped for them, largest cluster first."""
    _, config = curation_of(connection, run_id)
    after = None
    if cursor is not None:
        number, _, id_ = cursor.partition("-")
        if not number.isascii() or not number.isdecimal() or len(number) > 15:
            raise BadInput("The cursor is none of this list.")
        after = int(number), query.checked(id_)
    rows = query.clusters(connection, run_id, after=after, limit=limit + 1)
    prompts = {row.id: row.prompt for row in traces.by_ids(connection, [r.twin_id for r in rows])}
    data = [
        Cluster(
            trace_id=row.twin_id,
            prompt=prompts.get(row.twin_id, ""),
            size=row.number + 1,
            members=[
                _decision(member, config)
                for member in query.page(connection, run_id, twin=row.twin_id, limit=MEMBERS)
            ],
        )
        for row in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return ClusterPage(data=data, next_cursor=last and f"{last.number}-{last.twin_id}")


def hits(connection: Connection, run_id: str, *, cursor: str | None = None, limit: int) -> HitPage:
    """Traces that hold an item of an eval set, text against text."""
    curation_of(connection, run_id)
    rows = query.page(connection, run_id, reason="contaminated", after=cursor, limit=limit + 1)
    shown = rows[:limit]
    items = query.items(connection, [(r.evidence["suite"], r.evidence["item"]) for r in shown])
    known = {row.id: row for row in traces.by_ids(connection, [row.trace_id for row in shown])}
    data = [
        _hit(row, traces.payload(known[row.trace_id]), items)
        for row in shown
        if row.trace_id in known
    ]
    return HitPage(data=data, next_cursor=_more(rows, limit))


def of_trace(connection: Connection, trace_id: str) -> TraceCurations:
    """What the newest curations said of a trace; a build with a pipeline says it too."""
    data = []
    for row in query.of_trace(connection, trace_id, MOST_CURATIONS):
        if row.kind != "curate":
            continue
        config = CurateConfig.model_validate(row.config)
        data.append(
            TraceCuration(
                run_id=row.run_id,
                name=config.pipeline.name,
                dry_run=config.dry_run,
                created_at=iso(row.created_at),
                decision=_decision(row, config),
            )
        )
    return TraceCurations(trace_id=trace_id, data=data)


def _summary(row: Row[Any]) -> CurationSummary:
    config = CurateConfig.model_validate(row.config)
    seen, found = runs.summary(row), row.result or {}
    return CurationSummary(
        run_id=row.id,
        name=config.pipeline.name,
        status=seen.status,
        progress=seen.progress,
        dry_run=config.dry_run,
        looked_at=found.get("looked_at", 0),
        kept=found.get("kept", 0),
        created_at=iso(row.created_at),
    )


def _stage(connection: Connection, run_id: str, line: dict[str, Any]) -> FunnelStage:
    reasons = [
        ReasonCount(
            reason=reason,
            traces=count,
            examples=query.examples(connection, run_id, line["place"], reason, MOST_EXAMPLES),
        )
        for reason, count in line["reasons"]
    ]
    return FunnelStage(**{**line, "reasons": reasons})


def _decision(row: Row[Any], config: CurateConfig) -> Decision:
    return Decision(
        trace_id=row.trace_id,
        kept=row.place is not None,
        place=row.place,
        weight=row.weight,
        part=row.part,
        stage_place=row.stage,
        stage=None if row.stage is None else name_of(config.pipeline, row.stage),
        reason=row.reason,
        evidence=row.evidence,
        twin_id=row.twin_id,
        prompt=row.prompt,
        final_answer=row.final_answer,
    )


def _place(config: CurateConfig, stage: str) -> int:
    names = [name_of(config.pipeline, n) for n in range(len(config.pipeline.stages) + 1)]
    if stage in names:
        return names.index(stage)
    if stage.isascii() and stage.isdecimal() and len(stage) < 4 and int(stage) < len(names):
        return int(stage)
    raise BadInput(
        f"This pipeline has no stage {stage[:80]!r}.", hint=f"Its stages: {', '.join(names)}."
    )


def _hit(row: Row[Any], trace: ReasoningTrace, items: dict[tuple[str, str], str]) -> Hit:
    said = row.evidence
    parts = {"prompt": trace.prompt, "answer": trace.final_answer}
    parts |= {f"step {place}": step.content for place, step in enumerate(trace.steps)}
    original = items.get((said["suite"], said["item"]))
    return Hit(
        trace_id=row.trace_id,
        suite=said["suite"],
        item=said["item"],
        rule=said["rule"],
        text=said["text"],
        share=said["share"],
        part=said["part"],
        trace=Quoted(text=parts.get(said["part"], ""), start=said["start"], end=said["end"]),
        original=None
        if original is None
        else Quoted(text=original, start=said["item_start"], end=said["item_end"]),
    )


def _more(rows: Sequence[Row[Any]], limit: int) -> str | None:
    return rows[limit - 1].trace_id if len(rows) > limit else None

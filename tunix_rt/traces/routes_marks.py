"""/api/traces: what people say of traces, and taking traces away."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.http import OpenStore, Reading, Writing, path_id, problems
from tunix_rt.traces import purging, query, query_marks
from tunix_rt.traces.routes_wanted import TraceId
from tunix_rt.traces.schema_marks import (
    Annotation,
    Annotations,
    Changed,
    MarkMany,
    NewMark,
    Purged,
    TraceIds,
)

router = APIRouter(prefix="/traces", tags=["traces"])

AnnotationId = Annotated[str, Path(), AfterValidator(path_id("annotation"))]


@router.post("/mark", response_model=Changed, responses=problems(422))
def mark_traces(connection: Writing, request: MarkMany) -> Changed:
    """Say one thing of many traces, or take it back, and say of how many.

    Unknown and deleted traces are left out, and those that do not have the step.
    """
    if request.remove:
        return Changed(changed=query_marks.unmark(connection, request.trace_ids, request.mark))
    return Changed(
        changed=query_marks.annotate(connection, request.trace_ids, request.mark, request.author)
    )


@router.post("/delete", response_model=Changed, responses=problems(422))
def delete_traces(connection: Writing, request: TraceIds) -> Changed:
    """Take traces out of every list; `restore` brings them back until they are purged."""
    return Changed(changed=query_marks.soft_delete(connection, request.trace_ids))


@router.post("/restore", response_model=Changed, responses=problems(422))
def restore_traces(connection: Writing, request: TraceIds) -> Changed:
    """Bring deleted traces back."""
    return Changed(changed=query_marks.restore(connection, request.trace_ids))


@router.post("/purge", response_model=Purged, responses=problems(422))
def purge_traces(store: OpenStore, request: TraceIds) -> Purged:
    """Remove deleted traces for ever; says which frozen datasets go on holding a copy."""
    return purging.purge(store, request.trace_ids)


@router.get("/{trace_id}/annotations", response_model=Annotations, responses=problems(404, 422))
def list_annotations(connection: Reading, trace_id: TraceId) -> Annotations:
    """What is said of a trace and of its steps, and what was said before."""
    query.get(connection, trace_id)
    said = [query_marks.shown(row) for row in query_marks.annotations(connection, trace_id)]
    return Annotations(
        current=[one for one in said if one.ended_at is None],
        history=[one for one in said if one.ended_at is not None],
    )


@router.post(
    "/{trace_id}/annotations",
    status_code=201,
    response_model=Annotation,
    responses=problems(404, 422),
)
def annotate_trace(connection: Writing, trace_id: TraceId, mark: NewMark) -> Annotation:
    """Label, tag, score or comment a trace, or one of its steps."""
    steps = query.get(connection, trace_id).step_count
    if mark.step is not None and mark.step >= steps:
        raise NotFound(f"Step {mark.step} not found", hint=f"The trace has {steps} steps, from 0.")
    if not query_marks.annotate(connection, [trace_id], mark, mark.author):
        raise NotFound(f"Trace {trace_id} not found")  # somebody deleted it just now
    return query_marks.shown(query_marks.annotations(connection, trace_id)[-1])


@router.delete(
    "/{trace_id}/annotations/{annotation_id}",
    response_model=Changed,
    responses=problems(404, 422),
)
def end_annotation(connection: Writing, trace_id: TraceId, annotation_id: AnnotationId) -> Changed:
    """Take back what was said; the history keeps it."""
    query_marks.end_annotation(connection, trace_id, annotation_id)
    return Changed(changed=1)

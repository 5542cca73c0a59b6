"""/api/verify, and the verdicts of a trace."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator

from tunix_rt.kit.http import Reading, Writing, path_id, problems
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.traces import query as traces
from tunix_rt.traces.language import LONGEST, joined
from tunix_rt.traces.schema import FilterQuery
from tunix_rt.verify import checking, query, query_rulings
from tunix_rt.verify.judging import run_name
from tunix_rt.verify.schema import KnownVerifiers, Summary, TraceVerdicts, VerifyConfig
from tunix_rt.verify.schema_rulings import NewRuling, Ruling, Rulings

router = APIRouter(tags=["verify"])

TraceId = Annotated[str, Path(), AfterValidator(path_id("trace"))]


@router.get(
    "/traces/{trace_id}/verdicts", response_model=TraceVerdicts, responses=problems(404, 422)
)
def get_verdicts(connection: Reading, trace_id: TraceId) -> TraceVerdicts:
    """What the verifiers say of one trace: its answer, its steps, every claim with its span."""
    traces.get(connection, trace_id)
    return query.of_trace(connection, trace_id)


@router.post("/verify", status_code=201, response_model=Queued, responses=problems(422))
def start_verify(connection: Writing, config: VerifyConfig | None = None) -> Queued:
    """Queue a run that judges the matching traces that were not judged yet."""
    chosen = config or VerifyConfig()
    new = NewRun(kind="verify", name=run_name(chosen), config=chosen)
    return queue(connection, new)


@router.get("/verify/summary", response_model=Summary, responses=problems(422))
def get_summary(
    connection: Reading,
    wanted: Annotated[FilterQuery, Depends()],
    asked: Annotated[str | None, Query(alias="query", max_length=LONGEST)] = None,
) -> Summary:
    """How many answers and steps are right, by source and model, and how labels agree."""
    return query.summary(connection, joined(asked, wanted.filter()))


@router.get("/verify/verifiers", response_model=KnownVerifiers)
def list_verifiers() -> KnownVerifiers:
    """What can judge answers, what can judge steps, and what warns."""
    return KnownVerifiers(data=checking.verifiers())


@router.get("/traces/{trace_id}/rulings", response_model=Rulings, responses=problems(404, 422))
def list_rulings(connection: Reading, trace_id: TraceId) -> Rulings:
    """What people ruled on a trace, newest first; the newest of a subject counts."""
    traces.get(connection, trace_id)
    return Rulings(rulings=query_rulings.rulings(connection, trace_id))


@router.post(
    "/traces/{trace_id}/rulings",
    status_code=201,
    response_model=Ruling,
    responses=problems(404, 422),
)
def rule(connection: Writing, trace_id: TraceId, new: NewRuling) -> Ruling:
    """Say what is true of a trace's answer or steps, as a person."""
    traces.get(connection, trace_id)
    return query_rulings.rule(connection, trace_id, new)

"""/api/judges: models asked by a rubric whether traces are right."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from tunix_rt.generate.completing import confined_config, told
from tunix_rt.judges import query, voting
from tunix_rt.judges.schema import Judge, JudgeConfig, JudgeList, Judgements, JudgeQueued
from tunix_rt.kit.http import Limit, Reading, ReadSettings, Writing, path_id, problems
from tunix_rt.runs.queueing import queue
from tunix_rt.traces import query as traces

router = APIRouter(tags=["judges"])

TraceId = Annotated[str, Path(), AfterValidator(path_id("trace"))]


@router.get("/judges", response_model=JudgeList, responses=problems(422))
def list_judges(connection: Reading, limit: Limit = 50) -> JudgeList:
    """Judges, newest first, with what they said."""
    return JudgeList(data=query.page(connection, limit))


@router.post(
    "/judges", status_code=201, response_model=JudgeQueued, responses=problems(403, 404, 422)
)
def ask_judge(connection: Writing, settings: ReadSettings, config: JudgeConfig) -> JudgeQueued:
    """Queue a run that asks a model about every matching trace it was not asked about."""
    given = confined_config(config.provider, dict(config.provider_config), settings)
    known = told(config.provider, given, settings)
    whole = config.model_copy(update={"provider_config": known})
    return JudgeQueued(**queue(connection, voting.wanted(whole)).model_dump(), judge=whole.judge())


@router.get("/judges/{judge_id}", response_model=Judge, responses=problems(404, 422))
def get_judge(connection: Reading, judge_id: Annotated[str, Path(max_length=60)]) -> Judge:
    """One judge: its rubric, its model, how often it said what."""
    return query.get(connection, judge_id)


@router.get(
    "/traces/{trace_id}/judgements", response_model=Judgements, responses=problems(404, 422)
)
def list_judgements(connection: Reading, trace_id: TraceId) -> Judgements:
    """What every judge says of one trace, with each of its votes."""
    traces.get(connection, trace_id)
    return Judgements(judgements=query.said(connection, [trace_id]).get(trace_id, []))

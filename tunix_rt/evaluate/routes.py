"""/api/evaluations, and the leaderboard and evaluations of the contract under /api/tunix."""

from datetime import UTC, datetime
from math import sqrt
from typing import Annotated, Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from tunix_rt.evaluate import asking, query
from tunix_rt.evaluate.metrics import METRICS, numbers
from tunix_rt.evaluate.schema import (
    DetailedMetric,
    EvaluateRequest,
    Evaluation,
    EvaluationDetail,
    ItemPage,
    ItemResult,
    JudgeName,
    Leaderboard,
    LeaderboardItem,
    Outcome,
    Scorecard,
)
from tunix_rt.kit.errors import BadInput, BadRequest
from tunix_rt.kit.http import (
    Limit,
    Offset,
    OpenStore,
    Reading,
    ReadSettings,
    path_id,
    problems,
)
from tunix_rt.kit.ids import iso
from tunix_rt.runs import query_read
from tunix_rt.runs.waiting import ended
from tunix_rt.store import Connection, Row, Store

router = APIRouter(tags=["evaluations"])

EvaluationId = Annotated[str, Path(), AfterValidator(path_id("evaluation"))]
RunId = Annotated[str, Path(), AfterValidator(path_id("run"))]


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A date or a time; one that names no zone is UTC."""


@router.get("/tunix/evaluations", response_model=Leaderboard, responses=problems(422))
def list_evaluations(
    connection: Reading,
    limit: Limit = 50,
    offset: Offset = 0,
    dataset_key: str | None = None,
    model_id: str | None = None,
    config_path: str | None = None,
    suite: str | None = None,
    date_from: Moment | None = None,
    date_to: Moment | None = None,
) -> Leaderboard:
    """The leaderboard: finished evaluations, best first."""
    rows = query.leaderboard(
        connection,
        limit=limit + 1,
        offset=offset,
        dataset_key=dataset_key,
        model_id=model_id,
        suite=suite,
        date_from=date_from,
        date_to=date_to,
    )
    return Leaderboard(
        # a run's config is stored with it, so no evaluation has a path that could match
        data=[] if config_path else [_leader(row) for row in rows[:limit]],
        pagination=Leaderboard.Pagination(
            limit=limit, offset=offset, next_offset=offset + limit if len(rows) > limit else None
        ),
        filters={
            "dataset_key": dataset_key,
            "model_id": model_id,
            "suite": suite,
            "config_path": config_path,
            "date_from": _said(date_from),
            "date_to": _said(date_to),
        },
    )


@router.get(
    "/tunix/runs/{run_id}/evaluation", response_model=Evaluation, responses=problems(404, 422)
)
def get_newest_evaluation(connection: Reading, run_id: RunId) -> Evaluation:
    """The newest evaluation of a run."""
    query_read.get(connection, run_id)
    return _evaluation(connection, query.newest_of(connection, run_id), run_id)


@router.post(
    "/tunix/runs/{run_id}/evaluate",
    response_model=Evaluation,
    status_code=201,
    responses=problems(400, 404, 422, 503),
)
async def evaluate_run(
    store: OpenStore, settings: ReadSettings, run_id: RunId, request: EvaluateRequest | None = None
) -> Evaluation:
    """Measure the model a training run left behind, on the suite of its last evaluation."""
    judge = None if request is None else request.judge_override
    if judge not in (None, asking.JUDGE):
        raise BadRequest(f"There is no judge {judge!r}.", hint=f"Use {asking.JUDGE}.")
    queued = await run_sync(asking.queue, store, run_id)
    done = await ended(store, queued, seconds=settings.wait_seconds)
    return await run_sync(_measured, store, run_id, done)


def _measured(store: Store, run_id: str, done: Row[Any]) -> Evaluation:
    if done.status != "completed":
        raise BadRequest(
            f"The evaluation {done.status}: {done.error or 'no reason was given'}",
            hint=f"Its log: /api/runs/{done.id}/logs",
        )
    with store.read() as connection:
        row = query.get(connection, done.result["evaluation_id"])
        return _evaluation(connection, row, run_id)


def _evaluation(connection: Connection, row: Row[Any], run_id: str) -> Evaluation:
    judges = query.judges(connection, row.id) or [("none", "1")]
    return Evaluation(
        evaluation_id=row.id,
        run_id=run_id,
        score=numbers(row)["score"],
        verdict=_verdict(row),
        metrics=_metrics(row),
        detailed_metrics=[
            DetailedMetric(
                name=f"accuracy: {f['family']}",
                score=round(100 * f["accuracy"], 4),
                max_score=100,
                details={"n": f["n"], "correct": f["correct"]},
            )
            for f in row.families
        ],
        judge=JudgeName(
            name="+".join(name for name, _ in judges),
            version="+".join(version for _, version in judges),
        ),
        evaluated_at=iso(row.completed_at),
        primary_score=row.accuracy,
    )


@router.get(
    "/evaluations/{evaluation_id}", response_model=EvaluationDetail, responses=problems(404, 422)
)
def get_evaluation(connection: Reading, evaluation_id: EvaluationId) -> EvaluationDetail:
    """One evaluation with its families."""
    row = query.get(connection, evaluation_id)
    same = {
        name: getattr(row, name)
        for name in EvaluationDetail.model_fields
        if name not in ("status", "created_at", "completed_at")
    }
    if (status := row.status) != "completed":  # it is as far as its run
        status = query_read.get(connection, row.run_id).status
    return EvaluationDetail(
        **same,
        status=status,
        created_at=iso(row.created_at),
        completed_at=iso(row.completed_at) if row.completed_at else None,
    )


@router.get(
    "/evaluations/{evaluation_id}/items", response_model=ItemPage, responses=problems(404, 422)
)
def list_items(
    connection: Reading,
    evaluation_id: EvaluationId,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,9}-\d{1,9}$")] = None,
    outcome: Outcome | None = None,
    family: str | None = None,
) -> ItemPage:
    """What was said on each item, in the order of the suite."""
    query.get(connection, evaluation_id)
    position, _, sample = (cursor or "").partition("-")
    rows = query.items(
        connection,
        evaluation_id,
        limit=limit + 1,
        after=(int(position), int(sample)) if cursor else (-1, -1),
        outcome=outcome,
        family=family,
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return ItemPage(
        data=[
            ItemResult(**{name: getattr(row, name) for name in ItemResult.model_fields})
            for row in rows[:limit]
        ],
        pagination=ItemPage.Pagination(
            limit=limit, next_cursor=f"{last.position}-{last.sample}" if last else None
        ),
    )


def _leader(row: Row[Any]) -> LeaderboardItem:
    scored = row.n_items - row.n_missing
    return LeaderboardItem(
        run_id=row.subject_run_id or row.run_id,
        evaluation_id=row.id,
        model_id=row.model_id,
        dataset_key=row.dataset_key,
        suite=row.suite,
        config_path=None,
        score=numbers(row)["score"],
        verdict=_verdict(row),
        metrics=_metrics(row),
        evaluated_at=iso(row.completed_at),
        primary_score=row.accuracy,
        scorecard=Scorecard(
            n_items=row.n_items,
            n_scored=scored,
            n_skipped=row.n_missing,
            primary_score=row.accuracy,
            stddev=sqrt(row.accuracy * (1 - row.accuracy)),
        ),
    )


def _metrics(row: Row[Any]) -> dict[str, float]:
    known = numbers(row)
    return {name: known[name] for name in METRICS}


def _verdict(row: Row[Any]) -> Literal["pass", "fail", "uncertain"]:
    """Pass above one half, fail below it, uncertain while the interval holds it."""
    if row.ci_low >= 0.5:
        return "pass"
    return "fail" if row.ci_high < 0.5 else "uncertain"


def _said(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    try:
        return iso(moment)
    except OverflowError:
        raise BadInput("The date is out of range.") from None

"""/api/tasks: where problems come from, and making many; /api/suites: those that are frozen."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query

from tunix_rt.kit.http import Limit, Offset, Reading, ReadSettings, Writing, problems
from tunix_rt.kit.ids import iso
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.tasks import making, query, sampling
from tunix_rt.tasks.generating import described, read_config, read_draw, with_paths
from tunix_rt.tasks.jobs import run_name
from tunix_rt.tasks.schema import (
    LONGEST_NAME,
    Draw,
    GeneratorList,
    MakeTasks,
    Preview,
    Split,
    SuiteItem,
    SuiteItems,
    SuitePage,
    SuiteSummary,
)
from tunix_rt.tasks.suites import require_name

router = APIRouter(tags=["tasks"])

Seed = Annotated[int, Query(ge=0, le=2**53)]


D = TypeVar("D", bound=Draw)


@router.get("/tasks/generators", response_model=GeneratorList)
def list_generators() -> GeneratorList:
    """Where problems come from: what each source takes, its families, whether it is installed."""
    return GeneratorList(data=described())


@router.get("/tasks/preview", response_model=Preview, responses=problems(403, 404, 422, 501))
def preview_tasks(
    settings: ReadSettings,
    generator: Annotated[str, Query(min_length=1, max_length=64)],
    config: Annotated[str, Query(max_length=20_000)] = "{}",
    seed: Seed = 0,
    split: Split = "train",
) -> Preview:
    """Three tasks with their steps, made now and not stored; `config` is a JSON object."""
    draw = read_draw(generator, config, seed, split)
    return Preview(data=sampling.samples(_confined(draw, settings)))


@router.post(
    "/tasks/generate",
    status_code=201,
    response_model=Queued,
    responses=problems(403, 404, 422, 501),
)
def generate_tasks(connection: Writing, settings: ReadSettings, request: MakeTasks) -> Queued:
    """Queue a run that makes tasks, and stores them as traces or freezes them as a suite."""
    chosen = _confined(request, settings)
    making.require_installed(chosen.generator)
    read_config(chosen.generator, chosen.config)
    require_name(chosen.name)
    new = NewRun(kind="tasks", name=run_name(chosen), config=chosen)
    return queue(connection, new)


@router.get("/suites", response_model=SuitePage, responses=problems(422))
def list_suites(connection: Reading, limit: Limit = 50, offset: Offset = 0) -> SuitePage:
    """Suites, newest first."""
    rows = query.page(connection, limit=limit, offset=offset)
    return SuitePage(
        data=[
            SuiteSummary(
                name=row.name,
                origin=row.origin,
                digest=row.digest,
                item_count=row.item_count,
                created_at=iso(row.created_at),
            )
            for row in rows
        ]
    )


@router.get("/suites/{name:path}/items", response_model=SuiteItems, responses=problems(404, 422))
def list_suite_items(
    connection: Reading,
    name: Annotated[str, Path(max_length=LONGEST_NAME)],
    after: Annotated[int, Query(ge=-1, le=2**31)] = -1,
    limit: Limit = 50,
) -> SuiteItems:
    """Problems of a suite, in order."""
    query.get(connection, name)
    rows = query.items(connection, name, after=after, limit=limit + 1)
    return SuiteItems(
        data=[
            SuiteItem(
                position=row.position,
                key=row.key,
                family=row.family,
                verifier=row.verifier,
                prompt=row.prompt,
                expected=row.expected,
                data=row.data,
            )
            for row in rows[:limit]
        ],
        next_after=rows[limit - 1].position if len(rows) > limit else None,
    )


def _confined(draw: D, settings: Settings) -> D:
    """The draw with every path in its config resolved under the folders this server may use."""
    config = with_paths(draw.generator, draw.config, lambda path: str(confined(path, settings)))
    return draw.model_copy(update={"config": config})

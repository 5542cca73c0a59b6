"""/api/tunix: training runs, as earlier clients know them."""

from contextlib import suppress
from itertools import islice
from pathlib import Path as FilePath
from typing import Annotated, Literal
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import AfterValidator, JsonValue

from tunix_rt.datasets import reading
from tunix_rt.kit.errors import (
    BadInput,
    BadRequest,
    Broken,
    Forbidden,
    MissingExtra,
    NotFound,
    TunixError,
)
from tunix_rt.kit.http import (
    Limit,
    Offset,
    OpenStore,
    Reading,
    ReadSettings,
    Writing,
    event_stream,
    json_lines,
    path_id,
    problems,
)
from tunix_rt.kit.ids import is_id, iso
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering import records, stored
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import CancelAnswer, MetricPoint, NewRun, Status
from tunix_rt.runs.streaming import events
from tunix_rt.runs.waiting import ended
from tunix_rt.store import Connection, Row, Store
from tunix_rt.train import artifacts, bases, contract, forking, manifest, queueing, showing_dry
from tunix_rt.train.naming import confined_recipe
from tunix_rt.train.recipes import read_recipe, recipe_schema
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_contract import (
    Artifacts,
    ManifestRequest,
    Mode,
    QueuedTraining,
    Rendered,
    RunRequest,
    SftRequest,
    StartingRecipes,
    TrainRequest,
    TunixRun,
    TunixRunPage,
    TunixRunStatus,
    TunixStatus,
)
from tunix_rt.train.starting import starting_recipes

router = APIRouter(prefix="/tunix", tags=["training"])

RunId = Annotated[str, Path(), AfterValidator(path_id("run"))]


@router.get("/status", response_model=TunixStatus)
def get_status() -> TunixStatus:
    """Whether trainings can run here."""
    return contract.status()


@router.post(
    "/sft/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(400, 404, 422)},
)
def export_sft(store: OpenStore, request: SftRequest) -> StreamingResponse:
    """Texts to train on: the first of a dataset, or of named traces in the order they are named."""
    if request.dataset_key is not None:
        rows = islice(reading.rows(store, request.dataset_key), request.limit)
        lines = records.lines(rows, "tunix_sft")
    elif request.trace_ids:
        bad = next((one for one in request.trace_ids if not is_id(one)), None)
        if bad is not None:
            raise BadRequest(f"{bad[:100]!r} is not the id of a trace: a UUID is expected.")
        ids = [str(UUID(one)) for one in request.trace_ids[: request.limit]]
        lines = stored.by_ids(store, ids, "tunix_sft")
    else:
        raise BadRequest("Either dataset_key or trace_ids must be given.")
    return json_lines(records.blocks(lines))


@router.post(
    "/sft/manifest",
    status_code=201,
    response_model=Rendered,
    responses=problems(404, 422),
)
def render_manifest(store: OpenStore, request: ManifestRequest) -> Rendered:
    """What a run of these settings would do, as YAML; nothing is started or written."""
    frozen = reading.manifest(store, request.dataset_key)
    wanted = RunRequest(**request.model_dump())
    config = contract.config_of(
        wanted,
        model=None if request.model_id == "nano" else request.model_id,
        output_dir=request.output_dir,
    )
    return Rendered(
        manifest_yaml=manifest.render(config, request.model_id),
        dataset_key=request.dataset_key,
        model_id=request.model_id,
        format="tunix_sft",
        message=f"A run of {frozen.trace_count} traces.",
    )


@router.post("/run", response_model=TunixRun, responses=problems(403, 422, 501))
async def start_run(
    store: OpenStore,
    settings: ReadSettings,
    request: RunRequest,
    mode: Annotated[Literal["sync", "async"], Query()] = "sync",
) -> TunixRun:
    """Check a training (dry_run), or start one; `mode=async` does not wait for it.

    A call that waits holds no thread, and answers after `TUNIX_RT_WAIT_SECONDS` at the latest.
    """
    run_id = await run_sync(_start, store, settings, request)
    if mode == "sync":
        with suppress(Broken):  # it goes on; the answer says how far it is
            await ended(store, run_id, seconds=settings.wait_seconds)
    return await run_sync(_read, store, settings, run_id)


def _start(store: Store, settings: Settings, request: RunRequest) -> str:
    """Queue a training; a dry run, and one that cannot begin, end at once."""
    output_dir = None if request.output_dir is None else _output(request.output_dir, settings)
    model = None if request.model_id == "nano" else str(confined(request.model_id, settings))
    if not request.dry_run and not contract.status().available:
        raise MissingExtra(
            "The Tunix runtime is not installed.", hint="pip install 'tunix-rt[tunix]'"
        )
    config = contract.config_of(request, model=model, output_dir=output_dir)
    new = NewRun(
        kind="train",
        name=f"{request.model_id} on {request.dataset_key}",
        config=config,
        device=queueing.slot(config.recipe),
        dataset_key=request.dataset_key,
        model_id=request.model_id,
        output_dir=output_dir,
    )
    error = _checked(store, new)
    said = [_words(request, error)]
    result: dict[str, JsonValue] = {}
    if request.dry_run and error is None:
        more, result = showing_dry.glanced(store, request.dataset_key, config.recipe)
        said += more
    with store.write() as connection:
        run_id = query.enqueue(connection, new)
        if error or request.dry_run:
            query.add_log(connection, run_id, [("stdout", one) for one in said])
            query.begin(connection, run_id)
            query.beat(connection, run_id, 0, lease=LEASE, result=result)
            query.finish(
                connection,
                run_id,
                0,
                status="failed" if error else "completed",
                error=error,
                exit_code=1 if error else 0,
            )
    return run_id


def _read(store: Store, settings: Settings, run_id: str) -> TunixRun:
    with store.read() as connection:
        return _shown(connection, store, query_read.get(connection, run_id), settings)


@router.get("/recipe-schema")
def get_recipe_schema() -> dict[str, JsonValue]:
    """The JSON Schema of a recipe."""
    return recipe_schema()


@router.get("/recipes", response_model=StartingRecipes)
def list_recipes() -> StartingRecipes:
    """Recipes to begin with, by name."""
    return StartingRecipes(data=starting_recipes())


@router.post(
    "/train", status_code=202, response_model=QueuedTraining, responses=problems(403, 404, 409, 422)
)
def train_by_recipe(
    connection: Writing, store: OpenStore, settings: ReadSettings, request: TrainRequest
) -> QueuedTraining:
    """Queue a training by a recipe or its dry run, and an evaluation if a suite is named."""
    named = confined_recipe(read_recipe(request.recipe), settings)
    new = queueing.wanted(
        bases.settled(connection, named),
        request.dataset_key,
        priority=request.priority,
        after=request.after,
        dry_run=request.dry_run,
        fork=forking.settled(connection, store.home / "runs", request.fork),
    )
    return queueing.queue(connection, new, request.evaluate)


@router.get("/runs", response_model=TunixRunPage, responses=problems(422))
def list_training_runs(
    connection: Reading,
    limit: Limit = 20,
    offset: Offset = 0,
    status: Status | None = None,
    dataset_key: str | None = None,
    mode: Mode | None = None,
) -> TunixRunPage:
    """Training runs, newest first."""
    rows = query_read.page(
        connection,
        limit=limit + 1,
        offset=offset,
        kind="train",
        status=status,
        dataset_key=dataset_key,
        dry_run=None if mode is None else mode == "dry-run",
    )
    return TunixRunPage(
        data=[contract.summary(row) for row in rows[:limit]],
        pagination=TunixRunPage.Pagination(
            limit=limit, offset=offset, next_offset=offset + limit if len(rows) > limit else None
        ),
    )


@router.get("/runs/{run_id}", response_model=TunixRun, responses=problems(404, 422))
def get_training_run(
    connection: Reading, store: OpenStore, settings: ReadSettings, run_id: RunId
) -> TunixRun:
    """One training run with the end of its output."""
    return _shown(connection, store, _row(connection, run_id), settings)


@router.get("/runs/{run_id}/status", response_model=TunixRunStatus, responses=problems(404, 422))
def get_training_status(connection: Reading, run_id: RunId) -> TunixRunStatus:
    """Only the state of a training run."""
    row = _row(connection, run_id)
    return TunixRunStatus(
        run_id=row.id,
        status=row.status,
        queued_at=iso(row.created_at),
        started_at=iso(row.started_at) if row.started_at else None,
        completed_at=iso(row.completed_at) if row.completed_at else None,
        exit_code=row.exit_code,
    )


@router.post(
    "/runs/{run_id}/cancel", response_model=CancelAnswer, responses=problems(400, 404, 422)
)
def cancel_training_run(connection: Writing, run_id: RunId) -> CancelAnswer:
    """Stop a training run."""
    _row(connection, run_id)
    query.cancel(connection, run_id)
    return CancelAnswer(message="Run cancellation requested")


@router.get(
    "/runs/{run_id}/logs",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(422)},
)
def follow_training_log(
    store: OpenStore,
    run_id: RunId,
    since_seq: Annotated[int, Query(ge=0, le=2**31)] = 0,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**31)] = None,
) -> StreamingResponse:
    """The run's log as server-sent events, from the line after `since_seq` on."""
    return event_stream(events(store, run_id, max(since_seq, last_event_id or 0)))


@router.get(
    "/runs/{run_id}/metrics", response_model=list[MetricPoint], responses=problems(404, 422)
)
def get_training_metrics(connection: Reading, run_id: RunId) -> list[MetricPoint]:
    """The run's numbers, step by step."""
    _row(connection, run_id)
    return query_read.metrics(connection, run_id, 10_000).points


@router.get("/runs/{run_id}/artifacts", response_model=Artifacts, responses=problems(404, 422))
def list_artifacts(connection: Reading, store: OpenStore, run_id: RunId) -> Artifacts:
    """The files a run left behind."""
    row = _row(connection, run_id)
    return Artifacts(artifacts=artifacts.listed(_model_folder(row), store.home / "runs" / run_id))


@router.get(
    "/runs/{run_id}/artifacts/{filename:path}/download",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **problems(403, 404, 422)},
)
def download_artifact(
    connection: Reading, store: OpenStore, run_id: RunId, filename: str
) -> FileResponse:
    """One file a run left behind."""
    row = _row(connection, run_id)
    file = artifacts.found(_model_folder(row), store.home / "runs" / run_id, filename)
    return FileResponse(file, filename=file.name, media_type="application/octet-stream")


def _checked(store: Store, new: NewRun) -> str | None:
    """What prevents a run: its dataset is missing, its export or its manifest cannot be made."""
    config = new.config
    assert isinstance(config, TrainConfig)
    try:
        reading.manifest(store, config.dataset_key)
        next(records.lines(reading.rows(store, config.dataset_key), "tunix_sft"))
        manifest.render(config, str(new.model_id))
    except NotFound as missing:
        return "dataset not found" if "Dataset" in missing.message else missing.message
    except TunixError as broken:
        return broken.message
    return None


def _output(named: str, settings: Settings) -> str:
    """A folder a client wants a copy of the model in: new or empty, and none of our own."""
    path = confined(named, settings)
    home, models = settings.home.resolve(), settings.models.resolve()
    ours = [home / "blobs", home / "runs", models]
    if (
        path in (home, models.parent)
        or any(path.is_relative_to(folder) for folder in ours)
        or (path.is_relative_to(home) and path.name.startswith("tunix-rt.db"))
    ):
        raise Forbidden("output_dir is a part of the data folder that this server manages.")
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise BadInput("output_dir exists and is not an empty folder.")
    return str(path)


def _row(connection: Connection, run_id: str) -> Row[object]:
    try:
        return query_read.get(connection, run_id)
    except NotFound:
        raise NotFound(f"Tunix run not found: {run_id}") from None


def _shown(
    connection: Connection, store: Store, row: Row[object], settings: ReadSettings
) -> TunixRun:
    folder = str(store.home / "runs" / row.id)
    return contract.shown(connection, row, folder, settings.output_max_bytes)


def _model_folder(row: Row[object]) -> FilePath | None:
    named = (row.result or {}).get("model_folder")
    return FilePath(named) if named else None


def _words(request: RunRequest, error: str | None) -> str:
    kind = "Dry-run" if request.dry_run else "Training"
    return f"{kind} failed: {error}" if error else f"{kind} validation successful"

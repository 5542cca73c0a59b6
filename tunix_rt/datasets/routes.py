"""/api/datasets."""

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse

from tunix_rt.curate.staging import confined_pipeline
from tunix_rt.datasets import comparing, describing, freezing, ingesting, query, reading
from tunix_rt.datasets.jobs import proof_of, run_of
from tunix_rt.datasets.schema import (
    MOST,
    Build,
    Built,
    DatasetPage,
    DatasetSummary,
    Ingest,
    Ingested,
    Manifest,
    RowPage,
    SplitName,
    Version,
)
from tunix_rt.datasets.schema_proof import Difference
from tunix_rt.datasets.xraying import confined_rendering
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.http import (
    Limit,
    Offset,
    OpenStore,
    Reading,
    ReadSettings,
    Writing,
    json_lines,
    problems,
)
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering import records
from tunix_rt.rendering.schema import ExportFormat
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.runs.waiting import ended
from tunix_rt.store import Connection, Store

router = APIRouter(prefix="/datasets", tags=["datasets"])

Key = Annotated[str, Path(min_length=1, max_length=256)]


@router.post(
    "/build",
    status_code=201,
    response_model=Built,
    responses=problems(403, 404, 409, 422, 501, 503),
)
async def build_dataset(store: OpenStore, settings: ReadSettings, request: Build) -> Built:
    """Freeze the chosen traces under a new key.

    What a pipeline chooses is frozen by a run, which is waited for.
    """
    wanted = await run_sync(_confined, request, settings)
    if wanted.pipeline is None:
        return await run_sync(_built, store, await run_sync(freezing.freeze, store, wanted))
    run_id = await run_sync(_queued, store, wanted)
    row = await ended(store, run_id, seconds=settings.wait_seconds)
    if row.status != "completed":
        raise BadInput(row.error or f"The run {run_id} was {row.status}.")
    return await run_sync(_frozen, store, row.result["dataset_key"])


def _frozen(store: Store, key: str) -> Built:
    return _built(store, reading.version(store, key))


def _built(store: Store, frozen: Version) -> Built:
    with store.read() as connection:
        row = query.get(connection, frozen.dataset_key)
    return Built(
        dataset_key=frozen.dataset_key,
        build_id=frozen.build_id,
        trace_count=frozen.trace_count,
        manifest_path=str(store.blobs.path(row.manifest_sha256)),
        content_sha256=frozen.content_sha256,
    )


def _confined(request: Build, settings: Settings) -> Build:
    """The same with folders that this server may read."""
    told: dict[str, Any] = {}
    if request.rendering is not None:
        told["rendering"] = confined_rendering(request.rendering, settings)
    if request.pipeline is not None:
        told["pipeline"] = confined_pipeline(request.pipeline, settings)
    return request.model_copy(update=told)


def _queued(store: Store, request: Build) -> str:
    new = run_of(request)
    with store.write() as connection:
        _must_be_free(connection, new)
        return queue(connection, new).run_id


def _must_be_free(connection: Connection, new: NewRun) -> None:
    assert new.dataset_key is not None
    if query.build_of(connection, new.dataset_key) is not None:
        raise query.taken(new.dataset_key)


@router.post("/builds", status_code=202, response_model=Queued, responses=problems(403, 409, 422))
def queue_build(connection: Writing, settings: ReadSettings, request: Build) -> Queued:
    """Freeze in the background: what takes more than a moment."""
    new = run_of(_confined(request, settings))
    _must_be_free(connection, new)
    return queue(connection, new)


@router.post("/ingest", status_code=201, response_model=Ingested, responses=problems(400, 403, 422))
def ingest_file(store: OpenStore, settings: ReadSettings, request: Ingest) -> Ingested:
    """Take in a file of traces that lies on the server, under an allowed root."""
    return ingesting.ingest(store, confined(request.path, settings), request.source_name)


@router.get("", response_model=DatasetPage, responses=problems(422))
def list_datasets(connection: Reading, limit: Limit = 20, offset: Offset = 0) -> DatasetPage:
    """Frozen versions, newest first."""
    rows = query.page(connection, limit=limit + 1, offset=offset)
    return DatasetPage(
        data=[DatasetSummary(**{f: row.summary[f] for f in _SHOWN}) for row in rows[:limit]],
        pagination=DatasetPage.Pagination(
            limit=limit,
            offset=offset,
            next_offset=offset + limit if len(rows) > limit else None,
        ),
    )


@router.get(
    "/{key}",
    response_class=StreamingResponse,
    responses={200: {"model": Manifest}, **problems(404, 422)},
)
def get_dataset(store: OpenStore, key: Key) -> StreamingResponse:
    """The manifest of one version, as it was written: with the id of every trace."""
    return StreamingResponse(reading.manifest_bytes(store, key), media_type="application/json")


@router.get("/{key}/version", response_model=Version, responses=problems(404, 422))
def get_dataset_version(store: OpenStore, key: Key) -> Version:
    """The same without the ids, however many traces there are."""
    return reading.version(store, key)


@router.get(
    "/{key}/export.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(404, 422)},
)
def export_dataset(store: OpenStore, key: Key, format: ExportFormat = "trace") -> StreamingResponse:
    """Every trace of one version, in manifest order."""
    return json_lines(records.blocks(records.lines(reading.rows(store, key), format)))


@router.get("/{key}/rows", response_model=RowPage, responses=problems(404, 422))
def list_rows(
    store: OpenStore,
    key: Key,
    start: Annotated[int, Query(ge=0, le=MOST)] = 0,
    limit: Limit = 20,
    split: SplitName | None = None,
) -> RowPage:
    """Some rows of one version, or of one split of it, in their order."""
    return reading.page(store, key, start=start, limit=limit, split=split)


@router.post("/{key}/verify", status_code=202, response_model=Queued, responses=problems(404, 422))
def verify_dataset(connection: Writing, key: Key) -> Queued:
    """Recompute every hash of one version; the run's result says what differs."""
    query.get(connection, key)
    return queue(connection, proof_of(key))


@router.get("/{key}/diff/{other}", response_model=Difference, responses=problems(404, 422))
def compare_datasets(
    store: OpenStore, key: Key, other: Key, limit: Annotated[int, Query(ge=0, le=100)] = 20
) -> Difference:
    """What became of `key` in `other`: rows added, removed and changed, `limit` of each shown."""
    return comparing.diff(store, key, other, limit=limit)


@router.get(
    "/{key}/card.md",
    response_class=Response,
    responses={200: {"content": {"text/markdown": {}}}, **problems(404, 422)},
)
def get_card(store: OpenStore, key: Key) -> Response:
    """The data card of one version."""
    return Response(describing.card(reading.version(store, key)), media_type="text/markdown")


_SHOWN = tuple(DatasetSummary.model_fields)

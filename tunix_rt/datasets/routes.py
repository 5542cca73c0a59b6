"""/api/datasets."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from tunix_rt.datasets import freezing, ingesting, query, reading
from tunix_rt.datasets.schema import (
    Build,
    Built,
    DatasetPage,
    DatasetSummary,
    Ingest,
    Ingested,
    Manifest,
)
from tunix_rt.kit.http import Limit, Offset, OpenStore, Reading, ReadSettings, json_lines, problems
from tunix_rt.kit.paths import confined
from tunix_rt.rendering import records
from tunix_rt.rendering.schema import ExportFormat

router = APIRouter(prefix="/datasets", tags=["datasets"])

Key = Annotated[str, Path(min_length=1, max_length=256)]


@router.post("/build", status_code=201, response_model=Built, responses=problems(409, 422))
def build_dataset(store: OpenStore, request: Build) -> Built:
    """Freeze the chosen traces under a new key."""
    manifest = freezing.freeze(store, request)
    with store.read() as connection:
        row = query.get(connection, manifest.dataset_key)
    return Built(
        dataset_key=manifest.dataset_key,
        build_id=manifest.build_id,
        trace_count=manifest.trace_count,
        manifest_path=str(store.blobs.path(row.manifest_sha256)),
        content_sha256=manifest.content_sha256,
    )


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


@router.get("/{key}", response_model=Manifest, responses=problems(404, 422))
def get_dataset(store: OpenStore, key: Key) -> Manifest:
    """The manifest of one version."""
    return reading.manifest(store, key)


@router.get(
    "/{key}/export.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(404, 422)},
)
def export_dataset(store: OpenStore, key: Key, format: ExportFormat = "trace") -> StreamingResponse:
    """Every trace of one version, in manifest order."""
    return json_lines(records.blocks(records.lines(reading.rows(store, key), format)))


_SHOWN = tuple(DatasetSummary.model_fields)

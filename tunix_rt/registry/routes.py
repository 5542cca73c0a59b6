"""/api/models."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from tunix_rt.kit.errors import BadRequest, Forbidden, NotFound
from tunix_rt.kit.http import (
    Limit,
    Offset,
    OpenStore,
    Reading,
    ReadSettings,
    Writing,
    path_id,
    problems,
)
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.registry import promoting, query, zipping
from tunix_rt.registry.jobs import check_of, export_of, import_of
from tunix_rt.registry.loading.hub import is_hub_id
from tunix_rt.registry.schema import Model, ModelDetail, NewModel, Promote, Version
from tunix_rt.registry.schema_exchange import CheckModel, Export, Import, NewExport
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import Queued

router = APIRouter(prefix="/models", tags=["models"])

ModelId = Annotated[str, Path(), AfterValidator(path_id("model"))]
VersionId = Annotated[str, Path(), AfterValidator(path_id("version"))]


@router.post("", status_code=201, response_model=Model, responses=problems(409, 422))
def create_model(connection: Writing, new: NewModel) -> Model:
    """Create a family of versions."""
    return query.shown(connection, query.get(connection, query.create(connection, new)))


@router.get("", response_model=list[Model], responses=problems(422))
def list_models(connection: Reading, limit: Limit = 50, offset: Offset = 0) -> list[Model]:
    """Families, newest first."""
    rows = query.page(connection, limit=limit, offset=offset)
    return [query.shown(connection, row) for row in rows]


@router.get("/versions/{version_id}", response_model=Version, responses=problems(404, 422))
def get_version(connection: Reading, version_id: VersionId) -> Version:
    """One version."""
    return query.version_shown(query.version(connection, version_id))


@router.get(
    "/versions/{version_id}/download",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}, **problems(404, 422, 503)},
)
def download_version(store: OpenStore, version_id: VersionId) -> StreamingResponse:
    """Every file of a version, as a zip."""
    with store.read() as connection:
        row = query.version(connection, version_id)
        name = query.get(connection, row.model_id).name
    files = zipping.stream(promoting.folder_of(store, row))
    named = {"content-disposition": f'attachment; filename="{name}-{row.version}.zip"'}
    return StreamingResponse(files, media_type="application/zip", headers=named)


@router.post("/import", status_code=202, response_model=Queued, responses=problems(403, 404, 422))
def queue_import(connection: Writing, settings: ReadSettings, wanted: Import) -> Queued:
    """Bring a checkpoint in, in the background: a folder under an allowed root, or a hub's id."""
    source = _place(wanted.source, settings)
    return queue(connection, import_of(wanted.model_copy(update={"source": source})))


@router.post("/check", status_code=202, response_model=Queued, responses=problems(403, 404, 422))
def queue_check(connection: Writing, settings: ReadSettings, wanted: CheckModel) -> Queued:
    """Look at a checkpoint in the background; the run's result says whether it passes."""
    source = _place(wanted.source, settings)
    return queue(connection, check_of(wanted.model_copy(update={"source": source})))


@router.post(
    "/versions/{version_id}/export",
    status_code=202,
    response_model=Queued,
    responses=problems(403, 404, 422, 501),
)
def queue_export(
    connection: Writing, settings: ReadSettings, version_id: VersionId, wanted: NewExport
) -> Queued:
    """Write a version for other programs, in the background; the run's result says where."""
    row = query.version(connection, version_id)
    folder = None if wanted.folder is None else str(confined(wanted.folder, settings))
    asked = Export(version_id=row.id, **{**wanted.model_dump(), "folder": folder})
    return queue(connection, export_of(settings, row, asked))


@router.get("/{model_id}", response_model=ModelDetail, responses=problems(404, 422))
def get_model(connection: Reading, model_id: ModelId) -> ModelDetail:
    """One family with its versions."""
    return query.detail(connection, query.get(connection, model_id))


@router.post(
    "/{model_id}/versions/promote",
    response_model=Version,
    responses=problems(400, 404, 409, 422),
)
def promote_run(store: OpenStore, model_id: ModelId, wanted: Promote) -> Version:
    """Make a version of what a completed run left behind."""
    if not is_id(wanted.source_run_id):
        raise BadRequest("source_run_id is not the id of a run.")
    return query.version_shown(promoting.promote(store, model_id, wanted))


def _place(source: str, settings: Settings) -> str:
    """A folder that this server may read, or an id of the hub."""
    try:
        folder = confined(source, settings)
    except Forbidden:
        if is_hub_id(source):
            return source
        raise
    if folder.is_dir():
        return str(folder)
    if is_hub_id(source):
        return source
    raise NotFound(f"There is no folder {source[:200]!r}.")

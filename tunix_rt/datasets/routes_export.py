"""/api/datasets/exports and /api/datasets/{key}/export/{format}."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from tunix_rt.datasets.exporting import Export
from tunix_rt.kit.http import OpenStore, json_lines, problems
from tunix_rt.kit.zipping import zipped
from tunix_rt.rendering import exporting, records
from tunix_rt.rendering.schema_export import ExportInfo

router = APIRouter(prefix="/datasets", tags=["datasets"])

Key = Annotated[str, Path(min_length=1, max_length=256)]
Format = Annotated[str, Path(min_length=1, max_length=64)]
Split = Annotated[str | None, Query(max_length=64)]
Policy = Annotated[list[Annotated[str, Query(max_length=64)]], Query(max_length=8)]

NONE: list[str] = []
KINDS = ("application/x-ndjson", "application/octet-stream", "application/zip")


@router.get("/exports", response_model=list[ExportInfo])
def list_exports() -> list[ExportInfo]:
    """The formats a dataset is written in, and who reads them."""
    return exporting.listed()


@router.get(
    "/{key}/export/{format}",
    response_class=StreamingResponse,
    responses={
        200: {"content": {kind: {} for kind in KINDS}},
        **problems(404, 422, 501, 503),
    },
)
def export_dataset_as(
    store: OpenStore, key: Key, format: Format, split: Split = None, policy: Policy = NONE
) -> StreamingResponse:
    """One version in one format: JSON lines, a file, or the zip of a folder.

    With `split=each` every split is a file of its own in a zip. `policy=KEY=VALUE` says what
    verdicts do, to the formats that list the key in their `policy`.
    """
    export, version = exporting.load(format), Export(store, key)
    exporting.checked(format, version, split)
    masks = exporting.policy(format, policy)
    if exporting.many(format, split):
        files = exporting.files(format, version, split, masks)
        return _sent(zipped(files), f"{version.about.name}.zip")
    rows = exporting.content(format, version.rows(split), masks)
    if export.KIND == "lines":
        return json_lines(records.blocks(rows))
    about = version.about
    named = export.FILE.format(name=about.name, split=split or next(iter(about.splits)))
    return _sent(rows, f"{about.name}-{named}")


def _sent(chunks: Iterator[bytes], name: str) -> StreamingResponse:
    """A file to keep; what prevents its first bytes is answered before the 200 is."""
    first = next(chunks, b"")
    return StreamingResponse(
        chain([first], chunks),
        media_type="application/zip" if name.endswith(".zip") else "application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )

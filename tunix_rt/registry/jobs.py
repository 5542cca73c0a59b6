"""The long work of the registry: bring a checkpoint in, look at one, write a version out."""

from typing import Any

from tunix_rt.kit.errors import BadInput, NotFound, Unreachable
from tunix_rt.kit.settings import Settings
from tunix_rt.registry import checking, exporting, importing, promoting, query
from tunix_rt.registry.loading import hub
from tunix_rt.registry.loading.writing import size_of
from tunix_rt.registry.schema_exchange import Checked, CheckModel, Export, Import
from tunix_rt.runs.schema import Job, NewRun, Run
from tunix_rt.store import Row


class ExportWith(Export):
    """An export, with the program that a door found for it; no client names a program."""

    converter: str | None = None


def bring(run: Run, wanted: Import) -> None:
    """Import; done again, it finds what the attempt before has kept."""
    row, found = importing.bring(run, wanted)
    run.result({"version": query.version_shown(row).model_dump(), "checked": found.model_dump()})
    run.log(f"{wanted.name} {row.version}: sha256 {row.sha256[:16]}")


def look(run: Run, wanted: CheckModel) -> None:
    """Check; a folder that does not pass is a result, not a failure."""
    try:
        folder = hub.resolve(wanted.source)
        found = checking.check(wanted.source, folder, compared=wanted.parity)
    except (BadInput, NotFound, Unreachable) as refused:
        found = Checked(
            source=wanted.source,
            folder=None,
            architecture=None,
            parameters=None,
            dtype=None,
            vocabulary=None,
            parity=None,
            passes=False,
            said=refused.message,
        )
    run.result(found.model_dump())
    run.log(found.said)


def write(run: Run, wanted: ExportWith) -> None:
    """Export; done again, it finds its folder taken only if that is whole."""
    with run.store.read() as connection:
        row = query.version(connection, wanted.version_id)
        name = query.get(connection, row.model_id).name
    folder = promoting.folder_of(run.store, row)
    named = f"{name}-{row.version}"
    found = exporting.export(run, folder, named, wanted, wanted.converter)
    run.result(found.model_dump())
    run.log(f"{named}: {len(found.files)} files, {found.bytes:,} bytes")


def import_of(wanted: Import) -> NewRun:
    """The run that imports a checkpoint."""
    return NewRun(
        kind="import-model", name=f"import {wanted.name}", config=wanted, model_id=wanted.name
    )


def check_of(wanted: CheckModel) -> NewRun:
    """The run that looks at a checkpoint."""
    return NewRun(kind="check-model", name="check a model", config=wanted)


def export_of(settings: Settings, row: Row[Any], wanted: Export) -> NewRun:
    """The run that writes a version; what is missing for it is told before it is queued."""
    converter = None
    if wanted.format == "gguf":
        converter = exporting.find_converter(settings.gguf_converter)
    size_of(wanted.max_shard_size)
    config = ExportWith(**wanted.model_dump(), converter=converter)
    return NewRun(kind="export-model", name=f"export {row.version}", config=config)


jobs = [
    Job("import-model", Import, bring),
    Job("check-model", CheckModel, look),
    Job("export-model", ExportWith, write),
]

"""Pipelines from files: TOML, YAML or JSON, with errors that name the nearest known key."""

from pathlib import Path

from pydantic import ValidationError

from tunix_rt.curate.schema import Pipeline
from tunix_rt.curate.staging import checked, nearest
from tunix_rt.kit import documents
from tunix_rt.kit.errors import BadInput


def read(path: Path) -> Pipeline:
    """The pipeline of a file, its stages and options checked, or `BadInput`."""
    given = documents.read(path, "pipeline")
    for key in given:
        if key not in Pipeline.model_fields:
            raise BadInput(
                f"{path.name}: {str(key)[:80]!r} is no key of a pipeline.",
                hint=nearest(str(key), Pipeline.model_fields),
            )
    try:
        pipeline = Pipeline.model_validate({"name": path.stem, **given})
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise BadInput(f"{path.name}: {at}: {first['msg']}.") from None
    checked(pipeline)
    return pipeline

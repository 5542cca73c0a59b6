"""A checkpoint from elsewhere becomes a version, once it is checked."""

from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry import checking, promoting
from tunix_rt.registry.loading import hub
from tunix_rt.registry.loading.sides import SIDE_FILES
from tunix_rt.registry.loading.weights import INDEX
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.registry.schema_exchange import Checked, Import
from tunix_rt.runs.schema import Run
from tunix_rt.store import Row

LICENCES = ("LICENSE*", "LICENCE*", "NOTICE*", "USE_POLICY*")
"""What a checkpoint asks to be kept with it."""


def bring(run: Run, wanted: Import) -> tuple[Row[Any], Checked]:
    """Copy a checkpoint into the registry; nothing is there before all of it is."""
    folder = hub.resolve(wanted.source)
    run.log(f"reading {folder.name}")
    found = checking.check(wanted.source, folder, compared=wanted.parity)
    if not found.passes:
        raise BadInput(found.said)
    run.log(found.said)
    run.check_cancelled()
    origin = promoting.Origin(
        folder=folder,
        files=files_of(folder),
        run_id=run.id,
        run_name=f"import {wanted.name}",
        config=wanted.model_dump(),
        provenance={"source": wanted.source, "checked": found.model_dump()},
        relation="imported",
    )
    asked = Promote(
        source_run_id=run.id,
        version_label=wanted.version_label,
        description=wanted.description,
    )
    row = promoting.keep(run.store, run.write, NewModel(name=wanted.name), asked, origin=origin)
    return row, found


def files_of(folder: Path) -> list[Path]:
    """What belongs to a model: weights, config, tokenizer, licence. Links may lead into its cache.

    The hub's cache holds files as links to blobs two folders up; no other link is followed.
    """
    patterns = ("*.safetensors", INDEX, *SIDE_FILES, *LICENCES)
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    homes = (folder.resolve(), (folder.parent.parent / "blobs").resolve())
    for path in found:
        if not any(path.resolve().is_relative_to(home) for home in homes):
            raise BadInput(
                f"{path.name!r} in {folder.name!r} is a link that leads out of the folder.",
                hint="Put the file itself there.",
            )
    return sorted(found)

"""A run's output becomes a version: copied, immutable, identified by its content.

The sha256 is over the files sorted by path, each its path's bytes and then its content,
so the same files are the same version whichever run wrote them.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tunix_rt.kit.errors import BadRequest, Broken, Conflict
from tunix_rt.registry import query
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.store import Connection, Row, Store

CHUNK = 1 << 20
PART = ".part-"
ABANDONED_SECONDS = 24 * 3600
"""A half-made copy that nobody has touched for so long belongs to a process that was killed."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version comes from: a folder, and the run that made or brought it."""

    folder: Path
    files: Sequence[Path]
    run_id: str
    run_name: str
    config: dict[str, Any]
    provenance: dict[str, Any]
    relation: str
    """How lineage calls what the run did to the version."""


def promote(
    store: Store,
    family: str | NewModel,
    wanted: Promote,
    metrics: dict[str, Any] | None = None,
) -> Row[Any]:
    """Copy the run's model into the registry and record it; known content is not doubled.

    `family` is the id of one, or the one of this name, which is made with its first version.
    """
    with store.read() as connection:
        _family(connection, family)
        run = query_read.get(connection, wanted.source_run_id)
    if run.status != "completed":
        raise BadRequest(f"The run is {run.status}; only a completed run can be promoted.")
    folder = Path((run.result or {}).get("model_folder") or "")
    if not (run.result or {}).get("model_folder") or not folder.is_dir():
        raise BadRequest("The run left no model behind.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    _require_model(folder)
    origin = Origin(
        folder=folder,
        files=files,
        run_id=run.id,
        run_name=run.name,
        config=run.config,
        provenance={"dataset_key": run.dataset_key, "run_result": run.result},
        relation="promoted",
    )
    return keep(store, store.write, family, wanted, origin=origin, metrics=metrics)


def keep(
    store: Store,
    write: Callable[[], AbstractContextManager[Connection]],
    family: str | NewModel,
    wanted: Promote,
    *,
    origin: Origin,
    metrics: dict[str, Any] | None = None,
) -> Row[Any]:
    """Copy the files of `origin` into the registry and record them by `write`."""
    with store.read() as connection:
        found = _family(connection, family)
        known = query.versions(connection, found.id) if found else []
    sha256, size = _digest(origin.folder, origin.files)
    if same := _same(known, sha256):
        return same
    _label(known, wanted)  # a label that is taken is told before gigabytes are copied
    target = _copy(origin.folder, origin.files, store.models / sha256)
    values = {
        "source_run_id": origin.run_id,
        "description": wanted.description,
        "metrics": metrics or {},
        "config": origin.config,
        "provenance": origin.provenance,
        "storage_uri": target.as_uri(),
        "sha256": sha256,
        "size_bytes": size,
    }
    with write() as connection:
        held = _held(connection, family)
        known = query.versions(connection, held.id)
        if same := _same(known, sha256):  # another promotion of it was faster
            return same
        label = _label(known, wanted)
        row = query.add_version(connection, {"model_id": held.id, "version": label, **values})
        here = ("model", held.id, f"{held.name} {label}")
        made = ("run", origin.run_id, origin.run_name)
        runs.link(connection, [(*made, *here, origin.relation)])
    return row


def folder_of(store: Store, version: Row[Any]) -> Path:
    """Where a version's files are, also when the registry was moved; `Broken` if nowhere."""
    folder: Path = store.models / version.sha256
    if not folder.is_dir():
        folder = Path(unquote(urlsplit(version.storage_uri).path))
    if not folder.is_dir():
        raise Broken(
            f"The files of version {version.version} are not where they were registered.",
            hint=f"Restore {folder.name} in the registry's folder from a backup.",
        )
    return folder


def _family(connection: Connection, family: str | NewModel) -> Row[Any] | None:
    if isinstance(family, NewModel):
        return query.by_name(connection, family.name)
    return query.get(connection, family)


def _held(connection: Connection, family: str | NewModel) -> Row[Any]:
    """The family, made now if need be; whoever else promotes into it waits for us."""
    found = _family(connection, family)
    if found is None:
        assert isinstance(family, NewModel)
        return query.get(connection, query.create(connection, family))
    query.hold(connection, found.id)
    return found


def _same(known: Sequence[Row[Any]], sha256: str) -> Row[Any] | None:
    return next((version for version in known if version.sha256 == sha256), None)


def _label(known: Sequence[Row[Any]], wanted: Promote) -> str:
    """The label wanted, or the next free number; `Conflict` if it is taken."""
    taken = {version.version for version in known}
    label = wanted.version_label or _next_label(taken)
    if label in taken:
        raise Conflict(f"The version {label!r} exists already.")
    return label


def _require_model(folder: Path) -> None:
    adapter = (folder / "adapter_config.json").is_file() and (
        folder / "adapter_model.safetensors"
    ).is_file()
    whole = (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))
    if not (adapter or whole):
        raise BadRequest(
            "The run's output is no model: neither an adapter nor config.json with safetensors."
        )


def _digest(folder: Path, files: Sequence[Path]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    return digest.hexdigest(), size


def _copy(folder: Path, files: Sequence[Path], target: Path) -> Path:
    """The files under `target`; they appear there together or not at all.

    Each promotion copies into a folder of its own, so two of the same content do not meet.
    """
    if target.is_dir():
        return target
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(target.parent)
        part = Path(tempfile.mkdtemp(prefix=PART, dir=target.parent))
        whole = part / target.name
        for path in files:
            place = whole / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        whole.rename(target)
    except OSError as error:
        if not target.is_dir():  # else another promotion put the same content there
            raise Broken(
                f"The model could not be copied into the registry: {error.strerror}.",
                hint=f"Free space under {target.parent} and promote again.",
            ) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return target


def _clear_abandoned(models: Path) -> None:
    """Remove the copies that killed promotions left; one that still grows is young and stays."""
    oldest = time.time() - ABANDONED_SECONDS
    for part in models.glob(f"{PART}*"):
        with suppress(OSError):  # another promotion clears up too
            touched = max(path.lstat().st_mtime for path in (part, *part.rglob("*")))
            if touched < oldest:
                shutil.rmtree(part, ignore_errors=True)


def _next_label(known: set[str]) -> str:
    number = len(known) + 1
    while f"v{number}" in known:
        number += 1
    return f"v{number}"

"""A run's output becomes a version: copied, immutable, identified by its content.

The sha256 is over the files sorted by path, each its path's bytes and then its content,
so the same files are the same version whichever run wrote them.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadRequest, Broken, Conflict
from tunix_rt.registry import query
from tunix_rt.registry.schema import Promote
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.store import Row, Store

CHUNK = 1 << 20


def promote(
    store: Store, model_id: str, wanted: Promote, metrics: dict[str, Any] | None = None
) -> Row[Any]:
    """Copy the run's model into the registry and record it; known content is not doubled."""
    with store.read() as connection:
        family = query.get(connection, model_id)
        run = query_read.get(connection, wanted.source_run_id)
        known = query.versions(connection, model_id)
    if run.status != "completed":
        raise BadRequest(f"The run is {run.status}; only a completed run can be promoted.")
    folder = Path((run.result or {}).get("model_folder") or "")
    if not (run.result or {}).get("model_folder") or not folder.is_dir():
        raise BadRequest("The run left no model behind.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    _require_model(folder)
    sha256, size = _digest(folder, files)
    for version in known:
        if version.sha256 == sha256:
            return version
    label = wanted.version_label or _next_label({version.version for version in known})
    if any(version.version == label for version in known):
        raise Conflict(f"The version {label!r} exists already.")
    target = _copy(folder, files, store.home / "models" / sha256)
    values = {
        "model_id": model_id,
        "version": label,
        "source_run_id": run.id,
        "description": wanted.description,
        "metrics": metrics or {},
        "config": run.config,
        "provenance": {"dataset_key": run.dataset_key, "run_result": run.result},
        "storage_uri": target.as_uri(),
        "sha256": sha256,
        "size_bytes": size,
    }
    with store.write() as connection:
        row = query.add_version(connection, values)
        here = ("model", family.id, f"{family.name} {label}")
        runs.link(connection, [("run", run.id, run.name, *here, "promoted")])
    return row


def _require_model(folder: Path) -> None:
    adapter = (folder / "adapter_config.json").is_file() and (
        folder / "adapter_model.safetensors"
    ).is_file()
    whole = (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))
    if not (adapter or whole):
        raise BadRequest(
            "The run's output is no model: neither an adapter nor config.json with safetensors."
        )


def _digest(folder: Path, files: list[Path]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    return digest.hexdigest(), size


def _copy(folder: Path, files: list[Path], target: Path) -> Path:
    """The files under `target`; they appear there together or not at all."""
    if target.is_dir():
        return target
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for path in files:
            place = part / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        part.rename(target)
    except OSError as error:
        raise Broken(
            f"The model could not be copied into the registry: {error.strerror}.",
            hint=f"Free space under {target.parent} and promote again.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _next_label(known: set[str]) -> str:
    number = len(known) + 1
    while f"v{number}" in known:
        number += 1
    return f"v{number}"

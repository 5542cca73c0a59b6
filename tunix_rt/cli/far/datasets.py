"""tunix-rt datasets ..., done by a server."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from tunix_rt.client import Client
from tunix_rt.datasets import choosing, showing, showing_export, showing_xray
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_folder
from tunix_rt.rendering import exporting
from tunix_rt.rendering.schema_xray import LookAtTraces

CHUNK = 1 << 20


def build(client: Client, as_json: bool, **given: Any) -> None:
    """Freeze the traces of the server that match."""
    built = client.datasets.build(choosing.request(**given))
    showing.built(built.dataset_key, built.trace_count, built.content_sha256, None, as_json)


def list_(client: Client, limit: int, as_json: bool) -> None:
    """Show frozen versions, newest first."""
    showing.listed([one.model_dump() for one in client.datasets.list(limit=limit)], as_json)


def show(client: Client, key: str, as_json: bool) -> None:
    """Show the manifest of one version."""
    showing.manifest(client.datasets.version(key), as_json)


def export(
    client: Client,
    key: str,
    file: Path,
    as_json: bool,
    *,
    format_: str,
    split: str | None,
    policy: tuple[str, ...],
) -> None:
    """Write one version to a file or a folder of this machine."""
    asked = partial(client.datasets.export_as, key, format_, split=split, policy=policy)
    if not exporting.many(format_, split):
        asked(file)
        lines = _count(file) if exporting.load(format_).KIND == "lines" else None
        showing_export.written(file, lines, None, as_json)
        return
    with TemporaryDirectory(prefix="tunix-rt-") as folder:
        sent = asked(Path(folder) / "sent.zip")
        with ZipFile(sent) as archive:
            write_folder(file, ((name, _read(archive, name)) for name in archive.namelist()))
    showing_export.written(file, None, None, as_json)


def _count(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def _read(archive: ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def xray(
    client: Client,
    key: str | None,
    traces: tuple[str, ...],
    policy: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Show rows of the server; a tokenizer's folder is one of the server's."""
    look = showing_xray.looked(options, policy, traces)
    if isinstance(look, LookAtTraces):
        found = client.datasets.xray_traces(look)
    elif key is not None:
        found = client.datasets.xray(key, look)
    else:
        raise BadInput("Name a dataset's key, or traces with --trace.")
    showing_xray.xray(found, as_json)
    if not found.proofs.ok:
        raise SystemExit(1)


ACTS: dict[str, Callable[..., None]] = {
    "build": build,
    "list": list_,
    "show": show,
    "export": export,
    "xray": xray,
}

"""tunix-rt datasets ..., done by a server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tunix_rt.client import Client
from tunix_rt.datasets import choosing, showing, showing_xray
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import emit_json, say
from tunix_rt.rendering.schema_xray import LookAtTraces


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


def export(client: Client, key: str, file: Path, format_: Any, as_json: bool) -> None:
    """Write one version to a file of this machine."""
    client.datasets.export(key, file, format=format_)
    records = client.datasets.version(key).trace_count
    if as_json:
        emit_json({"file": str(file), "records": records})
    else:
        say(f"{records:,} records written to {file}")


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

"""Datasets: freeze, list, read the manifest, export."""

from collections.abc import Iterator
from pathlib import Path

from tunix_rt.client.talking import PAGE, Talk, part
from tunix_rt.datasets.schema import (
    Build,
    Built,
    DatasetPage,
    DatasetSummary,
    Ingest,
    Ingested,
    Manifest,
)
from tunix_rt.rendering.schema import ExportFormat
from tunix_rt.rendering.schema_xray import Look, LookAtTraces, Xray

HERE = "/api/datasets"


class Datasets:
    """Frozen collections of traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def build(self, build: Build) -> Built:
        """Freeze the chosen traces under a new key; a key that exists is refused (409)."""
        return self._talk.post(f"{HERE}/build", build, Built)

    def ingest(self, path: str, source_name: str) -> Ingested:
        """Take in a file of traces that lies on the server, under an allowed root."""
        return self._talk.post(
            f"{HERE}/ingest", Ingest(path=path, source_name=source_name), Ingested
        )

    def list(self, *, limit: int | None = None) -> Iterator[DatasetSummary]:
        """Frozen versions, newest first."""
        return self._talk.offsets(
            lambda offset: self._talk.get(HERE, DatasetPage, limit=PAGE, offset=offset).data,
            limit=limit,
        )

    def get(self, key: str) -> Manifest:
        """The manifest of one version."""
        return self._talk.get(f"{HERE}/{part(key)}", Manifest)

    def export(self, key: str, file: Path | str, *, format: ExportFormat = "trace") -> Path:
        """Write every trace of one version to a file, in manifest order."""
        return self._talk.download(f"{HERE}/{part(key)}/export.jsonl", file, format=format)

    def xray(self, key: str, look: Look | None = None) -> Xray:
        """Rows of one version as they will be trained; a tokenizer's folder is the server's."""
        return self._talk.post(f"{HERE}/{part(key)}/xray", look or Look(), Xray, again=True)

    def xray_traces(self, look: LookAtTraces) -> Xray:
        """Stored traces as they would be trained, were they frozen."""
        return self._talk.post(f"{HERE}/xray", look, Xray, again=True)

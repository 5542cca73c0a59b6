"""Datasets: freeze, list, read the manifest, export."""

import builtins
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
from tunix_rt.rendering.schema_export import ExportInfo

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

    def exports(self) -> "builtins.list[ExportInfo]":
        """The formats a dataset is written in, and who reads them."""
        return self._talk.get_list(f"{HERE}/exports", ExportInfo)

    def export_as(
        self, key: str, format: str, file: Path | str, *, split: str | None = None
    ) -> Path:
        """Write one version in any format to a file: a folder, or `split="each"`, is a zip."""
        path = f"{HERE}/{part(key)}/export/{part(format)}"
        return self._talk.download(path, file, split=split)

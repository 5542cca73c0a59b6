"""Datasets: freeze, list, read the manifest, export."""

import builtins
from collections.abc import Iterator, Sequence
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
    RowPage,
    RowSummary,
    Version,
)
from tunix_rt.datasets.schema_proof import Difference
from tunix_rt.rendering.schema import ExportFormat
from tunix_rt.rendering.schema_export import ExportInfo
from tunix_rt.rendering.schema_xray import Look, LookAtTraces, Xray
from tunix_rt.runs.schema import Queued

HERE = "/api/datasets"


class Datasets:
    """Frozen collections of traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def build(self, build: Build) -> Built:
        """Freeze the chosen traces under a new key; a key that exists is refused (409)."""
        return self._talk.post(f"{HERE}/build", build, Built)

    def queue_build(self, build: Build) -> Queued:
        """Freeze in the background; follow the run it answers with."""
        return self._talk.post(f"{HERE}/builds", build, Queued)

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
        """The manifest of one version, with the id of every trace."""
        return self._talk.get(f"{HERE}/{part(key)}", Manifest)

    def version(self, key: str) -> Version:
        """The same without the ids, however many traces there are."""
        return self._talk.get(f"{HERE}/{part(key)}/version", Version)

    def rows(self, key: str, *, split: str | None = None) -> Iterator[RowSummary]:
        """The rows of one version, or of one split, in their order, their texts cut short."""
        start: int | None = 0
        while start is not None:
            page = self._talk.get(
                f"{HERE}/{part(key)}/rows", RowPage, start=start, limit=PAGE, split=split
            )
            yield from page.data
            start = page.pagination.next_start

    def verify(self, key: str) -> Queued:
        """Recompute every hash of one version; the run's result says what differs."""
        return self._talk.post(f"{HERE}/{part(key)}/verify", None, Queued)

    def diff(self, before: str, after: str, *, limit: int = 20) -> Difference:
        """What became of one version in another; `limit` rows of each kind are shown."""
        return self._talk.get(f"{HERE}/{part(before)}/diff/{part(after)}", Difference, limit=limit)

    def card(self, key: str, file: Path | str) -> Path:
        """Write the data card of one version to a file, as Markdown."""
        return self._talk.download(f"{HERE}/{part(key)}/card.md", file)

    def export(self, key: str, file: Path | str, *, format: ExportFormat = "trace") -> Path:
        """Write every trace of one version to a file, in manifest order."""
        return self._talk.download(f"{HERE}/{part(key)}/export.jsonl", file, format=format)

    def xray(self, key: str, look: Look | None = None) -> Xray:
        """Rows of one version as they will be trained; a tokenizer's folder is the server's."""
        return self._talk.post(f"{HERE}/{part(key)}/xray", look or Look(), Xray, again=True)

    def xray_traces(self, look: LookAtTraces) -> Xray:
        """Stored traces as they would be trained, were they frozen."""
        return self._talk.post(f"{HERE}/xray", look, Xray, again=True)

    def exports(self) -> "builtins.list[ExportInfo]":
        """The formats a dataset is written in, and who reads them."""
        return self._talk.get_list(f"{HERE}/exports", ExportInfo)

    def export_as(
        self,
        key: str,
        format: str,
        file: Path | str,
        *,
        split: str | None = None,
        policy: Sequence[str] = (),
    ) -> Path:
        """Write one version in any format to a file: a folder, or `split="each"`, is a zip.

        `policy` says what verdicts do, as `wrong_answer=drop`.
        """
        path = f"{HERE}/{part(key)}/export/{part(format)}"
        return self._talk.download(path, file, split=split, policy=list(policy) or None)

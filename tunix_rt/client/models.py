"""Registered models and their versions."""

from collections.abc import Iterator
from pathlib import Path

from tunix_rt.client.talking import PAGE, Talk
from tunix_rt.registry.schema import Model, ModelDetail, NewModel, Promote, Version
from tunix_rt.registry.schema_exchange import CheckModel, Import, NewExport
from tunix_rt.runs.schema import Queued

HERE = "/api/models"


class Models:
    """Names, and under each of them versions that are copies of what runs made."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def create(self, new: NewModel) -> Model:
        """Create a family of versions."""
        return self._talk.post(HERE, new, Model)

    def list(self, *, limit: int | None = None) -> Iterator[Model]:
        """Families, newest first."""
        return self._talk.offsets(
            lambda offset: self._talk.get_list(HERE, Model, limit=PAGE, offset=offset), limit=limit
        )

    def get(self, model_id: str) -> ModelDetail:
        """One family with its versions."""
        return self._talk.get(f"{HERE}/{model_id}", ModelDetail)

    def promote(self, model_id: str, wanted: Promote) -> Version:
        """Make a version of what a completed run left behind."""
        return self._talk.post(f"{HERE}/{model_id}/versions/promote", wanted, Version)

    def bring(self, wanted: Import) -> Queued:
        """Queue the import of a checkpoint: a folder on the server, or a hub's id."""
        return self._talk.post(f"{HERE}/import", wanted, Queued)

    def check(self, wanted: CheckModel) -> Queued:
        """Queue a look at a checkpoint; the run's result says whether it passes."""
        return self._talk.post(f"{HERE}/check", wanted, Queued)

    def export(self, version_id: str, wanted: NewExport) -> Queued:
        """Queue the writing of a version for other programs, on the server."""
        return self._talk.post(f"{HERE}/versions/{version_id}/export", wanted, Queued)

    def version(self, version_id: str) -> Version:
        """One version."""
        return self._talk.get(f"{HERE}/versions/{version_id}", Version)

    def download(self, version_id: str, file: Path | str) -> Path:
        """Write every file of a version to a zip."""
        return self._talk.download(f"{HERE}/versions/{version_id}/download", file)

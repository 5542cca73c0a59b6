"""Pipelines over traces, and why each was taken or not."""

from collections.abc import Iterator, Sequence
from itertools import islice

from tunix_rt.client.talking import PAGE, Next, Talk, pages
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.curate.schema_report import (
    Cluster,
    ClusterPage,
    Curation,
    CurationPage,
    CurationSummary,
    Decision,
    DecisionPage,
    Hit,
    HitPage,
    KnownStage,
    KnownStages,
    TraceCuration,
    TraceCurations,
)
from tunix_rt.runs.schema import Queued


class Curations:
    """Traces chosen by pipelines of stages."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def stages(self) -> Sequence[KnownStage]:
        """Every stage, with the JSON Schema of what it takes."""
        return self._talk.get("/api/curate/stages", KnownStages).data

    def start(self, config: CurateConfig) -> Queued:
        """Queue a run of a pipeline."""
        return self._talk.post("/api/curations", config, Queued)

    def list(self, *, limit: int | None = None) -> Iterator[CurationSummary]:
        """Curations, newest first."""

        def page(cursor: str | None) -> Next[CurationSummary]:
            found = self._talk.get("/api/curations", CurationPage, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def get(self, run_id: str) -> Curation:
        """One curation: its funnel, with examples of each reason."""
        return self._talk.get(f"/api/curations/{run_id}", Curation)

    def decisions(
        self,
        run_id: str,
        *,
        kept: bool | None = None,
        stage: str | None = None,
        reason: str | None = None,
        twin: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Decision]:
        """What was said of each trace; of `twin`, those that were dropped for it."""
        chosen = {"kept": kept, "stage": stage, "reason": reason, "twin": twin}

        def page(cursor: str | None) -> Next[Decision]:
            path = f"/api/curations/{run_id}/decisions"
            found = self._talk.get(path, DecisionPage, limit=PAGE, cursor=cursor, **chosen)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def clusters(self, run_id: str, *, limit: int | None = None) -> Iterator[Cluster]:
        """Kept traces with the duplicates that were dropped for them, largest first."""

        def page(cursor: str | None) -> Next[Cluster]:
            path = f"/api/curations/{run_id}/clusters"
            found = self._talk.get(path, ClusterPage, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def hits(self, run_id: str, *, limit: int | None = None) -> Iterator[Hit]:
        """Traces that hold an item of an eval set, text against text."""

        def page(cursor: str | None) -> Next[Hit]:
            path = f"/api/curations/{run_id}/hits"
            found = self._talk.get(path, HitPage, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def of_trace(self, trace_id: str) -> Sequence[TraceCuration]:
        """What the newest curations said of one trace."""
        return self._talk.get(f"/api/traces/{trace_id}/curations", TraceCurations).data

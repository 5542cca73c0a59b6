"""Traces: read, find, mark, delete, export; sending them is in `sending`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tunix_rt.client.sending import Sending
from tunix_rt.client.talking import PAGE
from tunix_rt.traces.schema import (
    BaselineScore,
    Comparison,
    Facets,
    Order,
    ScoreRequest,
    Trace,
    TraceFilter,
    TracePage,
    TraceSummary,
)
from tunix_rt.traces.schema_marks import (
    MOST_AT_ONCE,
    Annotation,
    Annotations,
    Changed,
    Mark,
    MarkMany,
    NewMark,
    Purged,
    TraceIds,
)
from tunix_rt.traces.schema_record import FormatInfo

HERE = "/api/traces"


class Traces(Sending):
    """Everything about traces.

    Where a `query` is taken it is in the query language: `source:gsm8k verdict:wrong steps:>5`.
    A `wanted` filter can be given instead or beside it; both must match.
    """

    def get(self, trace_id: str, *, deleted: bool = False) -> Trace:
        """One trace; a deleted one only if it is asked for."""
        return self._talk.get(f"{HERE}/{trace_id}", Trace, deleted=deleted)

    def original(self, trace_id: str) -> bytes:
        """The record a trace was read from, byte for byte."""
        return self._talk.ask("GET", f"{HERE}/{trace_id}/original", again=True).content

    def query(
        self,
        query: str | None = None,
        *,
        wanted: TraceFilter | None = None,
        order: Order = "newest",
        limit: int | None = None,
    ) -> Iterator[TraceSummary]:
        """Every trace that matches, newest first; pages are read as they are needed."""
        return islice(self._found(query, wanted, order, min(limit or PAGE, PAGE)), limit)

    def page(
        self,
        query: str | None = None,
        *,
        wanted: TraceFilter | None = None,
        order: Order = "newest",
        limit: int = 20,
        cursor: str | None = None,
    ) -> TracePage:
        """One page, and the cursor of the next."""
        chosen = _chosen(query, wanted)
        return self._talk.get(HERE, TracePage, **chosen, order=order, limit=limit, cursor=cursor)

    def facets(self, query: str | None = None, *, wanted: TraceFilter | None = None) -> Facets:
        """How many traces match, by source, model, verdict, label and step type."""
        return self._talk.get(f"{HERE}/facets", Facets, **_chosen(query, wanted))

    def compare(self, base: str, other: str) -> Comparison:
        """Two traces side by side, each with its baseline score."""
        return self._talk.get(f"{HERE}/compare", Comparison, base=base, other=other)

    def score(self, trace_id: str) -> BaselineScore:
        """The baseline score: it measures shape, not quality."""
        return self._talk.post(
            f"{HERE}/{trace_id}/score", ScoreRequest(criteria="baseline"), BaselineScore, again=True
        )

    def export(
        self,
        file: Path | str,
        query: str | None = None,
        *,
        wanted: TraceFilter | None = None,
        format: str = "jsonl",
    ) -> Path:
        """Write what matches to a file, oldest first; it appears whole or not at all."""
        chosen = _chosen(query, wanted)
        return self._talk.download(f"{HERE}/export", file, **chosen, format=format)

    def formats(self) -> list[FormatInfo]:
        """The formats the server reads, and which it writes."""
        return self._talk.get_list(f"{HERE}/formats", FormatInfo)

    def mark(
        self, trace_ids: Iterable[str], mark: Mark, *, author: str = "local", remove: bool = False
    ) -> int:
        """Say one thing of many traces, or take it back; how many it reached."""
        changed = 0
        again = remove or mark.kind != "note"  # a second note would stand beside the first
        for some in _thousands(trace_ids):
            order = MarkMany(trace_ids=some, mark=mark, author=author, remove=remove)
            changed += self._talk.post(f"{HERE}/mark", order, Changed, again=again).changed
        return changed

    def annotations(self, trace_id: str) -> Annotations:
        """What is said of a trace and of its steps, and what was said before."""
        return self._talk.get(f"{HERE}/{trace_id}/annotations", Annotations)

    def annotate(self, trace_id: str, mark: NewMark) -> Annotation:
        """Label, tag, score or comment a trace, or one of its steps."""
        return self._talk.post(f"{HERE}/{trace_id}/annotations", mark, Annotation)

    def end_annotation(self, trace_id: str, annotation_id: str) -> None:
        """Take back what was said; the history keeps it."""
        self._talk.ask("DELETE", f"{HERE}/{trace_id}/annotations/{annotation_id}", again=False)

    def delete(self, trace_ids: Iterable[str]) -> int:
        """Take traces out of every list; `restore` brings them back until they are purged."""
        return self._move("delete", trace_ids)

    def restore(self, trace_ids: Iterable[str]) -> int:
        """Bring deleted traces back."""
        return self._move("restore", trace_ids)

    def purge(self, trace_ids: Sequence[str]) -> Purged:
        """Remove up to 1000 deleted traces for ever."""
        order = TraceIds(trace_ids=list(trace_ids))
        return self._talk.post(f"{HERE}/purge", order, Purged)

    def _found(
        self, query: str | None, wanted: TraceFilter | None, order: Order, size: int
    ) -> Iterator[TraceSummary]:
        cursor = None
        while True:
            page = self.page(query, wanted=wanted, order=order, limit=size, cursor=cursor)
            yield from page.data
            cursor = page.pagination.next_cursor
            if cursor is None:
                return

    def _move(self, word: str, trace_ids: Iterable[str]) -> int:
        return sum(
            self._talk.post(f"{HERE}/{word}", TraceIds(trace_ids=some), Changed, again=True).changed
            for some in _thousands(trace_ids)
        )


def _chosen(query: str | None, wanted: TraceFilter | None) -> dict[str, Any]:
    """A filter as the parameters of an address."""
    fields = {} if wanted is None else wanted.model_dump(mode="json", exclude_defaults=True)
    return {"query": query, **fields}


def _thousands(trace_ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(trace_ids)
    while some := list(islice(left, MOST_AT_ONCE)):
        yield some

"""Play, write down, store; and find the stored ones again."""

from collections.abc import Iterator, Sequence
from itertools import islice

from tunix_rt.games import duel
from tunix_rt.games.schema import Play, Played, PlayedMany
from tunix_rt.games.ungar import Engine
from tunix_rt.rendering import records, stored
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.store import Store
from tunix_rt.traces import query, query_write
from tunix_rt.traces.schema import ReasoningTrace, TraceFilter

PREVIEW = 3
PAGE = 500


def play(store: Store, wanted: Play, engine: Engine) -> PlayedMany:
    """Play the games; their traces are stored together, or not at all."""
    deals = [
        engine.deal(None if wanted.seed is None else wanted.seed + episode)
        for episode in range(wanted.count)
    ]
    traces = [duel.trace(deal, i, wanted.seed) for i, deal in enumerate(deals)]
    ids: list[str | None] = [*_stored(store, traces)] if wanted.persist else [None] * wanted.count
    return PlayedMany(
        trace_ids=[id_ for id_ in ids if id_ is not None],
        preview=[
            Played(trace_id=id_, game=duel.GAME, result=deal.result, my_card=deal.my_card)
            for id_, deal in islice(zip(ids, deals, strict=True), PREVIEW)
        ],
    )


def export(store: Store, ids: Sequence[str] | None, limit: int) -> Iterator[bytes]:
    """Stored games as export records: the named ones in their order, or the newest."""
    chosen = _newest(store, limit) if ids is None else ids[:limit]
    return records.lines(filter(_is_ours, stored.traces(store, chosen)), "trace")


def _stored(store: Store, traces: Sequence[ReasoningTrace]) -> list[str]:
    ready = [query_write.prepare(trace, duel.SOURCE) for trace in traces]
    with store.write() as connection:
        return [id_ for id_, _ in query_write.add(connection, ready)]


def _newest(store: Store, limit: int) -> list[str]:
    ids: list[str] = []
    cursor: str | None = None
    with store.read() as connection:
        while len(ids) < limit:
            ours = TraceFilter(source=duel.SOURCE)
            page = query.page(connection, ours, limit=PAGE, cursor=cursor)
            ids += [row.id for row in page.rows if row.prompt == duel.PROMPT]
            cursor = page.next_cursor
            if cursor is None:
                break
    return ids[:limit]


def _is_ours(trace: TraceRow) -> bool:
    meta = trace.meta or {}
    return bool(meta.get("source") == duel.SOURCE and meta.get("game") == duel.GAME)

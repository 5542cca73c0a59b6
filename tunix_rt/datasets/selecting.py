"""Which traces a dataset takes, and in which order: a pure function of what they say and a seed.

Ids are kept packed, 16 bytes a trace with 8 bytes before them that say its place, so that ten
million of them fit into 240 MB. Chance is a keyed hash over a trace's content: the same
traces under other ids, stored in another order, are chosen and ordered alike.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tunix_rt.curate.chosen import chosen
from tunix_rt.curate.schema import Pipeline
from tunix_rt.datasets import query, query_rows
from tunix_rt.datasets.schema import Build, Part
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Connection, Row, Store
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces.language import both, joined
from tunix_rt.traces.schema import TraceFilter

COLUMNS = frozenset({"source", "model", "verdict", "q"})
"""What a filter says of a trace's row; everything else is about its meta."""

EMPTY = "Dataset is empty. No traces matched the filters."

FETCHED = 10_000

WIDE = 24
"""Bytes of a packed trace: its place, then its id."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The chosen traces in their order."""

    packed: Any
    """uint8, shape (traces, 24)."""

    parts: Any = None
    """uint8, shape (traces,): the number of each one's part; null where there are none."""

    names: tuple[str | None, ...] = (None,)
    """What the numbers of the parts mean."""

    weights: Any = None
    """float64, shape (traces,); null where all are 1."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.packed)

    def slabs(self, size: int) -> Iterator[tuple[str, str, str]]:
        """Hex of ids, of the numbers of their parts and of their weights, `size` at a time."""
        for start in range(0, len(self), size):
            here = slice(start, start + size)
            ids = self.packed[here, 8:].tobytes().hex()
            parts = "" if self.parts is None else self.parts[here].tobytes().hex()
            yield ids, parts, "" if self.weights is None else self.weights[here].tobytes().hex()


def select(store: Store, build: Build) -> Selected:
    """The traces that a request means; `BadInput` when there are none."""
    if build.curation is not None:
        return _curated(store, build.curation, build.limit)
    wanted, meta = filters_of(build)
    every = [joined(part.query, wanted) if part.query else wanted for part in build.mixture]
    for one in every or [wanted]:
        indexing.ready(store, one)
    with store.read() as connection:
        if build.mixture:
            found = [_packed(connection, build, one, meta) for one in every]
            selected = _mixed(found, build)
        else:
            selected = Selected(_packed(connection, build, wanted, meta))
    if not len(selected):
        raise BadInput(EMPTY)
    return selected


def _curated(store: Store, run_id: str, limit: int) -> Selected:
    """What a curation kept, in its order."""
    import numpy as np

    buffer, parts, weights, after = bytearray(), bytearray(), array("d"), -1
    while found := chosen(store, run_id, after=after, limit=min(FETCHED, limit - len(parts))):
        for one in found:
            buffer += _FIRST + bytes.fromhex(one.trace_id.replace("-", ""))
            parts.append(one.part or 0)
            weights.append(one.weight)
        after = found[-1].place
        if len(parts) == limit:
            break
    if not parts:
        raise BadInput(
            "Dataset is empty. No trace came through the pipeline.",
            hint=f"What dropped them: tunix-rt curate show {run_id}",
        )
    return Selected(
        np.frombuffer(buffer, np.uint8).reshape(-1, WIDE),
        np.frombuffer(parts, np.uint8),
        (None, *map(str, range(1, 256))),
        np.frombuffer(weights, "<f8"),
    )


def narrowed(build: Build, pipeline: Pipeline) -> Pipeline:
    """A pipeline over what its own filter, the filters and the query of a request all match."""
    wanted, meta = filters_of(build)
    if meta:
        raise BadInput(
            f"With a pipeline, meta is matched by the query: meta.{next(iter(meta))}:VALUE."
        )
    return pipeline.model_copy(update={"filter": both(pipeline.filter, wanted)})


def filters_of(build: Build) -> tuple[TraceFilter, dict[str, Any]]:
    """What the trace table answers of a request, and what must be read in each trace's meta."""
    columns = {name: value for name, value in build.filters.items() if name in COLUMNS}
    try:
        wanted = TraceFilter.model_validate(columns)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"filters.{first['loc'][0]}: {first['msg'].lower()}") from None
    meta = {name: value for name, value in build.filters.items() if name not in columns}
    return joined(build.query, wanted), meta


def _packed(connection: Connection, build: Build, wanted: TraceFilter, meta: dict[str, Any]) -> Any:
    """The matching traces in the order of the request, packed; no more than its limit."""
    import numpy as np

    by_chance = build.selection_strategy == "random"
    most = None if by_chance or build.mixture else build.limit
    key = b"" if not by_chance else str(build.seed).encode()
    buffer = bytearray()
    for ids, contents in _found(connection, wanted, meta, by_chance, most):
        block: Any = np.zeros((len(ids), WIDE), np.uint8)
        if by_chance:
            drawn = [hashlib.blake2b(one, digest_size=8, key=key).digest() for one in contents]
            block[:, :8] = np.frombuffer(b"".join(drawn), np.uint8).reshape(-1, 8)
        block[:, 8:] = np.frombuffer(b"".join(ids), np.uint8).reshape(-1, 16)
        buffer += block.tobytes()
    found = np.frombuffer(buffer, np.uint8).reshape(-1, WIDE)
    return _ordered(found)[: build.limit] if by_chance and not build.mixture else found


_FIRST = bytes(8)


def _ordered(packed: Any) -> Any:
    """The same rows by their bytes: place, then id. Sorted where they lie."""
    packed.view(f"V{packed.shape[1]}").ravel().sort()
    return packed


def _found(
    connection: Connection,
    wanted: TraceFilter,
    meta: dict[str, Any],
    by_chance: bool,
    limit: int | None,
) -> Iterator[tuple[Sequence[bytes], Sequence[bytes]]]:
    """Packed ids in lists, newest first; for chance in any order, each list with its hashes."""
    if meta:
        ours = [row for row in query.matching(connection, wanted) if _has_meta(row, meta)]
        ours = ours[::-1][:limit]
        ids = [bytes.fromhex(row.id.replace("-", "")) for row in ours]
        yield ids, [bytes(row.content_hash) for row in ours]
    elif by_chance:
        yield from query_rows.contents(connection, wanted)
    else:
        for some in query_rows.packed(connection, wanted, limit):
            yield some, ()


def _has_meta(row: Row[Any], meta: dict[str, Any]) -> bool:
    own = traces.payload(row).meta or {}
    return all(own.get(name) == value for name, value in meta.items())


def _mixed(found: list[Any], build: Build) -> Selected:
    """As many traces of each part as its share allows, none twice, none over."""
    import numpy as np

    mine: list[Any] = []
    taken: Any = np.empty(0, "V16")
    for packed in found:
        ids = np.ascontiguousarray(packed[:, 8:]).view("V16").ravel()
        free = packed[~np.isin(ids.view("S16"), taken.view("S16"))] if len(taken) else packed
        taken = np.concatenate([taken, ids])
        mine.append(_ordered(free) if build.selection_strategy == "random" else free)
    sizes = mixture_sizes([len(one) for one in mine], build.mixture, build.limit)
    chosen = np.concatenate([one[:size] for one, size in zip(mine, sizes, strict=True)])
    parts: Any = np.repeat(np.arange(len(mine), dtype=np.uint8), sizes)
    ordered = _ordered(np.concatenate([chosen, parts[:, None]], axis=1))
    if build.selection_strategy == "latest":
        ordered = ordered[::-1]
    names = tuple(part.name for part in build.mixture)
    return Selected(ordered[:, :WIDE], ordered[:, WIDE], names)


def mixture_sizes(available: list[int], parts: tuple[Part, ...], limit: int) -> list[int]:
    """Rows of each part: its share of the largest whole that no part is too small for."""
    total = sum(part.share for part in parts)
    shares = [part.share / total for part in parts]
    for part, number in zip(parts, available, strict=True):
        if number == 0:
            raise BadInput(f"The part {part.name!r} of the mixture matched no traces.")
    whole = min(limit, *(n / share for n, share in zip(available, shares, strict=True)))
    return [
        min(n, max(1, round(whole * share))) for n, share in zip(available, shares, strict=True)
    ]

"""Which traces a dataset takes, and in which order: a pure function of what they say and a seed.

Ids are kept packed, 16 bytes a trace with 8 bytes before them that say its place, so that ten
million of them fit into 240 MB. Chance is a keyed hash over a trace's content: the same
traces under other ids, stored in another order, are chosen and ordered alike.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from tunix_rt.datasets import query, query_rows
from tunix_rt.datasets.schema import Build, Part
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Connection, Row, Store
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces.language import joined
from tunix_rt.traces.schema import TraceFilter

COLUMNS = frozenset({"source", "model", "verdict", "q"})
"""What a filter says of a trace's row; everything else is about its meta."""

EMPTY = "Dataset is empty. No traces matched the filters."

WIDE = 24
"""Bytes of a packed trace: its place, then its id."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The chosen traces in their order."""

    packed: Any
    """uint8, shape (traces, 24)."""

    parts: Any
    """uint8, shape (traces,): the part of the mixture each one is of; null without a mixture."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.packed)

    def slabs(self, size: int) -> Iterator[tuple[str, str]]:
        """Hex of the ids and of the numbers of their parts, `size` traces at a time."""
        for start in range(0, len(self), size):
            ids = self.packed[start : start + size, 8:].tobytes().hex()
            none = "00" * (len(ids) // 32)
            parts = self.parts
            yield ids, none if parts is None else parts[start : start + size].tobytes().hex()


def select(store: Store, build: Build) -> Selected:
    """The traces that a request means; `BadInput` when there are none."""
    wanted, meta = filters_of(build)
    every = [joined(part.query, wanted) if part.query else wanted for part in build.mixture]
    for one in every or [wanted]:
        indexing.ready(store, one)
    with store.read() as connection:
        if build.mixture:
            found = [_packed(connection, build, one, meta) for one in every]
            chosen = _mixed(found, build)
        else:
            chosen = Selected(_packed(connection, build, wanted, meta), None)
    if not len(chosen):
        raise BadInput(EMPTY)
    return chosen


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
    for id_, content in _found(connection, wanted, meta, most):
        buffer += hashlib.blake2b(content, digest_size=8, key=key).digest() if by_chance else _FIRST
        buffer += id_
    found = np.frombuffer(buffer, np.uint8).reshape(-1, WIDE)
    return _ordered(found)[: build.limit] if by_chance and not build.mixture else found


_FIRST = bytes(8)


def _ordered(packed: Any) -> Any:
    """The same rows by their bytes: place, then id. Sorted where they lie."""
    packed.view(f"V{packed.shape[1]}").ravel().sort()
    return packed


def _found(
    connection: Connection, wanted: TraceFilter, meta: dict[str, Any], limit: int | None
) -> Iterator[tuple[bytes, bytes]]:
    """Packed ids and content hashes, newest first."""
    if not meta:
        yield from query_rows.packed(connection, wanted, limit)
        return
    ours = [
        (bytes.fromhex(row.id.replace("-", "")), bytes(row.content_hash))
        for row in query.matching(connection, wanted)
        if _has_meta(row, meta)
    ]
    yield from islice(reversed(ours), limit)


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
    return Selected(ordered[:, :WIDE], ordered[:, WIDE])


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

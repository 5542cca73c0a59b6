"""Recompute everything a manifest says: the bytes, the rows, the hashes over what they say."""

import hashlib
from collections.abc import Callable, Iterator

from tunix_rt.datasets import query, reading, shards
from tunix_rt.datasets.freezing import IDS, content_of, files_of, split_of
from tunix_rt.datasets.schema import Shard, SplitCount, Version
from tunix_rt.datasets.schema_proof import Fault, Verified
from tunix_rt.kit.collecting import seldom
from tunix_rt.kit.errors import Broken, NotFound
from tunix_rt.store import Store

MOST_FAULTS = 20
ID = 39
"""Bytes of an id in a manifest, with its quotes and a comma."""

LONGEST_HEAD = 64 * 1024 * 1024
"""More than a manifest says before its ids: a few megabytes of request, 500 bytes a shard."""


def verify(
    store: Store, key: str, *, report: Callable[[int, int, str], None] = lambda *_: None
) -> Verified:
    """Read every byte of a version again and compare; what differs is named, not raised."""
    frozen = reading.version(store, key)
    faults: list[Fault] = []
    contents: dict[str, list[Shard]] = {split.name: [] for split in frozen.splits}
    done = 0
    if not frozen.shards:
        done = _old(store, frozen, faults)
    for shard in frozen.shards:
        faults += _bytes(store, shard)
        try:
            rows, sha256 = _rows(store, shard)
        except (Broken, NotFound) as error:
            faults.append(Fault(where=shard.name, what=error.message))
        else:
            if sha256 != shard.content_sha256:
                told = f"its rows say {sha256[:16]}, not {shard.content_sha256[:16]}"
                faults.append(Fault(where=shard.name, what=told))
            done += rows
            kept = {"rows": rows, "content_sha256": sha256}
            contents[shard.split].append(shard.model_copy(update=kept))
        report(done, frozen.trace_count, shard.name)
    splits = [split_of(name, found) for name, found in contents.items()]
    found = content_of(splits) if splits else frozen.content_sha256
    faults += _whole(frozen, splits, found, done)
    faults += _manifest(store, frozen)
    return Verified(
        dataset_key=key,
        ok=not faults,
        rows=done,
        shards=len(frozen.shards),
        content_sha256=found,
        faults=faults[:MOST_FAULTS],
    )


def _bytes(store: Store, shard: Shard) -> Iterator[Fault]:
    """Whether the files still have the hashes they are named by."""
    for sha256, what in ((shard.sha256, "rows"), (shard.ids_sha256, "ids")):
        try:
            found = store.blobs.sha256(sha256)
        except NotFound as error:
            yield Fault(where=shard.name, what=error.message)
            continue
        if found != sha256:
            yield Fault(
                where=shard.name,
                what=f"its file of {what} has the sha256 {found[:16]}, not {sha256[:16]}",
            )


def _rows(store: Store, shard: Shard) -> tuple[int, str]:
    """How many rows a shard has, and the hash over what they say, from their text up."""
    count, digest = 0, hashlib.sha256()
    with seldom(), shards.Reader(shards.frozen(store.blobs), shard) as reader:
        for row in reader.rows():
            digest.update(shards.line(row, shards.fingerprint(row)) + b"\n")
            count += 1
    return count, digest.hexdigest()


def _whole(frozen: Version, splits: list[SplitCount], content: str, rows: int) -> Iterator[Fault]:
    for said, found in zip(frozen.splits, splits, strict=True):
        if said.content_sha256 != found.content_sha256:
            yield Fault(
                where=said.name,
                what=f"what its rows say has the sha256 {found.content_sha256[:16]}, "
                f"not {said.content_sha256[:16]}",
            )
    if content != frozen.content_sha256:
        yield Fault(where="manifest", what=f"the content is {content[:16]}")
    if frozen.shards and files_of(frozen.shards) != frozen.file_sha256:
        yield Fault(where="manifest", what="the shards are not those it was frozen with")
    if rows != frozen.trace_count:
        yield Fault(where="manifest", what=f"it names {frozen.trace_count:,} rows, not {rows:,}")


def _manifest(store: Store, frozen: Version) -> Iterator[Fault]:
    """Whether the manifest is the file it was, and says what the database says."""
    with store.read() as connection:
        sha256 = query.get(connection, frozen.dataset_key).manifest_sha256
    digest, head, size = hashlib.sha256(), bytearray(), 0
    try:
        for piece in reading.manifest_bytes(store, frozen.dataset_key):
            digest.update(piece)
            size += len(piece)
            head += piece
            if frozen.shards:  # the ids stand last; what is before them is read without them
                del head[LONGEST_HEAD:]
    except NotFound as error:
        yield Fault(where="manifest", what=error.message)
        return
    if digest.hexdigest() != sha256:
        yield Fault(where="manifest", what="its file was changed")
        return
    if frozen.shards:
        ids = ID * frozen.trace_count + len(b"]}") - len(b",")
        head = head[: size - ids].removesuffix(IDS) + b"}"
    if Version.model_validate_json(head) != frozen:
        yield Fault(where="manifest", what="it does not say what the database says")


def _old(store: Store, frozen: Version, faults: list[Fault]) -> int:
    """A version of schema 2: its one file is checked as it is read."""
    try:
        return sum(1 for _ in reading.rows(store, frozen.dataset_key))
    except (Broken, NotFound) as error:
        faults.append(Fault(where="rows", what=error.message))
        return frozen.trace_count

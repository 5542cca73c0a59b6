"""Traces that clients send: what many send at once is committed together.

A commit waits for the disk. While one is under way the requests behind it gather, and the
next commit takes all of them; each is answered once its own traces are on the disk.
"""

import hashlib
import threading
import weakref
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime

import msgspec

from tunix_rt.kit.errors import Broken, Conflict
from tunix_rt.store import Connection, Store
from tunix_rt.traces import query_once, query_write
from tunix_rt.traces.query_write import Prepared

Identity = tuple[str, datetime]
MOST_TOGETHER = 2_000
"""Traces of one commit, so that nobody waits for a very long one."""


class Order:
    """What one request wants stored; `answer` is the (id, created_at) of each, once it is."""

    def __init__(self, traces: Sequence[Prepared], *, once: bool = False) -> None:
        self.traces = traces
        self.once = once
        self.key: str | None = None
        self.digest = b""
        self.answer: Future[list[Identity]] = Future()
        self.context = copy_context()

    def keyed(self, key: str, body: bytes) -> None:
        """Store it only if no request with this key was answered before."""
        self.key, self.digest = key, hashlib.sha256(body).digest()


def post(store: Store, order: Order) -> Future[list[Identity]]:
    """Have the traces of an order stored; its `answer` comes with the commit."""
    with _opening:
        queue = _queues.get(store)
        if queue is None:
            queue = _queues[store] = _Queue(weakref.ref(store))
    return queue.post(order)


_queues: "weakref.WeakKeyDictionary[Store, _Queue]" = weakref.WeakKeyDictionary()
_opening = threading.Lock()


class _Queue:
    """The orders that wait for the next commit, and the thread that commits."""

    def __init__(self, store: "weakref.ref[Store]") -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: list[Order] = []
        self._writing = False
        self._writer = ThreadPoolExecutor(1, "posting")

    def post(self, order: Order) -> Future[list[Identity]]:
        with self._lock:
            self._waiting.append(order)
            idle, self._writing = not self._writing, True
        if idle:
            self._writer.submit(self._write_all)
        return order.answer

    def _write_all(self) -> None:
        """Commit until nobody waits."""
        while batch := self._take():
            batch[0].context.run(self._write, batch)  # what measures writes asks what for

    def _take(self) -> list[Order]:
        with self._lock:
            taken, number = 0, 0
            for order in self._waiting:
                number += len(order.traces)
                if taken and number > MOST_TOGETHER:
                    break
                taken += 1
            batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
            self._writing = bool(batch)
        return batch

    def _write(self, batch: Sequence[Order]) -> None:
        store = self._store()
        assert store is not None
        answers: list[list[Identity]] | None = None
        try:
            with store.write() as connection:
                answers = _store_together(connection, batch)
        except Exception as error:
            # a database that is away is away for all; a commit that failed may have been done
            if len(batch) == 1 or isinstance(error, Broken) or answers is not None:
                for order in batch:
                    order.answer.set_exception(error)
                return
            for order in batch:  # one that cannot be stored must not take the others with it
                self._write([order])
        else:
            for order, answer in zip(batch, answers, strict=True):
                order.answer.set_result(answer)


def _store_together(connection: Connection, batch: Sequence[Order]) -> list[list[Identity]]:
    """One transaction; plain orders are one insert, the others are looked at one by one.

    Locks are taken before anything is written, and in one order: two servers cannot deadlock.
    """
    query_once.lock(connection, [order.key for order in batch if order.key is not None])
    if any(order.once for order in batch):
        query_write.decide_alone(connection)
    plain = [order for order in batch if order.key is None and not order.once]
    created = query_write.add(connection, [new for order in plain for new in order.traces])
    answers: dict[int, list[Identity]] = {}
    start = 0
    for order in plain:
        answers[id(order)] = created[start : start + len(order.traces)]
        start += len(order.traces)
    for order in batch:
        if id(order) not in answers:
            answers[id(order)] = _store_once(connection, order)
    return [answers[id(order)] for order in batch]


def _store_once(connection: Connection, order: Order) -> list[Identity]:
    if order.key is not None:
        known = query_once.get(connection, order.key)
        if known is not None:
            if bytes(known.digest) != order.digest:
                raise Conflict(
                    "This Idempotency-Key was used for another body.",
                    hint="A new request takes a new key.",
                )
            return msgspec.json.decode(known.answer, type=list[Identity])
    if order.once:
        found = query_write.add_once(connection, order.traces)
        moments = query_write.moments(connection, [id_ for id_, _ in found.values()])
        answer = [(id_, moments[id_]) for id_, _ in (found[new.digest] for new in order.traces)]
    else:
        answer = query_write.add(connection, order.traces)
    if order.key is not None:
        said = msgspec.json.encode(answer).decode()
        query_once.put(connection, order.key, order.digest, said)
    return answer

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.making import trace
from tunix_rt.kit.errors import Broken
from tunix_rt.store import Connection, Store
from tunix_rt.traces import posting, query_facets, query_write
from tunix_rt.traces.schema import TRACE, TraceFilter


def order(number: int, key: str | None = None) -> posting.Order:
    new = query_write.prepare(TRACE.validate_python(trace(number)), "made")
    made = posting.Order([new])
    if key is not None:
        made.keyed(key, b"body %d" % number)
    return made


def count(store: Store) -> int:
    with store.read() as connection:
        return query_facets.count(connection, TraceFilter())


class Failing(Store):
    """A store whose commit fails: before it is done, or with the answer lost behind it."""

    def __init__(self, store: Store, *, behind: bool) -> None:
        self.inner = store
        self.behind = behind
        self.tries = 0
        self.gate = threading.Event()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self.gate.wait(10)
        self.tries += 1
        if not self.behind:
            raise Broken("Another process holds the database for too long.")
        with self.inner.write() as connection:
            yield connection
        raise ConnectionError("the answer to the commit was lost")


def posted(store: Any, number: int) -> list[BaseException | None]:
    """What becomes of orders of which all but the first wait for one commit."""
    answers = [posting.post(store, order(n)) for n in range(number)]
    store.gate.set()
    return [answer.exception(20) for answer in answers]


def test_a_commit_that_may_have_been_done_is_not_tried_again(store: Store) -> None:
    failing = Failing(store, behind=True)

    errors = posted(failing, 5)

    assert all(isinstance(error, ConnectionError) for error in errors)
    assert count(store) == 5


def test_a_database_that_is_away_is_asked_once_for_all_who_wait(store: Store) -> None:
    failing = Failing(store, behind=False)

    errors = posted(failing, 5)

    assert all(isinstance(error, Broken) for error in errors)
    assert failing.tries == 2  # the first order, and the four that gathered behind it


def test_one_that_cannot_be_stored_does_not_take_the_others_with_it(store: Store) -> None:
    bad = order(1, "key")
    posting.post(store, order(0, "key")).result(20)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: posting.post(store, one), [order(2), bad, order(3)]))

    assert [answer.exception(20) is None for answer in answers] == [True, False, True]
    assert count(store) == 3


def test_two_servers_with_the_same_keys_do_not_wait_for_each_other_for_ever(store: Store) -> None:
    def send(turn: int, backwards: bool) -> None:
        keys = [f"{turn}-{n}" for n in range(30)]
        batch = [order(turn * 100 + n, key) for n, key in enumerate(keys)]
        for one in batch[:: -1 if backwards else 1]:
            one.once = backwards
        chosen = batch[::-1] if backwards else batch
        with store.write() as connection:
            posting._store_together(connection, chosen)

    with ThreadPoolExecutor(2) as pool:
        for turn in range(10):
            list(pool.map(send, [turn, turn], [False, True]))

    assert count(store) == 300

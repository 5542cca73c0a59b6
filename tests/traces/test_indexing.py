import logging
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from tests.making import stored, trace
from tunix_rt.store import Store
from tunix_rt.store.searching import index_writer
from tunix_rt.traces import indexing, purging, query, query_marks, query_search, query_write
from tunix_rt.traces.language import parse
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.table import trace_body, trace_dictionary, trace_tally


def prompts(store: Store, asked_for: str) -> set[str]:
    with store.read() as connection:
        return {row.prompt for row in query.page(connection, parse(asked_for), limit=100).rows}


def every(store: Store, asked_for: str = "") -> list[str]:
    with store.read() as connection:
        return query.select_ids(connection, parse(asked_for))


def prompt_of(store: Store, trace_id: str) -> str:
    with store.read() as connection:
        return str(query.get(connection, trace_id).prompt)


def empty(store: Store) -> None:
    """Lose the index, as by deleting its file or by a migration that makes it anew."""
    if store.search_file is None:
        with store.write() as connection:
            connection.execute(text("TRUNCATE trace_words"))
        return
    with index_writer(store.search_file, anew=True):
        pass


def damage(store: Store, trace_id: str) -> None:
    with store.write() as connection:
        connection.execute(
            update(trace_body).where(trace_body.c.id == trace_id).values(body=b"no frame at all")
        )


def test_a_lost_index_is_made_anew_also_while_something_waits_for_it(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(1, prompt="an old elephant")])
    indexing.catch_up(store)
    empty(store)
    stored(store, tmp_path, [trace(2, prompt="a new elephant")])

    indexing.catch_up(store)

    assert prompts(store, "elephant") == {"an old elephant", "a new elephant"}


def test_a_damaged_body_stops_neither_the_index_nor_a_purge(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored(store, tmp_path, [trace(n, prompt=f"elephant {n}") for n in range(3)])
    hurt = every(store)[1]
    damage(store, hurt)

    with caplog.at_level(logging.WARNING):
        indexing.catch_up(store)
    with store.write() as connection:
        query_marks.soft_delete(connection, [hurt])
    gone = purging.purge(store)

    assert hurt in caplog.text
    assert prompts(store, "elephant") == {"elephant 0", "elephant 2"}
    assert gone.purged == 1


def test_the_keeper_goes_on_after_an_error_that_nobody_expected(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored(store, tmp_path, [trace(1, prompt="an elephant")])
    looks = 0

    def rename(old: str, new: str) -> None:
        with store.write() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    class Stopped(threading.Event):
        """Takes a table away at the first look, and brings it back when the keeper waits."""

        def wait(self, timeout: float | None = None) -> bool:
            nonlocal looks
            looks += 1
            if looks == 1:
                rename("search_batch", "away")
                return False
            if looks == 2:
                rename("away", "search_batch")
            with store.read() as connection:
                return query_search.waiting(connection) == 0

    indexing.keep_up(store, Stopped())

    assert "did not expect" in caplog.text
    assert prompts(store, "elephant") == {"an elephant"}


def test_what_is_purged_while_it_is_indexed_leaves_no_words_behind(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(1, prompt="a secret"), trace(2, prompt="no secret")])
    with store.read() as connection:
        rows = query.batch(connection, TraceFilter(), after=None, limit=10)
    read = indexing.documents(rows)
    with store.write() as connection:
        query_marks.soft_delete(connection, [rows[0].id])
    purging.purge(store)

    query_search.put(store, read)

    kept = "search.doc" if store.search_file else "trace_words"
    with store.read() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {kept}")) == 1


def test_what_is_restored_after_a_purge_was_broken_off_is_found_again(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(1, prompt="an elephant")])
    indexing.catch_up(store)
    [one] = every(store)
    with store.write() as connection:
        query_marks.soft_delete(connection, [one])
    with store.read() as connection:
        rows = query.deleted_bodies(connection, [one])
    query_search.drop(store, indexing.documents(rows))  # and here the power goes

    with store.write() as connection:
        query_marks.restore(connection, [one])
    indexing.catch_up(store)

    assert prompts(store, "elephant") == {"an elephant"}


def test_what_is_restored_before_it_was_indexed_waits_twice_and_is_found(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(1, prompt="an elephant"), trace(2, prompt="a tiger")])
    [one] = [id_ for id_ in every(store) if "elephant" in prompt_of(store, id_)]
    with store.write() as connection:
        query_marks.soft_delete(connection, [one])
    with store.write() as connection:
        query_marks.restore(connection, [one])

    indexing.catch_up(store)

    assert prompts(store, "elephant") == {"an elephant"}
    assert prompts(store, "tiger") == {"a tiger"}


def test_a_tally_of_many_kinds_is_left_as_it_is(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(n, meta={"model": f"model {n}"}) for n in range(700)])
    ids = select(trace_tally.c.id).order_by(trace_tally.c.id)
    with store.read() as connection:
        before = connection.scalars(ids).all()

    indexing.tidy(store)

    with store.read() as connection:
        assert connection.scalars(ids).all() == before


def test_a_dictionary_is_learnt_from_the_first_of_many_small_batches(
    store: Store, tmp_path: Path
) -> None:
    number = select(func.count()).select_from(trace_dictionary)
    stored(store, tmp_path, [trace(n, prompt=f"{n} " + "word " * 50) for n in range(999)])
    indexing.tidy(store)
    with store.read() as connection:
        assert connection.scalar(number) == 0
    long = "an elephant of many words " * 1500
    stored(store, tmp_path, [trace(1000, prompt=long)], "more")

    indexing.tidy(store)

    with store.read() as connection:
        assert connection.scalar(number) == 1
    assert query_write.COPY_FROM < 999
    stored(store, tmp_path, [trace(2000)], "last")
    assert len(every(store)) == 1001


@pytest.mark.parametrize("characters", [150_000, 250_000])
def test_a_long_trace_is_found_by_its_group_and_its_meta(
    store: Store, tmp_path: Path, characters: int
) -> None:
    step = ("x " * 10_000)[:19_999]
    steps = [{"i": i, "type": "t", "content": step} for i in range(characters // len(step) + 1)]
    stored(store, tmp_path, [trace(1, steps=steps, meta={"model": "m"})])
    indexing.catch_up(store)
    with store.read() as connection:
        group = query.summary(query.page(connection, TraceFilter(), limit=1).rows[0]).group

    assert len(every(store, f"group:{group}")) == 1
    assert len(every(store, "meta.model:m")) == 1


@pytest.mark.parametrize("written", ["\U0001d400\U0001d401", "\u2121", "\uff21"])
def test_letters_of_another_font_are_found_by_plain_ones_on_both_databases(
    store: Store, tmp_path: Path, written: str
) -> None:
    plain = {"\U0001d400\U0001d401": "ab", "\u2121": "tel", "\uff21": "a"}[written]
    stored(store, tmp_path, [trace(1, prompt=f"{written} here", meta=None)])
    indexing.catch_up(store)

    assert len(every(store, plain)) == len(every(store, written)) == 1

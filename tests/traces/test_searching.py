from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.making import stored, trace
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.store.searching import index_writer
from tunix_rt.traces import indexing, query, query_found, query_search, query_write
from tunix_rt.traces.language import parse
from tunix_rt.traces.schema import TRACE, TraceFilter
from tunix_rt.traces.schema_search import asked, words


def told(store: Store, folder: Path, *prompts: str, **changes: Any) -> None:
    """Store a trace for each prompt, in this order, and index it."""
    stored(store, folder, [trace(i, prompt=said, **changes) for i, said in enumerate(prompts)])
    indexing.catch_up(store)


def found(store: Store, asked_for: str, **how: Any) -> list[str]:
    with store.read() as connection:
        page = query.page(connection, parse(asked_for), limit=100, **how)
    return [row.prompt for row in page.rows]


@pytest.mark.parametrize(
    ("asked_for", "hits"),
    [
        ("half", [3, 2, 1]),
        ("HALF many", [2, 1]),
        ('"half as many"', [1]),
        ('"as many"', [2, 1]),
        ('"half as many" twice', []),
        ("cafe", [4]),  # accents are left out
        ("straße", [5]),
        ("STRASSE", [5]),
        ("推理", [6]),
        ("snake_case", [7]),
        ("snake", []),
        ("3.5", [8]),
        ('"3 5"', [8]),  # a dot ends a word
        ("OR NOT half*", []),  # no operators, only words
        ("it's", [0]),
        ("calculation", []),  # the type of a step is no text
        ("source:made half", [3, 2, 1]),
        ("source:other half", []),
    ],
)
def test_a_search_finds_the_same_on_both_databases(
    store: Store, tmp_path: Path, asked_for: str, hits: list[int]
) -> None:
    prompts = [
        "It's nothing",
        "She has half as many apples",
        "half of them, as many as you like",
        "HALF!",
        "The Café",
        "Die Straße",
        "这是一个推理过程",
        "a snake_case name",
        "it is 3.5 metres",
    ]
    told(store, tmp_path, *prompts)

    assert found(store, asked_for) == [prompts[hit] for hit in hits]


def test_steps_and_answers_are_found_as_well(store: Store, tmp_path: Path) -> None:
    steps = [{"i": 0, "type": "t", "content": "carry the elephant"}]
    stored(store, tmp_path, [trace(1, steps=steps, final_answer="the giraffe")])
    indexing.catch_up(store)

    assert len(found(store, "elephant")) == len(found(store, "giraffe")) == 1


@pytest.mark.parametrize(
    ("asked_for", "count"),
    [
        ("meta.model:m", 3),
        ("meta.number:1", 1),
        ("meta.good:true", 1),
        ("meta.number:1 meta.model:m", 1),
        ("meta.number:1 meta.model:x", 0),
        ('meta.who:"Anna B"', 1),
        ("meta.who:Anna", 0),
    ],
)
def test_meta_is_found_by_key_and_exact_value(
    store: Store, tmp_path: Path, asked_for: str, count: int
) -> None:
    metas: list[dict[str, Any]] = [{"good": True}, {"who": "Anna B"}, {"deep": {"who": "Anna"}}]
    stored(
        store,
        tmp_path,
        [trace(i, meta={"model": "m", "number": i, **more}) for i, more in enumerate(metas)],
    )
    indexing.catch_up(store)

    assert len(found(store, asked_for)) == count


def all_pages(store: Store, word: str) -> list[str]:
    """The prompts of everything a word finds, page by page."""
    seen: list[str] = []
    cursor = None
    while True:
        with store.read() as connection:
            page = query.page(connection, TraceFilter(q=word), limit=10, cursor=cursor)
        seen += [row.prompt for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def test_a_search_is_paged_to_its_end_without_doubles(store: Store, tmp_path: Path) -> None:
    told(store, tmp_path, *(f"word {i}" for i in range(25)))

    assert all_pages(store, "word") == [f"word {i}" for i in reversed(range(25))]


def test_common_and_rare_words_are_found_among_many_traces(store: Store, tmp_path: Path) -> None:
    number = query_found.NEAR + 500
    prompts = [f"a{i} {'rare' * (i in (3, 4))} {'often' * (i % 100 == 0)}" for i in range(number)]
    told(store, tmp_path, *prompts)

    rare, often = all_pages(store, "rare"), all_pages(store, "often")

    assert [prompt.split()[0] for prompt in rare] == ["a4", "a3"]
    assert [prompt.split()[0] for prompt in often] == [
        f"a{i}" for i in reversed(range(0, number, 100))
    ]


def test_by_rank_the_best_answer_comes_first(store: Store, tmp_path: Path) -> None:
    told(store, tmp_path, "duck duck duck duck", "a duck in a long, long text about other birds")

    assert found(store, "duck", order="rank")[0] == "duck duck duck duck"
    assert found(store, "duck", order="newest")[1] == "duck duck duck duck"


def test_ranked_pages_follow_each_other(store: Store, tmp_path: Path) -> None:
    told(store, tmp_path, *(f"word {i}" for i in range(5)))

    with store.read() as connection:
        first = query.page(connection, TraceFilter(q="word"), limit=3, order="rank")
        second = query.page(
            connection, TraceFilter(q="word"), limit=3, order="rank", cursor=first.next_cursor
        )

    assert len({row.id for row in [*first.rows, *second.rows]}) == 5
    assert second.next_cursor is None


@pytest.mark.parametrize("cursor", ["w5", "r5"])
def test_a_cursor_of_another_list_is_refused(store: Store, cursor: str) -> None:
    with store.read() as connection, pytest.raises(BadInput, match="cursor is none of this list"):
        query.page(connection, TraceFilter(), limit=3, cursor=cursor)


def test_a_search_without_a_word_is_refused() -> None:
    with pytest.raises(BadInput, match="holds no word"):
        asked(TraceFilter(q="%%% ---"))


def test_a_word_without_end_is_cut_alike_in_text_and_question() -> None:
    assert words("x" * 1000) == words("x" * 64)


def test_the_file_of_another_version_of_the_index_is_made_anew(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home", database=""))
    told(store, tmp_path, "an old elephant")
    assert store.search_file is not None
    with index_writer(store.search_file) as index:
        index.execute("DELETE FROM doc")
        index.execute("PRAGMA user_version=1")

    indexing.catch_up(store)

    assert found(store, "elephant") == ["an old elephant"]
    with store.read() as connection:
        assert query_search.waiting(connection) == 0
    store.close()


def test_what_is_written_waits_for_the_index_and_is_counted(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(7)])
    with store.read() as connection:
        before = query_search.waiting(connection)

    done = indexing.catch_up(store)

    with store.read() as connection:
        assert (before, done, query_search.waiting(connection)) == (7, 7, 0)
    assert indexing.catch_up(store) == 0


def test_an_index_that_was_filled_before_a_crash_is_filled_again_without_doubles(
    store: Store, tmp_path: Path
) -> None:
    told(store, tmp_path, "one elephant")
    with store.write() as connection:  # as if the process had died before the list was shortened
        connection.execute(
            text(
                "INSERT INTO search_batch (id, first, last, number) SELECT id, id, id, 1 FROM trace"
            )
        )

    indexing.catch_up(store)

    assert found(store, "elephant") == ["one elephant"]


def test_an_index_can_be_made_anew(store: Store, tmp_path: Path) -> None:
    told(store, tmp_path, "one elephant", "two elephants")

    done = indexing.rebuild(store, lambda done, waiting: None)

    assert done == 2
    assert found(store, "elephant") == ["one elephant"]


def test_a_lost_index_file_is_made_anew_by_the_next_who_looks(store: Store, tmp_path: Path) -> None:
    if store.search_file is None:
        pytest.skip("PostgreSQL's index is a table")
    told(store, tmp_path, "one elephant")
    store.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{store.search_file}{ending}").unlink(missing_ok=True)

    indexing.catch_up(store)

    assert found(store, "elephant") == ["one elephant"]


def test_a_trace_of_a_client_is_found_once_it_is_indexed(store: Store) -> None:
    new = query_write.prepare(TRACE.validate_python(trace(prompt="a lonely yak")), "api")
    with store.write() as connection:
        query_write.add(connection, [new])

    indexing.catch_up(store)

    assert found(store, "yak") == ["a lonely yak"]

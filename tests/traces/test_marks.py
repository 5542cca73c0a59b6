from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import ValidationError

from tests.making import stored, trace
from tunix_rt.store import Connection, Store
from tunix_rt.traces import query, query_facets, query_marks
from tunix_rt.traces.language import parse
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_marks import Mark


def some(store: Store, folder: Path, count: int = 3) -> list[str]:
    stored(store, folder, [trace(i) for i in range(count)])
    with store.read() as connection:
        return query.select_ids(connection, TraceFilter())


def ids(store: Store, asked: str) -> list[str]:
    with store.read() as connection:
        return query.select_ids(connection, parse(asked))


def annotate(store: Store, trace_ids: list[str], mark: Mark, author: str = "me") -> int:
    with store.write() as connection:
        return query_marks.annotate(connection, trace_ids, mark, author)


def counted(store: Store, asked: str = "") -> dict[str | None, int]:
    """Labels as the tally has them, having checked it against a count of the rows."""
    wanted = parse(asked)
    with store.read() as connection:
        facets = query_facets.facets(connection, wanted)
        rows = query_facets.facets(connection, wanted.model_copy(update={"chars_min": 0}))
    assert facets == rows
    return {count.value: count.count for count in facets.labels}


def test_a_label_replaces_the_one_before_it_and_history_stays(store: Store, tmp_path: Path) -> None:
    [one, *_] = some(store, tmp_path)

    annotate(store, [one], Mark(kind="label", name="good"), "anna")
    annotate(store, [one], Mark(kind="label", name="bad"), "ben")

    with store.read() as connection:
        said = query_marks.annotations(connection, one)
    assert [(a.name, a.author, a.ended_at is None) for a in said] == [
        ("good", "anna", False),
        ("bad", "ben", True),
    ]
    assert ids(store, "label:bad") == [one]
    assert ids(store, "label:good") == []
    assert len(ids(store, "label:none")) == 2
    assert counted(store) == {None: 2, "bad": 1}


def test_the_label_of_a_step_is_not_the_label_of_the_trace(store: Store, tmp_path: Path) -> None:
    [one, *_] = some(store, tmp_path)

    annotate(store, [one], Mark(kind="label", name="bad", step=0))

    assert ids(store, "label:bad") == []


def test_tags_stand_beside_each_other_and_one_is_taken_back(store: Store, tmp_path: Path) -> None:
    [one, two, _] = some(store, tmp_path)
    for name in ("hard", "geometry", "hard"):
        annotate(store, [one, two], Mark(kind="tag", name=name))

    with store.write() as connection:
        query_marks.unmark(connection, [two], Mark(kind="tag", name="hard"))

    assert ids(store, "tag:hard") == [one]
    assert sorted(ids(store, "tag:geometry")) == sorted([one, two])


def test_a_score_is_found_by_its_range_and_one_with_a_name_is_not_the_score(
    store: Store, tmp_path: Path
) -> None:
    [one, two, _] = some(store, tmp_path)
    annotate(store, [one], Mark(kind="score", value=0.9))
    annotate(store, [two], Mark(kind="score", name="style", value=0.95))

    assert ids(store, "score:>0.5") == [one]
    assert ids(store, "score:>0.9") == []


def test_a_score_that_a_source_gives_is_found_too(store: Store, tmp_path: Path) -> None:
    metas = [{"reward": 1}, {"score": 0.25}, {"score": True}, {"score": "0.5"}]
    stored(store, tmp_path, [trace(i, meta=meta) for i, meta in enumerate(metas)])

    assert len(ids(store, "score:>=0")) == 2
    assert len(ids(store, "score:1")) == 1


def test_what_was_said_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    [one, *_] = some(store, tmp_path)
    annotate(store, [one], Mark(kind="label", name="good"))
    with store.read() as connection:
        [said] = query_marks.annotations(connection, one)

    with store.write() as connection:
        query_marks.end_annotation(connection, one, said.id)

    assert ids(store, "label:good") == []
    assert counted(store) == {None: 3}


def test_a_note_is_taken_back_by_its_text_and_the_others_stay(store: Store, tmp_path: Path) -> None:
    [one, two, _] = some(store, tmp_path)
    first, second = Mark(kind="note", text="a guess"), Mark(kind="note", text="look again")
    for note in (first, second):
        annotate(store, [one], note)

    with store.write() as connection:
        changed = query_marks.unmark(connection, [one, two], first)

    with store.read() as connection:
        said = query_marks.annotations(connection, one)
    assert changed == 1
    assert [note.text for note in said if note.ended_at is None] == ["look again"]


def test_a_step_that_a_trace_does_not_have_cannot_be_marked(store: Store, tmp_path: Path) -> None:
    [one, *_] = some(store, tmp_path)

    assert annotate(store, [one], Mark(kind="tag", name="odd", step=1)) == 0
    assert annotate(store, [one], Mark(kind="tag", name="odd", step=0)) == 1


@pytest.mark.parametrize(
    "mark",
    [
        {"kind": "label", "name": "great"},
        {"kind": "tag"},
        {"kind": "note"},
        {"kind": "tag", "name": "a", "text": "b"},
        {"kind": "tag", "name": "a", "value": 1},
        {"kind": "tag", "name": "x" * 65},
        {"kind": "note", "text": "a\0"},
        {"kind": "score", "value": float("nan")},
        {"kind": "tag", "name": "a", "step": -1},
    ],
)
def test_a_mark_that_says_nothing_is_refused(mark: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Mark.model_validate(mark)


def test_deleted_traces_are_in_no_list_and_come_back(store: Store, tmp_path: Path) -> None:
    [one, two, three] = some(store, tmp_path)

    with store.write() as connection:
        gone = query_marks.soft_delete(connection, [one, two])
    after = ids(store, ""), ids(store, "is:deleted"), counted(store)
    with store.write() as connection:
        back = query_marks.restore(connection, [one])

    assert (gone, back) == (2, 1)
    assert after == ([three], [one, two], {None: 1})
    assert ids(store, "") == [one, three]
    assert counted(store) == {None: 2}


def test_only_deleted_traces_are_purged_with_all_that_was_said(
    store: Store, tmp_path: Path
) -> None:
    [one, two, three] = some(store, tmp_path)
    annotate(store, [one, two], Mark(kind="note", text="look"))
    with store.write() as connection:
        query_marks.soft_delete(connection, [one])

        purged = query_marks.purge(connection, [one, two])

    with store.read() as connection:
        assert query_marks.annotations(connection, one) == []
        assert len(query_marks.annotations(connection, two)) == 1
    assert purged == 1
    assert ids(store, "") == [two, three]
    assert ids(store, "is:deleted") == []


def test_the_tally_is_settled_into_one_row_a_kind(store: Store, tmp_path: Path) -> None:
    some(store, tmp_path, 20)
    stored(store, tmp_path, [trace(i) for i in range(30, 40)], "other")

    from tunix_rt.traces.query_write import settle_tally

    with store.write() as connection:
        settle_tally(connection, above=0)

    assert counted(store) == {None: 30}
    assert counted(store, "source:other type:calculation") == {None: 10}


def test_a_trace_that_is_named_twice_is_deleted_and_counted_once(
    store: Store, tmp_path: Path
) -> None:
    [one, *_] = some(store, tmp_path)

    with store.write() as connection:
        gone = query_marks.soft_delete(connection, [one] * 1000)

    assert gone == 1
    assert counted(store) == {None: 2}


def test_two_who_change_the_same_traces_at_once_leave_the_counts_true(
    store: Store, tmp_path: Path
) -> None:
    some(store, tmp_path, 40)
    every = ids(store, "")
    changes: list[Callable[[Connection], object]] = [
        lambda c: query_marks.mark_verdicts(c, [(id_, "right", None) for id_ in every]),
        lambda c: query_marks.mark_verdicts(c, [(id_, "wrong", 0) for id_ in reversed(every)]),
        lambda c: query_marks.annotate(c, every, Mark(kind="label", name="good"), "me"),
        lambda c: query_marks.soft_delete(c, every[:20]),
        lambda c: query_marks.soft_delete(c, every[:20]),
        lambda c: query_marks.restore(c, every[:10]),
    ]
    ready = Barrier(len(changes))

    def change(how: Callable[[Connection], object]) -> None:
        ready.wait(30)
        with store.write() as connection:
            how(connection)

    with ThreadPoolExecutor(len(changes)) as pool:
        for _ in range(5):
            list(pool.map(change, changes))

    counted(store)


@pytest.mark.parametrize("field", ["source", "model"])
def test_a_source_that_is_called_none_is_counted_as_it_is_listed(
    store: Store, tmp_path: Path, field: str
) -> None:
    stored(store, tmp_path, [trace(1, meta={"model": "none"}), trace(2, meta=None)], "none")
    stored(store, tmp_path, [trace(3, meta=None)], "other")

    with store.read() as connection:
        total = query_facets.count(connection, parse(f"{field}:none"))

    assert total == len(ids(store, f"{field}:none")) > 0

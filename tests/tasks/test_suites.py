import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.making import write_lines
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.tasks import query, suites
from tunix_rt.tasks.commands import app
from tunix_rt.tasks.schema import Item

ITEM = {"id": "a", "prompt": "1+1?", "expected_answer": "2", "category": "sums"}
LARGEST = ITEM | {"id": "k" * 200, "category": "c" * 64}


def test_texts_as_long_as_their_columns_are_kept(store: Store, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "s.jsonl", [LARGEST])

    assert suites.from_file(store, "n" * 128, file) == (1, [])

    with store.read() as connection:
        [row] = query.items(connection, "n" * 128)
    assert (row.key, row.family) == (LARGEST["id"], LARGEST["category"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ITEM | {"id": "k" * 201}, "id: has more than 200 characters"),
        (ITEM | {"category": "c" * 65}, "category: has more than 64 characters"),
        (ITEM | {"id": "a\0"}, "id: holds a NUL"),
        (ITEM | {"category": "\0"}, "category: holds a NUL"),
        (ITEM | {"prompt": "1\0?"}, "prompt: holds a NUL"),
        (ITEM | {"expected_answer": "2\0"}, "expected_answer: holds a NUL"),
        ({"question": "1\0?", "answer": "#### 2"}, "prompt: holds a NUL"),
        ("[" * 200_000, "Expected `object`"),
        ('{"id": "a", "x": ' + "[" * 200_000, "nested too deeply"),
        ("[1]", "Expected `object`"),
        ('{"x": NaN}', "malformed"),
    ],
)
def test_a_line_that_cannot_be_stored_is_told_by_its_number(
    store: Store, tmp_path: Path, line: Any, reason: str
) -> None:
    file = write_lines(tmp_path / "s.jsonl", [ITEM | {"id": "before"}, line])

    items, [wrong] = suites.from_file(store, "s", file)

    assert items == 1
    assert wrong.startswith("s.jsonl:2: ")
    assert reason in wrong
    with store.read() as connection, pytest.raises(NotFound):
        query.get(connection, "s")


def test_a_line_that_is_not_utf8_is_told_by_its_number(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_bytes(json.dumps(ITEM).encode() + b'\n{"id": "b", "prompt": "\xff"}\n')

    [wrong] = suites.from_file(store, "s", file)[1]

    assert wrong.startswith("s.jsonl:2: not UTF-8")


def test_a_byte_order_mark_is_no_part_of_the_first_line(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(ITEM).encode() + b"\n")

    assert suites.from_file(store, "s", file) == (1, [])


@pytest.mark.parametrize("name", ["", "n" * 129, "a\0b", "a\nb", "\x1b[2J", "\udcff"])
def test_a_name_that_is_none_is_refused_before_anything_is_read(store: Store, name: str) -> None:
    with pytest.raises(BadInput, match="is no name for a suite"):
        suites.from_file(store, name, Path("nowhere.jsonl"))
    with pytest.raises(BadInput, match="is no name for a suite"):
        suites.from_tasks(store, name, {}, iter([]))


def test_an_item_of_a_generator_must_fit_too(store: Store) -> None:
    item = Item("k" * 201, "all", "", "p", "e")

    with pytest.raises(BadInput, match="cannot be stored: id: has"), store.write() as connection:
        suites.freeze(connection, "s", {}, [item])


def test_the_terminal_shows_a_hostile_file_inert(settings: Settings, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "s.jsonl", [ITEM | {"difficulty": 1, "\x1b[2J": 1}])
    session = Session(settings)

    result = CliRunner().invoke(app, ["import", str(file), "\x1b[2J"], obj=session)
    session.store.close()

    assert isinstance(result.exception, BadInput)
    assert "\x1b" not in result.output

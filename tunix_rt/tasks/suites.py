"""Named, frozen selections of tasks: generated with a seed, or read from an eval-set file."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Connection, Store
from tunix_rt.tasks import query
from tunix_rt.tasks.schema import Item, Task

MAX_LINE = 16 * 1024 * 1024


def freeze(
    connection: Connection, name: str, origin: dict[str, Any], items: Sequence[Item]
) -> bool:
    """Store the items as a suite; say whether it is new."""
    if not items:
        raise BadInput(f"The suite {name!r} would be empty.")
    lines = (msgspec.json.encode([i.key, i.verifier, i.prompt, i.expected]) for i in items)
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
    return query.add(connection, name, origin, digest, items)


def from_tasks(store: Store, name: str, origin: dict[str, Any], tasks: Iterable[Task]) -> int:
    """Freeze generated tasks as a suite; how many items it has."""
    items = [Item(t.key, t.family, t.verifier, t.prompt, t.expected) for t in tasks]
    with store.write() as connection:
        freeze(connection, name, origin, items)
    return len(items)


def from_file(store: Store, name: str, path: Path) -> tuple[int, list[str]]:
    """Freeze an eval-set file as a suite: how many items it has, and which lines are wrong.

    Nothing is stored when a line is wrong: half an eval set is another eval set.
    """
    items: list[Item] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            item = _read(line, path.stem, number)
            if item.key in seen:
                raise ValueError(f"id: {item.key!r} stands on an earlier line too")
        except (ValueError, msgspec.MsgspecError) as error:
            wrong.append(f"{path.name}:{number}: {error}")
            continue
        seen.add(item.key)
        items.append(item)
    if not wrong:
        with store.write() as connection:
            freeze(connection, name, {"file": path.name}, items)
    return len(items), wrong


def traces(tasks: Iterator[Task]) -> Iterator[dict[str, Any]]:
    """Tasks with worked steps as ReasoningTraces, their gold in meta."""
    for task in tasks:
        yield {
            "trace_version": "1.0",
            "prompt": task.prompt,
            "final_answer": task.expected,
            "steps": [
                {"i": i, "type": step.type, "content": step.content}
                for i, step in enumerate(task.steps)
            ],
            "meta": {
                **task.meta,
                "task": task.key,
                "family": task.family,
                "expected_answer": task.expected,
                "verifier": task.verifier,
            },
        }


class _EvalItem(msgspec.Struct):
    id: str
    prompt: str
    expected_answer: str
    section: str | None = None
    category: str | None = None
    difficulty: str | None = None


class _Problem(msgspec.Struct):
    question: str
    answer: str


def _read(line: bytes, stem: str, number: int) -> Item:
    """One line of an eval set of the contract, or a GSM8K problem."""
    record = msgspec.json.decode(line)
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    if "question" in record:
        problem = msgspec.convert(record, _Problem)
        _, mark, final = problem.answer.rpartition("####")
        if not mark:
            raise ValueError("answer: no `####` before the final answer")
        return Item(f"gsm8k/{stem}/{number - 1}", "gsm8k", "", problem.question, final.strip())
    item = msgspec.convert(record, _EvalItem)
    for field in ("id", "prompt", "expected_answer"):
        if not getattr(item, field).strip():
            raise ValueError(f"{field}: is empty")
    return Item(item.id, item.category or "all", "", item.prompt, item.expected_answer)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE):
                number += 1
                if line.strip():
                    yield number, line
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None

"""Named, frozen selections of tasks: generated with a seed, or read from an eval-set file."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line, numbered
from tunix_rt.store import Connection, Store
from tunix_rt.tasks import query
from tunix_rt.tasks.generating import generators
from tunix_rt.tasks.schema import LONGEST_FAMILY, LONGEST_KEY, LONGEST_NAME, Draw, Item, Task


def freeze(
    connection: Connection, name: str, origin: dict[str, Any], items: Sequence[Item]
) -> bool:
    """Store the items as a suite; say whether it is new."""
    require_name(name)
    if not items:
        raise BadInput(f"The suite {name!r} would be empty.")
    for item in items:
        try:
            _require_storable(item)
        except ValueError as error:
            raise BadInput(f"The item {item.key[:80]!r} cannot be stored: {error}.") from None
    lines = (msgspec.json.encode(_identity(item)) for item in items)
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
    return query.add(connection, name, origin, digest, items)


def from_tasks(store: Store, name: str, origin: dict[str, Any], tasks: Iterable[Task]) -> int:
    """Freeze generated tasks as a suite; how many items it has."""
    require_name(name)
    items = [Item(t.key, t.family, t.verifier, t.prompt, t.expected, t.data) for t in tasks]
    with store.write() as connection:
        freeze(connection, name, origin, items)
    return len(items)


def from_file(store: Store, name: str, path: Path) -> tuple[int, list[str]]:
    """Freeze an eval-set file as a suite: how many items it has, and which lines are wrong.

    Nothing is stored when a line is wrong: half an eval set is another eval set.
    """
    require_name(name)
    items: list[Item] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            item = _read(line, path.stem, number)
            _require_storable(item)
            if item.key in seen:
                raise ValueError(f"id: {item.key!r} stands on an earlier line too")
        except ValueError as error:
            wrong.append(f"{path.name}:{number}: {error}")
            continue
        seen.add(item.key)
        items.append(item)
    if not wrong:
        with store.write() as connection:
            freeze(connection, name, {"file": path.name}, items)
    return len(items), wrong


def origin(draw: Draw) -> dict[str, Any]:
    """Where a generated suite came from: everything that makes its items again."""
    named = draw.model_dump(include=set(Draw.model_fields))
    return {**named, "version": generators.load(draw.generator).VERSION}


def traces(tasks: Iterator[Task]) -> Iterator[dict[str, Any]]:
    """Tasks with worked steps as ReasoningTraces, their gold in meta."""
    for task in tasks:
        if not task.steps:
            raise BadInput(
                f"A {task.family} task has no worked steps, and a trace needs one.",
                hint="Freeze such tasks as a suite, to evaluate on.",
            )
        data = {} if task.data is None else {"expected_data": task.data}
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
                **data,
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
    if "question" in decode_line(line, dict[str, Any]):
        problem = decode_line(line, _Problem)
        _, mark, final = problem.answer.rpartition("####")
        if not mark:
            raise ValueError("answer: no `####` before the final answer")
        return Item(f"gsm8k/{stem}/{number - 1}", "gsm8k", "", problem.question, final.strip())
    item = decode_line(line, _EvalItem)
    for field in ("id", "prompt", "expected_answer"):
        if not getattr(item, field).strip():
            raise ValueError(f"{field}: is empty")
    return Item(item.id, item.category or "all", "", item.prompt, item.expected_answer)


def _identity(item: Item) -> list[Any]:
    """What makes an item what it is; data only where there is some, as suites had none."""
    plain = [item.key, item.verifier, item.prompt, item.expected]
    return plain if item.data is None else [*plain, item.data]


def require_name(name: str) -> None:
    """`BadInput` when a suite cannot be called this."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(
            f"{name[:80]!r} is no name for a suite.",
            hint=f"A name is 1 to {LONGEST_NAME} printable characters.",
        )


def _require_storable(item: Item) -> None:
    """`ValueError` when a text of the item does not fit its column on every database."""
    limits = (
        ("id", item.key, LONGEST_KEY),
        ("category", item.family, LONGEST_FAMILY),
        ("prompt", item.prompt, None),
        ("expected_answer", item.expected, None),
    )
    for field, text, longest in limits:
        if longest is not None and len(text) > longest:
            raise ValueError(f"{field}: has more than {longest} characters")
        if "\0" in text:
            raise ValueError(f"{field}: holds a NUL character")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            yield from ((number, line) for number, line in numbered(file) if line.strip())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None

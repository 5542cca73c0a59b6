"""Which split a row is of: decided by its prompt group, so that no prompt stands in two.

The group of a prompt is its text without case and spaces; of a template, without its
numbers too. A group's split is a keyed hash of it, so it stays what it was when traces are
added, and is the same on any machine.
"""

import hashlib
import re
from collections.abc import Callable, Iterable

from tunix_rt.datasets.schema import TRAIN, Build
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema import TraceRow

MOST_SPLITS = 8
WIDE = 9
"""Bytes of a row of what meta says: a prompt's group, and the number of its split."""

_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def key_of(prompt: str, split_by: str) -> bytes:
    """Eight bytes that prompts of one group share."""
    said = "".join(prompt.casefold().split())
    if split_by == "template":
        said = _NUMBERS.sub("#", said)
    return hashlib.blake2b(said.encode(), digest_size=8).digest()


class Splitter:
    """Gives every row its split, and remembers enough to find a prompt that got two."""

    def __init__(self, build: Build, held_out: Iterable[bytes] = ()) -> None:
        self._build = build
        self._seed = str(build.seed or 0).encode()
        self._names = sorted(build.splits, key=lambda name: (name != TRAIN, name))
        self._held_out = frozenset(held_out)
        self._seen: dict[str, int] = {}
        self._keys = bytearray()
        self._of: Callable[[TraceRow, bytes], str] = (
            self._said if build.split_by == "meta.split" else self._drawn
        )

    def split_of(self, row: TraceRow) -> str:
        """The split of a row; `BadInput` where the parent version holds its prompt out."""
        key = key_of(row.prompt, self._build.split_by)
        name = self._of(row, key)
        if name == TRAIN and key in self._held_out:
            raise BadInput(
                f"The prompt of trace {row.id} is held out by the parent version "
                f"{self._build.parent_dataset_id} and would be trained on here.",
                hint="Freeze with the parent's seed and splits, or leave these traces out.",
            )
        return name

    def said(self) -> tuple[str, list[str]]:
        """Hex of each prompt's group and its split's number, and the names of the splits."""
        return self._keys.hex(), list(self._seen)

    def _drawn(self, row: TraceRow, key: bytes) -> str:
        if len(self._names) == 1:
            return self._names[0]
        drawn = hashlib.blake2b(key, digest_size=8, key=self._seed).digest()
        place = int.from_bytes(drawn, "big") / 2**64
        for name in self._names[:-1]:
            place -= self._build.splits[name]
            if place < 0:
                return name
        return self._names[-1]

    def _said(self, row: TraceRow, key: bytes) -> str:
        name = (row.meta or {}).get("split", TRAIN)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadInput(
                f"The meta of trace {row.id} names the split {str(name)[:40]!r}.",
                hint="A split is a word of small letters, such as train, validation or test.",
            )
        self._keys += key
        self._keys.append(self._seen.setdefault(name, len(self._seen)))
        if len(self._seen) > MOST_SPLITS:
            raise BadInput(f"The traces' meta names more than {MOST_SPLITS} splits.")
        return name


class Said:
    """What the meta of all traces says of their splits, and whether a prompt stands in two."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._codes: dict[str, int] = {}

    def add(self, rows: str, names: list[str]) -> None:
        """Take what one slab said."""
        import numpy as np

        if not rows:
            return
        found = np.frombuffer(bytes.fromhex(rows), np.uint8).reshape(-1, WIDE).copy()
        for name in names:
            self._codes.setdefault(name, len(self._codes))
        if len(self._codes) > MOST_SPLITS:
            raise BadInput(f"The traces' meta names more than {MOST_SPLITS} splits.")
        found[:, -1] = np.array([self._codes[name] for name in names], np.uint8)[found[:, -1]]
        self._rows += found.tobytes()

    def check(self) -> None:
        """`BadInput` if a prompt was said to be in two splits."""
        import numpy as np

        if len(self._codes) < 2:
            return
        rows = np.frombuffer(self._rows, np.uint8).reshape(-1, WIDE)
        rows.view(f"V{WIDE}").ravel().sort()
        before, after = rows[:-1], rows[1:]
        torn = (before[:, :-1] == after[:, :-1]).all(axis=1) & (before[:, -1] != after[:, -1])
        if torn.any():
            raise BadInput(
                f"{int(torn.sum()):,} prompts stand in two splits, as the meta of their traces "
                "says: what is held out would be trained on.",
                hint='Correct meta.split, or let split_by "prompt" divide them.',
            )

"""The steps already reported, on disk beside the checkpoints.

After a crash some steps are computed again, with the same numbers. The journal keeps
each once, and from it the listener is told again what it may not have kept.
"""

import json
from dataclasses import asdict
from pathlib import Path

from tunix_rt.train.schema import Progress

LAST = 10
"""Reported steps whose losses a final loss is the mean of."""


class Journal:
    """Progress rows, one a line; a line that a crash cut short is dropped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[Progress] = []
        whole = path.read_bytes() if path.is_file() else b""
        whole = whole[: whole.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self.rows.append(Progress(**json.loads(line)))
        path.write_bytes(whole)
        self._file = path.open("a", encoding="utf-8")

    @property
    def last_step(self) -> int:
        """The last step reported; 0 before the first."""
        return self.rows[-1].step if self.rows else 0

    @property
    def first_loss(self) -> float:
        """Of the first step."""
        return self.rows[0].loss

    @property
    def final_loss(self) -> float:
        """The mean of the last reported ones."""
        last = self.rows[-LAST:]
        return sum(row.loss for row in last) / len(last)

    def add(self, row: Progress) -> None:
        """Append one row; it is on its way to the disk when this returns."""
        self.rows.append(row)
        self._file.write(json.dumps(asdict(row)) + "\n")
        self._file.flush()

    def cut(self, step: int) -> None:
        """Forget the steps behind `step`."""
        self.rows = [row for row in self.rows if row.step <= step]
        self._file.close()
        part = self.path.with_name(f"{self.path.name}.part")
        part.write_text("".join(f"{json.dumps(asdict(row))}\n" for row in self.rows), "utf-8")
        part.replace(self.path)
        self._file = self.path.open("a", encoding="utf-8")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

"""How many tokens steps had, and how fast; no plan knows those of practising, so they are kept."""

import time
from pathlib import Path


class Counted:
    """A number a line in `tokens.txt`, one for each step that was handed out.

    What lies behind the steps that are `done` is forgotten; a step that nobody wrote down counts 0.
    """

    def __init__(self, folder: Path, *, done: int) -> None:
        self._path = folder / "tokens.txt"
        lines = self._path.read_text("utf-8").split("\n")[:-1] if self._path.is_file() else []
        kept = [int(line) for line in lines[:done]]
        self.steps = kept + [0] * (done - len(kept))
        part = self._path.with_name(f"{self._path.name}.part")
        part.write_text("".join(f"{one}\n" for one in self.steps), "utf-8")
        part.replace(self._path)

    def add(self, tokens: int) -> None:
        """Note the next step."""
        self.steps.append(tokens)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{tokens}\n")

    def behind(self, step: int) -> int:
        """The tokens of all steps behind one."""
        return sum(self.steps[step:])


def pace(tokens: int, since: float) -> float | None:
    """Tokens a second of the steps that a call took since then, by the monotonic clock; null where
    it took none.
    """
    return tokens / max(time.monotonic() - since, 1e-9) if tokens else None

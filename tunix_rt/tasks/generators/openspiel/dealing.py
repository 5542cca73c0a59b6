"""A problem of a game, before it is a task."""

from dataclasses import dataclass
from typing import Any

from tunix_rt.tasks.schema import Step


@dataclass(frozen=True)
class Problem:
    """A situation, the answer and the steps that lead there."""

    prompt: str
    expected: str
    verifier: str
    steps: list[Step]
    meta: dict[str, Any]

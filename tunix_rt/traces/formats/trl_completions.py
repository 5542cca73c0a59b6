"""Completions that TRL's GRPO and RLOO trainers log: one row each, with its rewards.

Every column of numbers beside `step` and `advantage` is a reward. One named after accuracy or
correctness that is 0 or 1 is the label.
"""

from collections.abc import Iterator
from typing import Any

from tunix_rt.traces.formats.trl import completed
from tunix_rt.traces.reading.facts import number, whole
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record

OWN = {"step", "prompt", "completion", "advantage"}
SAYS_CORRECT = ("accuracy", "correct")


def recognises(record: dict[str, object]) -> bool:
    """A step of training, a prompt, a completion and its advantage."""
    return record.keys() >= OWN


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per completion."""
    found = record.decode(dict[str, Any])
    numbers = {name: number(value) for name, value in found.items()}
    rewards = {n: value for n, value in numbers.items() if n not in OWN and value is not None}
    said = [v for n, v in rewards.items() if v in (0, 1) and any(w in n for w in SAYS_CORRECT)]
    meta = {
        "rewards": rewards or None,
        "label": bool(said[0]) if said else None,
        "step": whole(found.get("step")),
        "advantage": numbers.get("advantage"),
    }
    yield completed(found, "completion", meta)

"""Solutions that come cut into steps already, and what was said of each step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tunix_rt.traces.reading.assembling import Piece
from tunix_rt.traces.reading.carrying import Json, answer_of, carried, carry, finish, joined
from tunix_rt.traces.reading.splitting import trimmed
from tunix_rt.traces.reading.thinking import marked_answer
from tunix_rt.traces.schema import ReasoningTrace


class Told(NamedTuple):
    """One step as its record has it: its text, and the field it stands in."""

    field: str
    text: str


def stepwise(
    record: Mapping[str, Any],
    prompt: str,
    told: Sequence[Told],
    answer: str | None,
    meta: Mapping[str, Any],
) -> ReasoningTrace:
    """The trace of these steps; what travels beside them in the record goes before."""
    pieces = []
    for step in told:
        start, end = trimmed(step.text, 0, len(step.text))
        pieces.append(Piece("thought", step.text[start:end], step.field, start, end))
    # steps that travelled stand in all texts together, so no single field is named for them
    whole = "\n\n".join(step.text for step in told)
    return finish(carried(record), prompt, pieces, answer, meta, text=whole, field="")


def with_steps(
    record: Json, trace: ReasoningTrace, read: Callable[[Json], ReasoningTrace]
) -> dict[str, Any]:
    """The record, which holds each step's content as it is, with what has to travel beside it."""
    return carry(record, trace, joined(trace).spans, read)


def last_answer(told: Sequence[Told]) -> str | None:
    """What the last step marks as the answer, else what it says."""
    if not told:
        return None
    text = told[-1].text
    found = marked_answer(text, 0, len(text))
    return text[slice(*found)] if found else text.strip() or None


def ratings(trace: ReasoningTrace) -> list[int | None]:
    """What is known of each step: 1 holds, 0 neither helps nor harms, -1 is wrong, None unknown."""
    meta = trace.meta or {}
    found: list[int | None] = []
    for name in ("step_ratings", "step_labels"):
        said = meta.get(name)
        if isinstance(said, list) and len(said) == len(trace.steps):
            for one in said:
                known = (1 if one else -1) if isinstance(one, bool) else one
                found.append(known if known in (-1, 0, 1) else None)  # type: ignore[arg-type]
            return found
    return [None] * len(trace.steps)


def closing(trace: ReasoningTrace) -> str | None:
    """The answer for a field of its own; null if there is none."""
    return answer_of(trace) or None

"""A trace in the words of a chat, and what travels beside them so that it reads back as it was."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.traces.reading.assembling import NO_PROMPT
from tunix_rt.traces.reading.carrying import KEY, Carried, Composed, messages_of, tagged
from tunix_rt.traces.reading.splitting import Span

Json = dict[str, Any]

__all__ = ["KEY", "Json", "answered", "asked", "beside", "text_of"]


class _Beside(Carried, omit_defaults=True):
    id: str = ""
    """The trace that was written."""


_encode = msgspec.json.Encoder().encode


def asked(trace: TraceRow) -> list[Json]:
    """System turn, earlier turns and the prompt as messages; never none at all."""
    return messages_of(trace) or [{"role": "user", "content": NO_PROMPT}]


def answered(trace: TraceRow) -> list[Json]:
    """The response as the one message of an assistant."""
    return [{"role": "assistant", "content": text_of(trace).text}]


def text_of(trace: TraceRow) -> Composed:
    """The response: steps inside a think tag, the answer behind it."""
    return tagged(trace)


def beside(trace: TraceRow, spans: Sequence[Span]) -> str:
    """What a chat has no place for, as JSON: the id, the meta, and where each step stands."""
    steps = [(step.i, step.type, *span) for step, span in zip(trace.steps, spans, strict=True)]
    told = _Beside(
        trace_version=trace.trace_version,
        prompt=None if _plain(trace.prompt) else trace.prompt,
        final_answer=trace.final_answer,
        steps=steps,
        meta=trace.meta or {},
        id=trace.id,
    )
    return _encode(told).decode()


def _plain(text: str) -> bool:
    """Whether a text reads back as it is from wherever it is written."""
    return text == text.strip() and "<" not in text and "|" not in text and text != NO_PROMPT

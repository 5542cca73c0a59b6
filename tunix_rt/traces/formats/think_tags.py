"""Text with think tags or channels: rows with a response, and plain text files.

The response is `response`, `completion`, `output`, `generation` or `text`; the prompt is `prompt`,
`question`, `problem`, `instruction`, `query` or `input`, and without one the text before the
thoughts. `traces/reading/thinking.py` has the rules for tags.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.assembling import NO_PROMPT, reply
from tunix_rt.traces.reading.carrying import carried, carry, finish, tagged
from tunix_rt.traces.reading.facts import facts, texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.reading.thinking import has_thinking, understand
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Written

RESPONSES = ("response", "completion", "output", "generation", "text")
PROMPTS = ("prompt", "question", "problem", "instruction", "query", "input")
STRUCTURED = {
    *("messages", "conversations", "generations", "nodes", "traces", "steps", "chosen"),
    *("reward_model", "deepseek_reasoning", "ground_truth_solution"),
}


def recognises(record: dict[str, object]) -> bool:
    """A response with tags in it, and none of the fields of a more structured format."""
    return (
        any(isinstance(t := record.get(name), str) and has_thinking(t) for name in RESPONSES)
        and not STRUCTURED & record.keys()
        and not {"prompt", "completion"} <= record.keys()
        and not {"instruction", "output"} <= record.keys()
        and not {"input", "output", "score"} <= record.keys()
        and "####" not in str(record.get("answer", ""))
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per row."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One prompt and response per line, the steps inside a think tag."""
    return lines(traces, "think-tags", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    responses = texts(record, *RESPONSES)
    if not responses:
        raise ValueError(f"none of the fields {', '.join(RESPONSES)} holds text")
    field = next(
        (name for name in responses if has_thinking(responses[name])), next(iter(responses))
    )
    text = responses[field]
    found = reply(text, field)
    prompt = next(iter(texts(record, *PROMPTS).values()), None)
    pieces = found.pieces
    if prompt is None:
        parts = understand(text).parts
        first = parts[0] if len(parts) > 1 and parts[0].kind == "text" else None
        prompt = text[first.start : first.end] if first else NO_PROMPT
        pieces = [piece for piece in pieces if first is None or piece.start >= first.end]
    meta = {**facts(record), **({"truncated": True} if found.truncated else {})}
    return finish(carried(record), prompt, pieces, found.answer, meta, text=text, field=field)


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    written = tagged(trace)
    return carry({"prompt": trace.prompt, "response": written.text}, trace, written.spans, _read)

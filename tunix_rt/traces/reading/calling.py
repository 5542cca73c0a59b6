"""What a model was given and what it gave back, in any of the shapes that tracing tools log it.

The shapes: messages, OpenAI's choices, a response's output items, Anthropic's content, plain text.
"""

import json
from collections.abc import Sequence
from typing import Any

from tunix_rt.traces.reading.carrying import Carried, finish
from tunix_rt.traces.reading.chatting import ROLES, chat, turns
from tunix_rt.traces.schema import ReasoningTrace

Json = dict[str, Any]
_ASKED = ("prompt", "question", "query", "input", "text", "content")
_SAID = ("output", "answer", "response", "completion", "text", "generation", "result", "content")
FOLDED = 6
"""How many lists and objects may lie around the messages."""


def called(
    beside: Carried | None, asked: Sequence[Json], said: Sequence[Json], meta: Json
) -> ReasoningTrace:
    """The trace of a call: the messages that were sent, and those that came back.

    The texts stood in attributes, often as JSON inside of JSON: no place is named for a step.
    """
    found = chat(turns([*asked, *said], "messages"))
    thought = found.last.thought
    return finish(
        beside,
        found.prompt,
        [piece._replace(field=None) for piece in found.pieces],
        found.answer,
        {**meta, **found.meta},
        text=thought.text if thought else "",
        field="",
    )


def sent(value: Any) -> list[Json]:
    """The messages in what a model was given."""
    return _messages(value, "user", _ASKED, 0)


def returned(value: Any) -> list[Json]:
    """The messages in what a model gave back."""
    return _messages(value, "assistant", _SAID, 0)


def unfolded(value: Any) -> Any:
    """A text that holds JSON, as what it holds."""
    if isinstance(value, str) and (value.lstrip()[:1] in ("{", "[", '"') or value == "null"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _messages(value: Any, role: str, names: tuple[str, ...], depth: int) -> list[Json]:
    if isinstance(value, str):
        return [{"role": role, "content": value}] if value.strip() else []
    if value is None or depth > FOLDED:
        return []
    if isinstance(value, list):
        return [one for item in value for one in _messages(item, role, names, depth + 1)]
    if not isinstance(value, dict):
        return [{"role": role, "content": str(value)}]
    return _object(value, role, names, depth + 1)


def _object(value: Json, role: str, names: tuple[str, ...], depth: int) -> list[Json]:
    if isinstance(value.get("role"), str) and value["role"].lower() in ROLES:
        return [value]
    if value.get("type") == "reasoning":  # an item of OpenAI's responses
        parts = value.get("summary") or value.get("content")
        return [{"role": role, "content": [{"type": "reasoning", "text": _plain(parts)}]}]
    for name in ("messages", "choices", "message", "generations"):
        if isinstance(value.get(name), dict | list):
            system = value.get("system") or value.get("instructions")
            first = [{"role": "system", "content": system}] if isinstance(system, str) else []
            return [*first, *_messages(value[name], role, names, depth)]
    for name in names:
        if value.get(name):
            return _messages(value[name], role, names, depth)
    return [{"role": role, "content": json.dumps(value, ensure_ascii=False)}] if value else []


def _plain(parts: Any) -> str:
    texts = (
        [part.get("text") for part in parts if isinstance(part, dict)]
        if isinstance(parts, list)
        else [parts]
    )
    return "\n\n".join(one for one in texts if isinstance(one, str))

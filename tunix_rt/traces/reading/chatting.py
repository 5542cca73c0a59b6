"""Read a conversation: its last question is the prompt, what follows are the steps.

One conversation is one trace. The prompt is the last user turn before the last assistant turn.
System and developer turns go to `meta.system`, the turns before the prompt to `meta.history`.
From the prompt on, in order: reasoning is steps of type `thought`, text before the last turn
`message`, a tool call `tool_call`, what a tool said `observation`. The text of the last assistant
turn is the answer. Turns after it are left out; the original record has them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tunix_rt.traces.reading.assembling import NO_PROMPT, Piece, cut, made, reply

ROLES = {
    **dict.fromkeys(("user", "human"), "user"),
    **dict.fromkeys(("assistant", "gpt", "model", "agent", "chatgpt", "bot"), "assistant"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("tool", "function", "observation", "ipython", "environment"), "tool"),
    "function_call": "function_call",
}
REASONING = ("reasoning_content", "reasoning", "thinking")
_PART_TEXT = ("text", "reasoning", "thinking", "content")


class Said(NamedTuple):
    """One text of a turn: `thought` or `text`, and the field it stands in."""

    kind: str
    field: str
    text: str


class Turn(NamedTuple):
    """One message, whatever its format called it."""

    role: str
    said: list[Said]
    calls: list[str]

    @property
    def words(self) -> str:
        """What was said aloud."""
        return "\n\n".join(said.text for said in self.said if said.kind == "text")

    @property
    def thought(self) -> Said | None:
        """Its reasoning, when that stands in a field of its own."""
        return next((said for said in self.said if said.kind == "thought"), None)


class Chat(NamedTuple):
    """A conversation as the parts of a trace."""

    prompt: str
    pieces: list[Piece]
    answer: str | None
    meta: dict[str, Any]
    last: Turn


def turns(messages: Any, path: str, *, role: str = "role", content: str = "content") -> list[Turn]:
    """The messages of a conversation; `path` is the field they stand in."""
    if not isinstance(messages, list) or not messages:
        raise ValueError(f"{path}: is no list of messages")
    return [
        turn(message, f"{path}.{index}", role=role, content=content)
        for index, message in enumerate(messages)
    ]


def turn(message: Any, path: str, *, role: str = "role", content: str = "content") -> Turn:
    """One message with every way its reasoning may be written down."""
    if not isinstance(message, dict):
        raise ValueError(f"{path}: is no message")
    named = message.get(role)
    called = ROLES.get(named.lower()) if isinstance(named, str) else None
    if called is None:
        raise ValueError(f"{path}.{role}: nobody known speaks")
    said = [*_reasoning(message, path), *_content(message.get(content), f"{path}.{content}")]
    if called == "function_call":
        return Turn("assistant", [], [one.text for one in said])
    return Turn(called, said, list(_calls(message, path)))


def chat(spoken: Sequence[Turn]) -> Chat:
    """The trace in a conversation."""
    last = next((i for i in reversed(range(len(spoken))) if spoken[i].role == "assistant"), None)
    if last is None:
        raise ValueError("no message of an assistant in it")
    asked = next((i for i in reversed(range(last)) if spoken[i].role == "user"), None)
    system = "\n\n".join(turn.words for turn in spoken[:last] if turn.role == "system")
    history = [
        {"role": turn.role, "content": turn.words or "\n\n".join(turn.calls)}
        for turn in spoken[: asked or 0]
        if turn.role != "system"
    ]
    first = 0 if asked is None else asked + 1
    pieces = [piece for turn in spoken[first:last] for piece in _before(turn)]
    ended, answer, truncated = _last(spoken[last])
    meta = {"system": system, "history": history, "truncated": truncated}
    prompt = NO_PROMPT if asked is None else spoken[asked].words
    return Chat(prompt, pieces + ended, answer, {k: v for k, v in meta.items() if v}, spoken[last])


def _before(turn: Turn) -> Iterator[Piece]:
    """The steps of a turn before the last."""
    if turn.role == "system":
        return
    for said in turn.said:
        if turn.role == "tool":
            yield from cut(said.text, said.field, "observation")
        elif said.kind == "thought":
            yield from cut(said.text, said.field, "thought")
        else:
            found = reply(said.text, said.field, reasoned=False)
            for piece in found.pieces:
                yield piece._replace(type="message") if piece.type == "solution" else piece
    for call in turn.calls:
        yield from made(call, "tool_call")


def _last(turn: Turn) -> tuple[list[Piece], str | None, bool]:
    """The steps of the last turn, its answer, and whether it was cut off."""
    pieces: list[Piece] = []
    answer, truncated = None, False
    thought = any(said.kind == "thought" and said.text.strip() for said in turn.said)
    for index, said in enumerate(turn.said):
        if said.kind == "thought":
            pieces += cut(said.text, said.field, "thought")
            continue
        found = reply(said.text, said.field, reasoned=thought)
        truncated = truncated or found.truncated
        if any(later.kind == "text" for later in turn.said[index + 1 :]):
            pieces += found.pieces or cut(said.text, said.field, "solution")
        else:
            pieces, answer = pieces + found.pieces, found.answer
    for call in turn.calls:
        pieces += made(call, "tool_call")
    return pieces, answer, truncated


def _reasoning(message: Mapping[str, Any], path: str) -> Iterator[Said]:
    for name in REASONING:
        value = message.get(name)
        if isinstance(value, str) and value:
            yield Said("thought", f"{path}.{name}", value)
            return


def _content(content: Any, path: str) -> Iterator[Said]:
    if isinstance(content, str):
        if content:
            yield Said("text", path, content)
    elif isinstance(content, list):
        for index, part in enumerate(content):
            yield from _part(part, f"{path}.{index}")
    elif content is not None:
        raise ValueError(f"{path}: is neither text nor a list of parts")


def _part(part: Any, path: str) -> Iterator[Said]:
    """A part of a content; pictures and sounds say nothing here."""
    if isinstance(part, str):
        yield from _content(part, path)
    elif isinstance(part, dict):
        kind = "thought" if part.get("type") in ("reasoning", "thinking") else "text"
        for name in _PART_TEXT:
            value = part.get(name)
            if isinstance(value, str) and value.strip():
                yield Said(kind, f"{path}.{name}", value)
                return
    else:
        raise ValueError(f"{path}: is no part of a message")


def _calls(message: Mapping[str, Any], path: str) -> Iterator[str]:
    """Each tool call as `name(arguments)`, whichever of the known shapes it has."""
    calls = message.get("tool_calls")
    if calls is None:
        calls = [message["function_call"]] if message.get("function_call") else []
    if not isinstance(calls, list):
        raise ValueError(f"{path}.tool_calls: is no list")
    for index, call in enumerate(calls):
        if not isinstance(call, dict):
            raise ValueError(f"{path}.tool_calls.{index}: is no tool call")
        named = call.get("function")
        inner = named if isinstance(named, dict) else call
        plain = named if isinstance(named, str) else None
        name = inner.get("name") or inner.get("function_name") or plain or "tool"
        given = inner.get("arguments", inner.get("input"))
        if not isinstance(given, str):
            given = "" if given is None else json.dumps(given, ensure_ascii=False)
        yield f"{name}({given})"

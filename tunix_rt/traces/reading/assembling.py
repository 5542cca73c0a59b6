"""Put a trace together from pieces of texts, and remember where in the record each stood."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tunix_rt.traces.reading.splitting import MAX_STEPS, split
from tunix_rt.traces.reading.thinking import Part, understand
from tunix_rt.traces.schema import ReasoningTrace

NO_ANSWER = "(no answer)"
NO_PROMPT = "(no prompt)"
MARKUP = ("<answer>", "</answer>", "\\boxed{", "\\fbox{", "####", "}", "$")


class Piece(NamedTuple):
    """A step to be: what kind, what it says, and where it stands if it was taken verbatim."""

    type: str
    content: str
    field: str | None
    start: int = 0
    end: int = 0


class Reply(NamedTuple):
    """What a model wrote, as steps and an answer."""

    pieces: list[Piece]
    answer: str | None
    truncated: bool


def cut(text: str, field: str, type: str, start: int = 0, end: int | None = None) -> list[Piece]:
    """The steps of a text, or of a part of it."""
    return [Piece(type, text[a:b], field, a, b) for a, b in split(text, start, end)]


def made(text: str, type: str) -> list[Piece]:
    """Steps that stand nowhere in the record as they are, as a rendered tool call."""
    return [Piece(type, text[a:b], None) for a, b in split(text)] if text.strip() else []


def reply(text: str, field: str, *, reasoned: bool = False) -> Reply:
    """What a model wrote in one text; `reasoned` says that its thoughts stood elsewhere.

    Text after the thoughts is the answer. Where a box or a tag marks the answer inside
    it, and where there are no thoughts, that text is steps of type `solution` too.
    """
    read = understand(text)
    thoughtful = reasoned or any(part.kind != "text" for part in read.parts)
    pieces: list[Piece] = []
    for index, part in enumerate(read.parts):
        last = index == len(read.parts) - 1 and part.kind == "text"
        if last and thoughtful and not (read.marked and _says_more(text, part, read.answer)):
            continue
        kind = "solution" if part.kind == "text" else part.kind
        pieces += cut(text, field, kind, part.start, part.end)
    answer = text[slice(*read.answer)] if read.answer else None
    return Reply(pieces, answer, read.truncated)


def _says_more(text: str, part: Part, answer: tuple[int, int] | None) -> bool:
    """Whether there is more in a part than its marked answer."""
    if answer is None:
        return True
    rest = text[part.start : answer[0]] + text[answer[1] : part.end]
    for mark in MARKUP:
        rest = rest.replace(mark, "")
    return bool(rest.strip(" \t\r\n."))


def assemble(
    prompt: str,
    pieces: Sequence[Piece],
    answer: str | None,
    meta: Mapping[str, Any],
    *,
    version: str = "1.0",
    numbers: Sequence[int] | None = None,
    exact: bool = False,
) -> ReasoningTrace:
    """The trace of these pieces; raises ValueError with the reason if they make none.

    What is None in `meta` is not known and left out, and a blank prompt is none, unless `exact`.
    """
    if not pieces:
        raise ValueError("no reasoning and no answer in it")
    if len(pieces) > MAX_STEPS:
        raise ValueError(f"{len(pieces):,} steps; at most {MAX_STEPS:,} are kept")
    where = {"text": _places(pieces)} if any(piece.field for piece in pieces) else {}
    known = meta if exact else {key: value for key, value in meta.items() if value is not None}
    return ReasoningTrace.model_validate(
        {
            "trace_version": version,
            "prompt": prompt if exact or prompt.strip() else NO_PROMPT,
            "final_answer": answer or NO_ANSWER,
            "steps": [
                {"i": i, "type": piece.type, "content": piece.content}
                for i, piece in zip(numbers or range(len(pieces)), pieces, strict=True)
            ],
            "meta": {**known, **where} or None,
        }
    )


def _places(pieces: Sequence[Piece]) -> dict[str, Any]:
    """The field and span of each step; None for a step that stands nowhere as it is."""
    spans = [[piece.start, piece.end] if piece.field else None for piece in pieces]
    fields = [piece.field for piece in pieces]
    if len(set(fields)) == 1:
        return {"field": fields[0], "spans": spans}
    return {"fields": fields, "spans": spans}

r"""Find the reasoning and the answer in what a model wrote: think tags, channels, boxes.

Tags: `<think>`, `<thinking>`, `<thought>`, `<reasoning>`, `<|begin_of_thought|>`, and gpt-oss's
channels, also where only the words `analysis` and `assistantfinal` are left of their marks. A
closing tag without an opening one ends a thought that began with the text (templates write the
opening tag themselves). An opening tag without a closing one is a thought that was cut off. A tag
inside a thought belongs to it; when tags do not balance, the thought ends at the last closing one.

The answer is the last `<answer>`, else the last `\boxed{}`, else what follows `####` on the last
line, each looked for in the text after the last thought; else that text as a whole.
"""

import re
from typing import NamedTuple

from tunix_rt.traces.reading.splitting import Span, trimmed

_NAMES = "think|thinking|thought|thoughts|reasoning"
_TAG = re.compile(
    rf"<(?P<open>{_NAMES})>|</(?P<close>{_NAMES})>"
    r"|(?P<begin><\|begin_of_thought\|>)|(?P<end><\|end_of_thought\|>)"
    r"|(?P<other><\|(?:begin|end)_of_solution\|>)"
)
_MESSAGE = re.compile(
    r"<\|channel\|>(?P<channel>analysis|final|commentary)(?P<to>[^<\n]{0,200})"
    r"(?:<\|constrain\|>[^<\n]{0,50})?<\|message\|>"
)
_STOP = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
ANALYSIS, FINAL = "analysis", "assistantfinal"
_BOX = re.compile(r"\\f?boxed\s{0,3}\{")


class Part(NamedTuple):
    """A piece of what was written; `kind` is thought, text or tool_call."""

    kind: str
    start: int
    end: int


class Reading(NamedTuple):
    """A text, read: its parts in order and where its answer stands."""

    parts: list[Part]
    answer: Span | None
    """None when there is none; equal to the last part when nothing marks it."""
    marked: bool
    """A tag or box says that this is the answer, and the text around it says more."""
    truncated: bool
    """The thinking never ended."""


def has_thinking(text: str) -> bool:
    """Whether anything in a text marks a part of it as thinking."""
    return bool(_TAG.search(text) or _MESSAGE.search(text)) or _final(text) > 0


def understand(text: str) -> Reading:
    """The thoughts, the text between and after them, and the answer in it."""
    if _MESSAGE.search(text):
        parts, truncated = _channels(text)
    elif (final := _final(text)) > 0:
        thought = _part(text, "thought", len(ANALYSIS), final)
        parts, truncated = [thought, _part(text, "text", final + len(FINAL), len(text))], False
    else:
        parts, truncated = _tagged(text)
    parts = [part for part in parts if part.start < part.end]
    last = parts[-1] if parts and parts[-1].kind == "text" else None
    if last is None:
        return Reading(parts, None, False, truncated)
    found = marked_answer(text, last.start, last.end)
    if found is None:
        return Reading(parts, (last.start, last.end), False, truncated)
    return Reading(parts, found, True, truncated)


def marked_answer(text: str, start: int, end: int) -> Span | None:
    """Where `text[start:end]` marks its answer, if it does."""
    return _answer_tag(text, start, end) or _last_box(text, start, end) or _hashes(text, start, end)


def _answer_tag(text: str, start: int, end: int) -> Span | None:
    opened = text.rfind("<answer>", start, end)
    if opened < 0:
        return None
    inside = opened + len("<answer>")
    closed = text.find("</answer>", inside, end)
    found = trimmed(text, inside, end if closed < 0 else closed)
    return (_last_box(text, *found) or found) if found[0] < found[1] else None


def _last_box(text: str, start: int, end: int) -> Span | None:
    last = None
    for last in _BOX.finditer(text, start, end):  # noqa: B007
        pass
    if last is None:
        return None
    depth = 1
    for brace in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, last.end(), end):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            found = trimmed(text, last.end(), brace.start())
            return found if found[0] < found[1] else None
    return None


def _hashes(text: str, start: int, end: int) -> Span | None:
    line = text.rfind("\n", start, end) + 1
    if not text.startswith("####", max(line, start), end):
        return None
    found = trimmed(text, max(line, start) + 4, end)
    return found if found[0] < found[1] else None


def _tagged(text: str) -> tuple[list[Part], bool]:
    """The parts between tags, and whether the last thought was cut off."""
    tags = list(_TAG.finditer(text))
    opening = [tag for tag in tags if tag["open"] or tag["begin"]]
    closing = [tag for tag in tags if tag["close"] or tag["end"]]
    if len(opening) > len(closing) > 0 and closing[-1].start() > opening[-1].start():
        first, last = opening[0], closing[-1]  # unbalanced: one thought, up to the last closing tag
        before, after = _texts(text, 0, first.start()), _texts(text, last.end(), len(text))
        return [*before, _part(text, "thought", first.end(), last.start()), *after], False
    parts: list[Part] = []
    depth, began = 0, 0
    for tag in tags:
        if tag["open"] or tag["begin"]:
            if depth == 0:
                parts += _texts(text, began, tag.start())
                began = tag.end()
            depth += 1
        elif tag["close"] or tag["end"]:
            if depth == 0 and any(part.kind == "thought" for part in parts):
                continue  # a stray closing tag: part of the text
            if depth <= 1:
                parts.append(_part(text, "thought", began, tag.start()))
                began = tag.end()
            depth = max(depth - 1, 0)
    if depth:
        return [*parts, _part(text, "thought", began, len(text))], True
    return [*parts, *_texts(text, began, len(text))], False


def _texts(text: str, start: int, end: int) -> list[Part]:
    """The text between thoughts, without the marks around a solution."""
    parts = []
    for mark in _TAG.finditer(text, start, end):
        if mark["other"]:
            parts.append(_part(text, "text", start, mark.start()))
            start = mark.end()
    parts.append(_part(text, "text", start, end))
    return [part for part in parts if part.start < part.end]


def _channels(text: str) -> tuple[list[Part], bool]:
    """The messages of a gpt-oss model, by their channel."""
    parts: list[Part] = []
    closed = True
    for message in _MESSAGE.finditer(text):
        stop = _STOP.search(text, message.end())
        end = stop.start() if stop else len(text)
        kind = {"analysis": "thought", "final": "text"}.get(message["channel"], "note")
        if kind == "note":
            kind = "tool_call" if "to=" in message["to"] or _called(text, stop) else "thought"
        parts.append(_part(text, kind, message.end(), end))
        closed = stop is not None or kind == "text"
    return parts, not closed


def _final(text: str) -> int:
    """Where the answer is announced in channels whose marks were lost; -1 if nowhere."""
    return text.find(FINAL) if text.startswith(ANALYSIS) else -1


def _called(text: str, stop: re.Match[str] | None) -> bool:
    return stop is not None and stop[0] == "<|call|>"


def _part(text: str, kind: str, start: int, end: int) -> Part:
    return Part(kind, *trimmed(text, start, end))

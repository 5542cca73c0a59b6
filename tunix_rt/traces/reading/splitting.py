r"""Cut a text into steps by stated rules, each a span of the text, in linear time.

1. A blank line ends a step.
2. A list item (`-`, `*`, `+`, `1.`, `2)`, `Step 3:`) or a heading (`#`) begins one, unless it
   is indented: then it belongs to the item above.
3. Two lines that both calculate (a digit and an `=`) are two steps.
4. Nothing is cut inside a code fence, `$$ ... $$`, or `\[ ... \]`.
5. A step over 20,000 characters is cut after the last sentence that fits, else at the last
   space, else where it is full.
6. Of more than 1,000 steps the last are joined into the longest that fit.
"""

import re
from collections.abc import Iterator

MAX_STEP = 20_000
MAX_STEPS = 1_000
LOOK_BACK = 2_000
"""Where the end of a sentence is looked for, before the place where a step is full."""

Span = tuple[int, int]

_ITEM = re.compile(
    r" ?(?:[-*+•] |\d{1,3}[.)] |\(\d{1,3}\) |#{1,6} |[Ss]tep \d{1,3}\b|\*\*[Ss]tep )"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def split(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The steps of `text[start:end]`, in order, none blank, as offsets into `text`."""
    stop = len(text) if end is None else end
    cut = [piece for span in _paragraphs(text, start, stop) for piece in _fitting(text, span)]
    return cut if len(cut) <= MAX_STEPS else _joined(cut)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraphs(text: str, start: int, stop: int) -> Iterator[Span]:
    began, calculated, block = start, False, _Block()
    for line_start, line_end in _lines(text, start, stop):
        line = text[line_start : min(line_end, line_start + 400)]
        inside = block.open
        block.pass_by(text, line_start, line_end)
        if inside:
            continue
        calculates = line_end - line_start <= 300 and _calculates(line)
        if not line.strip() and text[line_start:line_end].isspace():
            yield from _whole(text, began, line_start)
            began = line_end
        elif (calculates and calculated) or _ITEM.match(line):
            yield from _whole(text, began, line_start)
            began = line_start
        calculated = calculates
    yield from _whole(text, began, stop)


class _Block:
    """Whether a line stands inside a fence or display math."""

    def __init__(self) -> None:
        self._closing = ""

    @property
    def open(self) -> bool:
        return bool(self._closing)

    def pass_by(self, text: str, start: int, end: int) -> None:
        """Look at one line and note what it opens or closes."""
        if self._closing in ("$$", "\\]"):
            self._math(text, start, end)
        elif fence := _FENCE.match(text, start, end):
            mark = fence[1]
            if not self._closing:
                self._closing = mark
            elif mark.startswith(self._closing):
                self._closing = ""
        elif not self._closing:
            self._math(text, start, end)

    def _math(self, text: str, start: int, end: int) -> None:
        while start < end:
            if self._closing:
                found = text.find(self._closing, start, end)
                closing = ""
            else:
                found, closing = _opening(text, start, end)
            if found < 0:
                return
            self._closing, start = closing, found + 2


def _opening(text: str, start: int, end: int) -> tuple[int, str]:
    found = [
        (at, closing)
        for mark, closing in (("$$", "$$"), ("\\[", "\\]"))
        if (at := text.find(mark, start, end)) >= 0
    ]
    return min(found, default=(-1, ""))


def _lines(text: str, start: int, stop: int) -> Iterator[Span]:
    while start < stop:
        found = text.find("\n", start, stop)
        end = stop if found < 0 else found + 1
        yield start, end
        start = end


def _calculates(line: str) -> bool:
    return "=" in line and any(character.isdigit() for character in line)


def _whole(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = trimmed(text, start, end)
    if start < end:
        yield start, end


def _fitting(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    while end - start > MAX_STEP:
        full = start + MAX_STEP
        cut = _sentence_end(text, full - LOOK_BACK, full)
        yield from _whole(text, start, cut)
        start, end = trimmed(text, cut, end)
    if start < end:
        yield start, end


def _sentence_end(text: str, low: int, high: int) -> int:
    for marks in (("\n", ". ", "? ", "! ", "。"), (" ",)):
        found = max(text.rfind(mark, low, high) for mark in marks)
        if found > low:
            return found + 1
    return high


def _joined(spans: list[Span]) -> list[Span]:
    """The first steps as they are, the rest in as few and as long ones as possible."""
    tail: list[Span] = []
    for index in range(len(spans) - 1, -1, -1):
        start, end = spans[index]
        if tail and tail[-1][1] - start <= MAX_STEP:
            tail[-1] = (start, tail[-1][1])
        else:
            tail.append((start, end))
        if index + len(tail) <= MAX_STEPS:
            return [*spans[:index], *reversed(tail)]
    raise ValueError(f"more than {MAX_STEPS:,} steps of {MAX_STEP:,} characters")

r"""Cut a text into steps by stated rules, each a span of the text, in linear time.

1. A blank line ends a step.
2. A list item (`-`, `*`, `+`, `1.`, `2)`, `Step 3:`) or a heading (`#`) begins one, unless it
   is indented: then it belongs to the item above.
3. Two lines that both calculate (a digit and an `=`) are two steps.
4. Nothing is cut inside a code fence, `$$ ... $$`, or `\[ ... \]` that is closed somewhere.
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
_MATH = re.compile(r"\$\$|\\\[|\\\]")
_MATH_ENDS = {"$$": "$$", "\\[": "\\]"}
_FENCE = re.compile(r" {0,3}(`{3,12}|~{3,12})")


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
    began, calculated, block = start, False, _Block(text, stop)
    for line_start, line_end in _lines(text, start, stop):
        line = text[line_start : min(line_end, line_start + 400)]
        inside = block.open
        block.pass_by(line_start, line_end)
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
    """Whether a line stands inside a fence or display math; what is never closed opens nothing."""

    def __init__(self, text: str, stop: int) -> None:
        self._text = text
        self._stop = stop
        self._closing = ""
        self._never: set[str] = set()

    @property
    def open(self) -> bool:
        return bool(self._closing)

    def pass_by(self, start: int, end: int) -> None:
        """Look at one line and note what it opens or closes."""
        fence = _FENCE.match(self._text, start, end)
        if self._closing in _MATH_ENDS.values() or not (fence or self._closing):
            self._math(start, end)
        elif fence and not self._closing:
            self._enter(fence[1], end)
        elif fence and fence[1].startswith(self._closing):
            self._closing = ""

    def _math(self, start: int, end: int) -> None:
        for mark in _MATH.finditer(self._text, start, end):
            if self._closing:
                self._closing = "" if mark[0] == self._closing else self._closing
            elif mark[0] in _MATH_ENDS:
                self._enter(_MATH_ENDS[mark[0]], mark.end())

    def _enter(self, closing: str, at: int) -> None:
        if closing in self._never:
            return
        if self._text.find(closing, at, self._stop) < 0:
            self._never.add(closing)  # looked for once: the time stays linear
        else:
            self._closing = closing


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

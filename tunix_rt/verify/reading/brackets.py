r"""Brackets of an answer: what encloses it, and where it may be cut."""

import re
from collections.abc import Sequence

OPEN, CLOSE = "([{⦃", ")]}⦄"
_SIZES = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])")
_SPACES = re.compile(r"(?<!\\)\\[,;: ]|\\q?quad(?![A-Za-z])|~")
_BRACES = re.compile(r"\\(?:\{|lbrace(?![A-Za-z]))")
_BRACES_END = re.compile(r"\\(?:\}|rbrace(?![A-Za-z]))")
_GROUPED = re.compile(r"(?<=\d)(?:\{,\}|,\\!)\s?(?=\d{3})")


def tidy(text: str) -> str:
    r"""The text without sizes of brackets; `\{` and `\}` become `⦃` and `⦄`."""
    text = _GROUPED.sub("", text)
    text = _SPACES.sub(" ", _SIZES.sub("", text)).replace(r"\!", "")
    text = _BRACES_END.sub("⦄", _BRACES.sub("⦃", text)).strip()
    if text.startswith("{") and closing(text) == len(text) - 1:
        return f"⦃{text[1:-1]}⦄"
    return text


def enclosed(text: str) -> tuple[str, str, str] | None:
    """The bracket, what is inside, and the closing one, if they hold the whole text."""
    if len(text) >= 2 and text[0] in OPEN and closing(text) == len(text) - 1:
        return text[0], text[1:-1], text[-1]
    return None


def closing(text: str) -> int:
    """Where the bracket that `text` begins with is closed, round or square alike; -1 if not."""
    depth = 0
    for place, sign in enumerate(text):
        if sign in OPEN:
            depth += 1
        elif sign in CLOSE:
            depth -= 1
            if depth == 0:
                return place
    return -1


def cut(text: str, separators: Sequence[str]) -> list[str]:
    """The parts between separators that stand in no bracket, each stripped."""
    parts, depth, start, place = [], 0, 0, 0
    while place < len(text):
        sign = text[place]
        if sign in OPEN:
            depth += 1
        elif sign in CLOSE:
            depth -= 1
        elif depth == 0:
            found = next((each for each in separators if text.startswith(each, place)), None)
            if found is not None:
                parts.append(text[start:place].strip())
                start = place = place + len(found)
                continue
        place += 1
    return [*parts, text[start:].strip()]

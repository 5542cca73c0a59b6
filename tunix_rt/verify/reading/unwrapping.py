r"""The answer inside its packaging: `<answer>`, `\boxed{}`, `####`, "the answer is", `$..$`.

When one packaging appears twice with different contents, both come back: the
caller sees that the text gives two answers.
"""

import re

_THOUGHT = re.compile(r"</think>", re.IGNORECASE)
_TAG = re.compile(r"<answer>([^<]*)(?:</answer>|$)", re.IGNORECASE)
_HASHES = re.compile(r"####[ \t]*([^\n]*)")
_LINE = re.compile(
    r"^[ \t*_#>]*(?:(?:final[ \t]+answer|answer|ans)[ \t*_]*[:=]|a[ \t*_]*:)[ \t*_]*([^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_PHRASE = re.compile(
    r"\b(?:answer|result|solution)\s+(?:is|=|equals|would be|will be)\s*:?\s*([^\n]*)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*\{")
_BARE_BOX = re.compile(r"\\boxed\s+(-?\d[\d.,]*)")
_INLINE = re.compile(
    r"\b(?:is|are|equals?|be|gives?|get|obtain|have)\s*:?\s*"
    r"(?:\$([^$\n]{1,400})\$|\\\(([^\n]{1,400}?)\\\))$"
)
_DENIED = re.compile(
    r"\b(?:not|never|or|nor|except|instead|than|least|most|between|wrong|n't)\b|n't\b", re.I
)
_JOINT = re.compile(r"[\s$,;.]*(?:\b(?:or|and)\b)?[\s$,;.]*", re.IGNORECASE)
_MATH = re.compile(r"\$\$?([^$\n]{1,400})\$\$?(?!\d)")
_ENDS = " \t\n\r\f\v\u00a0*_`\"'"
_LEADING = re.compile(r"^(?:=>?|≈|~|:|->|→)\s*(?=\S)")

WRAPPINGS = 6
"""How many layers are taken off, at most."""


def unwrap(text: str) -> list[str]:
    """The answers the text gives, bare: mostly one, several when it contradicts itself."""
    return list(dict.fromkeys(bare(part) for part in unpack(text)))


def unpack(text: str) -> list[str]:
    """The same with quotes and signs left on, for answers that are text."""
    text = _THOUGHT.split(text)[-1]
    found = [text]
    for _ in range(WRAPPINGS):
        inner = [part for outer in found for part in _open(outer)]
        if inner == found:
            break
        found = inner[-3:]
    return found


def _open(text: str) -> list[str]:
    """Take off the strongest packaging that is there."""
    if tags := [tag for tag in _TAG.findall(text) if tag.strip()]:
        return tags
    if "\\" in text and (boxes := _boxes(text)):
        return boxes
    if hashes := [line for line in _HASHES.findall(text) if line.strip()]:
        return hashes
    for marker in (_LINE, _PHRASE):
        if lines := [found for found in marker.finditer(text)]:
            rest = lines[-1][1]
            if not rest.strip(" *_$"):
                rest = text[lines[-1].end() :].lstrip().partition("\n")[0]
            if rest.strip():
                return [rest]
    return [_display(text) or text]


def _display(text: str) -> str | None:
    r"""The formula that a text ends with: `Therefore, \[ 18 \]`, `the area is $18$.`"""
    end = text.rstrip(" .,\n\t")
    if not end.endswith((r"\]", r"\)", "$")):
        return None
    if (inline := _INLINE.search(end)) and not _DENIED.search(end[: inline.start()][-80:]):
        return inline[1] or inline[2]
    for left, right in ((r"\[", r"\]"), ("$$", "$$")):
        if end.endswith(right):
            start = end.rfind(left, 0, len(end) - len(right))
            before = end[max(0, start - 80) : max(start, 0)]
            if start > 0 and before.strip() and not _DENIED.search(before):
                return end[start + len(left) : -len(right)]
    return None


def _boxes(text: str) -> list[str]:
    """The last box, and the one before it if only "or" or a comma stands between."""
    boxes: list[tuple[int, int, str]] = []
    for found in list(_BOX.finditer(text))[-3:]:
        end = _closing(text, found.end())
        if end > 0:
            boxes.append((found.start(), end, text[found.end() : end - 1]))
    if not boxes:
        bare_boxes = _BARE_BOX.findall(text)
        return bare_boxes[-1:]
    last = boxes[-1]
    inside = [box for box in boxes[:-1] if box[0] < last[0] and box[1] >= last[1]]
    before = [box for box in boxes[:-1] if box[1] <= last[0]]
    if inside:
        return [last[2]]
    near = bool(before) and last[0] - before[-1][1] < 40
    if near and _JOINT.fullmatch(text, before[-1][1], last[0]):
        return [before[-1][2], last[2]]
    return [last[2]]


def _closing(text: str, start: int) -> int:
    """Index after the brace that closes the one before `start`; 0 if none does."""
    depth = 1
    for index in range(start, min(len(text), start + 4000)):
        if text[index] == "{" and text[index - 1] != "\\":
            depth += 1
        elif text[index] == "}" and text[index - 1] != "\\":
            depth -= 1
            if depth == 0:
                return index + 1
    return 0


def bare(text: str) -> str:
    """Without quotes, emphasis, math signs, a leading `=` and one trailing dot."""
    text = _MATH.sub(lambda found: f" {found[1]} ", text)
    for _ in range(3):
        before = text
        text = text.strip(_ENDS)
        for left, right in ((r"\(", r"\)"), (r"\[", r"\]")):
            if text.startswith(left) and text.endswith(right):
                text = text[2:-2].strip()
        text = _LEADING.sub("", text)
        if text.endswith(".") and not text.endswith(".."):
            text = text[:-1]
        if text == before:
            break
    return text

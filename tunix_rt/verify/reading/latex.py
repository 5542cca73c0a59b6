r"""LaTeX around a number, taken off: `\frac{3}{4}`, `18\text{ cm}`, `1{,}234`, `\$`."""

import re

_FRACTION = re.compile(
    r"\\[dtc]?frac\s*(?:\{\s*(-?\d+)\s*\}|(\d))\s*(?:\{\s*(\d+)\s*\}|(\d)(?!\d))"
)
_TEXT = re.compile(r"\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox)\s*\{([^{}]*)\}")
_SPACE = re.compile(r"\\(?:[,;: ]|quad|qquad)|~")
_NAMES = {
    r"\times": "×", r"\cdot": "×", r"\div": "/", r"\approx": "≈", r"\degree": "°",
    r"\left": "", r"\right": "", r"\displaystyle": "", r"\$": "$", r"\%": "%", r"\!": "",
    r"\pounds": "£", r"\euro": "€", r"\#": "#", r"\&": "&",
}  # fmt: skip
_NAME = re.compile(
    r"\\(?:times|cdot|div|approx|degree|left|right|displaystyle|pounds|euro)(?![A-Za-z])|\\[$%!#&]"
)
_DEGREES = re.compile(r"\^\s*(?:\{\s*(?:\\circ|°)\s*\}|\\circ|°)")
_BOLD = re.compile(r"(?<!\d)\*\*|\*\*(?!\s?[\d({])|`|__")
_BRACED_COMMA = re.compile(r"\{,\}|,\\!")


def plain(text: str) -> str:
    """The same answer without LaTeX and emphasis; commands it does not know stay."""
    if "\\" in text or "{" in text:
        text = _BRACED_COMMA.sub(",", text)
        text = _TEXT.sub(r" \1 ", text)
        text = _FRACTION.sub(_slash, text)
        text = _DEGREES.sub("°", text)
        text = _SPACE.sub(" ", text)
        text = _NAME.sub(lambda found: _NAMES[found[0]], text)
    return _BOLD.sub("", text)


def _slash(found: re.Match[str]) -> str:
    over, under = found[1] or found[2], found[3] or found[4]
    before = found.string[: found.start()].rstrip()
    space = " " if before[-1:].isdigit() else ""
    return f"{space}{over}/{under} "

"""Cut the text of a step into numbers, operators, words and stops, offsets kept.

Linear in the text. What it does not know becomes `bad`, and an expression that touches
something bad is never judged.
"""

import re
from fractions import Fraction
from typing import NamedTuple

MAX_DIGITS = 40


class Token(NamedTuple):
    """One piece of text. `kind` is num, op, eq, lp, rp, percent, currency, word, stop or bad."""

    kind: str
    text: str
    start: int
    end: int


MARK = re.compile(r"<<([^<>\n]{0,400})>>")
"""A calculator mark of GSM8K: `<<9*2=18>>`, a claim of its own inside the text."""

SAME = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2012\u2013\u2010\u2011\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00d7\u2715\u2716\u2217\u22c5\u00b7\u2219\uff0a", "*"),
        **dict.fromkeys("\u00f7\u2215\u2044\uff0f", "/"),
        **dict.fromkeys("\u2245\u2243", "≈"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2007", " "),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff1d": "=",
        "\uff0b": "+",
        "\uff08": "(",
        "\uff09": ")",
        "\u2019": "'",
        "\uff05": "%",
    }
)
"""One character for one character, so that offsets stay what they are."""

_PIECE = re.compile(
    r"""
      (?P<mark><<[^<>\n]{0,400}>>)
    | (?P<line>\n[ \t]*(?:[-*+\u2022][ \t]+)?)
    | (?P<space>[^\S\n]+|\\[,;:!\ ]|\\(?:left|right|quad|qquad)(?![A-Za-z]))
    | (?P<fraction>\\[dtc]?frac\{\d{1,40}\}\{\d{1,40}\})
    | (?P<latex>\\(?:times|cdot|div|approx)(?![A-Za-z]))
    | (?P<sign>\\[%$])
    | (?P<named>\\(?:text|mathrm|textbf)\{[^{}\n]{0,80}\})
    | (?P<aside>\([A-Za-z][A-Za-z\ .,'-]{0,60}\))
    | (?P<odd>\d+(?::\d+)+|0\d{3,}(?![\d.,])|\d+\.\d+(?:\.\d+)+
              |(?:\d++(?:\.\d++)?|\.\d++)(?:\.\.+|\u2026))
    | (?P<scientific>\d{1,20}(?:\.\d{1,20})?[eE][-+]?\d{1,2}(?![\w.]))
    | (?P<mixed>\d{1,3}[ ]\d{1,3}/\d{1,3}(?![\d/,.]))
    | (?P<vulgar>\d{0,10}[½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])
    | (?P<number>\d{1,3}(?:(?:,(?:\\!)?|\{,\})\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
    | (?P<stop>\\[()\[\]]|=>|->|→|⇒|<--?|[,;:.!?"'`|—…\[\]{}#\u2022])
    | (?P<unknown>\\[A-Za-z]*|_)
    | (?P<eq>={1,3}|≈)
    | (?P<bad>[!<>]=?|[≠≤≥±√∑∫∞&~@\\])
    | (?P<power>\*\*|\^|[²³])
    | (?P<op>[-+*/])
    | (?P<percent>%)
    | (?P<currency>[$€£¥₹])
    | (?P<lp>\()
    | (?P<rp>\))
    | (?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)
    | (?P<other>.)
    """,
    re.VERBOSE,
)
_SEPARATOR = re.compile(r"[,{}!\\]")
_LATEX = {r"\times": "*", r"\cdot": "*", r"\div": "/"}
_VULGAR = {
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5", "⅖": "2/5",
    "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8",
    "⅞": "7/8",
}  # fmt: skip
_ATTACHABLE = frozenset(
    {"kg", "km", "cm", "mm", "ml", "mg", "lb", "lbs", "oz", "ft", "in", "hr", "hrs", "min"}
    | {"mins", "sec", "secs", "am", "pm", "mph", "st", "nd", "rd", "th", "cents"}
)
"""Letters that may be written onto a number and mean a unit; others make it algebra."""


_AS_THEY_ARE = frozenset({"stop", "eq", "bad", "op", "percent", "currency", "lp", "rp"})


def tokenise(text: str) -> list[Token]:
    """The pieces of `text` that matter, calculator marks and spaces left out."""
    tokens: list[Token] = []
    plain = text if text.isascii() else text.translate(SAME)
    if bullet := re.match(r"[ \t]*[-*+\u2022][ \t]+", plain):
        tokens.append(Token("bullet", bullet[0].strip(), 0, bullet.end()))
    for piece in _PIECE.finditer(plain, bullet.end() if bullet else 0):
        kind = piece.lastgroup or "other"
        if kind in {"space", "mark"} or (kind == "power" and _is_bold(piece, plain)):
            continue
        tokens.append(_token(kind, piece, tokens))
    return _give_words_meaning(tokens)


def number(token: Token) -> Fraction:
    """The exact value of a `num` token."""
    text = token.text
    if text.isdecimal():
        return Fraction(int(text))
    if text.startswith("\\"):
        over, under = re.findall(r"\d+", text)
        return Fraction(int(over), int(under))
    if " " in text:
        whole, _, part = text.partition(" ")
        return int(whole) + Fraction(part)
    if text[-1] in _VULGAR:
        return Fraction(_VULGAR[text[-1]]) + int(text[:-1] or 0)
    return Fraction(_SEPARATOR.sub("", text))


def decimals(token: Token) -> int:
    """How many places behind the point are printed."""
    return len(token.text.partition(".")[2]) if token.text[-1:].isdigit() else 0


def _token(kind: str, piece: re.Match[str], before: list[Token]) -> Token:
    text, start, end = piece[0], piece.start(), piece.end()
    if kind in _AS_THEY_ARE:
        return Token(kind, text, start, end)
    if kind == "line":
        mark = text.strip()
        return Token("bullet" if mark else "stop", mark or "\n", start, end)
    if kind == "latex":
        return Token("op" if text in _LATEX else "eq", _LATEX.get(text, "≈"), start, end)
    if kind == "sign":
        return Token("percent" if text == r"\%" else "currency", text[1:], start, end)
    if kind in {"scientific", "mixed", "vulgar", "number", "fraction"}:
        return Token("num" if _fits(text) else "bad", text, start, end)
    if kind == "power":
        return Token("op", "^" if text in {"**", "^"} else text, start, end)
    if kind in {"aside", "named"}:
        touches = bool(before) and before[-1].kind in {"num", "rp"} and before[-1].end == start
        factor = kind == "aside" and touches and (" " in text or len(text) == 3)
        return Token("bad" if factor else "word", "()", start, end)
    if kind == "word":
        glued = bool(before) and before[-1].kind == "num" and before[-1].end == start
        return Token("glued" if glued else "word", text.lower(), start, end)
    if kind == "other":
        return Token("stop", text, start, end)
    return Token("bad" if kind in {"odd", "unknown"} else kind, text, start, end)


def _fits(text: str) -> bool:
    if len(text) > MAX_DIGITS or text.endswith(("/0", "{0}")):
        return False
    if " " in text:
        over, under = text.partition(" ")[2].split("/")
        return 0 < int(over) < int(under)
    return not (text.startswith("\\") and int(re.findall(r"\d+", text)[1]) == 0)


def _is_bold(piece: re.Match[str], plain: str) -> bool:
    """`**` is a power only between two numbers that touch it."""
    if piece[0] != "**":
        return False
    before, after = plain[max(0, piece.start() - 1) : piece.start()], plain[piece.end() :][:1]
    return not ((before.isdigit() or before == ")") and (after.isdigit() or after == "("))


_WORD_OPS = {"plus": "+", "minus": "-", "times": "*"}
_MEANT = frozenset({*_WORD_OPS, "percent", "of", "equals", "is"})
_BY = {"divided": "/", "multiplied": "*"}


def _give_words_meaning(tokens: list[Token]) -> list[Token]:
    """Words that are operators become operators; lone letters become bad."""
    out: list[Token] = []
    skip = False
    for index, token in enumerate(tokens):
        if skip:
            skip = False
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind == "op" and token.text == "/" and after and after.kind == "word":
            kind = "bad" if len(after.text) == 1 and after.text != "a" else "word"
            out.append(Token(kind, "/" + after.text, token.start, after.end))
            skip = True
        elif token.kind not in {"word", "glued"}:
            out.append(_bang(token, out, after) if token.text == "!" else token)
        elif token.text in _BY and after and after.text == "by":
            out.append(Token("op", _BY[token.text], token.start, after.end))
            skip = True
        else:
            out.append(_meaning(token, out, after))
    return out


def _meaning(token: Token, before: list[Token], after: Token | None) -> Token:
    text = token.text
    if token.kind == "word" and len(text) > 1 and text not in _MEANT:
        return token
    value_follows = after is not None and after.kind in {"num", "lp", "currency"}
    previous = before[-1] if before else None
    value_before = previous is not None and previous.kind in {"num", "rp", "percent", "word"}
    if text == "x" and value_before and value_follows:
        return token._replace(kind="op", text="*")
    if text in _WORD_OPS and value_follows and previous and previous.kind != "word":
        return token._replace(kind="op", text=_WORD_OPS[text]) if value_before else token
    if text == "percent" and previous is not None and previous.kind == "num":
        return token._replace(kind="percent")
    if text == "of" and value_follows and _is_share(before):
        return token._replace(kind="op", text="of")
    if text == "equals" or (text == "is" and value_follows and _ends_in_share(before)):
        return token._replace(kind="eq")
    if token.kind == "glued":
        return token._replace(kind="word" if text in _ATTACHABLE else "bad")
    return token._replace(kind="bad") if len(text) == 1 and text not in {"a", "i"} else token


def _bang(token: Token, before: list[Token], after: Token | None) -> Token:
    """A `!` between a number and an operator is a factorial, not a sentence's end."""
    touches = bool(before) and before[-1].kind == "num" and before[-1].end == token.start
    if touches and after is not None and after.kind in {"op", "eq"}:
        return token._replace(kind="bad")
    return token


def _is_share(before: list[Token]) -> bool:
    """Whether the tokens end in a percentage or a fraction."""
    if not before:
        return False
    if before[-1].kind == "percent":
        return True
    if before[-1].kind == "num" and "/" in before[-1].text + before[-1].text.replace("frac", "/"):
        return True
    ends = [token.kind for token in before[-3:]]
    return ends == ["num", "op", "num"] and before[-2].text == "/"


def _ends_in_share(before: list[Token]) -> bool:
    """Whether the tokens end in `of 50`."""
    values = [token for token in before[-3:] if token.kind != "currency"]
    return len(values) >= 2 and values[-1].kind == "num" and values[-2].text == "of"

r"""LaTeX and typed mathematics cut into tokens: numbers, names, commands and signs."""

import re
from typing import NamedTuple

from tunix_rt.verify.answers.math.terms import TooMuch, Unreadable

LONGEST = 1_000
"""Characters of an expression that are read."""

MOST_DIGITS = 200


class Token(NamedTuple):
    r"""One piece. `kind` is num, name, call or op; a command is named without its backslash."""

    kind: str
    text: str
    end: int
    """Where it ends, to see whether two pieces touch."""


_CALLED = (
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log exp sqrt abs "
    "floor ceil frac binom asin acos atan"
)
CALLS = frozenset(_CALLED.split())
_OTHER_NAMES = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom",
    "times": "*", "cdot": "*", "div": "/", "ast": "*", "lbrace": "(", "rbrace": ")",
    "lvert": "|", "rvert": "|", "vert": "|", "varphi": "phi", "vartheta": "theta",
    "varepsilon": "epsilon", "circ": "°", "degree": "°",
}  # fmt: skip
_TYPED = {"sqrt": "root"}
r"""`\sqrt51` is the root of five times one, `sqrt51` and `√51` are the root of 51."""

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau "
    "upsilon phi chi psi omega Delta Gamma Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_GREEK = dict(zip("αβγδεζηθικλμνξρστυφχψωΔΓΘΛΞΠΣΦΨΩ", _GREEK_NAMES.split(), strict=True))
_NAMES = frozenset(_GREEK.values()) | {"pi", "ell"}
_SIGNS = "+-*/^()[]{}|!_,°"
_SKIP = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|textstyle|limits|mathrm|operatorname|mathit)"
    r"(?![A-Za-z])|\\[,;:! ]|\\q?quad(?![A-Za-z])|~|\\\\?(?=\s|$)"
)
_THOUSANDS = re.compile(r"(?<=\d)(?:\{,\}|,\\!|,)\s?(?=\d{3}(?!\d))")
_PIECE = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d+)?|\.\d+)|\\(?P<command>[A-Za-z]+)|(?P<word>[A-Za-z]+)"
    r"|(?P<power>\*\*)|(?P<other>.))",
    re.DOTALL,
)


def tokenise(text: str) -> list[Token]:
    """The tokens of an expression; `Unreadable` for what does not belong into one."""
    if len(text) > LONGEST:
        raise TooMuch(f"an expression of more than {LONGEST} characters")
    text = _THOUSANDS.sub("", _SKIP.sub(" ", text)).strip()
    tokens: list[Token] = []
    for piece in _PIECE.finditer(text):
        kind, said, end = piece.lastgroup, piece[piece.lastgroup or 0], piece.end()
        if kind == "num":
            if len(said) > MOST_DIGITS:
                raise TooMuch(f"a number of more than {MOST_DIGITS} digits")
            tokens.append(Token("num", said, end))
        elif kind == "command":
            tokens.append(_command(said, end))
        elif kind == "word":
            tokens += _word(said, end)
        elif kind == "power":
            tokens.append(Token("op", "^", end))
        else:
            tokens.append(_sign(said, end))
    return tokens


def _command(name: str, end: int) -> Token:
    name = _OTHER_NAMES.get(name, name)
    if name in CALLS:
        return Token("call", name, end)
    if name in _NAMES:
        return Token("name", name, end)
    if name in _SIGNS:
        return Token("op", name, end)
    raise Unreadable(f"the command {name[:20]!r}")


def _word(word: str, end: int) -> list[Token]:
    """A function's name, `pi`, or up to four letters that are multiplied."""
    if word in CALLS and word not in ("frac", "binom"):
        return [Token("call", _TYPED.get(word, word), end)]
    if word == "pi":
        return [Token("name", "pi", end)]
    for name in ("sqrt", "sin", "cos", "tan", "pi", "ln", "log"):
        before, found, after = word.partition(name)
        if found and len(before) + len(after) <= 2 and (name == "pi" or not after):
            middle = Token("name" if name == "pi" else "call", _TYPED.get(name, name), end)
            letters = [Token("name", letter, end) for letter in before + after]
            return [*letters[: len(before)], middle, *letters[len(before) :]]
    if len(word) > 4:
        raise Unreadable(f"the word {word[:20]!r}")
    return [Token("name", letter, end) for letter in word]


def _sign(sign: str, end: int) -> Token:
    if sign in _GREEK:
        return Token("name", _GREEK[sign], end)
    if sign == "π":
        return Token("name", "pi", end)
    if sign in "×·⋅":
        return Token("op", "*", end)
    if sign == "√":
        return Token("call", "root", end)
    if sign in _SIGNS:
        return Token("op", sign, end)
    raise Unreadable(f"the sign {sign!r}")

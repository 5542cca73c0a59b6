"""Numbers in other bases, and bit by bit: `0x1F = 31`, `binary 1011 is 11`, `5 XOR 3 = 6`."""

import re
from collections.abc import Iterator

from tunix_rt.verify.steps.claims.said import Found, Said

_LITERAL = r"(?:0[xX][0-9A-Fa-f]{1,16}|0[bB][01]{1,64}|\d{1,15})"
_OPERATOR = r"(?:<<|>>|[-+*&|^]|XOR|AND|OR|xor)"
_BITS = re.compile(
    rf"(?<![\w.,^*/&|+<>-])(?P<left>{_LITERAL})(?:[ ](?P<op>{_OPERATOR})[ ](?P<right>{_LITERAL}))?"
    rf"[ ]?=[ ]?(?P<said>{_LITERAL})(?![\w.]*\w|[ ]?[-+*/&|^<>])"
)
_NAMED = re.compile(
    r"(?<![\w.])(?:(?P<name>binary|hexadecimal|hex|octal)[ ](?P<one>[0-9A-Fa-f]{1,64})"
    r"|(?P<two>[0-9A-Fa-f]{1,64})(?:_\{?(?P<sub>\d{1,2})\}?|[ ]in[ ]base[ ](?P<base>\d{1,2})))"
    r"[ ]?(?:is|=|equals)[ ]?(?P<said>\d{1,15})(?![\w.]*\w|_|[ ]?[-+*/^])"
)
_INTO = re.compile(
    r"(?<![\w.,^*/+-])(?P<said>\d{1,15})[ ]in[ ]"
    r"(?:base[ ](?P<base>\d{1,2})|(?P<name>binary|hexadecimal|hex|octal))[ ](?:is|=|equals)[ ]"
    r"(?:0[xXbBoO])?(?P<one>[0-9A-Fa-f]{1,64})(?![\w.]*\w)"
)
_BASES = {"binary": 2, "octal": 8, "hexadecimal": 16, "hex": 16}
_MARKED = re.compile(r"0[xX][0-9A-Fa-f]|0[bB][01]|\bXOR\b|\bAND\b|\bOR\b|\bxor\b")
_OPERAND = re.compile(r"(?:[-+*/&|^<>~]|XOR|AND|OR|NOT|xor)[ ]?$")
_TRIGGER = re.compile(rf"{_MARKED.pattern}|\b(?:binary|hexadecimal|hex|octal|base)\b|\d_")


def find(said: Said) -> Iterator[Found]:
    """Every claim about digits in a base, and about bits."""
    if not _TRIGGER.search(said.plain):
        return
    for match in _BITS.finditer(said.plain):
        if _MARKED.search(match[0]):
            yield from _bits(said, match)
    for match in _NAMED.finditer(said.plain):
        base = int(match["sub"] or match["base"] or _BASES.get(match["name"] or "", 0))
        yield from _digits(said, match, match["one"] or match["two"], base)
    for match in _INTO.finditer(said.plain):
        base = int(match["base"] or _BASES[match["name"]])
        yield from _digits(said, match, match["one"], base)


def _bits(said: Said, match: re.Match[str]) -> Iterator[Found]:
    left, printed = _literal(match["left"]), _literal(match["said"])
    value = left if match["op"] is None else _apply(left, match["op"], _literal(match["right"]))
    operand = _OPERAND.search(said.plain[max(0, match.start() - 5) : match.start()])
    if value is not None and not operand and not said.is_refuted(match.end()):
        yield _found(said, match, value, printed)


def _digits(said: Said, match: re.Match[str], digits: str, base: int) -> Iterator[Found]:
    if not (2 <= base <= 16 and base != 10 and said.ends_free(match.end())):
        return
    try:
        value = int(digits, base)
    except ValueError:
        return
    yield _found(said, match, value, int(match["said"]))


def _found(said: Said, match: re.Match[str], value: int, printed: int) -> Found:
    because = f"it is {value}" + (f" ({value:#x})" if "0x" in match[0].lower() else "")
    return said.found(*match.span(), holds=value == printed, because=because)


def _literal(text: str) -> int:
    return int(text, {"0x": 16, "0b": 2}.get(text[:2].lower(), 10))


def _apply(left: int, operator: str, right: int) -> int | None:
    sign = operator.upper()
    if sign in {"<<", ">>"}:
        return None if right > 64 else left << right if sign == "<<" else left >> right
    computed = {
        "+": left + right, "-": left - right, "*": left * right,
        "&": left & right, "AND": left & right, "|": left | right, "OR": left | right,
    }  # fmt: skip
    return computed.get(sign, left ^ right)

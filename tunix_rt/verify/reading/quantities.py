"""The one number a bare answer states, exactly; or why it states none, or two.

Every digit of the text must belong to the number (or to an equal one): what is left
over makes it another statement. Fractions only, never floats.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from tunix_rt.verify.reading import latex, words
from tunix_rt.verify.reading.units import Unit, read_unit, spell_powers

MAX_DIGITS = 400
MAX_EXPONENT = 400
LONGEST = 1000
"""Characters of a bare answer that are read: one number and a sentence around it."""

MOST_UNIT_WORDS = 5


class Quantity(NamedTuple):
    """A value, and the unit it was given with."""

    value: Fraction
    unit: Unit | None


class NotANumber(NamedTuple):
    """Why a text is not one number."""

    reason: str


_GROUPED = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d+)?"
_SPACED = r"\d{1,3}(?:[ \u2009\u202f\u00a0'_]\d{3})+(?!\d)(?:\.\d+)?"
_CONTINENTAL = r"\d{1,3}(?:\.\d{3})+,\d+"
_PLAIN = r"\d+(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    rf"""
    (?P<sign>[-+]\s?)?
    (?P<currency>US\$|USD\s?|EUR\s?|GBP\s?|Rs\.?\s?|[$€£¥₹]\s?)?
    (?P<inner>-\s?)?
    (?:(?P<grouped>{_GROUPED})|(?P<spaced>{_SPACED})|(?P<continental>{_CONTINENTAL})
      |(?P<plain>{_PLAIN}))
    (?:
      [eE](?P<e>[-+]?\d{{1,6}})(?![\w.])
      |\s?[×*xX]\s?10\s?(?:\^|\*\*)\s?[{{(]?(?P<ten>[-+]?\d{{1,6}})[}})]?
      |\s?/\s?(?P<under>\d++)(?![.,]?[\d/])
      |(?:\s|\s?and\s|-)(?P<over>\d+)\s?/\s?(?P<under2>\d++)(?![.,]?[\d/])
    )?
    """,
    re.VERBOSE,
)
_TEN = re.compile(
    r"(?<![\w.^*×/])(?<![×*xX/^]\s)10\s?(?:\^|\*\*)\s?[{(]?([-+]?\d{1,6})[})]?(?![\w.])"
)
_SCALE = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6,
    "billion": 10**9, "bn": 10**9, "trillion": 10**12,
}  # fmt: skip
_SCALED = re.compile(r"\s*-?(hundred|thousand|million|mn|billion|bn|trillion|k)s?\b", re.I)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s?([A-Za-z]+)")
_COMPOUND = re.compile(rf"{_PART.pattern}(?:(?:\s|\s?,\s?|\s?,?\sand\s){_PART.pattern}){{1,3}}")
_HEDGE = re.compile(r"\b(?:or|either|neither|nor|versus|vs)\b|±|\+/-", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:\b(?:not|never|than|least|most|under|below|above|over|between|exceeds?|cannot|"
    r"twice|double|triple|thrice|half|third|quarter|root|sqrt|log|ln|sin|cos|tan|exp|"
    r"by|modulo|mod|factor|up\s+to|except|excluding|besides|without|instead)|n't)(?:\s+(?:of|be|equal|to|the|a|an|for))*[\s({\[]*$",
    re.IGNORECASE,
)
_OPEN = re.compile(r"(?:^|[\w°%.,:;!?)\]}\"'][\s\"'(\[{]+|[:=(\[{\"'≈~][\s\"'(\[{]*)$")
_FUNCTION = re.compile(r"(?<![A-Za-z])[A-Za-z]\($")
_OPERAND = re.compile(r"[^\s:=(]$|\d\s*$|\b(?![aAI])[A-Za-z]\s*$")
"""What makes the sign behind it an operator: `x -`, `5 -`, `eggs-`."""

_LETTER = re.compile(r"\d[A-Za-z]$")
"""A lone letter on a number: `2m` is two metres or twice m, nobody knows."""

_WORD_AT_END = re.compile(r"([^\W\d_]+)\s*$")
_SINGLE = re.compile(r"^\s*([A-Za-zα-ωΑ-Ω])(?![\w'])(.*)", re.DOTALL)
_AFTER = re.compile(
    r"^\s*(?:squared|cubed|factorial|choose|mod|thirds?|fifths?|sixths?|eighths?|tenths?|"
    r"pi|e|sqrt|root|hundredths?|thousandths?|plus|minus|times|divided|multiplied|to\s+the\s+power)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:is|was|would\s+be|seems)\s+(?:not|wrong|incorrect|false|impossible)\b|n't\b|\bnot\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[\s,;&]*")
_CLOSE = re.compile(
    r"^(?:$|[\s.,;:?)\]}\"'%°$€£¥₹¢|~]|-[A-Za-z]|/\s?(?:[A-Za-z]{2}|[smhlLg]\b)|!\s*$)"
)
_UNIT_ATTACHED = re.compile(
    r"^(?:st|nd|rd|th|mm|cm|dm|km|kg|mg|lbs?|oz|ft|in|min|hrs?|sec|mins?|secs?|ml|mph|kmh|"
    r"m|g|s|h|l|L|c|usd|USD|eur|EUR|days?|hours?|minutes?)(?![\w^])"
)
_WORD_SIGNS = re.compile(r"-(?=[A-Za-z])|/\s?(?=[A-Za-z]{2}|[smhlLg]\b)|!\s*$")
"""Signs that stand in words and units: `two-sided`, `km/h`."""

_STRANGE = re.compile(r"[-+*/^×<>=±√∑∫!\\|&]")
_ARITHMETIC = re.compile(r"[\d\s.+\-*/×()$€£%^]*")
_VARIABLE = re.compile(r"(?<![A-Za-z'])(?!a\b|I\b)[A-Za-z](?![A-Za-z'])")
_OTHER_EQUATION = re.compile(r"\d[A-Za-z]\b|\d,(?!\d{3})")


def read(text: str, *, strict: bool = False) -> Quantity | NotANumber:
    """The number `text` states. `text` is normalised and unwrapped.

    Strict is for expected answers: a number and its unit, no sentence around it.
    """
    if len(text) > LONGEST:
        return NotANumber(f"more than {LONGEST} characters around it")
    text = spell_powers(latex.plain(text)).strip()
    if not text:
        return NotANumber("no answer was given")
    if "≈" in text and (exact := _rounded(text, strict=strict)) is not None:
        return exact
    if "=" in text:
        side = _answer_side(text)
        if side is None:
            return NotANumber("an equation, not a number")
        text = side
    return _read_side(words.spell_halves(text), strict=strict)


def _read_side(text: str, *, strict: bool) -> Quantity | NotANumber:
    """The number of a text that is no equation."""
    if _HEDGE.search(text):
        return NotANumber("more than one answer is offered")
    if (together := _compound(text)) is not None:
        return together
    text = _TEN.sub(lambda found: f"1e{found[1]}", text)
    found = list(_NUMBER.finditer(text))
    if not found:
        return _read_words(text, strict=strict)
    if strict and _LETTER.search(text):
        return NotANumber("algebra")
    if strict and (len(found) > 1 or found[0].start() or text.count(" ") > MOST_UNIT_WORDS):
        return NotANumber("a text with a number in it")
    return _one_number(text, found)


def _rounded(text: str, *, strict: bool) -> Quantity | None:
    """`1/3 ≈ 0.333`: the exact number, if the other one is a rounding of it."""
    left, _, right = text.partition("≈")
    if not left.strip() or "≈" in right:
        return None
    exact, other = read(left, strict=strict), read(right, strict=strict)
    if isinstance(exact, NotANumber) or isinstance(other, NotANumber):
        return None
    places = len(right.strip().partition(".")[2])
    return exact if abs(exact.value - other.value) <= Fraction(1, 10 ** min(places, 40)) else None


def _compound(text: str) -> Quantity | None:
    """`2 h 30 min` and `5 feet, 6 inches`: one quantity, counted in its first unit."""
    if len(text) > 80 or not _COMPOUND.fullmatch(text):
        return None
    parts = [(Fraction(part[1]), read_unit(part[2])) for part in _PART.finditer(text)]
    first = parts[0][1]
    if first is None:
        return None
    total, last = Fraction(0), None
    for value, unit in parts:
        if unit is None or unit.dimension != first.dimension or unit.dimension == "words":
            return None
        if last is not None and not (unit.factor < last and value * unit.factor < last):
            return None
        total, last = total + value * unit.factor, unit.factor
    return Quantity(total / first.factor, first)


def _one_number(text: str, found: list[re.Match[str]]) -> Quantity | NotANumber:
    """All the numbers found in `text`, if they say the same and nothing changes them."""
    quantities: list[Quantity] = []
    for index, match in enumerate(found):
        start = found[index - 1].end() if index else 0
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        said = _in_context(match, text[start : match.start()], text[match.end() : end])
        if isinstance(said, NotANumber):
            return said
        if index and _LISTED.fullmatch(text, found[index - 1].end(), match.start()):
            return NotANumber("more than one number is given")
        quantities.append(said)
        if said.value != quantities[0].value:
            shown = ", ".join(each[0].strip()[:40] for each in found[:3])
            return NotANumber(f"more than one number is given: {shown}")
    return quantities[0]


def _in_context(match: re.Match[str], before: str, after: str) -> Quantity | NotANumber:
    """One number with the words around it, which may change what it means."""
    value = _value(match)
    if isinstance(value, NotANumber):
        return value
    sign = match["sign"]
    if sign and before.strip() and (sign[1:] or _OPERAND.search(before[-40:])):
        return NotANumber("an expression, not a number")
    if (
        "\\" in before
        or _FUNCTION.search(before[-40:])
        or (before and not _OPEN.search(before[-80:]))
    ):
        return NotANumber(f"not a plain number: {(before[-20:] + match[0])!r}")
    if _BEFORE.search(before[-80:]):
        return NotANumber(f"the words before it change it: {before[-30:].strip()!r}")
    if (last := _WORD_AT_END.search(before[-40:])) and last[1].lower() in {"minus", "negative"}:
        value = -value
    scale, after = _scaled(after, money=bool(match["currency"]))
    after = _detach(after)
    if _DENIED.search(after[:80]):
        return NotANumber(f"the words after it deny it: {after[:30].strip()!r}")
    if not _CLOSE.match(after) or _AFTER.match(after) or _is_algebra(after):
        return NotANumber(f"not a plain number: {(match[0] + after[:20])!r}")
    if after.startswith("!") and not before:
        return NotANumber("a factorial, not a number")
    return Quantity(value * scale, read_unit(after, (match["currency"] or "").strip().lower()))


def _value(match: re.Match[str]) -> Fraction | NotANumber:
    """The exact value of one literal, its size bounded before anything is computed."""
    if len(match[0]) > MAX_DIGITS:
        return NotANumber(f"a number of more than {MAX_DIGITS} digits")
    literal = match["plain"] or match["grouped"] or match["spaced"] or match["continental"]
    if match["continental"]:
        literal = literal.replace(".", "").replace(",", ".")
    value = Fraction(re.sub(r"[^\d.]", "", literal))
    exponent = int(match["e"] or match["ten"] or 0)
    if abs(exponent) > MAX_EXPONENT:
        return NotANumber(f"an exponent beyond {MAX_EXPONENT}")
    value *= Fraction(10) ** exponent
    if under := match["under"] or match["under2"]:
        if int(under) == 0:
            return NotANumber("a division by zero")
        if match["over"]:
            value += Fraction(int(match["over"]), int(under))
        else:
            value /= int(under)
    negative = ((match["sign"] or "").strip() == "-") != bool(match["inner"])
    return -value if negative else value


def _scaled(after: str, *, money: bool) -> tuple[int, str]:
    """`5 thousand`, `$2k`: the factor, and the text behind it. A bare `2k` may be algebra."""
    scale = 1
    for _ in range(2):
        found = _SCALED.match(after)
        if not found or (found[1] == "k" and not money):
            break
        scale *= _SCALE[found[1].lower()]
        after = after[found.end() :]
    return scale, after


def _detach(after: str) -> str:
    """A unit or an ordinal written onto the number, moved off it."""
    found = _UNIT_ATTACHED.match(after)
    if not found:
        return after
    attached = "" if found[0] in {"st", "nd", "rd", "th"} else found[0]
    return f" {attached}{after[found.end() :]}"


def _is_algebra(after: str) -> bool:
    """Whether an operator or a lone letter follows: `18 x`, `18 + y`."""
    unit = _WORD_SIGNS.sub(" ", after)
    if _STRANGE.search(unit.replace("-squared", "").replace("-cubed", "")):
        return True
    single = _SINGLE.match(after)
    if single is None or single[1] in "mgshlLc":
        return False
    return not (single[1] in "aA" and single[2].strip(" ."))


def _answer_side(text: str) -> str | None:
    """The side of an equation that is the answer: `x = 18`, `9 * 2 = 18`; None in algebra."""
    sides = [side.strip() for side in re.split(r"={1,2}", text) if side.strip()]
    if not sides or re.search(r"[<>!≠≤≥]=?|=>", text):
        return None
    first, last = sides[0], sides[-1]
    if len(sides) == 2 and re.fullmatch(r"[A-Za-z]", last):
        first, last = last, first
    if any(not _ARITHMETIC.fullmatch(side) for side in sides[1:-1]):
        return None
    lone = re.fullmatch(r"(?:.*\s)?[A-Za-z]\w?", first) and not re.search(r"\d", first)
    if _VARIABLE.search(re.sub(r"(?<=[\d\s])x(?=[\d\s])", "*", first)) and not lone:
        return None
    return None if _OTHER_EQUATION.search(first) else last


def _read_words(text: str, *, strict: bool) -> Quantity | NotANumber:
    """`eighteen dollars`: only when the number words come first."""
    spelled = words.read_number(text)
    if spelled is None:
        return NotANumber("no number was given")
    value, rest = spelled
    if strict and rest.strip():
        return NotANumber("a text with a number in it")
    if _AFTER.match(rest) or _STRANGE.search(re.sub(r"[-/](?=[A-Za-z])", " ", rest)):
        return NotANumber("not a plain number")
    if words.read_number(rest.strip(" ,.;")) is not None:
        return NotANumber("more than one number is given")
    return Quantity(Fraction(value), read_unit(rest))

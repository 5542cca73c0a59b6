"""Solve an arithmetic prompt again, from its text alone.

Written apart from the makers and in another way (on digit strings, with a
parser), so that a mistake in one shows as a difference. Tests compare the two;
a re-check of imported tasks may use it too.
"""

import re

from tunix_rt.kit.errors import BadInput

_FORMS = {
    "add": re.compile(r"(\d{1,9})\+(\d{1,9})"),
    "sub": re.compile(r"(\d{1,9})-(\d{1,9})"),
    "mul": re.compile(r"(\d{1,9})\*(\d)"),
    "sum": re.compile(r"(\d\d)((?:[+-]\d){1,9})"),
    "clock": re.compile(r"(\d\d):(\d\d)\+(\d\d):(\d\d)"),
    "price": re.compile(r"(\d) for (\d\d?), buy (\d), post (\d\d?)"),
}


def solve(prompt: str) -> tuple[list[str], str]:
    """The steps and the answer of an arithmetic prompt."""
    family, _, rest = prompt.partition(" ")
    form = _FORMS.get(family)
    found = form.fullmatch(rest) if form else None
    if found is None:
        raise BadInput(f"{prompt[:80]!r} is not an arithmetic prompt.")
    parts = found.groups()
    match family:
        case "add":
            return _columns(parts[0], parts[1]), str(int(parts[0]) + int(parts[1]))
        case "sub":
            left, right = int(parts[0]), int(parts[1])
            return _borrowing(left, right), str(left - right)
        case "mul":
            return _products(parts[0], int(parts[1])), str(int(parts[0]) * int(parts[1]))
        case "sum":
            return _chain(int(parts[0]), parts[1])
        case "clock":
            return _clock(*(int(part) for part in parts))
        case _:
            return _price(*(int(part) for part in parts))


def _columns(top: str, bottom: str) -> list[str]:
    width = max(len(top), len(bottom))
    carry, steps = 0, []
    for column in range(1, width + 1):
        a, b = top.zfill(width)[-column], bottom.zfill(width)[-column]
        result = int(a) + int(b) + carry
        steps.append(f"{a}+{b}+{carry}={result}")
        carry = int(result > 9)
    return [*steps, "0+0+1=1"] if carry else steps


def _borrowing(top: int, bottom: int) -> list[str]:
    """A column owes a ten just when the digits right of it, as one number, are too small."""
    steps = []
    for column in range(len(str(top))):
        one, ten = 10**column, 10 ** (column + 1)
        owed, short = int(top % one < bottom % one), int(top % ten < bottom % ten)
        a, b = top // one % 10 + 10 * short, bottom // one % 10
        steps.append(f"{a}-{b}-{owed}={a - b - owed}")
    return steps


def _products(top: str, factor: int) -> list[str]:
    steps, carry = [], 0
    for digit in reversed(top):
        plain = int(digit) * factor
        steps.append(f"{digit}*{factor}+{carry}={plain}+{carry}={plain + carry}")
        carry = int(str(plain + carry).zfill(2)[0])
    return steps


def _chain(value: int, terms: str) -> tuple[list[str], str]:
    steps = []
    for term in re.findall(r"[+-]\d", terms):
        before, value = value, value + int(term)
        steps.append(f"{before}{term}={value}")
    return steps, str(value)


def _clock(hour: int, minute: int, hours: int, minutes: int) -> tuple[list[str], str]:
    carry, shown = divmod(minute + minutes, 60)
    late = hour + hours + carry
    wrapped = (late - 1) % 12 + 1
    steps = [
        f"{minute:02}+{minutes:02}={minute + minutes:02}",
        f"{minute + minutes:02}-{carry * 60:02}={shown:02}",
        f"{hour:02}+{hours:02}+{carry}={late:02}",
        f"{late:02}-{late - wrapped:02}={wrapped:02}",
    ]
    return steps, f"{wrapped:02}:{shown:02}"


def _price(have: int, paid: int, want: int, post: int) -> tuple[list[str], str]:
    unit = paid // have
    goods = unit * want
    steps = [
        f"{paid}/{have}={unit}",
        f"{unit}*{want}={goods}",
        f"{goods}+{post}={goods + post}",
    ]
    return steps, str(goods + post)

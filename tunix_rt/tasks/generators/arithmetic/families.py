"""How each family of arithmetic problems is drawn and worked.

A maker returns the prompt, the steps and the answer. A step carries everything
that the next one needs, and its rule looks at two numbers at most: that is what
lets a model of 200,000 weights learn it.
"""

from collections.abc import Callable
from random import Random
from typing import Literal

Family = Literal["add", "sub", "mul", "sum", "clock", "price"]

Made = tuple[str, list[str], str]
"""Prompt, steps, answer."""


def _number(random: Random, digits: int) -> int:
    return random.randint(10 ** (digits - 1), 10**digits - 1)


def _add(random: Random, digits: int) -> Made:
    """Column addition from the right: `7+5+0=12` is digit, digit, carry."""
    left, right = _number(random, digits), _number(random, digits)
    steps, carry, a, b = [], 0, left, right
    while a or b or carry:
        total = a % 10 + b % 10 + carry
        steps.append(f"{a % 10}+{b % 10}+{carry}={total}")
        carry, a, b = total // 10, a // 10, b // 10
    return f"add {left}+{right}", steps, str(left + right)


def _sub(random: Random, digits: int) -> Made:
    """Column subtraction; a digit that is too small borrows ten: `11-6-0=5`."""
    small, large = sorted((_number(random, digits), _number(random, digits)))
    steps, borrow, a, b = [], 0, large, small
    while a or b:
        borrows = int(a % 10 - b % 10 - borrow < 0)
        digit = a % 10 + 10 * borrows
        steps.append(f"{digit}-{b % 10}-{borrow}={digit - b % 10 - borrow}")
        borrow, a, b = borrows, a // 10, b // 10
    return f"sub {large}-{small}", steps, str(large - small)


def _mul(random: Random, digits: int) -> Made:
    """Multiplication by one digit: `2*8+1=16+1=17` is product, carry, sum."""
    left, right = _number(random, digits), random.randint(2, 9)
    steps, carry, rest = [], 0, left
    while rest:
        product = rest % 10 * right
        steps.append(f"{rest % 10}*{right}+{carry}={product}+{carry}={product + carry}")
        carry, rest = (product + carry) // 10, rest // 10
    return f"mul {left}*{right}", steps, str(left * right)


def _sum(random: Random, _: int) -> Made:
    """Four small terms, added or taken away one after the other, between 10 and 99."""
    value = random.randint(11, 63)
    prompt, steps = f"sum {value}", []
    for _term in range(4):
        term = random.randint(1, 9)
        operator, result = "+", value + term
        if result > 99 or (value - term >= 10 and random.random() < 0.25):
            operator, result = "-", value - term
        prompt += f"{operator}{term}"
        steps.append(f"{value}{operator}{term}={result}")
        value = result
    return prompt, steps, str(value)


def _clock(random: Random, _: int) -> Made:
    """A time and a duration on a twelve-hour clock: minutes, carry, hours, wrap."""
    hour, minute = random.randint(1, 12), 5 * random.randint(0, 11)
    hours, minutes = random.randint(0, 11), 5 * random.randint(0, 11)
    total = minute + minutes
    carry = int(total >= 60)
    late = hour + hours + carry
    wrap = 12 * int(late > 12)
    steps = [
        f"{minute:02d}+{minutes:02d}={total:02d}",
        f"{total:02d}-{60 * carry:02d}={total - 60 * carry:02d}",
        f"{hour:02d}+{hours:02d}+{carry}={late:02d}",
        f"{late:02d}-{wrap:02d}={late - wrap:02d}",
    ]
    prompt = f"clock {hour:02d}:{minute:02d}+{hours:02d}:{minutes:02d}"
    return prompt, steps, f"{late - wrap:02d}:{total - 60 * carry:02d}"


def _price(random: Random, _: int) -> Made:
    """Some pieces cost so much; so what do others cost, with the postage?"""
    while True:
        unit, have, want = (random.randint(2, 9) for _ in range(3))
        post, goods = random.randint(1, 19), unit * want
        if have != want and goods + post < 100:
            break
    prompt = f"price {have} for {unit * have}, buy {want}, post {post}"
    steps = [
        f"{unit * have}/{have}={unit}",
        f"{unit}*{want}={goods}",
        f"{goods}+{post}={goods + post}",
    ]
    return prompt, steps, str(goods + post)


FAMILIES: dict[Family, Callable[[Random, int], Made]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "sum": _sum,
    "clock": _clock,
    "price": _price,
}
"""Every family, in the order of the default mix; the second argument is the digits."""

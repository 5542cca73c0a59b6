"""Expressions, worked from the inside out: their syntax tree is read and never evaluated."""

import ast
from collections import Counter
from fractions import Fraction

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Unworkable,
    Work,
    binary,
    compute,
    divided,
    operand,
    require,
    show,
)
from tunix_rt.tasks.schema import Step

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


def fold(expression: str) -> tuple[list[Step], Fraction]:
    """The steps that an expression of + - * / takes, and its exact value."""
    tree = _parse(expression)
    steps: list[Step] = []
    return steps, _fold(tree, expression, steps)


def _parse(expression: str) -> ast.expr:
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise Unworkable("the expression cannot be read") from None


def _fold(node: ast.expr, text: str, steps: list[Step]) -> Fraction:
    match node:
        case ast.Constant():
            literal = ast.get_source_segment(text.strip(), node)
            require(literal is not None, "a number cannot be read")
            return Fraction(str(literal))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
            value = _fold(inner, text, steps)
            if isinstance(sign, ast.UAdd):
                return value
            if not isinstance(inner, ast.Constant):
                steps.append(compute(f"-1 * {operand(value)} = {show(-value)}"))
            return -value
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            a, b = _fold(left, text, steps), _fold(right, text, steps)
            said, value = binary(a, SIGNS[type(sign)], b)
            steps.append(compute(said))
            return value
    raise Unworkable("an operator is not worked")


def expression(entry: Entry) -> list[Step]:
    """The expression of the problem itself."""
    steps, value = fold(entry["metadata"]["expression"])
    require(value == Fraction(entry["answer"]), "the value is another one")
    return steps or [Step("read", f"There is one number: {entry['answer']}.")]


def decimal_arithmetic(entry: Entry) -> list[Step]:
    """The expression stands on the last line of the question."""
    text = entry["question"].rpartition("\n")[2].removesuffix("= ?")
    steps, value = fold(text)
    require(value == Fraction(entry["answer"]), "the value is rounded")
    return steps


def countdown(entry: Entry) -> list[Step]:
    """The solution, operation by operation."""
    return _reached(entry, entry["metadata"]["target"])


def puzzle24(entry: Entry) -> list[Step]:
    """The same with 24 as its target."""
    return _reached(entry, 24)


def _reached(entry: Entry, target: int) -> list[Step]:
    steps, value = fold(entry["answer"])
    require(value == target, "the target is missed")
    found = ast.walk(_parse(entry["answer"]))
    used = [node.value for node in found if isinstance(node, ast.Constant)]
    require(Counter(used) == Counter(entry["metadata"]["numbers"]), "the numbers are others")
    return [*steps, Step("conclude", f"All numbers are used once and {target} is reached.")]


def bitwise_arithmetic(entry: Entry) -> list[Step]:
    """In decimal, from the inside out; a shift is a product, or a quotient rounded down."""
    steps: list[Step] = []
    value = _shifted(_parse(entry["metadata"]["problem"]), steps)
    require(hex(value) == entry["answer"], "the value is another one")
    return [*steps, Step("conclude", f"{value} in base 16 is {hex(value)}.")]


def _shifted(node: ast.expr, steps: list[Step]) -> int:
    match node:
        case ast.Constant(value=int() as number):
            steps.append(Step("read", f"{hex(number)} is {number}."))
            return number
        case ast.BinOp(left=left, op=ast.LShift() | ast.RShift() as sign, right=right):
            a, b = _shifted(left, steps), _shifted(right, steps)
            require(0 <= b <= 64, "the shift is too wide")
            power = 2**b
            steps.append(compute(f"2^{b} = {power}"))
            if isinstance(sign, ast.LShift):
                steps.append(compute(f"{a} * {power} = {a * power}"))
                return int(a * power)
            steps.append(compute(divided(a, power)))
            return int(a // power)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            a, b = _shifted(left, steps), _shifted(right, steps)
            said, value = binary(a, SIGNS[type(sign)], b)
            steps.append(compute(said))
            return int(value)
    raise Unworkable("an operator is not worked")


FAMILIES: dict[str, Work] = {
    "basic_arithmetic": expression,
    "decimal_arithmetic": decimal_arithmetic,
    "countdown": countdown,
    "puzzle24": puzzle24,
    "bitwise_arithmetic": bitwise_arithmetic,
}

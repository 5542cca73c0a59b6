"""Grids filled by what must be: sudokus a cell at a time; circuits gate by gate; dice by sums."""

import re
from collections import Counter
from fractions import Fraction
from math import isqrt, prod

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Unworkable,
    Work,
    compute,
    listed,
    require,
)
from tunix_rt.tasks.schema import Step

Cell = tuple[int, int]
Grid = list[list[int]]


def sudoku(entry: Entry) -> list[Step]:
    """Cells that only one number fits, or that alone in their row take a number."""
    grid = [list(row) for row in entry["metadata"]["puzzle"]]
    size = len(grid)
    empty = {(r, c) for r in range(size) for c in range(size) if grid[r][c] == 0}
    steps = []
    while empty:
        r, c, number, why = _forced(grid, empty)
        grid[r][c] = number
        empty.discard((r, c))
        steps.append(Step("fill", f"Row {r + 1}, column {c + 1} is {number}: {why}."))
    require(grid == entry["metadata"]["solution"], "it is filled otherwise")
    return steps


def _forced(grid: Grid, empty: set[Cell]) -> tuple[int, int, int, str]:
    fits = {cell: _fits(grid, cell) for cell in sorted(empty)}
    for (r, c), numbers in fits.items():
        if len(numbers) == 1:
            return r, c, numbers.pop(), "its row, column and box have all others"
    for (r, c), numbers in fits.items():
        for number in sorted(numbers):
            rivals = [cell for cell, more in fits.items() if number in more and cell != (r, c)]
            if not any(cell[0] == r for cell in rivals):
                return r, c, number, "no other cell of its row can take it"
            if not any(cell[1] == c for cell in rivals):
                return r, c, number, "no other cell of its column can take it"
            if not any(_box(grid, cell) == _box(grid, (r, c)) for cell in rivals):
                return r, c, number, "no other cell of its box can take it"
    raise Unworkable("one has to guess")


def _fits(grid: Grid, cell: Cell) -> set[int]:
    r, c = cell
    size = len(grid)
    taken = set(grid[r]) | {row[c] for row in grid}
    side = isqrt(size)
    top, left = r - r % side, c - c % side
    taken |= {grid[y][x] for y in range(top, top + side) for x in range(left, left + side)}
    return set(range(1, size + 1)) - taken


def _box(grid: Grid, cell: Cell) -> Cell:
    side = isqrt(len(grid))
    return cell[0] // side, cell[1] // side


_GATES = {"&": "AND", "↑": "NAND", "⊕": "XOR", "↓": "NOR", "+": "OR"}
_INPUT = re.compile(r"([A-Z])('?)")


def circuit_logic(entry: Entry) -> list[Step]:
    """Gate by gate, from the inputs to the output."""
    meta = entry["metadata"]
    outputs, steps = [], []
    for number, term in enumerate(meta["term_strings"], 1):
        signs = set(term) & set(_GATES)
        require(len(signs) == 1, "it is no single gate")
        gate = _GATES[signs.pop()]
        values = []
        for name, negated in _INPUT.findall(term):
            value = meta["assignments"][name]
            values.append(1 - value if negated else value)
        outputs.append(_gate(gate, values))
        said = f"Gate {number}, {gate} of {term}: inputs {listed(values)}, output {outputs[-1]}."
        steps.append(Step("gate", said))
    final = _gate(meta["final_gate"], outputs)
    require(str(final) == entry["answer"], "the output is another one")
    told = f"Last gate, {meta['final_gate']}: inputs {listed(outputs)}, output {final}."
    return [*steps, Step("gate", told)]


def _gate(name: str, values: list[int]) -> int:
    match name:
        case "AND":
            return int(all(values))
        case "NAND":
            return int(not all(values))
        case "OR":
            return int(any(values))
        case "NOR":
            return int(not any(values))
        case "XOR":
            return sum(values) % 2
    raise Unworkable("it is no gate")


def dice(entry: Entry) -> list[Step]:
    """In how many ways each sum comes, die after die; then those that reach the target."""
    puzzle = entry["metadata"]["puzzle"]
    sides = [int(part.strip().removeprefix("1d")) for part in puzzle["dice_str"].split(",")]
    whole, target = prod(sides), puzzle["target"]
    require(whole <= 10**6 and len(sides) > 1, "there are too many sums")
    steps = [compute(f"{' * '.join(map(str, sides))} = {whole}")]
    ways = Counter(range(1, sides[0] + 1))
    for place, side in enumerate(sides[1:], 2):
        ways = Counter(
            {
                total: sum(ways[total - face] for face in range(1, side + 1))
                for total in range(place, max(ways) + side + 1)
            }
        )
        table = listed(f"{total} in {number}" for total, number in sorted(ways.items()))
        steps.append(Step("table", f"Sums of {place} dice and their ways: {table}."))
    parts = [number for total, number in sorted(ways.items()) if total >= target]
    good = sum(parts)
    if len(parts) > 1:
        steps.append(compute(f"Ways to reach {target}: {' + '.join(map(str, parts))} = {good}"))
    chance = Fraction(good, whole)
    require(f"{chance.numerator}/{chance.denominator}" == entry["answer"], "another chance")
    if chance.denominator != whole:
        steps.append(compute(f"{good}/{whole} = {chance}"))
    return [*steps, Step("conclude", f"The probability is {chance}.")]


FAMILIES: dict[str, Work] = {
    "sudoku": sudoku,
    "mini_sudoku": sudoku,
    "circuit_logic": circuit_logic,
    "dice": dice,
}

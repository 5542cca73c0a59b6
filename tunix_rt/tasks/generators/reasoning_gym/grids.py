"""Grids: read in a spiral, turned, walked through, filled by a rule."""

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Work,
    compute,
    divided,
    listed,
    require,
)
from tunix_rt.tasks.schema import Step

Cell = tuple[int, int]
SIDES = ("top row to the right", "right column down", "bottom row to the left", "left column up")
WAYS = {"right": (0, 1), "down": (1, 0), "left": (0, -1), "up": (-1, 0)}


def spiral_matrix(entry: Entry) -> list[Step]:
    """Side after side of each ring, outside first."""
    left = [list(row) for row in entry["metadata"]["matrix"]]
    found, steps, turn = [], [], 0
    while left and left[0]:
        side, left = left[0], [list(row) for row in zip(*left[1:], strict=True)][::-1]
        found += side
        steps.append(Step("read", f"The {SIDES[turn % 4]}: {' '.join(map(str, side))}"))
        turn += 1
    require(" ".join(map(str, found)) == entry["answer"].strip(), "another order")
    return steps


def rotate_matrix(entry: Entry) -> list[Step]:
    """Whole turns left out, then quarter turns: columns, read upwards, become rows."""
    meta = entry["metadata"]
    matrix, turns = meta["matrix"], meta["num_rotations"]
    steps = [
        compute(f"{turns * 90} / 90 = {turns}"),
        compute(divided(turns, 4)),
        Step("plan", f"Quarter turns that remain: {turns % 4}."),
    ]
    for turn in range(turns % 4):
        matrix = [list(row) for row in zip(*matrix[::-1], strict=True)]
        for row in matrix:
            column = f"Turn {turn + 1}: a column read upwards becomes the row"
            steps.append(Step("turn", f"{column} {' '.join(map(str, row))}"))
    require(_rows(matrix) == entry["answer"], "it looks otherwise")
    return steps


def _rows(matrix: list[list[int]]) -> str:
    return "\n".join(" ".join(map(str, row)) for row in matrix)


def shortest_path(entry: Entry) -> list[Step]:
    """Breadth first: which cells are reached after each number of moves."""
    grid = entry["metadata"]["matrix"]
    cells = {(r, c): what for r, row in enumerate(grid) for c, what in enumerate(row)}
    start = next(cell for cell, what in cells.items() if what == "*")
    goal = next(cell for cell, what in cells.items() if what == "#")
    steps = [Step("read", f"From {_named(start)} to {_named(goal)} (row, column).")]
    came: dict[Cell, tuple[Cell, str] | None] = {start: None}
    edge, moves = [start], 0
    while edge and goal not in came:
        edge, moves = _reach(edge, cells, came), moves + 1
        if edge:
            steps.append(Step("reach", f"After {moves} moves: {listed(map(_named, edge))}."))
    if goal not in came:
        require(entry["answer"] == "infeasible", "there is a path")
        return [*steps, Step("conclude", "No new cell can be reached, so there is no path.")]
    path = _walked(goal, came)
    require(len(path) == len(entry["answer"].split()), "there is a shorter path")
    return [*steps, Step("conclude", f"Back from the goal, the moves are: {' '.join(path)}.")]


def _reach(
    edge: list[Cell], cells: dict[Cell, str], came: dict[Cell, tuple[Cell, str] | None]
) -> list[Cell]:
    found = []
    for r, c in edge:
        for way, (down, right) in WAYS.items():
            cell = (r + down, c + right)
            if cells.get(cell) in ("O", "#") and cell not in came:
                came[cell] = ((r, c), way)
                found.append(cell)
    return found


def _walked(goal: Cell, came: dict[Cell, tuple[Cell, str] | None]) -> list[str]:
    path = []
    here = came[goal]
    while here is not None:
        path.append(here[1])
        here = came[here[0]]
    return path[::-1]


def _named(cell: Cell) -> str:
    return f"({cell[0] + 1}, {cell[1] + 1})"


def modulo_grid(entry: Entry) -> list[Step]:
    """The rule, shown on a few marked cells and on those that are asked."""
    meta = entry["metadata"]
    divisor, target, operation = meta["divisor"], meta["target"], meta["operation"]
    signs = {"sum": "+", "prod": "*"}
    require(operation in signs and target < divisor, "the rule is hard to say")
    asked = entry["question"].rpartition("\n\n")[2].split("\n")
    whole = entry["answer"].split("\n")
    cells = [(x, y) for y, row in enumerate(whole) for x, _ in enumerate(row)]
    marked = [(x, y) for x, y in cells if whole[y][x] == "✅"][:3]
    holes = [(x, y) for x, y in cells if asked[y][x] == "❔"]
    steps = [Step("plan", "Count columns x and rows y from 0, and look at the marked cells.")]
    for x, y in [*marked, *holes]:
        value = x + y if operation == "sum" else x * y
        steps.append(compute(f"{x} {signs[operation]} {y} = {value}"))
        steps.append(compute(divided(value, divisor)))
        fits = value % divisor == target
        require(fits == (whole[y][x] == "✅"), "the rule is another one")
        steps.append(Step("compare", f"Column {x}, row {y}: {'marked' if fits else 'not marked'}."))
    return steps


FAMILIES: dict[str, Work] = {
    "spiral_matrix": spiral_matrix,
    "rotate_matrix": rotate_matrix,
    "shortest_path": shortest_path,
    "modulo_grid": modulo_grid,
}

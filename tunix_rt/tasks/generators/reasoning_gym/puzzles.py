"""Puzzles whose solution is a list of moves: every move is made, and what it leaves is said."""

import json
import re
from typing import Any

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Unworkable,
    Work,
    binary,
    listed,
    require,
)
from tunix_rt.tasks.schema import Step

_HANOI = re.compile(r"Move disk (\d+) from Peg (\d+) to Peg (\d+)")
_BUTTON = {"add": "+", "subtract": "-", "multiply": "*"}


def jugs(entry: Entry) -> list[Step]:
    """Fill, empty and pour, with what each jug then holds."""
    puzzle = entry["metadata"]["puzzle"]
    sizes = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", puzzle["jug_capacities"], strict=False))
    held = dict.fromkeys(sizes, 0)
    steps = []
    for move in json.loads(entry["answer"]):
        word, _, names = move.partition(" ")
        said = _pour(move, word, names.split("->"), held, sizes)
        steps.append(Step("move", f"{said} Now {_levels(held)}."))
    require(puzzle["target"] in held.values(), "the target is missed")
    jug = next(name for name, level in held.items() if level == puzzle["target"])
    return [*steps, Step("conclude", f"Jug {jug} holds {puzzle['target']}.")]


def _pour(
    move: str, word: str, names: list[str], held: dict[str, int], sizes: dict[str, int]
) -> str:
    if word == "fill":
        held[names[0]] = sizes[names[0]]
        return f"{move}."
    if word == "empty":
        held[names[0]] = 0
        return f"{move}."
    if word != "pour" or len(names) != 2:
        raise Unworkable("it is no move")
    source, into = names
    amount = min(held[source], sizes[into] - held[into])
    left, got = held[source] - amount, held[into] + amount
    said = f"{move}: {held[source]} - {amount} = {left}, {held[into]} + {amount} = {got}."
    held[source], held[into] = left, got
    return said


def _levels(held: dict[str, int]) -> str:
    return listed(f"{name} holds {level}" for name, level in held.items())


def quantum_lock(entry: Entry) -> list[Step]:
    """Button after button, with the number and the light."""
    meta = entry["metadata"]
    buttons: dict[str, Any] = {button["name"]: button for button in meta["buttons"]}
    value, light = meta["initial_value"], meta["initial_state"]
    steps = []
    for name in meta["solution_path"]:
        button = buttons[name]
        require(button["active_state"] in (light, "any"), "the button is off")
        text, result = binary(value, _BUTTON[button["type"]], button["value"])
        value, light = int(result), "green" if light == "red" else "red"
        steps.append(Step("move", f"Press {name}: {text}, and the light is {light}."))
    require(value == meta["target_value"], "the target is missed")
    return [*steps, Step("conclude", f"The number is {value}, the target.")]


def tower_of_hanoi(entry: Entry) -> list[Step]:
    """Move after move, with the disks on the pegs that it touches."""
    meta = entry["metadata"]
    pegs: dict[int, list[int]] = {peg: [] for peg in range(1, meta["num_pegs"] + 1)}
    pegs[meta["start_peg"]] = list(range(meta["num_disks"], 0, -1))
    steps = []
    for move in entry["answer"].splitlines():
        found = _HANOI.fullmatch(move.strip())
        require(found is not None, "it is no move")
        assert found is not None
        disk, source, into = map(int, found.groups())
        legal = pegs[source][-1:] == [disk] and (not pegs[into] or pegs[into][-1] > disk)
        require(legal, "the move is not allowed")
        pegs[into].append(pegs[source].pop())
        state = f"Peg {source}: {_disks(pegs[source])}; Peg {into}: {_disks(pegs[into])}"
        steps.append(Step("move", f"{move.strip()}. {state}."))
    require(len(pegs[meta["target_peg"]]) == meta["num_disks"], "it is not done")
    return steps


def _disks(disks: list[int]) -> str:
    return " ".join(map(str, disks)) or "empty"


def n_queens(entry: Entry) -> list[Step]:
    """Row after row that lacks a queen: where the answer puts it, and that nothing attacks it."""
    puzzle = entry["metadata"]["puzzle"]
    board = [row.split() for row in entry["answer"].split("\n")]
    queens = {row: line.index("Q") for row, line in enumerate(board)}
    given = {row for row, line in enumerate(puzzle) if "Q" in line}
    require(all(puzzle[row][queens[row]] == "Q" for row in given), "a queen was moved")
    placed = {row: queens[row] for row in given}
    steps = [Step("read", f"Given (row, column): {_squares(placed)}.")]
    for row in sorted(set(queens) - given):
        column = queens[row]
        free = all(c != column and abs(r - row) != abs(c - column) for r, c in placed.items())
        require(free, "two attack each other")
        placed[row] = column
        square = f"({row + 1}, {column + 1})"
        steps.append(Step("move", f"{square} shares no row, column or diagonal with a queen."))
    return [*steps, Step("conclude", f"All queens: {_squares(placed)}.")]


def _squares(placed: dict[int, int]) -> str:
    return listed(f"({row + 1}, {column + 1})" for row, column in sorted(placed.items()))


FAMILIES: dict[str, Work] = {
    "jugs": jugs,
    "quantum_lock": quantum_lock,
    "tower_of_hanoi": tower_of_hanoi,
    "n_queens": n_queens,
}

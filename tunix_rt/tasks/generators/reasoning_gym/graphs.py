"""Graphs and grids walked through: what can be reached, in which order, how far it is."""

import re
from collections.abc import Iterator

from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Work, listed, require
from tunix_rt.tasks.schema import Step

Cell = tuple[int, int]
Grid = list[list[int]]


def course_schedule(entry: Entry) -> list[Step]:
    """Take a course that needs nothing more, again and again."""
    needs: dict[int, set[int]] = {course: set() for course in entry["metadata"]["courses"]}
    for course, before in entry["metadata"]["prerequisites"]:
        needs[course].add(before)
    steps = []
    while free := sorted(course for course, before in needs.items() if not before):
        steps.append(Step("take", f"Courses that need nothing more: {listed(free)}. Take them."))
        for course in free:
            del needs[course]
        for before in needs.values():
            before.difference_update(free)
    require(str(not needs) == entry["answer"], "it ends otherwise")
    left = f"Every course left needs another that is left: {listed(sorted(needs))}."
    return [*steps, Step("conclude", left if needs else "All courses are taken.")]


def path_star(entry: Entry) -> list[Step]:
    """From the goal back to the start: only one edge leads on from each node."""
    meta = entry["metadata"]
    edges = re.findall(r"\|(\d+) (\d+)", "|" + entry["question"].rpartition("\n|")[2])
    joined: dict[int, list[int]] = {}
    for one, other in edges:
        joined.setdefault(int(one), []).append(int(other))
        joined.setdefault(int(other), []).append(int(one))
    path, steps = [meta["goal"]], []
    while path[-1] != meta["center"]:
        ahead = [node for node in joined.get(path[-1], []) if node not in path]
        require(len(ahead) == 1, "the way is not clear")
        steps.append(Step("follow", f"Besides where we came from, {path[-1]} joins {ahead[0]}."))
        path.append(ahead[0])
    require(path[::-1] == meta["goal_path"], "it is another path")
    return [*steps, Step("conclude", f"From the start: {' '.join(map(str, path[::-1]))}")]


def largest_island(entry: Entry) -> list[Step]:
    """Island after island, cell by cell."""
    grid = entry["metadata"]["grid"]
    land = {cell for cell in _cells(grid) if grid[cell[0]][cell[1]] == 1}
    sizes, steps = [], []
    while land:
        island, edge = [min(land)], [min(land)]
        land.discard(edge[0])
        while edge:
            edge = [cell for cell in _around(edge) if cell in land]
            edge = list(dict.fromkeys(edge))
            land.difference_update(edge)
            island += edge
        sizes.append(len(island))
        cells = listed(map(_named, sorted(island)))
        steps.append(Step("island", f"An island of {len(island)} cells (row, column): {cells}."))
    largest = max(sizes, default=0)
    require(str(largest) == entry["answer"], "it is another size")
    return [*steps, Step("conclude", f"Areas: {listed(sizes) or 'none'}. The largest: {largest}.")]


def rotten_oranges(entry: Entry) -> list[Step]:
    """Minute after minute, the fresh ones beside rotten ones."""
    grid = entry["metadata"]["matrix"]
    fresh = {(r, c) for r, c in _cells(grid) if grid[r][c] == 1}
    edge = [(r, c) for r, c in _cells(grid) if grid[r][c] == 2]
    steps, minutes = [Step("read", f"Rotten at first: {len(edge)}, fresh: {len(fresh)}.")], 0
    while edge := list(dict.fromkeys(cell for cell in _around(edge) if cell in fresh)):
        fresh.difference_update(edge)
        minutes += 1
        rotting = f"Minute {minutes}: {listed(map(_named, sorted(edge)))} rot; fresh: {len(fresh)}."
        steps.append(Step("rot", rotting))
    answer = -1 if fresh else minutes
    require(str(answer) == entry["answer"], "it takes another time")
    left = f"{len(fresh)} never rot, so the answer is -1." if fresh else f"All after {minutes}."
    return [*steps, Step("conclude", left)]


def binary_matrix(entry: Entry) -> list[Step]:
    """Distance after distance, outward from the zeros."""
    grid = entry["metadata"]["matrix"]
    far = {(r, c): 0 for r, c in _cells(grid) if grid[r][c] == 0}
    edge, distance = list(far), 0
    inside = set(_cells(grid))
    steps = [Step("read", f"Zeros (row, column): {listed(map(_named, edge))}.")]
    while edge := list(dict.fromkeys(c for c in _around(edge) if c in inside and c not in far)):
        distance += 1
        far.update(dict.fromkeys(edge, distance))
        steps.append(Step("reach", f"Distance {distance}: {listed(map(_named, sorted(edge)))}."))
    rows = (
        " ".join(str(far.get((r, c), "inf")) for c in range(len(grid))) for r in range(len(grid))
    )
    require("\n".join(rows) == entry["answer"], "it is farther")
    return steps


def _cells(grid: Grid) -> Iterator[Cell]:
    return ((r, c) for r, row in enumerate(grid) for c in range(len(row)))


def _around(cells: list[Cell]) -> Iterator[Cell]:
    for r, c in cells:
        yield from ((r, c + 1), (r + 1, c), (r, c - 1), (r - 1, c))


def _named(cell: Cell) -> str:
    return f"({cell[0] + 1}, {cell[1] + 1})"


FAMILIES: dict[str, Work] = {
    "course_schedule": course_schedule,
    "path_star": path_star,
    "largest_island": largest_island,
    "rotten_oranges": rotten_oranges,
    "binary_matrix": binary_matrix,
}

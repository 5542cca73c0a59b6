"""Knights, who tell the truth, and knaves, who lie: every case is tried."""

from itertools import product
from typing import Any

from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Unworkable, Work, listed, require
from tunix_rt.tasks.schema import Step


def knights_knaves(entry: Entry) -> list[Step]:
    """Case after case, until the one in which everybody fits what they say."""
    meta = entry["metadata"]
    names, statements = meta["names"], meta["statements"]
    require(len(names) <= 5, "there are too many cases")
    knight, knave = meta["knight_knave_terms"]["knight"], meta["knight_knave_terms"]["knave"]
    steps, found = [], []
    for honest in product([True, False], repeat=len(names)):
        case = listed(
            f"{name} a {knight if is_knight else knave}"
            for name, is_knight in zip(names, honest, strict=True)
        )
        wrong = _first_wrong(statements, honest)
        if wrong is None:
            found.append(honest)
            steps.append(Step("case", f"Suppose {case}. Everybody fits what they say."))
            continue
        truth = "false" if honest[wrong] else "true"
        kind = knight if honest[wrong] else knave
        why = f"What {names[wrong]} says is then {truth}, which no {kind} would say."
        steps.append(Step("case", f"Suppose {case}. {why}"))
    require(found == [tuple(meta["solution"])], "it has another solution")
    return [*steps, Step("conclude", f"Only this fits: {entry['answer']}")]


def _first_wrong(statements: list[Any], honest: tuple[bool, ...]) -> int | None:
    """Who says what they would not say in this case."""
    said = enumerate(statements)
    return next((n for n, statement in said if _holds(statement, honest) != honest[n]), None)


def _holds(said: Any, honest: tuple[bool, ...]) -> bool:
    match list(said):
        case ["telling-truth", int() as person]:
            return honest[person]
        case ["lying", int() as person]:
            return not honest[person]
        case ["not", inner]:
            return not _holds(inner, honest)
        case ["and", *parts]:
            return all(_holds(part, honest) for part in parts)
        case ["or", *parts]:
            return any(_holds(part, honest) for part in parts)
        case ["->", left, right]:
            return not _holds(left, honest) or _holds(right, honest)
        case ["<=>", left, right]:
            return _holds(left, honest) == _holds(right, honest)
    raise Unworkable("a statement cannot be read")


FAMILIES: dict[str, Work] = {"knights_knaves": knights_knaves}

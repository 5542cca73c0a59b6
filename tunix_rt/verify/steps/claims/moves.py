"""Moves of a game: a step that decides names one of the moves that a step before called legal.

`legal_moves` steps list them (`Legal moves: call, fold.`); a step of the type `decision`, `move`
or `action` decides. A decision that names no move outright is not judged.
"""

import re
from collections.abc import Iterator

from tunix_rt.verify.schema import StepInput
from tunix_rt.verify.steps.claims.said import Found

LISTS = "legal_moves"
DECIDES = frozenset({"decision", "move", "action"})
MOST_MOVES = 2_000
LONGEST_MOVE = 80
LONGEST_DECISION = 2_000
"""Characters of a step in which every legal move is looked for before one is called illegal."""

_SPLIT = re.compile(r"[,;\n]|\s+(?:and|or)\s+")
_NAMED = re.compile(
    r"(?:\b(?:i|we)\s(?:choose|play|pick|decide|select|will|bet)(?:\sto|\sthe\smove)?|:|\bmy\smove\sis"
    r"|\b(?:move|action|decision|choice)\s(?:is|=)(?:\sto)?)\s+([^\n:]{1,90})$",
    re.IGNORECASE,
)
_EDGES = " \t\n\r.!\"'`*()[]"


class Game:
    """Which moves are legal, step after step."""

    def __init__(self) -> None:
        self.legal: frozenset[str] | None = None

    def follow(self, step: StepInput) -> Iterator[Found]:
        """The decision of the next step, if it names a move."""
        if step.type == LISTS:
            self.legal = legal_moves(step.content)
        elif step.type in DECIDES and self.legal is not None:
            if found := _decision(step.content, self.legal):
                yield found
            self.legal = None


def legal_moves(content: str) -> frozenset[str] | None:
    """The moves of a list, as they are compared; None where there are too many or none."""
    listed = content.rpartition(":")[2] if content.count(":") == 1 else content
    moves = {_bare(one) for one in _SPLIT.split(listed)[: MOST_MOVES + 1]} - {""}
    short = all(len(move) <= LONGEST_MOVE for move in moves)
    return frozenset(moves) if short and 0 < len(moves) <= MOST_MOVES else None


def _decision(content: str, legal: frozenset[str]) -> Found | None:
    span = _named(content)
    if span is None:
        return None
    start, end = span
    named = content[start:end]
    if _bare(named) in legal:
        return Found(start, end, True, f"{named} is a legal move.")
    shown = ", ".join(sorted(legal))[:200]
    if len(content) > LONGEST_DECISION or any(move in _bare(content) for move in legal):
        return None
    if not _is_another(named, legal):
        return None
    return Found(start, end, False, f"{named[:200]} is not one of the legal moves: {shown}.")


def _is_another(named: str, legal: frozenset[str]) -> bool:
    """Whether it is as short as a move, and no legal one in other words."""
    words = set(_bare(named).split())
    moves = [set(move.split()) for move in legal]
    alike = any(len(words & move) * 2 > len(move) for move in moves)
    return len(named.split()) <= max(map(len, moves)) and not alike


def _named(content: str) -> tuple[int, int] | None:
    """Where the move stands that a decision names: behind a colon or `I choose`, or all of it."""
    match = _NAMED.search(content.rstrip(_EDGES)[-400:])
    if match is not None:
        shift = max(0, len(content.rstrip(_EDGES)) - 400)
        start, end = match.start(1) + shift, match.end(1) + shift
    elif len(content) <= LONGEST_MOVE and len(content.split()) <= 2:
        start, end = 0, len(content)
    else:
        return None
    text = content[start:end]
    start += len(text) - len(text.lstrip(_EDGES))
    end -= len(text) - len(text.rstrip(_EDGES))
    return (start, end) if start < end else None


def _bare(move: str) -> str:
    return move.strip(_EDGES).casefold()

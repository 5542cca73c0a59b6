"""A format described by the one who imports: which column is which part of a trace."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.reading.assembling import Piece, Reply, assemble, cut, reply
from tunix_rt.traces.reading.thinking import marked_answer
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record

MAPPED = "mapped"
"""The name of this format, beside what it stores."""

PARTS = ("prompt", "response", "steps", "answer")
META = "meta."
MOST = 64
_STEP = ("content", "text", "step")
_FIELDS = {"prompt": ("prompt",), "final_answer": ("answer", "response", "steps")}

EXAMPLE = (
    "--map prompt=question --map answer=final --map steps=reasoning --map meta.level=difficulty"
)
HINT = f"{EXAMPLE}; `response` is a text that holds thoughts and an answer."


class Mapped:
    """Reads records by a mapping; used like a module of `formats/`."""

    def __init__(self, pairs: Iterable[str]) -> None:
        self.columns: dict[str, str] = {}
        for pair in pairs:
            part, mark, column = (side.strip() for side in pair.partition("="))
            known = part in PARTS or (part.startswith(META) and len(part) > len(META))
            if not mark or not column or not known:
                raise BadInput(f"{pair!r} maps no column to a part of a trace.", hint=HINT)
            if part in self.columns:
                raise BadInput(f"{part} is mapped twice.", hint=HINT)
            self.columns[part] = column
        if len(self.columns) > MOST:
            raise BadInput(f"More than {MOST} columns are mapped.")
        if not {"response", "steps", "answer"} & self.columns.keys():
            raise BadInput("Neither response, steps nor answer is mapped.", hint=HINT)
        if "response" in self.columns and {"steps", "answer"} & self.columns.keys():
            raise BadInput("response holds the steps and the answer: map it, or those.", hint=HINT)

    @property
    def key(self) -> str:
        """A name for just this mapping."""
        said = "\n".join(sorted(f"{part}={column}" for part, column in self.columns.items()))
        return f"{MAPPED}:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"

    def recognises(self, record: dict[str, object]) -> bool:
        """Whether the columns are there."""
        return all(
            at(record, column) is not None for part, column in self.columns.items() if part in PARTS
        )

    def read(self, record: Record, source: str) -> Iterator[ReasoningTrace]:
        """One trace per record."""
        found = record.decode(dict[str, Any])
        meta = {
            part.removeprefix(META): at(found, column)
            for part, column in self.columns.items()
            if part.startswith(META)
        }
        prompt = self._text(found, "prompt") if "prompt" in self.columns else ""
        pieces, answer, truncated = self._said(found)
        if truncated:
            meta["truncated"] = True
        try:
            yield assemble(prompt, pieces, answer, meta)
        except ValidationError as error:
            raise ValueError(self._blamed(error)) from None

    def _said(self, record: Mapping[str, Any]) -> Reply:
        """The steps and the answer; an answer without any steps is read as a response."""
        pieces = self._steps(record) if "steps" in self.columns else []
        part = next((part for part in ("response", "answer") if part in self.columns), None)
        if part is None:
            said = Reply(pieces, _last(pieces), truncated=False)
        else:
            text = self._text(record, part)
            said = Reply(pieces, text, False) if pieces else reply(text, self.columns[part])
        if not said.pieces:
            raise ValueError(f"{self.columns[part or 'steps']}: nothing is said in it")
        return said

    def _steps(self, record: Mapping[str, Any]) -> list[Piece]:
        column = self.columns["steps"]
        value = at(record, column)
        if not isinstance(value, list):
            return cut(self._text(record, "steps"), column, "thought")
        pieces: list[Piece] = []
        for index, one in enumerate(value):
            field, said = f"{column}.{index}", one
            if isinstance(one, dict):
                name = next((n for n in _STEP if isinstance(one.get(n), str)), None)
                field, said = (f"{field}.{name}", one[name]) if name else (field, None)
            if not isinstance(said, str):
                raise ValueError(f"{field}: is no step, neither a text nor an object with one")
            pieces.append(Piece("thought", said, field, 0, len(said)))
        return pieces

    def _text(self, record: Mapping[str, Any], part: str) -> str:
        column = self.columns[part]
        value = at(record, column)
        if value is None:
            raise ValueError(f"{column}: there is no such column, or it is null")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"{column}: is neither a text nor a number")
        return str(value)

    def _blamed(self, error: ValidationError) -> str:
        """What is wrong with a trace, said of the column that it came from."""
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        if not field:  # a check of the whole trace begins with the place itself
            field, _, rest = reason.partition(" ")
            field, _, inner = field.partition(".")
            if field == "meta" and (column := self.columns.get(META + inner.partition(".")[0])):
                return f"{column}: {rest}"
        parts = _FIELDS.get(field, ("steps", "response", "answer"))
        column = next((self.columns[part] for part in parts if part in self.columns), "")
        return f"{column}: {reason}" if column else reason


def _last(pieces: list[Piece]) -> str | None:
    """What the last step marks as the answer, else what it says."""
    if not pieces:
        return None
    text = pieces[-1].content
    found = marked_answer(text, 0, len(text))
    return text[slice(*found)] if found else text


def at(record: Any, column: str) -> Any:
    """What stands in a column: a key as it is, else a path with dots; None if nothing does."""
    if isinstance(record, Mapping):
        if column in record:
            return record[column]
        for place, character in enumerate(column):
            if character == "." and column[:place] in record:
                return at(record[column[:place]], column[place + 1 :])
        return None
    if isinstance(record, list):
        index, _, rest = column.partition(".")
        if index.isdecimal() and len(index) < 7 and int(index) < len(record):
            return at(record[int(index)], rest) if rest else record[int(index)]
    return None


def columns(record: Any, before: str = "") -> Iterator[str]:
    """Every column of a record that can be mapped, those inside of objects with dots."""
    for name, value in record.items() if isinstance(record, Mapping) else ():
        yield before + name
        if isinstance(value, Mapping) and before.count(".") < 2:
            yield from columns(value, f"{before}{name}.")

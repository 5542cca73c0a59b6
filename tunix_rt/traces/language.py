"""The query language of the command line, the API and the web's search box.

    source:gsm8k verdict:wrong steps:>5 "half as many"

A query is words, phrases in quotes and `field:value` pairs, in any order; all must match. A
value with spaces stands in quotes. Numbers and dates take `>`, `>=`, `<`, `<=` and `from..to`.
What is wrong is said with the place of the character it begins at.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.schema import TraceFilter

WORDS = ("source", "model", "verdict", "label", "tag", "type", "dataset", "group")
NUMBERS = {"steps": int, "chars": int, "score": float}
FIELDS = (*WORDS, *NUMBERS, "date", "meta.KEY", "is")
LONGEST = 2_000

_BEGIN = re.compile(r"\s*([A-Za-z_]+(?:\.[^\s:\"]+)?):(?!//)")
_QUOTED = re.compile(r'\s*"([^"]*)"')
_OPEN = re.compile(r'\s*"')
_BARE = re.compile(r"\s*([^\s\"]+)")
_COMPARED = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)


class BadQuery(BadInput):
    """A query that makes no sense from `position` on, counted from 0."""

    def __init__(self, message: str, position: int, *, hint: str | None = None) -> None:
        super().__init__(f"{message} (at character {position + 1})", hint=hint)
        self.position = position


class _Part(NamedTuple):
    at: int
    field: str | None
    value_at: int
    value: str
    quoted: bool


def parse(query: str) -> TraceFilter:
    """The filter a query means."""
    if len(query) > LONGEST:
        raise BadQuery(f"A query has at most {LONGEST:,} characters", LONGEST)
    found: dict[str, Any] = {}
    said: list[str] = []
    meta: list[str] = []
    for part in _parts(query):
        if part.field is None:
            said.append(f'"{part.value}"' if part.quoted else part.value)
        elif part.field.startswith("meta."):
            meta.append(f"{part.field.removeprefix('meta.')}={part.value}")
        else:
            for name, value in _meant(part):
                if name in found:
                    raise BadQuery(f"{part.field!r} is said twice", part.at)
                found[name] = _checked(name, value, part)
    if meta:
        found["meta"] = tuple(meta)
    if said:
        found["q"] = " ".join(said)
    try:
        return TraceFilter(**found)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadQuery(f"{first['loc'][0]}: {first['msg'].lower()}", 0) from None


def _read(given: Any) -> Any:
    return parse(given) if isinstance(given, str) else given


Asked = Annotated[TraceFilter, BeforeValidator(_read, json_schema_input_type=TraceFilter | str)]
"""A filter in the body of a request: its fields, or a query that means it."""


def joined(query: str | None, given: TraceFilter) -> TraceFilter:
    """The filter of a query and of fields that were given beside it."""
    return both(parse(query), given) if query else given


def both(asked: TraceFilter, given: TraceFilter) -> TraceFilter:
    """The filter that matches what a query and what fields beside it match."""
    first, second = (one.model_dump(exclude_defaults=True) for one in (asked, given))
    for name in second:
        if name in first:
            raise BadInput(f"{name} is given twice: in the query and beside it.")
    return TraceFilter(**first, **second)


def _parts(query: str) -> Iterator[_Part]:
    at = 0
    while query[at:].strip():
        begin = _BEGIN.match(query, at)
        field = begin.group(1).lower() if begin and "." not in begin.group(1) else None
        if begin and field is None:
            key = begin.group(1)
            field = "meta." + key.partition(".")[2] if key.lower().startswith("meta.") else key
        start = begin.start(1) if begin else at
        value_at = begin.end() if begin else at
        quoted = _QUOTED.match(query, value_at)
        if quoted is None and _OPEN.match(query, value_at):
            raise BadQuery("A quote is not closed", query.index('"', value_at))
        bare = None if quoted else _BARE.match(query, value_at)
        value = quoted or bare
        if value is None or (begin and value.start() == value.start(1) != value_at):
            raise BadQuery(f"{field!r} has no value", start)
        if begin and not quoted and value.start(1) != value_at:
            raise BadQuery(
                f"{field!r} has no value", start, hint="Write no space behind the colon."
            )
        yield _Part(start, field, value_at, value.group(1), quoted is not None)
        at = value.end()


def _meant(part: _Part) -> list[tuple[str, Any]]:
    """The fields of the filter that a `field:value` pair sets."""
    assert part.field is not None
    if part.field in WORDS:
        return [(part.field, part.value)]
    if part.field in NUMBERS:
        return _range(part)
    if part.field == "date":
        return _dates(part)
    if part.field == "is":
        if part.value != "deleted":
            raise BadQuery(f"Nothing is {part.value!r}", part.value_at, hint="is:deleted")
        return [("deleted", True)]
    near = get_close_matches(part.field, FIELDS, n=1)
    raise BadQuery(
        f"{part.field!r} is no field",
        part.at,
        hint=f"Did you mean {near[0]}?"
        if near
        else f"Fields: {', '.join(FIELDS)}. A colon in a word to search for stands in quotes.",
    )


def _range(part: _Part) -> list[tuple[str, Any]]:
    assert part.field is not None
    kind, low, high = NUMBERS[part.field], f"{part.field}_min", f"{part.field}_max"
    first, dots, last = part.value.partition("..")
    if dots:
        ends = ((low, first), (high, last))
        return [(name, _number(said, kind, part)) for name, said in ends if said]
    if compared := _COMPARED.fullmatch(part.value):
        sign, number = compared.group(1), _number(compared.group(2), kind, part)
        beyond = 1 if kind is int else _next(number)
        if sign == ">=":
            return [(low, number)]
        if sign == "<=":
            return [(high, number)]
        if sign == ">":
            return [(low, number + beyond)]
        return [(high, number - beyond)]
    number = _number(part.value, kind, part)
    return [(low, number), (high, number)]


def _next(number: float) -> float:
    """The smallest step to another number, so that `score:>0.5` leaves 0.5 out."""
    return max(abs(number) * 2**-52, 2**-1000)


def _number(said: str, kind: type, part: _Part) -> Any:
    try:
        number = kind(said)
    except ValueError:
        number = None
    if number is None or number - number != 0:
        raise BadQuery(f"{said!r} is no number for {part.field!r}", part.value_at)
    return number


def _dates(part: _Part) -> list[tuple[str, Any]]:
    first, dots, last = part.value.partition("..")
    if dots:
        found: list[tuple[str, Any]] = []
        if first:
            found.append(("since", _day(first, part)[0]))
        if last:
            found.append(("until", _day(last, part)[1]))
        return found
    if compared := _COMPARED.fullmatch(part.value):
        begin, end = _day(compared.group(2), part)
        return {
            ">=": [("since", begin)],
            ">": [("since", end)],
            "<": [("until", begin)],
            "<=": [("until", end)],
        }[compared.group(1)]
    begin, end = _day(part.value, part)
    return [("since", begin), ("until", end)]


def _day(said: str, part: _Part) -> tuple[datetime, datetime]:
    """A day in UTC, or a moment, as the time from its begin to its end."""
    try:
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        length = timedelta(days=1) if len(said) <= 10 else timedelta(seconds=1)
        return moment, moment + length
    except (ValueError, OverflowError):
        raise BadQuery(
            f"{said!r} is no date", part.value_at, hint="date:2026-11-21, date:>=2026-11-01"
        ) from None


def _checked(name: str, value: Any, part: _Part) -> Any:
    """The value of one field, if the filter takes it."""
    try:
        TraceFilter(**{name: value})
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadQuery(f"{part.field}: {reason[:1].lower()}{reason[1:]}", part.value_at) from None
    return value

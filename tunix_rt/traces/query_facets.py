"""How many traces there are and how they divide, from a running tally where it can tell."""

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from tunix_rt.store import Connection
from tunix_rt.traces.query import matches
from tunix_rt.traces.schema import Count, Facets, TraceFilter
from tunix_rt.traces.table import step_type, trace, trace_tally

COUNTED = frozenset({"source", "model", "verdict", "label", "type"})
"""The fields of a filter that the tally answers without a look at any trace."""

MOST_VALUES = 50

_NOTHING_ELSE = TraceFilter().model_dump(exclude=set(COUNTED))


def count(connection: Connection, wanted: TraceFilter) -> int:
    """How many traces match."""
    if _tallied(wanted):
        total = select(func.coalesce(func.sum(trace_tally.c.number), 0))
        return int(connection.execute(total.where(*_tally_matches(wanted))).scalar_one())
    counted = select(func.count()).select_from(trace).where(*matches(wanted))
    return connection.execute(counted).scalar_one()


def facets(connection: Connection, wanted: TraceFilter) -> Facets:
    """How the matching traces divide by source, model, verdict, label and step type."""
    if _tallied(wanted):
        table: Any = trace_tally
        number: ColumnElement[Any] = func.sum(trace_tally.c.number)
        where = _tally_matches(wanted)
    else:
        table, number, where = trace, func.count(), matches(wanted)
    by = (table.c.source, table.c.model, table.c.verdict, table.c.label, table.c.step_types)
    rows: Select[Any] = select(*by, number).where(*where).group_by(*by)
    totals: tuple[Counter[str | None], ...] = tuple(Counter() for _ in by)
    total = 0
    for *values, counted in connection.execute(rows):
        total += int(counted)
        for divided, value in zip(totals, values, strict=True):
            divided[value] += int(counted)
    sources, models, verdicts, labels, sets = (divided for divided in totals)
    types: Counter[str | None] = Counter()
    for name, set_id in connection.execute(select(step_type.c.name, step_type.c.set_id)):
        types[name] += sets[set_id]
    return Facets(
        total=total,
        sources=_counts(sources),
        models=_counts(models),
        verdicts=_counts(verdicts),
        labels=_counts(labels),
        types=_counts(types),
    )


def _counts(divided: Counter[str | None]) -> list[Count]:
    """The most frequent values, those of one frequency by name."""
    kept = [(value, number) for value, number in divided.items() if number > 0]
    kept.sort(key=lambda one: (-one[1], one[0] or ""))
    return [Count(value=value, count=number) for value, number in kept[:MOST_VALUES]]


def _tallied(wanted: TraceFilter) -> bool:
    return wanted.model_dump(exclude=set(COUNTED)) == _NOTHING_ELSE


def _tally_matches(wanted: TraceFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name in ("source", "model", "verdict", "label"):
        if (value := getattr(wanted, name)) is not None:
            same = trace_tally.c[name]
            nobody_said = value == "none" and name in ("verdict", "label")
            conditions.append(same.is_(None) if nobody_said else same == value)
    if wanted.type is not None:
        sets = select(step_type.c.set_id).where(step_type.c.name == wanted.type)
        conditions.append(trace_tally.c.step_types.in_(sets))
    return conditions

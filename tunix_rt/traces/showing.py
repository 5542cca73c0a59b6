"""Traces in a terminal: the same words wherever they come from, a store or a server."""

from collections.abc import Iterable, Sequence
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, line, lines, plain, say, table
from tunix_rt.traces.language import BadQuery, joined
from tunix_rt.traces.mapping import EXAMPLE, Mapped
from tunix_rt.traces.schema import Count, Facets, ReasoningTrace, TraceFilter, TraceSummary
from tunix_rt.traces.schema_record import ImportReport, Preview


def chosen(query: str | None, **fields: Any) -> TraceFilter:
    """The filter of a query and of options; what is wrong with a query is pointed at."""
    try:
        return joined(query, TraceFilter(**fields))
    except BadQuery as wrong:
        say(f"  {plain(query or '')}")
        say(f"  {' ' * wrong.position}^")
        raise


def mapping(pairs: Sequence[str], format: str) -> Mapped | None:
    """The mapping that options give, if they give one."""
    if pairs and format != "auto":
        raise BadInput("A file is read by a --format or by a --map, not by both.")
    return Mapped(pairs) if pairs else None


def previewed(seen: Iterable[tuple[str, Preview]], as_json: bool) -> None:
    """What an import of some files would do."""
    if as_json:
        emit_json([{"file": name, **one.model_dump()} for name, one in seen])
        return
    for name, one in seen:
        if one.rows:
            table(
                ("row", "steps", "prompt", "first step", "answer"),
                [
                    (
                        row.row,
                        len(row.trace.steps),
                        row.trace.prompt,
                        row.trace.steps[0].content,
                        row.trace.final_answer,
                    )
                    for row in one.rows
                ],
            )
        for problem in one.problems:
            row = f"row {problem.row}: " if problem.row else ""
            column = f"{problem.column}: " if problem.column else ""
            line(f"{row}{column}{problem.reason}")
        if one.rejected > len(one.problems):
            line(f"... and {one.rejected - len(one.problems):,} more rows")
        line(
            f"{name} ({one.format or 'no format'}): {one.traces:,} traces, "
            f"{one.rejected:,} rejected; nothing is stored"
        )
        line(f"columns: {', '.join(one.columns) or 'none'}")
        if one.format is None:
            say(f"hint: {EXAMPLE}")


def imported_all(reports: Iterable[ImportReport], as_json: bool) -> None:
    """Import one file after the other; when one fails, what became of those before it is said."""
    done: list[ImportReport] = []
    try:
        done.extend(reports)
    except KeyboardInterrupt:
        say("what is stored stays; import the same again to add the rest")
        raise
    finally:
        if done:
            imported(done, as_json)


def imported(reports: Sequence[ImportReport], as_json: bool) -> None:
    """What happened to the records of each file."""
    if as_json:
        emit_json([report.model_dump() for report in reports])
        return
    for report in reports:
        rate = report.records / report.seconds if report.seconds else 0
        line(
            f"{report.source} ({report.format}): {report.added:,} added, {report.known:,} known, "
            f"{report.rejected:,} rejected, {rate:,.0f} records/s"
        )


def listed(rows: Sequence[TraceSummary], total: int, as_json: bool) -> None:
    """Some of the traces that were found, and how many there are."""
    if as_json:
        emit_json({"data": [row.model_dump() for row in rows], "total": total})
        return
    table(
        ("id", "source", "model", "verdict", "label", "steps", "answer", "prompt"),
        [
            (r.id, r.source, r.model, r.verdict, r.label, r.step_count, r.final_answer, r.prompt)
            for r in rows
        ],
    )
    line(f"{len(rows)} of {total:,}")


def divided(found: Facets, as_json: bool) -> None:
    """How traces divide."""
    if as_json:
        emit_json(found.model_dump())
        return
    table(
        ("field", "value", "traces"),
        [
            (field, one.value or "none", f"{one.count:,}")
            for field, counts in found.model_dump(exclude={"total"}).items()
            for one in (Count(**each) for each in counts)
        ],
    )
    line(f"{found.total:,} traces")


def read(head: str, trace: ReasoningTrace, first_error: int | None) -> None:
    """One trace, step by step; the first wrong step is marked."""
    line(head)
    lines(f"\n{trace.prompt}\n")
    for place, step in enumerate(trace.steps):
        mark = "✗" if place == first_error else " "
        lines(f"{mark} {step.i:>3} {plain(step.type)}: {step.content}")
    lines(f"\nAnswer: {trace.final_answer}")


def changed(number: int, word: str, as_json: bool) -> None:
    """How many traces an action reached."""
    if as_json:
        emit_json({"changed": number})
    else:
        line(f"{number:,} traces {word}")


def named_or_asked(named: Sequence[str], asked: str | None) -> None:
    """Refuse what names no traces, names them twice, or names something else."""
    if (asked is None) == (not named):
        raise BadInput("Name traces by their ids, or give a --query.")
    for one in named:
        if not is_id(one):
            raise BadInput(f"{one!r} is not the id of a trace.", hint="tunix-rt traces list")

"""Traces in a terminal: the same words wherever they come from, a store or a server."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, line, lines, plain, say, table
from tunix_rt.traces.language import BadQuery, joined
from tunix_rt.traces.mapping import EXAMPLE, Mapped
from tunix_rt.traces.schema import Count, Facets, Trace, TraceFilter, TraceSummary
from tunix_rt.traces.schema_marks import Annotation
from tunix_rt.traces.schema_record import ImportReport, Preview


def chosen(query: str | None, **fields: Any) -> TraceFilter:
    """The filter of a query and of options; what is wrong with a query is pointed at."""
    try:
        return joined(query, TraceFilter(**fields))
    except BadQuery as wrong:
        say(f"  {plain(query or '')}")
        say(f"  {' ' * wrong.position}^")
        raise


def must_have_words(wanted: TraceFilter) -> None:
    """Refuse to rank what is found without any words."""
    if wanted.q is None:
        raise BadInput("Without words there is no rank.", hint="Leave --rank out, or add words.")


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


def deleted_of(report: ImportReport) -> TraceFilter:
    """The deleted traces of the source that was imported."""
    return TraceFilter(source=report.source, deleted=True)


def deleted(report: ImportReport, count: int) -> None:
    """Say that what is deleted is known too, and is not brought back by an import."""
    if count:
        say(
            f"{count:,} traces of this source are deleted, and stay so: "
            f"tunix-rt traces restore --query 'source:\"{report.source}\"'"
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
            (field.removesuffix("s"), one.value or "none", f"{one.count:,}")
            for field, counts in found.model_dump(exclude={"total"}).items()
            for one in (Count(**each) for each in counts)
        ],
    )
    line(f"{found.total:,} traces")


def read(found: Trace, said: Sequence[Annotation], as_json: bool) -> None:
    """One trace, step by step, and what is said of it; the first wrong step is marked."""
    trace = found.payload
    if as_json:
        chars = sum(len(step.content) for step in trace.steps)
        counted = {"step_count": len(trace.steps), "total_chars": chars}
        annotations = [one.model_dump() for one in said]
        emit_json({**found.model_dump(), **counted, "annotations": annotations})
        return
    line(f"{found.source}  {found.model or ''}  verdict: {found.verdict or 'none'}")
    lines(f"\n{trace.prompt}\n")
    for place, step in enumerate(trace.steps):
        mark = "✗" if place == found.first_error_step else " "
        lines(f"{mark} {step.i:>3} {plain(step.type)}: {step.content}")
    lines(f"\nAnswer: {trace.final_answer}")
    if said:
        line("")
    for one in said:
        where = "" if one.step is None else f"step {one.step}: "
        value = one.text or " ".join(filter(None, (one.name, _number(one.value))))
        line(f"{where}{one.kind}: {value} ({one.author}, {one.created_at[:10]})")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def written(file: Path, count: int, as_json: bool) -> None:
    """How many traces a file was given."""
    if as_json:
        emit_json({"file": str(file), "traces": count})
    else:
        say(f"{count:,} traces written to {file}")


def changed(number: int, word: str, as_json: bool) -> None:
    """How many traces an action reached."""
    if as_json:
        emit_json({"changed": number})
    else:
        line(f"{number:,} traces {word}")


def named_or_asked(
    named: Sequence[str], asked: str | None, *, deleted: bool = False
) -> TraceFilter | None:
    """What a query means, or None for traces that are named by their ids; one of both is needed."""
    if (asked is None) == (not named):
        raise BadInput("Name traces by their ids, or give a --query.")
    for one in named:
        checked(one)
    if asked is None:
        return None
    wanted = chosen(asked)
    return wanted.model_copy(update={"deleted": True}) if deleted else wanted


def checked(trace_id: str) -> str:
    """The id of a trace, or a refusal."""
    if not is_id(trace_id):
        raise BadInput(f"{trace_id!r} is not the id of a trace.", hint="tunix-rt traces list")
    return trace_id

"""A court as it looks from outside: its report, its cases with their traces."""

from typing import Any

from tunix_rt.court import query
from tunix_rt.court.rates import agreement, false_negative, false_positive
from tunix_rt.court.schema import (
    Case,
    CasePage,
    Cell,
    Court,
    CourtConfig,
    CourtReport,
    EvaluationChange,
    Impact,
    Testimony,
    Which,
    WitnessReport,
    Word,
)
from tunix_rt.court.witnesses import version
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import iso
from tunix_rt.runs import query_read as runs
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.traces import query as traces


def new(config: CourtConfig) -> NewRun:
    """The run that holds a court."""
    name = f"{config.first} against {config.second} on {config.subject}"
    return NewRun(kind="court", name=name, config=config)


def versions(config: CourtConfig) -> dict[str, str]:
    """The versions of both witnesses, as they are now."""
    return {
        "first": version(config.first, config.subject),
        "second": version(config.second, config.subject),
    }


def court(connection: Connection, run_id: str) -> tuple[Row[Any], CourtConfig]:
    """The run of a court and its config, or `NotFound`."""
    row = runs.get(connection, run_id)
    if row.kind != "court":
        raise NotFound("Court not found", hint="tunix-rt court list")
    return row, CourtConfig.model_validate(row.config)


def courts(connection: Connection, limit: int) -> list[Court]:
    """The newest courts."""
    rows = runs.page(connection, limit=limit, kind="court")
    counts = query.counts(connection, [row.id for row in rows])
    return [_court(row, *counts.get(row.id, (0, 0))) for row in rows]


def report(connection: Connection, run_id: str) -> CourtReport:
    """What a court has found so far, against every ruling there is by now."""
    row, config = court(connection, run_id)
    cells = query.cells(connection, run_id, config.subject)
    cases = sum(cell.cases for cell in cells)
    unlike = sum(cell.cases for cell in cells if cell.first != cell.second)
    said = (row.result or {}).get("versions") or versions(config)
    return CourtReport(
        **_court(row, cases, unlike).model_dump(),
        agreement=agreement(cells),
        cells=cells,
        witnesses=[
            _witness(config.first, said["first"], cells, first=True),
            _witness(config.second, said["second"], cells, first=False),
        ],
        impact=_impact(connection, row) if config.impact else None,
    )


def cases(
    connection: Connection,
    run_id: str,
    *,
    which: Which,
    first: Word | None = None,
    second: Word | None = None,
    cursor: str | None = None,
    limit: int,
) -> CasePage:
    """Cases of a court with what is needed to rule on them."""
    _, config = court(connection, run_id)
    rows, following = query.page(
        connection,
        run_id,
        config.subject,
        which=which,
        first=first,
        second=second,
        cursor=cursor,
        limit=limit,
    )
    known = {row.id: row for row in traces.by_ids(connection, [row.trace_id for row in rows])}
    shown = [_case(row, known[row.trace_id]) for row in rows if row.trace_id in known]
    return CasePage(data=shown, next_cursor=following)


def adoptable(connection: Connection, run_id: str) -> None:
    """Refuse to adopt what was not asked of a court, or is not known yet."""
    row, config = court(connection, run_id)
    if not config.impact:
        raise Conflict(
            "Only a court that shows its impact can be adopted.", hint="tunix-rt court regrade"
        )
    if row.status != "completed":
        raise Conflict(f"This court is {row.status}; only a completed one can be adopted.")


def _court(row: Row[Any], cases: int, disagreements: int) -> Court:
    config = CourtConfig.model_validate(row.config)
    seen = runs.summary(row)
    return Court(
        run_id=row.id,
        status=seen.status,
        progress=seen.progress,
        subject=config.subject,
        first=config.first,
        second=config.second,
        cases=cases,
        disagreements=disagreements,
        created_at=iso(row.created_at),
    )


def _witness(name: str, said: str, cells: list[Cell], *, first: bool) -> WitnessReport:
    def word(cell: Cell) -> Word:
        return cell.first if first else cell.second

    return WitnessReport(
        name=name,
        version=said,
        false_positive=false_positive(cells, word),
        false_negative=false_negative(cells, word),
    )


def _impact(connection: Connection, row: Row[Any]) -> Impact:
    changes = [
        EvaluationChange.model_validate(one) for one in (row.result or {}).get("evaluations", [])
    ]
    return Impact(
        sources=query.by_source(connection, row.id),
        datasets=query.by_dataset(connection, row.id),
        evaluations=[one for one in changes if one.changed],
    )


def _case(row: Row[Any], trace: Row[Any]) -> Case:
    body = traces.payload(trace)
    expected = (body.meta or {}).get("expected_answer")
    return Case(
        trace_id=row.trace_id,
        prompt=body.prompt,
        final_answer=body.final_answer,
        expected=None if expected is None else str(expected),
        first=Testimony(outcome=row.first, reason=row.first_reason or "", step=row.first_step),
        second=Testimony(outcome=row.second, reason=row.second_reason or "", step=row.second_step),
        ruling=row.ruling,
    )

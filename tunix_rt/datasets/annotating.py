"""Traces of the store as rows of a dataset: what they say, and what was known of them."""

from collections.abc import Sequence

import msgspec

from tunix_rt.datasets.query_rows import Stored
from tunix_rt.kit.ids import iso
from tunix_rt.rendering.schema import Outcome, StepRow, TraceRow
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import AnyTrace, QuickTrace, group_of
from tunix_rt.verify.checking import literal_text


def rows(stored: Sequence[Stored]) -> list[TraceRow]:
    """The rows of a dataset that rows of the store make."""
    return [_row(row, traces.parsed(row)) for row in stored]


def licence_of(row: TraceRow) -> str | None:
    """What a trace's meta says of its licence."""
    meta = row.meta or {}
    named = meta.get("licence") or meta.get("license")
    return named if isinstance(named, str) else None


def _row(row: Stored, trace: AnyTrace) -> TraceRow:
    meta = trace.meta or {}
    judged = None if row.steps_detail is None else _details.decode(row.steps_detail)
    verifier = meta.get("verifier")
    expected = meta.get("expected_answer")
    return TraceRow(
        id=row.id,
        created_at=iso(row.created_at),
        trace_version=trace.trace_version,
        prompt=trace.prompt,
        final_answer=trace.final_answer,
        steps=trace.steps
        if isinstance(trace, QuickTrace)
        else [StepRow(step.i, step.type, step.content) for step in trace.steps],
        meta=trace.meta,
        source=row.source,
        model=row.model,
        group=group_of(trace.prompt),
        verdict=row.ruled or row.verdict,
        first_error=row.first_error_step,
        step_verdicts=None if judged is None else judged.by_step(len(trace.steps)),
        expected_answer=None if expected is None else literal_text(expected),
        verifier=verifier if isinstance(verifier, str) else None,
    )


class _Claim(msgspec.Struct):
    step: int
    outcome: Outcome


class _Detail(msgspec.Struct):
    claims: list[_Claim]
    first_error: _Claim | None = None

    def by_step(self, number: int) -> list[Outcome]:
        """Wrong where a claim is, right where all that was checked is, else undecided."""
        found: list[Outcome] = ["undecided"] * number
        for claim in (*self.claims, *([self.first_error] if self.first_error else ())):
            if (
                claim.step < number
                and found[claim.step] != "wrong"
                and claim.outcome != "undecided"
            ):
                found[claim.step] = claim.outcome
        return found


_details = msgspec.json.Decoder(_Detail)

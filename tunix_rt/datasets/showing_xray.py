"""An X-ray in a terminal: what is learned stands out, the rest is dim; proofs as a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunix_rt.kit.refusing import said_plainly
from tunix_rt.kit.terminal import Tint, emit_json, line, table, tinted
from tunix_rt.rendering import policing
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_xray import Look, LookAtTraces, Xray, XrayRow


def looked(
    options: Mapping[str, Any], policy: Sequence[str], traces: Sequence[str] = ()
) -> Look | LookAtTraces:
    """What the command line asks to look at; options that were not given keep their defaults."""
    given = {name: value for name, value in options.items() if value is not None}
    about = {name: given.pop(name) for name in ("rows", "row", "prove") if name in given}
    rendering = rendered(given, policy)
    with said_plainly():
        if traces:
            return LookAtTraces(rendering=rendering, trace_ids=list(traces), **about)
        return Look(rendering=rendering, **about)


def rendered(options: Mapping[str, Any], policy: Sequence[str]) -> Rendering:
    """The rendering that options and `KEY=VALUE` pairs of a mask policy mean."""
    with said_plainly():
        return Rendering(masks=policing.read(policy), **options)


def xray(found: Xray, as_json: bool) -> None:
    """Rows, proofs and numbers."""
    if as_json:
        emit_json(found.model_dump())
        return
    for row in found.rows:
        line(f"{row.id}  {_head(row)}")
        tinted(_parts(row, found))
    if found.rows:
        tinted([("learned", "strong"), ("  learned less", "weak"), ("  shown only", "dim")])
    _proofs(found)


def _head(row: XrayRow) -> str:
    words = {
        "trained": f"{row.trained} of {row.length} tokens are learned",
        "cut": f"cut: {row.trained} tokens are learned, the row has {row.length}",
        "too_long": f"too long: {row.length} tokens",
        "left_out": "left out: nothing of it is learned",
    }
    verdict = f", {row.verdict}" if row.verdict else ""
    return words[row.fate] + verdict


def _parts(row: XrayRow, found: Xray) -> Iterator[tuple[str, Tint]]:
    """The text of a row as it is learned, span by span."""
    whole = max((span.weight for span in row.spans), default=0.0)
    for span in row.spans:
        text = "".join(row.tokens[span.start : span.end])
        tint: Tint = "dim" if span.weight == 0 else "strong" if span.weight >= whole else "weak"
        yield text, tint
    if row.spans and row.spans[-1].end < row.length:
        yield f" ... {row.length - row.spans[-1].end} more tokens", "dim"


def _proofs(found: Xray) -> None:
    numbers = found.proofs.numbers
    table(
        ("proof", "holds", "first row that breaks it"),
        [
            (
                one.says,
                "yes" if one.ok else f"broken by {one.broken}",
                f"{one.examples[0].row}: {one.examples[0].why}" if one.examples else "",
            )
            for one in found.proofs.proofs
        ],
    )
    table(
        ("tokens of", "there", "learned", "weight"),
        [(k.kind, f"{k.tokens:,}", f"{k.trained:,}", f"{k.weight:,.1f}") for k in numbers.kinds]
        + [
            (f"step: {t.type}", f"{t.tokens:,}", f"{t.trained:,}", f"{t.weight:,.1f}")
            for t in numbers.step_types
        ],
    )
    about = "all" if found.complete else "the first"
    line(
        f"{about} {numbers.rows:,} rows: {numbers.trained_rows:,} are trained, "
        f"{numbers.left_out:,} left out, {numbers.cut.rows:,} longer than "
        f"{found.rendering.max_seq_length} tokens"
    )
    if lengths := numbers.lengths:
        line(
            f"tokens a row: {lengths.shortest} to {lengths.longest}, median {lengths.median}, "
            f"95 % within {lengths.p95}"
        )
    if found.proofs.first_batch_sha256:
        line(f"first batch {found.proofs.first_batch_sha256}")

"""Rows as they will be trained, token by token: bounded, whatever the rows hold."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.registry.loading.chat import ChatTemplate
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.rendering import segmenting
from tunix_rt.rendering.batching import fitted
from tunix_rt.rendering.proofs import prove
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.schema_xray import Fate, Look, Xray, XrayRow, XraySpan, XrayTokenizer
from tunix_rt.rendering.tokenizing import Tokens, encode, load_chat, tokenizer_of

MOST_SHOWN = 4096
"""Tokens of one row that are shown."""

MOST_TOGETHER = 100_000
"""Tokens of all rows that are shown; rows behind them are not."""

MOST_CHARACTERS = 20_000_000
"""Characters of the rows that are read to be proven."""

MOST_BUILT = 100_000
"""Rows a tokenizer is built from while somebody waits."""


def xray(rows: Iterable[TraceRow], look: Look) -> Xray:
    """Look at `rows`, which are walked through as often as it takes."""
    chat = load_chat(look.rendering)
    tokenizer = tokenizer_of(look.rendering, _said(rows, look.rendering, chat))
    return xray_with(rows, look, tokenizer, chat)


def xray_with(
    rows: Iterable[TraceRow], look: Look, tokenizer: TextTokenizer, chat: ChatTemplate | None
) -> Xray:
    """The same with a tokenizer that is loaded already."""
    looked, complete = _first(rows, max(look.prove, look.rows))
    proven = looked[: look.prove]
    complete = complete and len(looked) == len(proven)
    proofs = prove(proven, look.rendering, tokenizer, chat)
    if not complete:
        proofs = proofs.model_copy(update={"first_batch_sha256": None})
    chosen = looked[: look.rows] if look.row is None else [_named(rows, look.row)]
    begin, end = tokenizer.control_texts
    folder = look.rendering.tokenizer
    return Xray(
        rendering=look.rendering,
        tokenizer=XrayTokenizer(
            name=None if folder is None else Path(folder).name,
            size=tokenizer.size,
            sha256=proofs.tokenizer_sha256,
            begin=begin or None,
            end=end,
        ),
        rows=list(_shown(chosen, look.rendering, tokenizer, chat)),
        complete=complete,
        proofs=proofs,
    )


def _said(
    rows: Iterable[TraceRow], rendering: Rendering, chat: ChatTemplate | None
) -> Iterable[Example]:
    """What a tokenizer is built from, if one is built: every row, or a refusal."""

    def walk() -> Iterator[Example]:
        for number, one in enumerate(segmenting.examples(rows, rendering, chat)):
            if number == MOST_BUILT:
                raise BadInput(
                    f"There are more than {MOST_BUILT:,} rows to build a tokenizer from.",
                    hint="Name the folder of a tokenizer.",
                )
            yield one

    return Again(walk)


def _first(rows: Iterable[TraceRow], count: int) -> tuple[list[TraceRow], bool]:
    """The first rows of the training split, no more text than is looked at; whether it is all."""
    found: list[TraceRow] = []
    left = MOST_CHARACTERS
    for row in (row for row in rows if row.split == segmenting.TRAINED):
        if len(found) == count or left < 0:
            return found, False
        found.append(row)
        left -= len(row.prompt) + len(row.final_answer) + sum(len(s.content) for s in row.steps)
    return found, True


def _named(rows: Iterable[TraceRow], wanted: str) -> TraceRow:
    found = next((row for row in rows if row.id == wanted), None)
    if found is None:
        raise NotFound(f"No row is called {wanted[:64]!r}.")
    return found


def _shown(
    rows: list[TraceRow],
    rendering: Rendering,
    tokenizer: TextTokenizer,
    chat: ChatTemplate | None,
) -> Iterator[XrayRow]:
    left = MOST_TOGETHER
    segmenting.look_ahead(rows, rendering, chat)
    for row in rows:
        segments = segmenting.segments(row, rendering, chat)
        if not segments:
            yield _row(row, None, "left_out", rendering)
            continue
        [tokens] = encode([Example(segments, row.id)], tokenizer)
        left -= min(len(tokens.ids), MOST_SHOWN)
        if left < 0:
            return
        yield _row(row, tokens, _fate(tokens, rendering), rendering)


def _fate(tokens: Tokens, rendering: Rendering) -> Fate:
    kept = fitted(tokens, rendering.max_seq_length, rendering.too_long)
    if kept is None:
        return "too_long"
    if not any(kept.weights):
        return "left_out"
    return "trained" if kept is tokens else "cut"


def _row(row: TraceRow, tokens: Tokens | None, fate: Fate, rendering: Rendering) -> XrayRow:
    """A row as it is shown; where it is cut, what is behind the cut is not."""
    kept = tokens or Tokens([], [], [], 0, ())
    if fate == "cut":
        kept = kept.cut(rendering.max_seq_length)
    shown = kept.cut(MOST_SHOWN)
    return XrayRow(
        id=row.id,
        split=row.split,
        fate=fate,
        length=0 if tokens is None else len(tokens.ids),
        trained=sum(weight > 0 for weight in kept.weights) if fate in ("trained", "cut") else 0,
        given=shown.given,
        ids=shown.ids,
        tokens=shown.texts,
        spans=[
            XraySpan(
                start=start,
                end=end,
                kind=kind,
                step=step,
                step_type=None if step is None else row.steps[step].type,
                weight=weight,
            )
            for start, end, kind, step, weight in shown.spans
        ],
        verdict=row.verdict,
        first_error=row.first_error,
        step_verdicts=row.step_verdicts,
    )

"""What holds for every row of a rendering, and what does not: proofs before anything is trained.

Rows stream through twice: once to be proven and counted, once to find those of the first batch,
which are known only when all are counted. Memory holds a number per row and a handful of examples.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.chat import ChatTemplate
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.rendering.batching import fitted, laid
from tunix_rt.rendering.counting import Counts
from tunix_rt.rendering.planning import Plan
from tunix_rt.rendering.promises import SAYS, Checked, check
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_proofs import Broken, Proof, ProofName, Proofs, ProvenRendering
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.segmenting import TRAINED, examples, look_ahead, segments
from tunix_rt.rendering.templating import template
from tunix_rt.rendering.tokenizing import Tokens, encode, load_chat, tokenizer_of

AT_ONCE = 256
"""Rows that are encoded and decoded with one crossing into Rust."""

SHOWN = 5
"""Rows that are named for each broken proof."""

STOPS: tuple[ProofName, ...] = ("worded", "fits", "trained")
"""A training refuses to begin where one of these is broken."""


def proven(
    rows: Iterable[TraceRow], rendering: Rendering, *, despite: Sequence[ProofName] = ()
) -> ProvenRendering:
    """Prove what is to be frozen. `rows` are walked through three times at most.

    A broken proof that `despite` does not name is a BadInput with the first row that breaks it.
    """
    chat = load_chat(rendering)
    tokenizer = tokenizer_of(rendering, Again(lambda: examples(rows, rendering, chat)))
    found = prove(rows, rendering, tokenizer, chat)
    broken = [one for one in found.proofs if not one.ok]
    for one in broken:
        if one.name not in despite:
            first = "".join(_told(example) for example in one.examples[:1])
            raise BadInput(
                f"{one.broken:,} of {found.numbers.rows:,} rows break the proof {one.name!r} "
                f"({one.says}).{first}",
                hint="Change the rendering, or override the proof by its name.",
            )
    if not found.numbers.rows:
        raise BadInput("There is no row of the training split to prove.")
    return ProvenRendering(
        rendering=rendering,
        tokenizer_sha256=found.tokenizer_sha256,
        first_batch_sha256=found.first_batch_sha256,
        overridden=[one.name for one in broken],
        proofs=found,
    )


def _told(example: Broken) -> str:
    named = f"Row {example.row}: "
    return f" {named}{example.why.removeprefix(named)}"


def prove(
    rows: Iterable[TraceRow],
    rendering: Rendering,
    tokenizer: TextTokenizer,
    chat: ChatTemplate | None = None,
) -> Proofs:
    """Prove a rendering of the training split of `rows`, which are walked through twice.

    `chat` is loaded where the rendering needs it and nobody hands it in.
    """
    assert iter(rows) is not rows, "rows are walked through twice"
    prover = _Prover(rendering, tokenizer, chat or load_chat(rendering))
    for some in _taught(rows):
        prover.take(some)
    return prover.proofs(rows)


class _Prover:
    """Everything that is known of the rows so far."""

    def __init__(
        self, rendering: Rendering, tokenizer: TextTokenizer, chat: ChatTemplate | None
    ) -> None:
        self._rendering, self._tokenizer, self._chat = rendering, tokenizer, chat
        self._wording = template(rendering.template)
        self._broken: dict[ProofName, int] = dict.fromkeys(SAYS, 0)
        self._examples: dict[ProofName, list[Broken]] = {name: [] for name in SAYS}
        self._counts = Counts(rendering.max_seq_length)
        self._kept = array("i")
        """For each row how many tokens of it are trained with; 0 where it is not."""

    def take(self, rows: list[TraceRow]) -> None:
        """Prove and count some rows."""
        look_ahead(rows, self._rendering, self._chat)
        worded = [self._worded(row) for row in rows]
        full = [one for one in worded if one is not None and one.segments]
        found = encode(full, self._tokenizer)
        decoded = self._decoded(found)
        ready = iter(zip(full, found, decoded, strict=True))
        for row, one in zip(rows, worded, strict=True):
            if one is not None and one.segments:
                self._row(row, *next(ready))
                continue
            self._kept.append(0)
            if one is not None:
                self._counts.leave_out()

    def _worded(self, row: TraceRow) -> Example | None:
        try:
            return Example(segments(row, self._rendering, self._chat), row.id)
        except BadInput as refused:
            self._break("worded", row.id, refused.message)
            return None

    def _decoded(self, found: list[Tokens]) -> list[tuple[str, str]]:
        """Prompt and response as their tokens give them back."""
        begin = 0 if self._tokenizer.bos_id() is None else 1
        sides = [s for t in found for s in (t.ids[begin : t.given], t.ids[t.given : -1])]
        texts = self._tokenizer.inner.decode_batch(sides, skip_special_tokens=False)
        return list(zip(texts[::2], texts[1::2], strict=True))

    def _row(self, row: TraceRow, one: Example, tokens: Tokens, decoded: tuple[str, str]) -> None:
        length = len(tokens.ids)
        shown = fitted(tokens, self._rendering.max_seq_length, self._rendering.too_long)
        self._counts.length(tokens, whole=length <= self._rendering.max_seq_length)
        if shown is None:
            if self._rendering.too_long == "refuse":
                most = self._rendering.max_seq_length
                self._break("fits", row.id, f"It has {length} tokens, and {most} fit.")
            self._kept.append(0)
            return
        if not any(shown.weights):
            self._counts.leave_out()
            self._kept.append(0)
            return
        case = Checked(row, one, tokens, shown, decoded, self._rendering)
        for name, why in check(case, self._tokenizer, self._wording):
            self._break(name, row.id, why)
        self._counts.trained(row, shown)
        self._kept.append(len(shown.ids))

    def _break(self, name: ProofName, row: str, why: str) -> None:
        self._broken[name] += 1
        if len(self._examples[name]) < SHOWN:
            self._examples[name].append(Broken(row=row, why=why))

    def proofs(self, rows: Iterable[TraceRow]) -> Proofs:
        """What was found; the rows once more for the first batch."""
        if self._kept and not any(self._kept):
            self._broken["trained"] = len(self._kept)
        proofs = [
            Proof(
                name=name,
                says=says,
                ok=not self._broken[name],
                broken=self._broken[name],
                examples=self._examples[name],
            )
            for name, says in SAYS.items()
        ]
        stops = any(self._broken[name] for name in STOPS) or not any(self._kept)
        unsettled = self._rendering.batching.layout == "auto"
        return Proofs(
            ok=all(one.ok for one in proofs) and bool(self._kept),
            proofs=proofs,
            numbers=self._counts.numbers(len(self._kept)),
            tokenizer_sha256=self._tokenizer.sha256(),
            first_batch_sha256=None if stops or unsettled else self._first_batch(rows),
        )

    def _first_batch(self, rows: Iterable[TraceRow]) -> str:
        """The hash of the batch that a training of this rendering sees first."""
        import numpy as np

        own = self._rendering
        lengths = np.asarray(self._kept)
        plan = Plan(lengths[lengths > 0], own.batching, size=own.batch_size, seed=own.seed)
        width, lines = plan.at(0)
        wanted, found = {row for line in lines for row in line}, {}
        place = 0
        for number, row in enumerate(row for some in _taught(rows) for row in some):
            if self._kept[number]:
                if place in wanted:
                    [tokens] = encode([Example(segments(row, own, self._chat))], self._tokenizer)
                    shown = tokens.cut(own.max_seq_length)
                    ids, weights = np.array(shown.ids, np.int32), np.array(shown.weights)
                    found[place] = (ids, weights.astype(np.float32))
                place += 1
        laid_out = [[found[row] for row in line] for line in lines]
        packed = own.batching.layout == "packed"
        return laid(laid_out, width, self._tokenizer.pad_id(), packed=packed).sha256()


def _taught(rows: Iterable[TraceRow]) -> Iterator[list[TraceRow]]:
    """The rows of the training split, some at a time."""
    ahead = (row for row in rows if row.split == TRAINED)
    while some := list(islice(ahead, AT_ONCE)):
        yield some

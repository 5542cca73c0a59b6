"""Examples as tokens with weights: the one place where text becomes what a model is shown.

A row is begin of text, prompt, response, end of text. Prompt and response are encoded apart, so
the prompt ends where it ends when a model is asked. A special token that a template writes is that
token; one that a trace spells is text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.chat import ChatTemplate, load_chat_template
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer, load_tokenizer
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_wording import Example, Kind, Segment
from tunix_rt.rendering.segmenting import segments

AT_ONCE = 512
"""Examples that are encoded with one crossing into Rust."""


Offsets = Sequence[tuple[int, int]]
"""First character of each token, and the first behind it."""


class Span(NamedTuple):
    """Neighbouring tokens of one segment; `end` is the first token behind them."""

    start: int
    end: int
    kind: Kind
    step: int | None
    weight: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """A row as a model is shown it."""

    ids: list[int]
    weights: list[float]
    """One per token; what is given weighs nothing."""

    spans: list[Span]
    """Every token in order; begin and end of text are frame."""

    given: int
    """How many tokens the model is asked with."""

    parts: tuple[tuple[str, Offsets], ...]
    """The text of begin, prompt, response and end, with where each token of it stands."""

    @property
    def texts(self) -> list[str]:
        """The characters each token stands for, together the whole text.

        A character that several tokens share is the first one's.
        """
        found = [text for part, offsets in self.parts for text in _texts(part, offsets)]
        return found[: len(self.ids)]

    def cut(self, length: int) -> "Tokens":
        """At most the first `length` tokens."""
        spans = [one._replace(end=min(one.end, length)) for one in self.spans if one.start < length]
        given = min(self.given, length)
        return Tokens(self.ids[:length], self.weights[:length], spans, given, self.parts)


def load_chat(rendering: Rendering) -> ChatTemplate | None:
    """The chat template that a rendering needs, if it needs one."""
    if rendering.template != "chat":
        return None
    if rendering.tokenizer is None:
        raise BadInput(
            "The template chat needs a tokenizer with a chat template.",
            hint="Name the folder of a tokenizer, or of a model with its tokenizer.",
        )
    return load_chat_template(Path(rendering.tokenizer))


def tokenizer_of(rendering: Rendering, examples: Iterable[Example]) -> TextTokenizer:
    """The tokenizer of the named folder; without one, the one that training builds."""
    if rendering.tokenizer is not None:
        return loaded(Path(rendering.tokenizer))
    return build_from(examples, rendering.vocab_size)


def loaded(folder: Path) -> TextTokenizer:
    """The tokenizer of a folder; the last two are remembered as long as their files stay."""
    stamps = []
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        try:
            found = (folder / name).stat()
        except OSError:
            continue
        stamps.append((name, found.st_mtime_ns, found.st_size))
    return _loaded(folder, tuple(stamps))


@lru_cache(maxsize=2)
def _loaded(folder: Path, _: tuple[tuple[str, int, int], ...]) -> TextTokenizer:
    return load_tokenizer(folder)


def build_from(examples: Iterable[Example], vocab_size: int) -> TextTokenizer:
    """A small tokenizer from all that examples say."""
    texts = (text for one in examples for text in (one.prompt, one.response))
    return build_tokenizer(texts, vocab_size)


def render(
    trace: TraceRow, rendering: Rendering, tokenizer: TextTokenizer, chat: ChatTemplate | None
) -> Tokens | None:
    """One row as tokens, uncut; null where the policy leaves it out."""
    own = Example(segments(trace, rendering, chat), trace.id)
    return encode([own], tokenizer)[0] if own.segments else None


def encoded(
    examples: Iterable[Example], tokenizer: TextTokenizer
) -> Iterator[tuple[Example, Tokens | None]]:
    """Examples with their tokens, some at a time; an example without segments has none."""
    ahead = iter(examples)
    while some := list(islice(ahead, AT_ONCE)):
        full = [one for one in some if one.segments]
        found = iter(encode(full, tokenizer))
        yield from ((one, next(found) if one.segments else None) for one in some)


def encode(examples: Sequence[Example], tokenizer: TextTokenizer) -> list[Tokens]:
    """The tokens of each example, of whatever length."""
    sides = [
        [one for one in example.segments if one.given is given]
        for example in examples
        for given in (True, False)
    ]
    texts = ["".join([one.text for one in side]) for side in sides]
    found = tokenizer.inner.encode_batch(texts, add_special_tokens=False)
    read = [
        _side(tokenizer, side, text, one)
        for side, text, one in zip(sides, texts, found, strict=True)
    ]
    return [_row(tokenizer, read[at], read[at + 1]) for at in range(0, len(read), 2)]


class _Side(NamedTuple):
    """One half of a row."""

    ids: list[int]
    owners: list[int]
    """Which segment each token belongs to."""

    segments: list[Segment]
    text: str
    offsets: Offsets


def _side(tokenizer: TextTokenizer, side: list[Segment], text: str, found: Any) -> _Side:
    ids, offsets = found.ids, found.offsets
    ends = _ends(side)
    owners = _owners(side, ends, text, offsets)
    if not tokenizer.special_ids.isdisjoint(ids) and _spelled(tokenizer, ids, offsets, side, ends):
        ids, offsets = _literally(tokenizer, side)
        owners = _owners(side, ends, text, offsets)
    return _Side(list(ids), owners, side, text, offsets)


def _ends(side: Sequence[Segment]) -> list[int]:
    ends, at = [], 0
    for one in side:
        at += len(one.text)
        ends.append(at)
    return ends


def _owners(side: Sequence[Segment], ends: list[int], text: str, offsets: Offsets) -> list[int]:
    """The segment of each token: that of most of its characters that are not white space."""
    owners, at, last = [], 0, len(ends) - 1
    for start, end in offsets:
        while at < last and ends[at] <= start:
            at += 1
        owners.append(at if end <= ends[at] else _most(ends, text, start, end, at))
    return owners


def _most(ends: list[int], text: str, start: int, end: int, at: int) -> int:
    """Which segment owns most of a token that stands across a border; the first of equals."""
    best, most = at, -1
    while start < end and at < len(ends):
        stop = min(end, ends[at])
        count = len(text[start:stop].strip())
        if count > most:
            best, most = at, count
        start, at = stop, at + 1
    return best


def _spelled(
    tokenizer: TextTokenizer,
    ids: Sequence[int],
    offsets: Offsets,
    side: Sequence[Segment],
    ends: list[int],
) -> bool:
    """Whether a special token stands on characters that a template did not write."""
    special, at = tokenizer.special_ids, 0
    for number, (start, end) in zip(ids, offsets, strict=True):
        if number in special:
            while ends[at] <= start:
                at += 1
            if side[at].kind != "frame" or end > ends[at]:
                return True
    return False


def _literally(
    tokenizer: TextTokenizer, side: Sequence[Segment]
) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids and offsets where only the special tokens of frames are special."""
    ids: list[int] = []
    offsets: list[tuple[int, int]] = []
    at, run = 0, ""

    def flush() -> None:
        nonlocal at, run
        found = tokenizer.literal.encode(run, add_special_tokens=False)
        ids.extend(found.ids)
        offsets.extend((start + at, end + at) for start, end in found.offsets)
        at, run = at + len(run), ""

    for one in side:
        if one.kind != "frame":
            run += one.text
            continue
        for text, number in _tokens_of(tokenizer, one.text):
            if number is None:
                run += text
            else:
                flush()
                ids.append(number)
                offsets.append((at, at + len(text)))
                at += len(text)
    flush()
    return ids, offsets


@lru_cache(maxsize=256)
def _tokens_of(tokenizer: TextTokenizer, frame: str) -> list[tuple[str, int | None]]:
    """A frame cut into its special tokens and the text between them."""
    found = tokenizer.inner.encode(frame, add_special_tokens=False)
    parts: list[tuple[str, int | None]] = []
    at = 0
    for number, (start, end) in zip(found.ids, found.offsets, strict=True):
        if number in tokenizer.special_ids:
            parts += [(frame[at:start], None), (frame[start:end], number)]
            at = end
    return [*parts, (frame[at:], None)]


def _texts(text: str, offsets: Offsets) -> list[str]:
    """The text, cut at the end of each token."""
    texts, at = [], 0
    for _, end in offsets:
        texts.append(text[at:end])
        at = max(at, end)
    if texts and at < len(text):
        texts[-1] += text[at:]
    return texts


def _row(tokenizer: TextTokenizer, given: _Side, response: _Side) -> Tokens:
    """Both halves with begin and end of text; the end counts like what stands before it."""
    bos, eos = tokenizer.bos_id(), tokenizer.eos_id()
    begin = [] if bos is None else [bos]
    words = tokenizer.control_texts
    spans: list[Span] = [Span(0, 1, "frame", None, 0.0)] if begin else []
    at = len(begin)
    for side in (given, response):
        at = _add_spans(spans, side, at)
    last = response.segments[-1].weight if response.segments else 0.0
    spans.append(Span(at, at + 1, "frame", None, last))
    weights: list[float] = []
    for span in spans:
        weights += [span.weight] * (span.end - span.start)
    return Tokens(
        [*begin, *given.ids, *response.ids, eos],
        weights,
        spans,
        len(begin) + len(given.ids),
        (
            *([_word(words[0])] if begin else []),
            (given.text, given.offsets),
            (response.text, response.offsets),
            _word(words[1]),
        ),
    )


def _word(text: str) -> tuple[str, Offsets]:
    """A token by its own text."""
    return text, [(0, len(text))]


def _add_spans(spans: list[Span], side: _Side, at: int) -> int:
    """Append the spans of a half that begins at token `at`; where it ends."""
    began, before = at, -1
    for owner in side.owners:
        if owner != before and before >= 0:
            spans.append(_span(side.segments[before], began, at))
            began = at
        before = owner
        at += 1
    if before >= 0:
        spans.append(_span(side.segments[before], began, at))
    return at


def _span(segment: Segment, start: int, end: int) -> Span:
    return Span(start, end, segment.kind, segment.step, segment.weight)

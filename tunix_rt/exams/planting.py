"""Plant one error in a verified trace: at a known step and span, propagated exactly or not.

Wrong numbers are one off, or a few, or a tenth; larger and smaller ones as often. A result that
comes out with places or a sign which the right one does not have is not planted: it would give
itself away. What comes back has been checked: the step verifier still accepts all that was not
changed, and calls false nothing but the planted claim.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random

from tunix_rt.exams import wording
from tunix_rt.exams.numbers import Number, Sum, numbers, rewrite, sums, value, written
from tunix_rt.exams.schema import ErrorKind, Planted, PlantedStep
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.checking import check_trace
from tunix_rt.verify.schema import StepsVerdict, TraceInput

DELTAS = (1, 2, 3, 5, 10)
SWAPS = {"+": "-", "-": "+", "*": "+", "×": "+", "/": "*", "÷": "×"}
TRIES = 12
"""Places tried in one trace before the kind is given up there."""

Spans = dict[tuple[int, int], str]


class Clean:
    """A trace whose steps were verified, with its claims."""

    def __init__(self, trace: ReasoningTrace) -> None:
        self.prompt = trace.prompt
        self._typed = trace.steps
        self.types = [step.type for step in trace.steps]
        self.steps = [step.content for step in trace.steps]
        self.final_answer = trace.final_answer

    @cached_property
    def verdict(self) -> StepsVerdict:
        """What the step verifier says of it."""
        return check_trace(TraceInput.of(self.prompt, self._typed, self.final_answer))

    @cached_property
    def given(self) -> frozenset[Fraction]:
        """The numbers of the prompt."""
        return frozenset(number.value for number in numbers(self.prompt))

    @cached_property
    def sums(self) -> list[list[Sum]]:
        """The claims of each step that can be computed again."""
        return [
            sums(content, [claim for claim in self.verdict.claims if claim.step == place])
            for place, content in enumerate(self.steps)
        ]


def plant(clean: Clean, kind: ErrorKind, random: Random, *, propagate: bool) -> Planted | None:
    """One error of a kind somewhere in the trace; None if it has no place for one."""
    for planted in _PLANTERS[kind](clean, random, propagate):
        if planted is not None and _is_as_planned(clean, planted):
            return planted
    return None


def _is_as_planned(clean: Clean, planted: Planted) -> bool:
    """Whether the verifier calls false what is false by plan, and nothing else."""
    if planted.kind == "dropped_step":
        return True
    spoilt = TraceInput.of(clean.prompt, planted.steps, planted.final_answer)
    claims = check_trace(spoilt).claims
    false = [claim for claim in claims if claim.outcome == "wrong"]
    if planted.kind in ("operand", "rule"):
        return not false
    return all(
        claim.step == planted.step and claim.start <= planted.end and planted.start <= claim.end
        for claim in false
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A sum that may be spoilt: where it stands."""

    step: int
    sum: Sum


def _places(clean: Clean, random: Random) -> list[_Place]:
    found = [_Place(step, one) for step, all_ in enumerate(clean.sums) for one in all_]
    random.shuffle(found)
    return found[:TRIES]


def _other(value_: Fraction, random: Random) -> Fraction:
    """A wrong value near the right one, of the same sign and places, above or below."""
    unit = Fraction(1, 10 ** _places_of(value_))
    delta = random.choice([*(d * unit for d in DELTAS), max(abs(value_) // 10, 1) * unit])
    other = value_ + delta * random.choice((-1, 1))
    return other if other > 0 else value_ + delta


def _places_of(value_: Fraction) -> int:
    return next((n for n in range(7) if (value_ * 10**n).denominator == 1), 6)


def _results(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    for place in _places(clean, random):
        yield _new_result(clean, place, _other(place.sum.result, random), "result", propagate)


def _signs(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    for place in _places(clean, random):
        if place.sum.result > 0:
            yield _new_result(clean, place, -place.sum.result, "sign", propagate)


def _new_result(
    clean: Clean, place: _Place, result: Fraction, kind: ErrorKind, propagate: bool
) -> Planted | None:
    """The result of a sum replaced; in a calculator mark too."""
    content, one = clean.steps[place.step], place.sum
    left = {number.value for number in numbers(content, one.start, one.equals)}
    if one.result in left or one.result in clean.given:
        return None
    spans = _replaced(numbers(content, one.equals, one.end), {one.result: result})
    changes = {one.result: result} if propagate else {}
    return _finished(clean, place, spans, changes, kind, propagate)


def _operands(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    for place in _places(clean, random):
        content, one = clean.steps[place.step], place.sum
        copied = random.choice(numbers(content, one.start, one.equals))
        other = _other(copied.value, random)
        spans: Spans = {}
        for number in numbers(content, one.start, one.equals):
            if number.value == copied.value and (new := written(other, number.text)):
                spans[number.start, number.end] = new
        left = _left(content, one, spans)
        yield _recomputed(clean, place, spans, left, {copied.value: other}, "operand", propagate)


def _rules(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    for place in _places(clean, random):
        content, one = clean.steps[place.step], place.sum
        signs = [i for i in range(one.start, one.equals) if content[i] in SWAPS]
        if len(signs) != 1:
            continue
        swapped = SWAPS[content[signs[0]]]
        spans: Spans = {(signs[0], signs[0] + 1): swapped}
        for index in range(one.equals, one.end):
            if content[index] in SWAPS:  # the same operation inside a calculator mark
                spans[index, index + 1] = swapped
        yield _recomputed(clean, place, spans, _left(content, one, spans), {}, "rule", propagate)


def _left(content: str, one: Sum, spans: Spans) -> Fraction | None:
    """The value of the left side after some of it was replaced."""
    inside = {
        (start - one.start, end - one.start): words
        for (start, end), words in spans.items()
        if end <= one.equals
    }
    return value(rewrite(content[one.start : one.equals], inside))


def _recomputed(
    clean: Clean,
    place: _Place,
    spans: Spans,
    result: Fraction | None,
    copied: dict[Fraction, Fraction],
    kind: ErrorKind,
    propagate: bool,
) -> Planted | None:
    """A sum whose left side was changed, with the result that it now has."""
    content, one = clean.steps[place.step], place.sum
    if result is None or result == one.result or not _looks_alike(result, one.result):
        return None
    if one.result in clean.given or one.result in copied:
        return None
    right = numbers(content, one.equals, one.end)
    spans = {**spans, **_replaced(right, {**copied, one.result: result})}
    changes = {one.result: result} if propagate else {}
    return _finished(clean, place, spans, changes, kind, propagate)


def _looks_alike(result: Fraction, before: Fraction) -> bool:
    """Whether a value could have been the right one: no new places, no new sign, not nothing."""
    return _places_of(result) <= _places_of(before) and result > 0 and before > 0


def _replaced(found: Sequence[Number], changes: dict[Fraction, Fraction]) -> Spans:
    spans: Spans = {}
    for number in found:
        new = changes.get(number.value)
        words = None if new is None else written(new, number.text)
        if words is not None:
            spans[number.start, number.end] = words
    return spans


def _finished(
    clean: Clean,
    place: _Place,
    spans: Spans,
    changes: dict[Fraction, Fraction],
    kind: ErrorKind,
    propagate: bool,
) -> Planted | None:
    """The trace with the sum replaced, and what follows computed from it."""
    if not spans:
        return None
    steps = list(clean.steps)
    content = steps[place.step]
    own = dict(spans)
    if changes and not _follow(clean, place.step, place.sum.end, changes, own):
        return None
    steps[place.step] = rewrite(content, own)
    for later in range(place.step + 1, len(steps)) if changes else ():
        found: Spans = {}
        if not _follow(clean, later, 0, changes, found):
            return None
        steps[later] = rewrite(steps[later], found)
    answer = rewrite(clean.final_answer, _replaced(numbers(clean.final_answer), changes))
    start, end = min(spans)[0], max(spans)[1]
    shift = sum(len(words) - (b - a) for (a, b), words in spans.items())
    after = rewrite(content, spans)[start : end + shift]
    return Planted(
        kind=kind,
        propagated=propagate,
        step=place.step,
        start=start,
        end=end + shift,
        before=content[start:end],
        after=after,
        steps=tuple(
            PlantedStep(type=t, content=c) for t, c in zip(clean.types, steps, strict=True)
        ),
        final_answer=answer,
    )


def _follow(
    clean: Clean, step: int, begin: int, changes: dict[Fraction, Fraction], spans: Spans
) -> bool:
    """Compute one step anew from changed numbers, behind a place; False if it cannot be."""
    content = clean.steps[step]
    for one in clean.sums[step]:
        if one.start < begin:
            continue
        spans |= _replaced(numbers(content, one.start, one.equals), changes)
        result = _left(content, one, {s: w for s, w in spans.items() if s[0] >= one.start})
        if result is None or not _looks_alike(result, one.result):
            return False
        if result != one.result:
            if one.result in clean.given or changes.get(one.result, result) != result:
                return False
            changes[one.result] = result
    spans |= _replaced(numbers(content, begin), changes)
    return True


def _units(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    yield from (
        _worded(clean, step, span, words, "unit")
        for step, span, words in wording.units(clean.steps, random)
    )


def _moves(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    yield from (
        _worded(clean, step, span, words, "illegal_move")
        for step, span, words in wording.moves(clean.types, clean.steps, random)
    )


def _worded(clean: Clean, step: int, span: tuple[int, int], words: str, kind: ErrorKind) -> Planted:
    """The trace with other words in one span, and nothing else changed."""
    steps = list(clean.steps)
    before = steps[step][span[0] : span[1]]
    steps[step] = rewrite(steps[step], {span: words})
    return Planted(
        kind=kind,
        propagated=False,
        step=step,
        start=span[0],
        end=span[0] + len(words),
        before=before,
        after=words,
        steps=tuple(
            PlantedStep(type=t, content=c) for t, c in zip(clean.types, steps, strict=True)
        ),
        final_answer=clean.final_answer,
    )


def _drops(clean: Clean, random: Random, propagate: bool) -> Iterator[Planted | None]:
    """A step whose result a later one uses, taken away."""
    places = list(range(len(clean.steps) - 1))
    random.shuffle(places)
    for place in places[:TRIES]:
        known = clean.given | {
            number.value for content in clean.steps[:place] for number in numbers(content)
        }
        made = {one.result for one in clean.sums[place]} - known
        later = {
            number.value
            for step in range(place + 1, len(clean.steps))
            for one in clean.sums[step]
            for number in numbers(clean.steps[step], one.start, one.equals)
        }
        if not made & later:
            continue
        kept = [
            PlantedStep(type=t, content=c)
            for i, (t, c) in enumerate(zip(clean.types, clean.steps, strict=True))
            if i != place
        ]
        yield Planted(
            kind="dropped_step",
            propagated=False,
            step=place,
            start=0,
            end=0,
            before=clean.steps[place],
            after="",
            steps=tuple(kept),
            final_answer=clean.final_answer,
        )


_PLANTERS: dict[ErrorKind, Callable[[Clean, Random, bool], Iterator[Planted | None]]] = {
    "result": _results,
    "operand": _operands,
    "sign": _signs,
    "unit": _units,
    "rule": _rules,
    "illegal_move": _moves,
    "dropped_step": _drops,
}

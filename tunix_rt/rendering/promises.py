"""The promises a rendered row is held to, one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_proofs import ProofName
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.templating import Template
from tunix_rt.rendering.tokenizing import Tokens

SAYS: dict[ProofName, str] = {
    "worded": "the template can word every row",
    "fits": "no row is longer than max_seq_length",
    "text": "the tokens decode to the very text",
    "reasoning": "every step stands in what is learned or shown, whole and in order",
    "no_empty_thought": "no thought is left empty or put in empty",
    "answer": "the answer is whole, and read back as it was",
    "one_begin": "begin of text stands once, at the beginning",
    "end_trained": "end of text stands once, at the end, and is learned",
    "trained": "something is learned",
}

_EMPTY = re.compile(r"<(think|thinking|thought|reasoning)>\s*</\1>")

Failure = tuple[ProofName, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """One row on its way through the promises."""

    trace: TraceRow
    example: Example
    tokens: Tokens
    """All of it."""

    shown: Tokens
    """What is trained of it: cut, where it is cut."""

    decoded: tuple[str, str]
    """Prompt and response, decoded from all tokens."""

    rendering: Rendering

    @property
    def response(self) -> str:
        """The text of the response as far as it is trained."""
        end = -1 if len(self.shown.ids) == len(self.tokens.ids) else None
        return "".join(self.shown.texts[self.shown.given : end])


def check(case: Checked, tokenizer: TextTokenizer, wording: Template) -> Iterator[Failure]:
    """Every promise that a row breaks, with a sentence."""
    yield from _text(case)
    response = case.response
    yield from _reasoning(case, response)
    if empty := _EMPTY.search(response):
        yield "no_empty_thought", f"{_short(empty[0])} stands in the response."
    yield from _answer(case, response, wording)
    yield from _ends(case, tokenizer)


def _text(case: Checked) -> Iterator[Failure]:
    texts = (case.example.prompt, case.example.response)
    for name, text, found in zip(("prompt", "response"), texts, case.decoded, strict=True):
        if text == found:
            continue
        at = next(
            (i for i, (a, b) in enumerate(zip(text, found, strict=False)) if a != b),
            min(len(text), len(found)),
        )
        where = slice(max(0, at - 10), at + 20)
        yield (
            "text",
            f"In the {_kind_at(case, name, at)}, {_short(text[where])} comes back as "
            f"{_short(found[where])}.",
        )
        return


def _kind_at(case: Checked, side: str, at: int) -> str:
    """What stands at a character of the prompt or the response."""
    for one in case.example.segments:
        if one.given is (side == "prompt"):
            if at < len(one.text):
                place = "" if one.step is None else f" of step {one.step + 1}"
                return one.kind + (place if one.kind != "step" else f" {(one.step or 0) + 1}")
            at -= len(one.text)
    return side


def _reasoning(case: Checked, response: str) -> Iterator[Failure]:
    if case.rendering.reasoning == "omit":
        return
    at = 0
    for place, step in enumerate(case.trace.steps):
        text = step.content.strip()
        found = response.find(text, at)
        if found < 0:
            yield "reasoning", f"Step {place + 1} is not whole in the response: {_short(text)}."
            return
        at = found + len(text)


def _answer(case: Checked, response: str, wording: Template) -> Iterator[Failure]:
    expected = case.trace.final_answer.strip()
    found = wording.answer_of(response)
    if found != expected:
        yield "answer", f"The answer {_short(expected)} is read back as {_short(found)}."


def _ends(case: Checked, tokenizer: TextTokenizer) -> Iterator[Failure]:
    shown, bos, eos = case.shown, tokenizer.bos_id(), tokenizer.eos_id()
    if bos is not None and (shown.ids[0] != bos or shown.ids.count(bos) != 1):
        yield "one_begin", f"Begin of text stands {shown.ids.count(bos)} times in it."
    ends = shown.ids[shown.given :].count(eos)
    masked = case.example.segments[-1].weight == 0  # by the policy, with the answer
    if shown.ids[-1] != eos:
        yield "end_trained", "Its end is cut off."
    elif ends != 1:
        yield "end_trained", f"End of text stands {ends} times in the response."
    elif shown.weights[-1] == 0 and not masked:
        yield "end_trained", "Its end is not learned."


def _short(text: str) -> str:
    """A text in quotes, cut where it is long."""
    return repr(text if len(text) <= 60 else text[:57] + "...")

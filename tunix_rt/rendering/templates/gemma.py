"""Gemma's turns around numbered steps: the text of the contract's `tunix_sft` records."""

from collections.abc import Iterator, Sequence

from tunix_rt.rendering.schema import Rendered
from tunix_rt.rendering.schema_wording import Piece, Pieces, Said, joined

USER, MODEL, END = "<start_of_turn>user\n", "<start_of_turn>model\n", "<end_of_turn>"


def pieces(said: Said) -> Pieces:
    """The user's turn is the prompt, the model's turn is learned. Gemma has no system turn."""
    given = [Piece(USER, "frame")]
    if said.system is not None:
        given += [Piece(said.system, "system"), Piece("\n\n", "frame")]
    given += [Piece(said.prompt, "prompt"), Piece(f"{END}\n{MODEL}", "frame")]
    response = [*_numbered(said.steps), Piece("Answer: ", "frame")]
    return Pieces(given, [*response, Piece(said.answer, "answer"), Piece(END, "frame")])


def _numbered(steps: Sequence[str] | None) -> Iterator[Piece]:
    if steps is None:
        return
    yield Piece("Reasoning:\n", "frame")
    for place, step in enumerate(steps):
        yield Piece(f"{place + 1}. ", "frame", place)
        yield Piece(step, "step", place)
        yield Piece("\n", "frame", place)


def answer_of(text: str) -> str:
    """What stands behind the last `Answer:`; empty when there is none."""
    _, mark, said = text.rpartition("Answer:")
    return said.partition(END)[0].strip() if mark else ""


def prompt_of(prompt: str, system: str | None = None) -> str:
    """What a model trained on this template is asked."""
    return joined(pieces(Said(prompt, None, "", system)).given)


def render(prompt: str, steps: Sequence[str], answer: str) -> Rendered:
    """The same text, put together at once: the contract's records are written by the million."""
    return Rendered(
        prompt=f"{USER}{prompt}{END}\n{MODEL}", response=f"{reasoning(steps, answer)}{END}"
    )


def reasoning(steps: Sequence[str], answer: str) -> str:
    """Numbered steps, then the answer."""
    numbered = "".join(f"{number}. {step}\n" for number, step in enumerate(steps, start=1))
    return f"Reasoning:\n{numbered}Answer: {answer}"

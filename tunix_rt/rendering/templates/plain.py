"""Bare text: the prompt, the steps a line each, and the answer behind `Answer:`."""

from tunix_rt.rendering.schema_wording import Piece, Pieces, Said, joined


def pieces(said: Said) -> Pieces:
    """The prompt and a line break are given; steps and answer are learned."""
    given = [Piece(said.prompt, "prompt"), Piece("\n", "frame")]
    if said.system is not None:
        given = [Piece(said.system, "system"), Piece("\n\n", "frame"), *given]
    response: list[Piece] = []
    for place, step in enumerate(said.steps or []):
        response += [Piece(step, "step", place), Piece("\n", "frame", place)]
    return Pieces(given, [*response, Piece("Answer: ", "frame"), Piece(said.answer, "answer")])


def answer_of(text: str) -> str:
    """What stands behind the last `Answer:`; empty when there is none."""
    _, mark, said = text.rpartition("Answer:")
    return said.strip() if mark else ""


def prompt_of(prompt: str, system: str | None = None) -> str:
    """What a model trained on this template is asked."""
    return joined(pieces(Said(prompt, None, "", system)).given)

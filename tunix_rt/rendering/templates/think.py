"""Bare prompt, steps a line each in think tags, the answer in answer tags."""

from tunix_rt.rendering.schema_wording import Piece, Pieces, Said, joined


def pieces(said: Said) -> Pieces:
    """The prompt as it is; the response thinks, then answers."""
    given = [Piece(said.prompt, "prompt")]
    if said.system is not None:
        given = [Piece(said.system, "system"), Piece("\n\n", "frame"), *given]
    response: list[Piece] = []
    if said.steps is not None:
        response.append(Piece("<think>", "frame"))
        last = len(said.steps) - 1
        for place, step in enumerate(said.steps):
            response.append(Piece(step, "step", place))
            if place < last:
                response.append(Piece("\n", "frame", place))
        response.append(Piece("</think>", "frame"))
    response += [Piece("<answer>", "frame"), Piece(said.answer, "answer")]
    return Pieces(given, [*response, Piece("</answer>", "frame")])


def answer_of(text: str) -> str:
    """What stands in the last answer tags; empty when the tags are missing."""
    _, tag, said = text.rpartition("<answer>")
    return said.partition("</answer>")[0].strip() if tag else ""


def prompt_of(prompt: str, system: str | None = None) -> str:
    """What a model trained on this template is asked."""
    return joined(pieces(Said(prompt, None, "", system)).given)

"""DeepSeek-R1's think tags: the reasoning on lines between them, the answer below."""

from tunix_rt.rendering.schema_wording import Piece, Pieces, Said, joined


def pieces(said: Said) -> Pieces:
    """The prompt and a line break are given; thoughts, tags and answer are learned."""
    given = [Piece(said.prompt, "prompt"), Piece("\n", "frame")]
    if said.system is not None:
        given = [Piece(said.system, "system"), Piece("\n\n", "frame"), *given]
    response: list[Piece] = []
    if said.steps is not None:
        response.append(Piece("<think>\n", "frame"))
        for place, step in enumerate(said.steps):
            response += [Piece(step, "step", place), Piece("\n", "frame", place)]
        response.append(Piece("</think>\n\n", "frame"))
    return Pieces(given, [*response, Piece(said.answer, "answer")])


def answer_of(text: str) -> str:
    """What stands below the last closing tag, or all of it where nobody thought.

    A thought that was cut off has no answer.
    """
    said = text.rpartition("</think>")[2]
    return "" if "<think>" in said else said.strip()


def prompt_of(prompt: str, system: str | None = None) -> str:
    """What a model trained on this template is asked."""
    return joined(pieces(Said(prompt, None, "", system)).given)

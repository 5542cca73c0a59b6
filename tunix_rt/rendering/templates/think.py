"""Bare prompt, steps a line each in think tags, the answer in answer tags."""

from collections.abc import Sequence

from tunix_rt.rendering.schema import Rendered


def render(prompt: str, steps: Sequence[str], answer: str) -> Rendered:
    """The prompt as it is; the response thinks, then answers."""
    thinking = "\n".join(steps)
    return Rendered(prompt=prompt, response=f"<think>{thinking}</think><answer>{answer}</answer>")


def answer_of(text: str) -> str:
    """What stands in the last answer tags; empty when the tags are missing."""
    _, tag, said = text.rpartition("<answer>")
    return said.partition("</answer>")[0].strip() if tag else ""


def prompt_of(prompt: str) -> str:
    """What a model trained on this template is asked."""
    return prompt

"""Gemma's turns around numbered steps: the text of the contract's `tunix_sft` records."""

from collections.abc import Sequence

from tunix_rt.rendering.schema import Rendered


def render(prompt: str, steps: Sequence[str], answer: str) -> Rendered:
    """The user's turn is the prompt, the model's turn is learned."""
    return Rendered(
        prompt=f"<start_of_turn>user\n{prompt}<end_of_turn>\n<start_of_turn>model\n",
        response=f"{reasoning(steps, answer)}<end_of_turn>",
    )


def answer_of(text: str) -> str:
    """What stands behind the last `Answer:`; empty when there is none."""
    _, mark, said = text.rpartition("Answer:")
    return said.partition("<end_of_turn>")[0].strip() if mark else ""


def prompt_of(prompt: str) -> str:
    """What a model trained on this template is asked."""
    return render(prompt, [], "").prompt


def reasoning(steps: Sequence[str], answer: str) -> str:
    """Numbered steps, then the answer."""
    numbered = "".join(f"{number}. {step}\n" for number, step in enumerate(steps, start=1))
    return f"Reasoning:\n{numbered}Answer: {answer}"

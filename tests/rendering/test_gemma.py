from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.rendering.templates import gemma

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:"), max_size=40
)


@given(words, st.lists(words, min_size=1, max_size=5), words)
def test_the_answer_is_read_back_from_what_is_taught(
    prompt: str, steps: list[str], answer: str
) -> None:
    text = gemma.render(prompt, steps, answer)

    assert gemma.answer_of(text.response) == answer.strip()
    assert gemma.prompt_of(prompt) == text.prompt
    assert all(step in text.response for step in steps)


def test_a_text_without_an_answer_has_none() -> None:
    assert gemma.answer_of("thinking and thinking") == ""

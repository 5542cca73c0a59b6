from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.rendering.templates import think

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:"), max_size=40
)


@given(words, st.lists(words, min_size=1, max_size=5), words)
def test_the_answer_is_read_back_from_what_is_taught(
    prompt: str, steps: list[str], answer: str
) -> None:
    text = think.render(prompt, steps, answer)

    assert think.answer_of(text.response) == answer.strip()
    assert think.prompt_of(prompt) == text.prompt
    assert all(step in text.response for step in steps)


def test_a_text_without_an_answer_has_none() -> None:
    assert think.answer_of("thinking and thinking") == ""

from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.rendering.schema_wording import Said, joined
from tunix_rt.rendering.templates import gemma

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:"), max_size=40
)
systems = st.none() | words.filter(bool)


@given(words, st.lists(words, min_size=1, max_size=5), words, systems)
def test_the_answer_is_read_back_from_what_is_taught(
    prompt: str, steps: list[str], answer: str, system: str | None
) -> None:
    asked, taught = gemma.pieces(Said(prompt, steps, answer, system))

    assert gemma.answer_of(joined(taught)) == answer.strip()
    assert gemma.prompt_of(prompt, system) == joined(asked)
    assert [one.text for one in taught if one.kind == "step"] == steps
    assert (system or "") in joined(asked)


def test_a_text_without_an_answer_has_none() -> None:
    assert gemma.answer_of("thinking and thinking") == ""


def test_the_fast_text_of_the_records_is_the_text_of_the_pieces() -> None:
    text = gemma.render("P", ["a", "b"], "c")
    given, response = gemma.pieces(Said("P", ["a", "b"], "c"))

    assert (text.prompt, text.response) == (joined(given), joined(response))


def test_without_reasoning_only_the_answer_is_left() -> None:
    assert joined(gemma.pieces(Said("P", None, "c")).response) == "Answer: c<end_of_turn>"

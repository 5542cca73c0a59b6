from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.rendering.schema_wording import Said, joined
from tunix_rt.rendering.templates import plain

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:"), max_size=40
)
systems = st.none() | words.filter(bool)


@given(words, st.lists(words, min_size=1, max_size=5), words, systems)
def test_the_answer_is_read_back_from_what_is_taught(
    prompt: str, steps: list[str], answer: str, system: str | None
) -> None:
    asked, taught = plain.pieces(Said(prompt, steps, answer, system))

    assert plain.answer_of(joined(taught)) == answer.strip()
    assert plain.prompt_of(prompt, system) == joined(asked)
    assert [one.text for one in taught if one.kind == "step"] == steps
    assert (system or "") in joined(asked)


def test_a_text_without_an_answer_has_none() -> None:
    assert plain.answer_of("thinking and thinking") == ""


def test_the_text_is_a_line_a_step() -> None:
    given, response = plain.pieces(Said("P", ["a", "b"], "c"))

    assert (joined(given), joined(response)) == ("P\n", "a\nb\nAnswer: c")

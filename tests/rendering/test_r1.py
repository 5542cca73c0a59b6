from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.rendering.schema_wording import Said, joined
from tunix_rt.rendering.templates import r1

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:"), max_size=40
)
systems = st.none() | words.filter(bool)


@given(words, st.lists(words, min_size=1, max_size=5), words, systems)
def test_the_answer_is_read_back_from_what_is_taught(
    prompt: str, steps: list[str], answer: str, system: str | None
) -> None:
    asked, taught = r1.pieces(Said(prompt, steps, answer, system))

    assert r1.answer_of(joined(taught)) == answer.strip()
    assert r1.prompt_of(prompt, system) == joined(asked)
    assert [one.text for one in taught if one.kind == "step"] == steps
    assert (system or "") in joined(asked)


def test_a_text_without_an_answer_has_none() -> None:
    assert r1.answer_of("<think>\nthinking and") == ""


def test_the_text_is_what_r1_writes() -> None:
    text = joined(r1.pieces(Said("P", ["a", "b"], "c")).response)

    assert text == "<think>\na\nb\n</think>\n\nc"
    assert joined(r1.pieces(Said("P", None, "c")).response) == "c"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.traces.reading.splitting import MAX_STEP, MAX_STEPS, split

CASES = {
    "blank lines": ("One\nmore.\n\n\nTwo.\n \nThree.", ["One\nmore.", "Two.", "Three."]),
    "lists": (
        "Then:\n- a\n- b\n  - inner\n1. c\n2) d",
        ["Then:", "- a", "- b\n  - inner", "1. c", "2) d"],
    ),
    "named steps": (
        "Step 1: a\nmore\nStep 2: b\n## End\nx",
        ["Step 1: a\nmore", "Step 2: b", "## End\nx"],
    ),
    "calculations": ("Now\n2+2 = 4\n4+1 = 5\nso 5", ["Now\n2+2 = 4", "4+1 = 5\nso 5"]),
    "no list": ("3.5 is\n-2 too\n*x* and\n10 = 9 + 1", ["3.5 is\n-2 too\n*x* and\n10 = 9 + 1"]),
    "a fence": (
        "See\n```py\na = 1\n\nb = 2\n```\nend\n\nx",
        ["See\n```py\na = 1\n\nb = 2\n```\nend", "x"],
    ),
    "a longer fence": ("````\n```\n\n- a\n````\n\nx", ["````\n```\n\n- a\n````", "x"]),
    "display math": ("$$\na = 1\n\nb = 2\n$$\n\nx", ["$$\na = 1\n\nb = 2\n$$", "x"]),
    "math on one line": (
        "$$a=1$$\n\n$$b=2$$ and\n\n\\[ c\n\nd \\]",
        ["$$a=1$$", "$$b=2$$ and", "\\[ c\n\nd \\]"],
    ),
    "what is never closed": (
        "costs $$5\n\na\n\n```py\n\nb \\[\n\nc",
        ["costs $$5", "a", "```py", "b \\[", "c"],
    ),
    "carriage returns": ("One\r\n\r\nTwo\r\n", ["One", "Two"]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_rules_cut_where_they_say(name: str) -> None:
    text, steps = CASES[name]

    assert [text[a:b] for a, b in split(text)] == steps


def test_a_step_that_is_too_long_is_cut_after_a_sentence_else_at_a_space_else_anywhere() -> None:
    sentences = "This is a sentence of words. " * 1_500
    words, letters = "word " * 9_000, "x" * 50_000

    for text, ending in ((sentences, "."), (words, "d"), (letters, "x")):
        steps = [text[a:b] for a, b in split(text)]
        assert len(steps) > 1
        assert all(0 < len(step) <= MAX_STEP and step.endswith(ending) for step in steps)
        assert "".join(steps).replace(" ", "") == text.replace(" ", "")


def test_of_too_many_steps_the_last_are_joined() -> None:
    text = "\n\n".join(f"step {n}" for n in range(5_000))

    steps = [text[a:b] for a, b in split(text)]

    assert len(steps) <= MAX_STEPS
    assert steps[:900] == [f"step {n}" for n in range(900)]
    assert steps[-1].endswith("step 4998\n\nstep 4999")
    assert max(map(len, steps)) <= MAX_STEP


def test_a_text_with_more_than_any_trace_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1,000 steps"):
        split("x" * (MAX_STEP * MAX_STEPS + 1))


@given(st.text(st.sampled_from("ab \n\r\t-*1.)#$`~\\[]=é𝄞\u2028"), max_size=300))
def test_steps_are_in_order_never_blank_and_leave_out_only_white_space(text: str) -> None:
    spans = split(text)

    at = 0
    for start, end in spans:
        assert at <= start < end
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""


@given(st.text("a\n- =1", max_size=60), st.integers(0, 30), st.integers(30, 60))
def test_a_part_of_a_text_is_cut_as_if_it_were_the_text(text: str, start: int, end: int) -> None:
    start, end = min(start, len(text)), min(end, len(text))

    assert split(text, start, end) == [(a + start, b + start) for a, b in split(text[start:end])]

from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.making import row
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_wording import Segment
from tunix_rt.rendering.segmenting import examples, segments
from tunix_rt.rendering.templating import templates

WORDS = [name for name in templates.names() if name != "chat"]


def told(found: list[Segment]) -> list[tuple[str, str, int | None, float]]:
    return [(one.text, one.kind, one.step, one.weight) for one in found]


def test_a_frame_counts_like_what_it_belongs_to() -> None:
    trace = row("7 + 5 = 13", "7 + 5 = 12", step_verdicts=["wrong", "right"])
    rendering = Rendering(template="gemma", masks=MaskPolicy(wrong="mask"), system="Be brief.")

    found = segments(trace, rendering)

    assert told(found) == [
        ("<start_of_turn>user\n", "frame", None, 0),
        ("Be brief.", "system", None, 0),
        ("\n\n", "frame", None, 0),
        ("What is 7 + 5?", "prompt", None, 0),
        ("<end_of_turn>\n<start_of_turn>model\n", "frame", None, 0),
        ("Reasoning:\n", "frame", None, 1),
        ("1. ", "frame", 0, 0),
        ("7 + 5 = 13", "step", 0, 0),
        ("\n", "frame", 0, 0),
        ("2. ", "frame", 1, 1),
        ("7 + 5 = 12", "step", 1, 1),
        ("\n", "frame", 1, 1),
        ("Answer: ", "frame", None, 1),
        ("12", "answer", None, 1),
        ("<end_of_turn>", "frame", None, 1),
    ]
    assert [one.given for one in found] == [True] * 5 + [False] * 10


def test_reasoning_as_context_is_shown_and_not_learned() -> None:
    found = segments(row("a"), Rendering(reasoning="context"))

    assert told(found)[1:] == [
        ("<think>", "frame", None, 0),
        ("a", "step", 0, 0),
        ("</think>", "frame", None, 1),
        ("<answer>", "frame", None, 1),
        ("12", "answer", None, 1),
        ("</answer>", "frame", None, 1),
    ]


def test_reasoning_left_out_leaves_no_empty_thought() -> None:
    for name in WORDS:
        found = segments(row("a"), Rendering(template=name, reasoning="omit"))

        assert [one.kind for one in found if one.kind in ("step", "answer")] == ["answer"]
        assert "think" not in "".join(one.text for one in found)


def test_a_row_that_the_policy_leaves_out_has_no_segments() -> None:
    drop = Rendering(masks=MaskPolicy(wrong_answer="drop"))

    assert segments(row("a", verdict="wrong"), drop) == []


def test_only_the_training_split_is_taught() -> None:
    rows = [row("a", id="1"), row("b", id="2", split="test")]

    assert [one.id for one in examples(rows, Rendering())] == ["1"]


@given(
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.lists(st.text(max_size=20), max_size=4),
    st.text(max_size=20),
)
def test_every_character_of_a_trace_stands_in_its_own_segment(
    name: str, prompt: str, steps: list[str], answer: str
) -> None:
    trace = row(*steps, prompt=prompt, final_answer=answer)

    found = segments(trace, Rendering(template=name))

    said = {
        kind: [s.text for s in found if s.kind == kind] for kind in ("prompt", "step", "answer")
    }
    assert said["step"] == [step for step in steps if step]
    assert ("".join(said["prompt"]), "".join(said["answer"])) == (prompt, answer)

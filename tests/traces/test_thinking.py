import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.traces.reading.thinking import has_thinking, understand

CASES = {
    "plain tags": ("<think>a</think>b", [("thought", "a"), ("text", "b")], "b"),
    "no opening tag": ("a\n</think>\nb", [("thought", "a"), ("text", "b")], "b"),
    "no closing tag": ("x<think>a", [("text", "x"), ("thought", "a")], None),
    "several blocks": (
        "<think>a</think>b<think>c</think>d",
        [("thought", "a"), ("text", "b"), ("thought", "c"), ("text", "d")],
        "d",
    ),
    "nested": (
        "<think>a<think>b</think>c</think>d",
        [("thought", "a<think>b</think>c"), ("text", "d")],
        "d",
    ),
    "nested and unbalanced": (
        "<think>a<think>b</think>c",
        [("thought", "a<think>b"), ("text", "c")],
        "c",
    ),
    "a stray closing tag": (
        "<think>a</think>b</think>c",
        [("thought", "a"), ("text", "b</think>c")],
        "b</think>c",
    ),
    "an empty thought": ("<think>\n\n</think>\n\nb", [("text", "b")], "b"),
    "sky": (
        "<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>b<|end_of_solution|>",
        [("thought", "a"), ("text", "b")],
        "b",
    ),
    "an answer tag": (
        "<think>a</think><answer> 4 </answer>",
        [("thought", "a"), ("text", "<answer> 4 </answer>")],
        "4",
    ),
    "an unclosed answer tag": (
        "<reasoning>a</reasoning><answer>4",
        [("thought", "a"), ("text", "<answer>4")],
        "4",
    ),
    "the last box": (
        r"\boxed{1} no \boxed{\frac{1}{2}}",
        [("text", r"\boxed{1} no \boxed{\frac{1}{2}}")],
        r"\frac{1}{2}",
    ),
    "an unclosed box": (r"is \boxed{1", [("text", r"is \boxed{1")], r"is \boxed{1"),
    "an escaped brace": (r"\boxed{\{1\}}", [("text", r"\boxed{\{1\}}")], r"\{1\}"),
    "a box in the thought only": (r"<think>\boxed{1}</think>", [("thought", r"\boxed{1}")], None),
    "gsm8k": ("1+1 = 2\n#### 2\n", [("text", "1+1 = 2\n#### 2")], "2"),
    "channels": (
        "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary "
        "to=functions.f <|constrain|>json<|message|>{}<|call|><|start|>functions.f"
        "<|message|>4<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>",
        [("thought", "a"), ("tool_call", "{}"), ("text", "b")],
        "b",
    ),
    "channels without marks": (
        "analysisWe add.assistantfinal4",
        [("thought", "We add."), ("text", "4")],
        "4",
    ),
    "a channel cut off": ("<|channel|>analysis<|message|>a", [("thought", "a")], None),
    "empty": ("", [], None),
}


@pytest.mark.parametrize("name", CASES)
def test_thoughts_and_answer_are_found(name: str) -> None:
    text, parts, answer = CASES[name]

    found = understand(text)

    assert [(part.kind, text[part.start : part.end]) for part in found.parts] == parts
    assert (text[slice(*found.answer)] if found.answer else None) == answer


@pytest.mark.parametrize("text", ["<think>a", "<|channel|>analysis<|message|>a"])
def test_a_thought_without_an_end_was_cut_off(text: str) -> None:
    assert understand(text).truncated
    assert not understand(text + "</think>b<|end|>").truncated


@pytest.mark.parametrize(
    "text", ["thinking about it", "analysis of a thing", "a < b > c", "<answer>4</answer>"]
)
def test_ordinary_words_are_no_thinking(text: str) -> None:
    assert not has_thinking(text)


MARKS = [
    *("<think>", "</think>", "<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>"),
    *("<|channel|>", "final<|message|>", "analysis<|message|>", "<|end|>", "\\boxed{", "}", "####"),
    *("<answer>", "</answer>", "\n", " ", "a"),
]


@given(st.lists(st.sampled_from(MARKS), max_size=30).map("".join))
def test_parts_are_in_order_and_the_answer_is_inside_the_last(text: str) -> None:
    found = understand(text)

    at = 0
    for part in found.parts:
        assert at <= part.start < part.end <= len(text)
        at = part.end
    if found.answer:
        last = found.parts[-1]
        assert last.kind == "text"
        assert last.start <= found.answer[0] < found.answer[1] <= last.end
